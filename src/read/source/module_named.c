// SPDX-License-Identifier: GPL-2.0-or-later
/* What a module names for one kernel. */
#include "read/source/module_source.h"

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "read/source/module_files.h"
#include "read/source/module_judge.h"

#define MAX_ARMS 32 /* definitions of one name whose conditionals are held against each other */

/* A site that counts, and how sure it is. */
struct pick {
	uint32_t site;
	uint8_t certainty;
	bool in_macro;
	bool by_branch; /* nothing but its own conditional makes it undecided */
};

/* What was found out last of a word, as a file sees it. */
struct seen {
	uint32_t file; /* index + 1; 0: nothing yet */
	uint8_t own; /* enum named_certainty: the source defines it */
	uint8_t own_other; /* the same, macros left out */
	uint8_t used; /* 1 + how sure its macros are used; 0: not yet */
};

struct answer {
	const struct module_source *source;
	struct module_judge judge;
	bool *chosen; /* of each file */
	struct seen *seen; /* of each word */
	uint8_t *used; /* of each definition: 1 + how sure it is that the macro is used */
	struct {
		uint32_t *items;
		size_t count, capacity;
	} queue; /* macros whose bodies are to be looked at */
	struct {
		struct pick *items;
		size_t count, capacity;
	} picks;
	const char **texts; /* of branches, in the answer's arena, as far as they were needed */
	const char **paths; /* of files, likewise */
	struct ksa_error *err;
};

static void release_answer(struct answer *a)
{
	module_judge_release(&a->judge);
	free(a->chosen);
	free(a->seen);
	free(a->used);
	free(a->queue.items);
	free(a->picks.items);
	free(a->texts);
	free(a->paths);
}

static enum named_certainty certainty_of(enum cond_value value)
{
	return value == COND_TRUE ? NAMED_YES : value == COND_FALSE ? NAMED_NO : NAMED_MAYBE;
}

static uint8_t lesser(uint8_t a, uint8_t b)
{
	return a < b ? a : b;
}

/* True if all arms of the branch's conditional, which has an #else, are among those. */
static bool covers(struct answer *a, const uint32_t *arms, size_t count, uint32_t branch)
{
	const struct branch *branches = a->source->branches.items;
	uint32_t chain = branches[branch].chain;

	if (!branches[chain].has_else || branches[branches[chain].last].arm >= MAX_ARMS)
		return false;
	for (uint32_t arm = branches[chain].last; arm; arm = branches[arm].previous) {
		bool found = module_judge_branch(&a->judge, arm) == COND_FALSE;

		for (size_t i = 0; i < count && !found; i++)
			found = arms[i] == arm;
		if (!found)
			return false;
	}
	return true;
}

/*
 * How sure it is that one of these undecided branches is compiled: where they are all the arms of a
 * conditional, it is as sure as the branch around it.
 */
static enum named_certainty certainty_of_arms(struct answer *a, uint32_t *arms, size_t count)
{
	size_t i = 0;

	while (i < count) {
		uint32_t parent = a->source->branches.items[arms[i]].parent;

		if (!arms[i] || !covers(a, arms, count, arms[i])) {
			i++;
			continue;
		}
		if (module_judge_branch(&a->judge, parent) == COND_TRUE)
			return NAMED_YES;
		/* It stands for the branch around it now, which may be what the others wait for. */
		arms[i] = parent;
		i = 0;
	}
	return count ? NAMED_MAYBE : NAMED_NO;
}

/* How sure it is that the source defines the word for this file. */
static enum named_certainty is_own(struct answer *a, uint32_t word, uint32_t file, bool macros)
{
	enum named_certainty best = NAMED_NO;
	uint32_t arms[MAX_ARMS];
	size_t count = 0;

	for (uint32_t at = module_source_definition(a->source, word); at;) {
		const struct source_definition *d = &a->source->definitions.items[at - 1];

		at = d->next;
		if (!module_judge_sees(&a->judge, d, file) || !a->chosen[d->file] ||
		    (d->kind == DEFINES_MACRO && !macros))
			continue;
		switch (module_judge_branch(&a->judge, d->branch)) {
		case COND_TRUE:
			return NAMED_YES;
		case COND_UNKNOWN:
			best = NAMED_MAYBE;
			if (count < MAX_ARMS)
				arms[count++] = d->branch;
			break;
		case COND_FALSE:
			break;
		}
	}
	return count > 1 ? certainty_of_arms(a, arms, count) : best;
}

