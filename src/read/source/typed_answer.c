// SPDX-License-Identifier: GPL-2.0-or-later
/* The answer: what was found, in the order of files and lines. */
#include "read/source/kbuild.h"
#include "read/source/typed_internal.h"

static int compare_places(uint32_t file_a, uint32_t file_b, const struct typed_site *a,
			  const struct typed_site *b)
{
	if (file_a != file_b)
		return file_a < file_b ? -1 : 1;
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	return 0;
}

static int compare_accesses(const void *x, const void *y)
{
	const struct typed_record_access *a = x, *b = y;
	int r = compare_places(a->file, b->file, &a->access.site, &b->access.site);

	return r ? r : a->number < b->number ? -1 : 1;
}

static int compare_calls(const void *x, const void *y)
{
	const struct typed_record_call *a = x, *b = y;
	int r = compare_places(a->file, b->file, &a->call.site, &b->call.site);

	return r ? r : a->number < b->number ? -1 : 1;
}

static int compare_assignments(const void *x, const void *y)
{
	const struct typed_record_assignment *a = x, *b = y;
	int r = compare_places(a->file, b->file, &a->assignment.site, &b->assignment.site);

	return r ? r : a->number < b->number ? -1 : 1;
}

/* Sort the records of one kind, and copy what they hold to the answer. */
#define GIVE(t, typed, list, field, count_field, compare)                                          \
	do {                                                                                       \
		typeof(&(t)->list.items->field) _copy =                                            \
			arena_calloc((t)->arena, (t)->list.count, sizeof(*_copy));                 \
		if (!_copy) {                                                                      \
			(t)->failed = true;                                                        \
			return;                                                                    \
		}                                                                                  \
		for (size_t _i = 0; _i < (t)->list.count; _i++)                                    \
			(t)->list.items[_i].number = (uint32_t)_i;                                 \
		if ((t)->list.count)                                                               \
			qsort((t)->list.items, (t)->list.count, sizeof(*(t)->list.items),          \
			      compare);                                                            \
		for (size_t _i = 0; _i < (t)->list.count; _i++)                                    \
			_copy[_i] = (t)->list.items[_i].field;                                     \
		(typed)->list = _copy;                                                             \
		(typed)->count_field = (t)->list.count;                                            \
	} while (0)

static void give_records(struct typed_scan *t, struct ksa_typed *typed)
{
	GIVE(t, typed, accesses, access, access_count, compare_accesses);
	GIVE(t, typed, calls, call, call_count, compare_calls);
	GIVE(t, typed, assignments, assignment, assignment_count, compare_assignments);
}

static int compare_definitions(const void *x, const void *y)
{
	const struct typed_definition *a = x, *b = y;
	int r = strcmp(a->name, b->name);

	if (!r && a->site.file != b->site.file)
		r = strcmp(a->site.file, b->site.file);
	if (!r && a->site.line != b->site.line)
		r = a->site.line < b->site.line ? -1 : 1;
	return r ? r : (int)a->kind - (int)b->kind;
}

/* The macros that the source defines for the kernel. */
static size_t give_macros(struct typed_scan *t, struct typed_definition *out)
{
	size_t count = 0;

	for (size_t i = 0; i < t->source->definitions.count && !t->failed; i++) {
		const struct source_definition *d = &t->source->definitions.items[i];
		struct typed_token token = {.line = d->line, .branch = d->branch};

		if (d->kind != DEFINES_MACRO || !t->chosen[d->file] ||
		    module_judge_branch(&t->judge, d->branch) == COND_FALSE)
			continue;
		t->file = d->file;
		out[count++] = (struct typed_definition){.kind = TYPED_DEFINES_MACRO,
							 .name = typed_name(t, d->word),
							 .site = typed_site_of(t, &token)};
	}
	return count;
}

