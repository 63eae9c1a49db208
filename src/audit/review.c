// SPDX-License-Identifier: GPL-2.0-or-later
/* What patches do to exports, before they are merged. */
#include "audit/review.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "audit/policy.h"
#include "audit/review_code.h"
#include "audit/review_internal.h"
#include "base/vec.h"

struct ksa_finding *review_add(struct review_audit *a, enum rule_id rule,
			       const struct review_change *change, enum patch_side side,
			       const char *format, ...)
{
	const struct review_place *place = &change->sides[side];
	struct ksa_report *report = &a->review->report;
	struct ksa_finding f = {.rule = rules_get(a->rules, rule),
				.level = rules_builtin[rule].level,
				.kernel = NO_INDEX,
				.module = NO_INDEX,
				.patch = change->patch,
				.path = place->path,
				.line = place->line,
				.mail_line = place->at,
				.commit = a->input->patches[change->patch].patch->commit,
				.symbol = change->symbol};
	va_list ap;
	int r;

	f.fix = f.rule->fix;
	va_start(ap, format);
	r = report_vadd_finding(report, &f, NULL, format, ap);
	va_end(ap);
	if (!r)
		return &report->findings[report->finding_count - 1];
	report->lost = true;
	return &a->lost;
}

struct review_symbol *review_symbol_find(struct review_audit *a, const char *name)
{
	uint32_t at;

	return strmap_get(&a->by_name, name, &at) ? &a->symbols.items[at] : NULL;
}

struct review_symbol *review_symbol_of(struct review_audit *a, const char *name, bool exports_only)
{
	struct review_symbol *s = review_symbol_find(a, name);
	uint32_t at = (uint32_t)a->symbols.count;

	if (s) {
		s->exports_only = s->exports_only && exports_only;
		return s;
	}
	if (VEC_PUSH_ROOM(&a->symbols, NULL) || strmap_add(&a->by_name, name, &at, NULL) < 0)
		return NULL;
	s = &a->symbols.items[a->symbols.count++];
	*s = (struct review_symbol){
		.name = name, .exports_only = exports_only, .first = NO_INDEX, .last = NO_INDEX};
	return s;
}

/* --- changes -----------------------------------------------------------------------------------*/

const struct review_change *review_last_change(struct review_audit *a, const char *name)
{
	const struct review_symbol *s = review_symbol_find(a, name);

	return s && s->last != NO_INDEX ? &a->review->changes.items[s->last] : NULL;
}

bool review_is_last(struct review_audit *a, const struct review_change *change)
{
	return review_last_change(a, change->symbol) == change;
}

/* Removed by one patch and added by a later one: that has both sides then. */
static void join_changes(struct review_change *removed, struct review_change *added)
{
	const struct review_place *old = &removed->sides[PATCH_OLD],
				  *new_ = &added->sides[PATCH_NEW];
	bool same = old->cls == new_->cls && !old->ns == !new_->ns &&
		    (!old->ns || strcmp(old->ns, new_->ns) == 0);

	added->sides[PATCH_OLD] = *old;
	added->what = same ? REVIEW_MOVED : REVIEW_CHANGED;
	removed->superseded = true;
}

/*
 * Join what the patches of a series do to one symbol: removed by one and added by a later one is a
 * move; what a symbol becomes that the series adds is no change of an export that people have.
 */
static int link_changes(struct review_audit *a)
{
	struct review_change_list *list = &a->review->changes;
	struct review_change *items = list->items;

	if (!items)
		return 0;
	a->next_of = arena_calloc(&a->review->report.arena, list->count, sizeof(*a->next_of));
	if (!a->next_of)
		return ksa_fail_nomem(a->err);
	for (uint32_t i = 0; i < list->count; i++) {
		struct review_change *c = &items[i], *before;
		struct review_symbol *s;

		s = review_symbol_of(a, c->symbol, c->pasted);
		if (!s)
			return ksa_fail_nomem(a->err);
		before = s->last == NO_INDEX ? NULL : &items[s->last];
		if (before && before->what == REVIEW_REMOVED && c->what == REVIEW_ADDED &&
		    before->test == c->test)
			join_changes(before, c);
		if (before && (before->is_new || before->what == REVIEW_ADDED))
			c->is_new = true;
		a->next_of[i] = NO_INDEX;
		if (s->first == NO_INDEX)
			s->first = i;
		else
			a->next_of[s->last] = i;
		s->last = i;
	}
	return 0;
}

