// SPDX-License-Identifier: GPL-2.0-or-later
/* What a module's own files do with types when it is built for one kernel. */
#include "base/cleanup.h"
#include "read/source/module_files.h"
#include "read/source/typed_internal.h"

const char *typed_name(struct typed_scan *t, uint32_t word)
{
	const char **known, *name;

	if (word & TOKEN_MARK)
		return NULL;
	known = t->names ? &t->names[word] : NULL;
	name = known ? *known : NULL;
	if (name)
		return name;
	name = arena_strndup(t->arena, t->words->items[word].text, t->words->items[word].length);
	t->failed |= !name;
	if (known)
		*known = name;
	return name;
}

bool typed_is_certain(struct typed_scan *t, const struct typed_token *token)
{
	return !t->source || module_judge_branch(&t->judge, token->branch) == COND_TRUE;
}

struct typed_site typed_site_of(struct typed_scan *t, const struct typed_token *token)
{
	struct typed_site site = {.line = token->line,
				  .certainty = NAMED_MAYBE,
				  .in_macro = token->flags & TYPED_IN_MACRO};
	uint32_t branch = token->branch;

	if (!t->source)
		return site;
	if (!t->paths[t->file])
		t->paths[t->file] = arena_strdup(t->arena, t->source->files.items[t->file].path);
	if (branch && !t->texts[branch])
		t->failed |= branch_text(&t->source->branches, branch, t->arena, &t->texts[branch],
					 t->err) != 0;
	site.file = t->paths[t->file];
	site.condition = t->texts[branch];
	if (typed_is_certain(t, token) && t->reached == NAMED_YES)
		site.certainty = NAMED_YES;
	t->failed |= !site.file;
	return site;
}

/* What is appended to the stream from here on is of the file at hand. */
static void begin_part(struct typed_scan *t)
{
	if (typed_room(t, parts))
		t->parts.items[t->parts.count++] =
			(struct typed_part){(uint32_t)t->stream.count, t->file};
}

/* The tokens of all files that are of the module, and what these declare. */
static void read_files(struct typed_scan *t)
{
	for (uint32_t i = 0; i < t->source->files.count && !t->failed; i++) {
		t->file = i;
		if (!t->chosen[i])
			continue;
		begin_part(t);
		t->at = (uint32_t)t->stream.count;
		typed_stream_file(t);
		typed_stream_match(t, t->at);
		t->end = (uint32_t)t->stream.count;
		typed_read_file(t);
	}
}

/* The bodies of macros that are used; those that they use come behind them. */
static void read_macros(struct typed_scan *t)
{
	for (size_t i = 0; i < t->queue.count && !t->failed; i++) {
		uint32_t index = t->queue.items[i];
		const struct source_definition *d = &t->source->definitions.items[index];
		struct typed_work work = {.kind = WORK_MACRO, .file = d->file, .definition = index};

		if (!t->chosen[d->file])
			continue;
		t->file = d->file;
		t->reached = t->macro_used[index];
		work.reached = t->reached;
		begin_part(t);
		work.start = (uint32_t)t->stream.count;
		typed_stream_macro(t, d);
		typed_stream_match(t, work.start);
		work.end = (uint32_t)t->stream.count;
		if (typed_room(t, work))
			t->work.items[t->work.count++] = work;
	}
}

/* The parameters of the source's own macro, of which nothing is known. */
static void add_macro_parameters(struct typed_scan *t, const char *parameters)
{
	const unsigned char *p = (const unsigned char *)parameters, *end = p + strlen(parameters);
	struct typed_type unknown = {.kind = TYPED_UNKNOWN};

	while (p < end) {
		struct span name = lex_name(p, end);
		uint32_t word = words_find(t->words, name);

		if (span_length(name) && word != WORDS_NONE)
			typed_add_local(t, word, &unknown);
		p = name.end + !span_length(name);
	}
}

static void add_parameters(struct typed_scan *t, const struct typed_work *work)
{
	const struct typed_own_function *own = work->function;

	for (uint32_t i = 0; own && i < own->function->param_count; i++) {
		struct typed_type type = {.kind = TYPED_UNKNOWN};

		if (!work->is_unsure)
			type = own->function->params[i];
		if (own->names[i] != WORDS_NONE)
			typed_add_local(t, own->names[i], &type);
	}
}