static void give_definitions(struct typed_scan *t, struct ksa_typed *typed)
{
	size_t count = 0, most = t->symbols.count + t->source->definitions.count;
	struct typed_definition *out = arena_calloc(t->arena, most, sizeof(*out));

	if (!out) {
		t->failed = true;
		return;
	}
	for (size_t i = 0; i < t->symbols.count && !t->failed; i++) {
		const struct typed_symbol *s = &t->symbols.items[i];

		t->file = s->file;
		out[count++] = (struct typed_definition){.kind = s->kind,
							 .is_static = s->is_static,
							 .name = typed_name(t, s->word),
							 .type = typed_resolve(t, &s->type),
							 .function = s->function,
							 .site = s->site};
	}
	t->reached = NAMED_YES;
	count += give_macros(t, out + count);
	if (t->failed)
		return;
	if (count)
		qsort(out, count, sizeof(*out), compare_definitions);
	typed->definitions = out;
	typed->definition_count = count;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void give_members(struct typed_scan *t, struct ksa_typed *typed)
{
	const char **names = arena_calloc(t->arena, t->members.count, sizeof(*names));
	size_t count = 0;

	t->failed |= !names;
	for (size_t i = 0; i < t->members.count && !t->failed; i++)
		names[i] = typed_name(t, (uint32_t)t->members.items[i].key);
	if (t->failed)
		return;
	if (t->members.count)
		qsort(names, t->members.count, sizeof(*names), compare_names);
	for (size_t i = 0; i < t->members.count; i++)
		if (!count || strcmp(names[count - 1], names[i]) != 0)
			names[count++] = names[i];
	typed->members = names;
	typed->member_count = count;
}

/* The first token of the surest that names each tag, by kind and word. */
static void find_tags(struct typed_scan *t, uint32_t *first[3])
{
	for (size_t i = 0; i + 1 < t->stream.count; i++) {
		uint32_t keyword = t->stream.items[i].what, word = t->stream.items[i + 1].what;
		uint32_t *at;

		if (keyword > KEYWORD_ENUM || !typed_is_name(word) ||
		    t->stream.items[i + 1].flags & (TYPED_OWN_MACRO | TYPED_PASTED))
			continue;
		at = &first[keyword][word];
		if (!*at ||
		    (module_judge_branch(&t->judge, t->stream.items[*at].branch) != COND_TRUE &&
		     module_judge_branch(&t->judge, t->stream.items[i + 1].branch) == COND_TRUE))
			*at = (uint32_t)i + 1;
	}
}

static int compare_tags(const void *x, const void *y)
{
	const struct typed_tag *a = x, *b = y;
	int r = strcmp(a->name, b->name);

	return r ? r : (int)a->kind - (int)b->kind;
}

/* The file of a token: that of the work or file that it is in. */
static uint32_t file_of_token(const struct typed_scan *t, uint32_t token)
{
	size_t low = 0, high = t->parts.count;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (t->parts.items[middle].start <= token)
			low = middle;
		else
			high = middle;
	}
	return t->parts.items[low].file;
}

static bool is_defined_enum(const struct typed_scan *t, uint32_t token)
{
	return token + 1 < t->stream.count && t->stream.items[token + 1].what == TOKEN_OF('{');
}

static void add_tags(struct typed_scan *t, const uint32_t *first, uint8_t kind,
		     struct ksa_typed *typed, struct typed_tag *out)
{
	for (uint32_t word = 0; word < t->words->count && !t->failed; word++) {
		struct typed_type type = {.kind = kind, .number = word};
		uint32_t token = first[word];

		if (!token)
			continue;
		t->file = file_of_token(t, token);
		if (kind == TYPED_ENUM ? is_defined_enum(t, token)
				       : typed_structure_of(t, &type) != 0)
			continue;
		out[typed->tag_count++] = (struct typed_tag){
			kind, typed_name(t, word), typed_site_of(t, &t->stream.items[token])};
	}
}

static void give_tags(struct typed_scan *t, struct ksa_typed *typed)
{
	size_t words = t->words->count;
	uint32_t *table = calloc(words * 3 + 1, sizeof(*table)), *first[3];
	struct typed_tag *out = NULL;
	size_t count = 0;

	if (!table) {
		t->failed = true;
		return;
	}
	for (size_t i = 0; i < 3; i++)
		first[i] = table + words * i;
	find_tags(t, first);
	for (size_t i = 0; i < words * 3; i++)
		count += table[i] != 0;
	out = arena_calloc(t->arena, count, sizeof(*out));
	t->failed |= !out;
	add_tags(t, first[0], TYPED_STRUCT, typed, out);
	add_tags(t, first[1], TYPED_UNION, typed, out);
	add_tags(t, first[2], TYPED_ENUM, typed, out);
	if (out && typed->tag_count)
		qsort(out, typed->tag_count, sizeof(*out), compare_tags);
	typed->tags = out;
	free(table);
}