static int compare_changes(const void *x, const void *y)
{
	const struct review_change *a = x, *b = y;
	const struct review_place *p = &a->sides[a->sides[PATCH_NEW].path ? PATCH_NEW : PATCH_OLD];
	const struct review_place *q = &b->sides[b->sides[PATCH_NEW].path ? PATCH_NEW : PATCH_OLD];
	int r;

	if (a->patch != b->patch)
		return a->patch < b->patch ? -1 : 1;
	r = strcmp(p->path, q->path);
	if (r)
		return r;
	if (p->line != q->line)
		return p->line < q->line ? -1 : 1;
	r = strcmp(a->symbol, b->symbol);
	if (r || !a->sides[PATCH_OLD].path || !b->sides[PATCH_OLD].path)
		return r;
	r = strcmp(a->sides[PATCH_OLD].path, b->sides[PATCH_OLD].path);
	if (r)
		return r;
	return (a->sides[PATCH_OLD].line > b->sides[PATCH_OLD].line) -
	       (a->sides[PATCH_OLD].line < b->sides[PATCH_OLD].line);
}

static int find_changes(struct review_audit *a)
{
	struct review_change_list *list = &a->review->changes;
	int r = 0;

	for (size_t p = 0; p < a->input->patch_count && !r; p++)
		r = review_changes_of(&a->input->patches[p], (uint32_t)p, list, a->err);
	if (r)
		return r;
	if (list->count)
		qsort(list->items, list->count, sizeof(*list->items), compare_changes);
	return link_changes(a);
}

/* Give the changes of one patch in one file the kind that a text shows their symbols to be. */
static void take_kinds(struct review_audit *a, uint32_t patch, const char *path, const char *text,
		       size_t size)
{
	struct arena scratch = {.blocks = NULL};
	struct code_walk w = {.mask = code_mask(&scratch, text, size), .size = size};

	a->failed = a->failed || !w.mask;
	while (w.mask && code_walk_next(&w)) {
		enum ksa_kind kind = code_walk_kind(&w);
		size_t length = w.end - w.at;
		const struct review_symbol *s;
		char word[256];

		if (kind == KSA_KIND_UNKNOWN || length >= sizeof(word))
			continue;
		memcpy(word, w.mask + w.at, length);
		word[length] = '\0';
		s = review_symbol_find(a, word);
		for (uint32_t i = s ? s->first : NO_INDEX; i != NO_INDEX; i = a->next_of[i]) {
			struct review_change *c = &a->review->changes.items[i];
			enum patch_side side = c->sides[PATCH_NEW].path ? PATCH_NEW : PATCH_OLD;

			if (c->patch == patch && !c->kind && !c->pasted &&
			    strcmp(c->sides[side].path, path) == 0)
				c->kind = (uint8_t)kind;
		}
	}
	arena_release(&scratch);
}

/* What macros do not tell of symbols, their definitions may, or the lines that stand above hunks.
 */
static void find_kinds(struct review_audit *a, uint32_t patch)
{
	const struct review_patch *p = &a->input->patches[patch];

	for (size_t f = 0; f < p->file_count; f++) {
		for (int which = PATCH_NEW; which >= PATCH_OLD; which--) {
			const struct review_side *side = &p->files[f].sides[which];

			if (!side->path || !side->export_count)
				continue;
			for (size_t i = 0; i < side->piece_count; i++)
				take_kinds(a, patch, side->path, side->pieces[i].text,
					   side->pieces[i].size);
			for (size_t i = 0; i < side->piece_count; i++)
				if (*side->pieces[i].heading)
					take_kinds(a, patch, side->path, side->pieces[i].heading,
						   strlen(side->pieces[i].heading));
		}
	}
}

enum ksa_class review_class_of(struct review_audit *a, const char *name)
{
	const struct review_change *c = review_last_change(a, name);
	const struct review_symbol *s = review_symbol_find(a, name);
	enum ksa_class cls = KSA_CLASS_UNKNOWN;
	const struct ksa_export *e;
	size_t count = 0;

	if (c && c->sides[PATCH_NEW].path)
		return (enum ksa_class)c->sides[PATCH_NEW].cls;
	for (size_t i = 0; s && i < s->mentions.count; i++) {
		const struct review_mention *m = &s->mentions.items[i];
		struct review_text *t = m->exported && !review_is_test_path(m->path)
						? review_text_find(a, m->path)
						: NULL;
		const struct review_side *facts = t ? review_facts(a, t) : NULL;

		for (size_t k = 0; facts && k < facts->export_count; k++) {
			if (strcmp(facts->exports[k].name, name) != 0)
				continue;
			if (cls && cls != (enum ksa_class)facts->exports[k].cls)
				return KSA_CLASS_UNKNOWN;
			cls = (enum ksa_class)facts->exports[k].cls;
		}
	}
	if (cls || !a->input->kernel)
		return cls;
	e = kernel_find_exports(a->input->kernel, name, &count);
	for (size_t i = 0; i < count; i++) {
		if (cls && cls != (enum ksa_class)e[i].cls)
			return KSA_CLASS_UNKNOWN;
		cls = (enum ksa_class)e[i].cls;
	}
	return cls;
}