static struct seen *look_at(struct answer *a, uint32_t word, uint32_t file)
{
	struct seen *seen = &a->seen[word];

	if (seen->file != file + 1) {
		*seen = (struct seen){.file = file + 1};
		seen->own = (uint8_t)is_own(a, word, file, true);
		seen->own_other = (uint8_t)is_own(a, word, file, false);
	}
	return seen;
}

/* The source's own macros of this name are used with that certainty. */
static int use_macros(struct answer *a, uint32_t word, uint32_t file, uint8_t certainty)
{
	for (uint32_t at = module_source_definition(a->source, word); at;) {
		const struct source_definition *d = &a->source->definitions.items[at - 1];
		uint32_t index = at - 1;
		uint8_t used;
		int r;

		at = d->next;
		if (d->kind != DEFINES_MACRO || !module_judge_sees(&a->judge, d, file) ||
		    !a->chosen[d->file])
			continue;
		used = 1 + lesser(certainty,
				  (uint8_t)certainty_of(module_judge_branch(&a->judge, d->branch)));
		if (a->used[index] >= used)
			continue;
		a->used[index] = used;
		r = VEC_PUSH_ROOM(&a->queue, a->err);
		if (r)
			return r;
		a->queue.items[a->queue.count++] = index;
	}
	return 0;
}

/* True if the source defines the word wherever that place is compiled. */
static bool is_own_there(struct answer *a, const struct source_site *site, bool macros)
{
	for (uint32_t at = module_source_definition(a->source, site->word); at;) {
		const struct source_definition *d = &a->source->definitions.items[at - 1];

		at = d->next;
		if ((macros || d->kind != DEFINES_MACRO) && a->chosen[d->file] &&
		    module_judge_sees(&a->judge, d, site->file) &&
		    module_judge_branch(&a->judge, d->branch) == COND_UNKNOWN &&
		    module_judge_implies(&a->judge, site->branch, d->branch))
			return true;
	}
	return false;
}

/* Take a place that is reached with that certainty at most. */
static int take_site(struct answer *a, uint32_t index, uint8_t reached)
{
	const struct source_site *site = &a->source->sites.items[index];
	uint32_t macro = site->macro;
	/* A macro's own name in its body is not that macro. */
	bool itself = macro && a->source->definitions.items[macro - 1].word == site->word;
	struct seen *seen = look_at(a, site->word, site->file);
	uint8_t certainty = lesser(
		reached, (uint8_t)certainty_of(module_judge_branch(&a->judge, site->branch)));
	uint8_t own = itself ? seen->own_other : seen->own;
	int r = 0;

	if (!itself && seen->own != NAMED_NO && seen->used < 1 + certainty) {
		seen->used = 1 + certainty;
		r = use_macros(a, site->word, site->file, certainty);
	}
	if (r || own == NAMED_YES ||
	    (own == NAMED_MAYBE && certainty == NAMED_MAYBE && is_own_there(a, site, !itself)))
		return r;
	if (own == NAMED_MAYBE)
		certainty = lesser(certainty, NAMED_MAYBE);
	r = VEC_PUSH_ROOM(&a->picks, a->err);
	if (!r)
		a->picks.items[a->picks.count++] = (struct pick){
			index, certainty, macro != 0,
			certainty == NAMED_MAYBE && own == NAMED_NO && reached == NAMED_YES};
	return r;
}

static int take_macros(struct answer *a)
{
	int r = 0;

	while (a->queue.count && !r) {
		uint32_t index = a->queue.items[--a->queue.count];
		const struct source_definition *d = &a->source->definitions.items[index];

		for (uint32_t i = 0; i < d->site_count && !r; i++)
			r = take_site(a, d->first_site + i, a->used[index] - 1);
	}
	return r;
}

static int take_sites(struct answer *a)
{
	int r = 0;

	for (uint32_t i = 0; i < a->source->sites.count && !r; i++) {
		const struct source_site *site = &a->source->sites.items[i];

		if (!site->macro && a->chosen[site->file])
			r = take_site(a, i, NAMED_YES);
		if (!r && a->queue.count)
			r = take_macros(a);
	}
	return r;
}