/* All that an #include may call the files of the directory by. */
static void add_paths(struct typed_scan *t, struct strmap *paths)
{
	for (size_t i = 0; i < t->source->files.count && !t->failed; i++) {
		const char *path = t->source->files.items[i].path;

		while (path && !t->failed) {
			const char *slash = strchr(path, '/');

			t->failed |= strmap_set(paths, path, 0) < 0;
			path = slash ? slash + 1 : NULL;
		}
	}
}

static bool has_path(const struct strmap *paths, const char *path)
{
	while (strncmp(path, "./", 2) == 0 || strncmp(path, "../", 3) == 0)
		path += path[1] == '/' ? 2 : 3;
	return strmap_get(paths, path, NULL);
}

static void give_includes(struct typed_scan *t, struct ksa_typed *typed)
{
	const struct module_source *source = t->source;
	struct typed_include *out = arena_calloc(t->arena, source->includes.count, sizeof(*out));
	struct strmap paths = {.slots = NULL};

	t->failed |= !out;
	add_paths(t, &paths);
	for (uint32_t i = 0; i < source->files.count && out && !t->failed; i++) {
		const struct source_part_file *file = &source->files.items[i];

		t->file = i;
		for (uint32_t j = 0; j < file->include_count && t->chosen[i]; j++) {
			const struct source_include *include =
				&source->includes.items[file->first_include + j];
			struct typed_token token = {.line = include->line,
						    .branch = include->branch};

			if (module_judge_branch(&t->judge, include->branch) == COND_FALSE)
				continue;
			out[typed->include_count++] = (struct typed_include){
				arena_strdup(t->arena, include->path), include->quoted,
				has_path(&paths, include->path), typed_site_of(t, &token)};
			t->failed |= !out[typed->include_count - 1].path;
		}
	}
	strmap_release(&paths);
	typed->includes = out;
}

static void give_variables(struct typed_scan *t, struct ksa_typed *typed)
{
	struct typed_variable *out;
	struct kbuild_line line;
	size_t count = 0;

	while (kbuild_line_at(t->source->kbuild, count, &line))
		count++;
	out = arena_calloc(t->arena, count, sizeof(*out));
	t->failed |= !out;
	for (size_t i = 0; i < count && !t->failed; i++) {
		kbuild_line_at(t->source->kbuild, i, &line);
		out[i] = (struct typed_variable){arena_strdup(t->arena, line.name),
						 arena_strdup(t->arena, line.value),
						 arena_strdup(t->arena, line.file), line.line};
		t->failed |= !out[i].name || !out[i].value || !out[i].file;
	}
	typed->variables = out;
	typed->variable_count = t->failed ? 0 : count;
}

static void give_notices(struct typed_scan *t, struct ksa_typed *typed)
{
	size_t most = t->source->files.count + 1;
	const char **out = arena_calloc(t->arena, most, sizeof(*out));

	t->failed |= !out;
	for (uint32_t i = 0; i < t->source->files.count && !t->failed; i++) {
		if (!t->chosen[i] || !t->source->files.items[i].is_cut)
			continue;
		out[typed->notice_count] = arena_printf(
			t->arena, "what '%s' does with types is not looked at: it is too large",
			t->source->files.items[i].path);
		t->failed |= !out[typed->notice_count++];
	}
	if (t->is_cut && !t->failed)
		out[typed->notice_count++] = "the source does more with types than is kept: some "
					     "of it is not looked at";
	typed->notices = out;
}

void typed_answer(struct typed_scan *t, struct ksa_typed *typed)
{
	if (!t->failed)
		give_records(t, typed);
	if (!t->failed)
		give_definitions(t, typed);
	if (!t->failed)
		give_members(t, typed);
	if (!t->failed)
		give_tags(t, typed);
	if (!t->failed)
		give_includes(t, typed);
	if (!t->failed)
		give_variables(t, typed);
	if (!t->failed)
		give_notices(t, typed);
}