/* True if the body of a macro is a value in braces, or what is in them. */
static bool is_initializer(const struct typed_scan *t)
{
	return typed_is(t, typed_is(t, 0, '{'), '.');
}

static void do_work(struct typed_scan *t, const struct typed_work *work)
{
	struct typed_operand operand;

	typed_unknown(&operand);
	switch ((enum typed_work_kind)work->kind) {
	case WORK_BODY:
		if (work->function && !work->is_unsure)
			t->returns = work->function->function->returns;
		add_parameters(t, work);
		t->block = t->locals.count;
		typed_read_statements(t);
		break;
	case WORK_VALUE:
		operand.type = typed_resolve(t, &work->type);
		if (operand.type.kind != TYPED_UNKNOWN)
			operand.root = TYPED_ROOT_TYPE;
		typed_read_value(t, &operand);
		break;
	case WORK_INVOCATION:
		t->in_file = true;
		typed_read_operand(t, &operand);
		typed_finish(t, &operand, TYPED_VALUE_UNKNOWN);
		break;
	case WORK_MACRO:
		t->in_body_of_macro = true;
		t->value_end = work->end;
		add_macro_parameters(t, t->source->definitions.items[work->definition].parameters
						?: "");
		if (is_initializer(t))
			typed_read_elements(t, &operand);
		else
			typed_read_statements(t);
		break;
	}
}

/* What was put off. */
static void do_all_work(struct typed_scan *t)
{
	for (size_t i = 0; i < t->work.count && !t->failed; i++) {
		const struct typed_work *work = &t->work.items[i];

		t->file = work->file;
		t->at = work->start;
		t->end = work->end;
		t->depth = 0;
		t->in_own_macro = 0;
		t->block = 0;
		t->value_end = 0;
		t->in_body_of_macro = t->in_file = false;
		t->returns = (struct typed_type){.kind = TYPED_UNKNOWN};
		t->reached = work->kind == WORK_MACRO ? work->reached : NAMED_YES;
		do_work(t, work);
		typed_leave(t, 0);
	}
}

static void release(struct typed_scan *t)
{
	module_judge_release(&t->judge);
	free(t->stream.items);
	free(t->known);
	free(t->names);
	free(t->structures.items);
	free(t->members.items);
	free(t->member_slots);
	free(t->symbols.items);
	free(t->functions.items);
	free(t->parts.items);
	free(t->locals.items);
	free(t->work.items);
	free(t->accesses.items);
	free(t->calls.items);
	free(t->assignments.items);
	free(t->chosen);
	free(t->macro_used);
	free(t->queue.items);
	free(t->texts);
	free(t->paths);
	arena_release(t->scratch);
}

static int begin(struct typed_scan *t, const struct module_source_question *question)
{
	const struct module_source *source = t->source;
	enum module_files_by by;
	bool partly;
	int r;

	t->known = calloc(source->words.count + 1, sizeof(*t->known));
	t->names = calloc(source->words.count + 1, sizeof(*t->names));
	t->chosen = calloc(source->files.count + 1, sizeof(*t->chosen));
	t->macro_used = calloc(source->definitions.count + 1, sizeof(*t->macro_used));
	t->texts = calloc(source->branches.count + 1, sizeof(*t->texts));
	t->paths = calloc(source->files.count + 1, sizeof(*t->paths));
	if (!t->known || !t->names || !t->chosen || !t->macro_used || !t->texts || !t->paths)
		return ksa_fail_nomem(t->err);
	for (size_t i = 0; i < source->undefined.count; i++)
		t->known[source->undefined.items[i]].is_undefined = true;
	r = module_files_choose(source, question, t->chosen, &by, &partly, t->err);
	return r ? r : module_judge_make(&t->judge, source, &question->kernel, t->err);
}

int module_source_typed(const struct module_source *source,
			const struct module_source_question *question, struct ksa_typed *typed,
			struct ksa_error *err)
{
	struct arena scratch = {.blocks = NULL};
	struct typed_scan t = {.source = source,
			       .words = &source->words,
			       .arena = &typed->arena,
			       .scratch = &scratch,
			       .err = err};
	int r = begin(&t, question);

	if (!r) {
		read_files(&t);
		read_macros(&t);
		typed_resolve_all(&t);
		do_all_work(&t);
		typed_answer(&t, typed);
		r = t.failed ? ksa_fail_nomem(err) : 0;
	}
	release(&t);
	if (r)
		typed_release(typed);
	return r;
}