static int compare_picks(const void *x, const void *y, void *ctx)
{
	const struct module_source *source = ((const struct answer *)ctx)->source;
	const struct pick *a = x, *b = y;
	const struct source_site *p = &source->sites.items[a->site];
	const struct source_site *q = &source->sites.items[b->site];
	int r = 0;

	if (p->word != q->word)
		return strcmp(source->words.items[p->word].text, source->words.items[q->word].text);
	if (p->file != q->file)
		r = strcmp(source->files.items[p->file].path, source->files.items[q->file].path);
	if (!r && p->line != q->line)
		r = p->line < q->line ? -1 : 1;
	if (!r && a->site != b->site)
		r = a->site < b->site ? -1 : 1;
	/* A macro that is used once maybe and once for certain is looked at twice. */
	return r ? r : b->certainty - a->certainty;
}

/* A file's path and a branch's condition for a message; they are made once. */
static int place(struct answer *a, struct arena *arena, uint32_t file, uint32_t branch)
{
	const char **text = &a->texts[branch], **path = &a->paths[file];
	int r = 0;

	if (!*text && branch)
		r = branch_text(&a->source->branches, branch, arena, text, a->err);
	if (!*path)
		*path = arena_strdup(arena, a->source->files.items[file].path);
	return !r && !*path ? ksa_fail_nomem(a->err) : r;
}

static int fill_site(struct answer *a, const struct pick *pick, struct ksa_named *named,
		     struct named_site *out)
{
	const struct source_site *site = &a->source->sites.items[pick->site];
	int r = place(a, &named->arena, site->file, site->branch);

	*out = (struct named_site){.file = a->paths[site->file],
				   .line = site->line,
				   .count = site->count,
				   .condition = a->texts[site->branch],
				   .certainty = pick->certainty,
				   .is_call = site->is_call,
				   .in_macro = pick->in_macro};
	return r;
}

/* The #errors that are compiled, or may be; files are in the order of their paths already. */
static int fill_stops(struct answer *a, struct ksa_named *named)
{
	int r = 0;

	named->stops =
		arena_calloc(&named->arena, a->source->stops.count + 1, sizeof(*named->stops));
	if (!named->stops)
		return ksa_fail_nomem(a->err);
	for (size_t i = 0; i < a->source->stops.count && !r; i++) {
		const struct source_stop *stop = &a->source->stops.items[i];
		enum named_certainty certainty =
			certainty_of(module_judge_branch(&a->judge, stop->branch));

		if (!a->chosen[stop->file] || certainty == NAMED_NO)
			continue;
		r = place(a, &named->arena, stop->file, stop->branch);
		named->stops[named->stop_count++] =
			(struct named_stop){.file = a->paths[stop->file],
					    .line = stop->line,
					    .text = arena_strdup(&named->arena, stop->text),
					    .condition = a->texts[stop->branch],
					    .certainty = (uint8_t)certainty};
		if (!r && !named->stops[named->stop_count - 1].text)
			r = ksa_fail_nomem(a->err);
	}
	return r;
}

/*
 * A name in all arms of an undecided conditional is named for certain, though no place of it is:
 * "#ifdef NEW f(a); #else f(a, b); #endif". first is the name's first pick.
 */
static void join_arms(struct answer *a, struct named_name *name, size_t first, size_t end)
{
	uint32_t arms[MAX_ARMS];
	size_t count = 0;

	for (size_t i = first; i < end && count < MAX_ARMS; i++)
		if (a->picks.items[i].by_branch)
			arms[count++] = a->source->sites.items[a->picks.items[i].site].branch;
	if (name->certainty == NAMED_MAYBE && count > 1)
		name->certainty = (uint8_t)certainty_of_arms(a, arms, count);
}