const char *review_class_words(struct review_audit *a, const struct review_place *place)
{
	static const char *const words[] = {
		[KSA_CLASS_UNKNOWN] = "of a class that its macro does not tell",
		[KSA_CLASS_PLAIN] = "plain",
		[KSA_CLASS_GPL] = "GPL-only",
		[KSA_CLASS_GPL_FUTURE] = "announced to become GPL-only",
		[KSA_CLASS_UNUSED] = "marked unused",
		[KSA_CLASS_UNUSED_GPL] = "GPL-only and marked unused",
	};
	const char *word = words[place->cls <= KSA_CLASS_UNUSED_GPL ? place->cls : 0];

	if (!place->ns)
		return word;
	if (namespace_is_reserved(place->ns))
		return report_text(&a->review->report, "%s and reserved for %s", word,
				   place->ns + 7);
	return report_text(&a->review->report, "%s in namespace %s", word, place->ns);
}

/* --- the whole ---------------------------------------------------------------------------------*/

/* One sentence for all that a kind of question could not be asked of. */
static int add_gaps(struct review_audit *a)
{
	static const char *const texts[GAP_COUNT] = {
		[GAP_USERS] = "in-tree users of changed or new exports",
		[GAP_REMOVED] = "in-tree users of removed exports",
		[GAP_DOUBLES] = "test doubles (__wrap_...) of changed exports",
		[GAP_SIBLINGS] = "the other exports of files with new plain ones",
		[GAP_BODIES] = "whether new plain exports call GPL-only ones",
		[GAP_IMPORTS] = "whether in-tree users import the namespace",
		[GAP_NAMESPACES] = "whether an imported namespace has exports",
		[GAP_UPSTREAM] = "the upstream commit",
	};
	const struct review_tree *tree = a->input->tree;
	struct ksa_report *report = &a->review->report;
	const char *list = "";
	int r = 0;

	if (tree && a->gaps[GAP_UPSTREAM])
		r = report_add_notice(report, a->err,
				      "the upstream commit that a patch names is not in the "
				      "repository: not compared");
	for (int i = 0; i < GAP_COUNT; i++)
		if (a->gaps[i] && !(tree && i == GAP_UPSTREAM))
			list = report_text(report, "%s%s%s", list, *list ? "; " : "", texts[i]);
	if (!r && a->exhausted)
		r = report_add_notice(report, a->err,
				      "not all text was looked through for users and calls: there "
				      "is too much of it");
	if (r || !*list)
		return r;
	if (tree)
		return report_add_notice(report, a->err, "not checked, as %s does not show it: %s",
					 tree->name, list);
	return report_add_notice(report, a->err, "not checked without a repository (-C REPO): %s",
				 list);
}

static int judge(struct review_audit *a)
{
	const struct policy policy = {a->input->waivers, a->input->today, false};
	int r = find_changes(a);

	for (uint32_t p = 0; p < a->input->patch_count && a->review->changes.count && !r; p++)
		find_kinds(a, p);
	if (!r)
		r = review_ask_names(a);
	if (!r)
		r = review_search_patches(a);
	if (!r)
		r = review_search_tree(a);
	if (!r)
		r = review_judge_classes(a);
	if (!r)
		r = review_judge_users(a);
	if (!r)
		r = review_judge_modules(a);
	if (!r)
		r = review_judge_namespaces(a);
	if (!r)
		r = review_judge_upstream(a);
	if (!r)
		r = policy_apply(&a->review->report, &policy, a->err);
	for (size_t i = 0; i < a->input->notice_count && !r; i++)
		r = report_add_notice(&a->review->report, a->err, "%s", a->input->notices[i]);
	if (!r)
		r = add_gaps(a);
	if (!r)
		r = a->status;
	return r || !(a->failed || a->review->report.lost) ? r : ksa_fail_nomem(a->err);
}

static void release(struct review_audit *a)
{
	for (size_t i = 0; i < a->symbols.count; i++) {
		free(a->symbols.items[i].mentions.items);
		free(a->symbols.items[i].uses.items);
		free(a->symbols.items[i].definers.items);
	}
	free(a->symbols.items);
	free(a->texts.items);
	strmap_release(&a->by_name);
	strmap_release(&a->by_path);
	build_types_release(&a->types);
}

int review_make(const struct review_input *input, struct review **out, struct ksa_error *err)
{
	struct review *review = calloc(1, sizeof(*review));
	struct review_audit a = {.input = input,
				 .rules = input->rules ? input->rules : &rules_shipped,
				 .review = review,
				 .err = err};
	int r;

	if (!review)
		return ksa_fail_nomem(err);
	review->input = input;
	review->report.command = "review";
	review->report.rules = a.rules;
	review->report.fail_on = KSA_LEVEL_ERROR;
	r = judge(&a);
	release(&a);
	if (r) {
		review_free(review);
		return r;
	}
	report_sort(&review->report);
	for (size_t i = 0; i < review->changes.count; i++)
		if (!review->changes.items[i].test && !review->changes.items[i].superseded)
			review->by_what[review->changes.items[i].what]++;
	*out = review;
	return 0;
}