/* What the picks, which are sorted, say. */
static int fill_names(struct answer *a, struct ksa_named *named)
{
	const struct module_source *source = a->source;
	struct named_site *sites = arena_calloc(&named->arena, a->picks.count + 1, sizeof(*sites));
	struct named_name *name = NULL;
	uint32_t last = UINT32_MAX;
	size_t first = 0;
	int r = 0;

	named->names = arena_calloc(&named->arena, a->picks.count + 1, sizeof(*named->names));
	if (!sites || !named->names)
		return ksa_fail_nomem(a->err);
	for (size_t i = 0; i < a->picks.count && !r; i++) {
		const struct pick *pick = &a->picks.items[i];
		uint32_t word = source->sites.items[pick->site].word;

		if (i && a->picks.items[i - 1].site == pick->site)
			continue;
		if (!name || word != last) {
			if (name)
				join_arms(a, name, first, i);
			first = i;
			last = word;
			name = &named->names[named->name_count++];
			name->name = arena_strdup(&named->arena, source->words.items[word].text);
			name->sites = sites;
			name->by = NAMED_BY_MODULE;
			if (!name->name)
				return ksa_fail_nomem(a->err);
		}
		if (pick->certainty > name->certainty)
			name->certainty = pick->certainty;
		name->site_count++;
		r = fill_site(a, pick, named, sites++);
	}
	if (name)
		join_arms(a, name, first, a->picks.count);
	return r;
}

static int add_notice(struct ksa_named *named, size_t room, const char *text, struct ksa_error *err)
{
	if (!text || named->notice_count >= room)
		return ksa_fail_nomem(err);
	named->notices[named->notice_count++] = text;
	return 0;
}

static bool has_files(const struct answer *a)
{
	for (size_t i = 0; i < a->source->files.count; i++)
		if (a->chosen[i])
			return true;
	return false;
}

/* True if nothing at all was found to be read: the least of sources says MODULE_LICENSE(). */
static bool is_empty(const struct answer *a)
{
	return !a->picks.count && !a->source->definitions.count && !a->source->stops.count &&
	       !a->source->tokens.count;
}

static int fill_notices(const struct answer *a, const struct module_source_question *question,
			enum module_files_by by, bool partly, struct ksa_named *named)
{
	size_t room = a->source->notices.count + 2;
	const char *module = question->module ? question->module : "the modules";
	int r = 0;

	named->is_foreign =
		is_empty(a) || (by == FILES_ALL && (question->units.count || !has_files(a)));
	named->notices = arena_calloc(&named->arena, room, sizeof(*named->notices));
	if (!named->notices)
		return ksa_fail_nomem(a->err);
	for (size_t i = 0; i < a->source->notices.count && !r; i++)
		r = add_notice(named, room,
			       arena_strdup(&named->arena, a->source->notices.items[i]), a->err);
	if (!r && (by == FILES_ALL || partly) && !named->is_foreign)
		r = add_notice(named, room,
			       arena_printf(&named->arena,
					    "which files of '%s' make %s cannot be told from its "
					    "build files%s: all count that are of no other "
					    "module",
					    a->source->root, module, partly ? " alone" : ""),
			       a->err);
	return r;
}

static int make_answer(struct answer *a, const struct module_source_question *question,
		       struct ksa_named *named)
{
	const struct module_source *source = a->source;
	enum module_files_by by;
	bool partly;
	int r;

	a->chosen = calloc(source->files.count + 1, sizeof(*a->chosen));
	a->seen = calloc(source->words.count + 1, sizeof(*a->seen));
	a->used = calloc(source->definitions.count + 1, sizeof(*a->used));
	a->texts = calloc(source->branches.count + 1, sizeof(*a->texts));
	a->paths = calloc(source->files.count + 1, sizeof(*a->paths));
	if (!a->chosen || !a->seen || !a->used || !a->texts || !a->paths)
		return ksa_fail_nomem(a->err);
	r = module_files_choose(source, question, a->chosen, &by, &partly, a->err);
	if (!r)
		r = module_judge_make(&a->judge, source, &question->kernel, a->err);
	if (!r)
		r = take_sites(a);
	return r ? r : fill_notices(a, question, by, partly, named);
}

int module_source_named(const struct module_source *source,
			const struct module_source_question *question, struct ksa_named *named,
			struct ksa_error *err)
{
	struct answer a = {.source = source, .err = err};
	int r = make_answer(&a, question, named);

	if (!r && a.picks.count)
		qsort_r(a.picks.items, a.picks.count, sizeof(*a.picks.items), compare_picks, &a);
	if (!r)
		r = fill_names(&a, named);
	if (!r)
		r = fill_stops(&a, named);
	named->basis = NAMED_BASIS_SOURCE;
	release_answer(&a);
	if (r)
		named_release(named);
	return r;
}
