// SPDX-License-Identifier: GPL-2.0-or-later
/* What patches do to exports, before they are merged. */
#include "audit/review/review.h"

#include <stdlib.h>
#include <string.h>

#include "audit/results/policy.h"
#include "audit/review/review_internal.h"
#include "base/vec.h"

const struct review_place *review_change_place(const struct review_change *change)
{
	return &change->sides[change->sides[PATCH_NEW].path ? PATCH_NEW : PATCH_OLD];
}

struct ksa_finding review_finding(const struct review_audit *a, enum rule_id rule,
				  const struct review_change *change)
{
	const struct review_place *place = review_change_place(change);
	const struct ksa_rule *r = rules_get(a->rules, rule);

	return (struct ksa_finding){.rule = r,
				    .level = rules_builtin[rule].level,
				    .kernel = NO_INDEX,
				    .module = NO_INDEX,
				    .patch = change->patch,
				    .path = place->path,
				    .line = place->line,
				    .mail_line = place->at,
				    .commit = a->input->patches[change->patch].patch->commit,
				    .symbol = change->symbol,
				    .fix = r->fix};
}

struct review_symbol *review_symbol_find(struct review_audit *a, const char *name)
{
	uint32_t at;

	return strmap_get(&a->by_name, name, &at) ? &a->symbols.items[at] : NULL;
}

struct review_symbol *review_symbol_at(struct review_audit *a, const struct code_walk *walk)
{
	size_t length = walk->end - walk->at;
	char word[256];

	if (length >= sizeof(word))
		return NULL;
	memcpy(word, walk->mask + walk->at, length);
	word[length] = '\0';
	return review_symbol_find(a, word);
}

int review_ask(struct review_audit *a, const char *name, bool exports_only, struct ksa_error *err)
{
	struct review_symbol *s = review_symbol_find(a, name);
	uint32_t at = (uint32_t)a->symbols.count;

	if (s) {
		s->exports_only = s->exports_only && exports_only;
		return 0;
	}
	name = arena_strdup(&a->report->arena, name);
	if (!name || VEC_PUSH_ROOM(&a->symbols, err) ||
	    strmap_add(&a->by_name, name, &at, NULL) < 0)
		return ksa_fail_nomem(err);
	a->symbols.items[a->symbols.count++] = (struct review_symbol){
		.name = name, .exports_only = exports_only, .first = NO_INDEX, .last = NO_INDEX};
	return 0;
}

int review_touch(struct review_audit *a, struct review_symbol *s, struct ksa_error *err)
{
	int r = s->touched ? 0 : VEC_PUSH_ROOM(&a->touched, err);

	if (!r && !s->touched)
		a->touched.items[a->touched.count++] = (uint32_t)(s - a->symbols.items);
	s->touched = true;
	return r;
}

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
static int link_changes(struct review_audit *a, struct ksa_error *err)
{
	struct review_change *items = a->review->changes.items;

	for (uint32_t i = (uint32_t)a->span.change; i < a->span.change_end; i++) {
		struct review_change *c = &items[i], *before;
		struct review_symbol *s;
		int r = review_ask(a, c->symbol, c->pasted, err);

		if (r)
			return r;
		s = review_symbol_find(a, c->symbol);
		before = s->last == NO_INDEX ? NULL : &items[s->last];
		if (before && before->what == REVIEW_REMOVED && c->what == REVIEW_ADDED &&
		    before->test == c->test)
			join_changes(before, c);
		if (before && (before->is_new || before->what == REVIEW_ADDED))
			c->is_new = true;
		a->next_of[i] = NO_INDEX;
		r = review_touch(a, s, err);
		if (r)
			return r;
		if (s->first == NO_INDEX)
			s->first = i;
		else
			a->next_of[s->last] = i;
		s->last = i;
	}
	return 0;
}

static int compare_places(const struct review_place *p, const struct review_place *q)
{
	int r = strcmp(p->path, q->path);

	return r ? r : (p->line > q->line) - (p->line < q->line);
}

static int compare_changes(const void *x, const void *y)
{
	const struct review_change *a = x, *b = y;
	const struct review_place *p = &a->sides[PATCH_OLD], *q = &b->sides[PATCH_OLD];
	int r = (a->patch > b->patch) - (a->patch < b->patch);

	if (!r)
		r = compare_places(review_change_place(a), review_change_place(b));
	if (!r)
		r = strcmp(a->symbol, b->symbol);
	return r || !p->path || !q->path ? r : compare_places(p, q);
}

static int find_changes(struct review_audit *a, struct ksa_error *err)
{
	struct review_change_list *list = &a->review->changes;
	int r = 0;

	for (size_t p = 0; p < a->input->patch_count && !r; p++)
		r = review_changes_of(&a->input->patches[p], (uint32_t)p, list, err);
	if (r)
		return r;
	if (list->count)
		qsort(list->items, list->count, sizeof(*list->items), compare_changes);
	if (a->input->net && a->input->patch_count > 1)
		r = review_net_changes(list, err);
	if (r)
		return r;
	if (list->count)
		qsort(list->items, list->count, sizeof(*list->items), compare_changes);
	a->next_of = arena_calloc(&a->report->arena, list->count, sizeof(*a->next_of));
	a->next_added = arena_calloc(&a->report->arena, list->count, sizeof(*a->next_added));
	return a->next_of && a->next_added ? 0 : ksa_fail_nomem(err);
}

/* Give the changes of one patch in one file the kind that a text shows their symbols to be. */
static int take_kinds(struct review_audit *a, uint32_t patch, const char *path, const char *text,
		      size_t size, struct ksa_error *err)
{
	struct arena scratch = {.blocks = NULL};
	struct code_walk w = {.mask = code_mask(&scratch, text, size), .size = size};

	while (w.mask && code_walk_next(&w)) {
		enum ksa_kind kind = code_walk_kind(&w);
		const struct review_symbol *s = kind ? review_symbol_at(a, &w) : NULL;

		for (uint32_t i = s ? s->first : NO_INDEX; i != NO_INDEX; i = a->next_of[i]) {
			struct review_change *c = &a->review->changes.items[i];

			if (c->patch == patch && !c->kind && !c->pasted &&
			    strcmp(review_change_place(c)->path, path) == 0)
				c->kind = (uint8_t)kind;
		}
	}
	arena_release(&scratch);
	return w.mask ? 0 : ksa_fail_nomem(err);
}

/* A piece of a side, or all of its text where pieces leave that out. */
static int text_of(const struct review_audit *a, const struct review_side *side, size_t piece,
		   const char **text, size_t *size, struct ksa_error *err)
{
	const struct review_tree *tree = a->input->tree;
	int r;

	*text = side->pieces[piece].text;
	*size = side->pieces[piece].size;
	if (!side->blob || !tree || !tree->read_blob)
		return 0;
	r = tree->read_blob(tree->ctx, side->blob, text, size, err);
	return r == KSA_ENODATA ? 0 : r;
}

/* What macros do not tell of symbols, their definitions may, or the lines that stand above hunks.
 */
static int find_kinds_of(struct review_audit *a, uint32_t patch, const struct review_side *side,
			 struct ksa_error *err)
{
	size_t count = side->path && side->export_count ? side->piece_count : 0;
	int r = 0;

	for (size_t i = 0; i < count && !r; i++) {
		const char *text;
		size_t size;

		r = text_of(a, side, i, &text, &size, err);
		if (!r)
			r = take_kinds(a, patch, side->path, text, size, err);
	}
	for (size_t i = 0; i < count && !r; i++)
		r = take_kinds(a, patch, side->path, side->pieces[i].heading,
			       strlen(side->pieces[i].heading), err);
	return r;
}

static int find_kinds(struct review_audit *a, struct ksa_error *err)
{
	int r = 0;

	for (uint32_t p = a->span.patch; p < a->span.patch_end; p++) {
		const struct review_patch *patch = &a->input->patches[p];

		for (size_t f = 0; f < patch->file_count && !r; f++) {
			r = find_kinds_of(a, p, &patch->files[f].sides[PATCH_NEW], err);
			if (!r)
				r = find_kinds_of(a, p, &patch->files[f].sides[PATCH_OLD], err);
		}
	}
	return r;
}

int review_next_exporter(struct review_audit *a, struct review_exporter *x, struct ksa_error *err)
{
	size_t count = x->symbol ? x->symbol->mentions.count : 0;

	x->export_ = NULL;
	for (; x->mention < count; x->mention++, x->at = 0) {
		const struct review_mention *m = &x->symbol->mentions.items[x->mention];
		struct review_text *t;
		int r;

		if (!x->tests && (!m->exported || review_is_test_path(m->path)))
			continue;
		r = review_facts(a, m->path, &t, err);
		if (r)
			return r;
		x->path = t->path;
		while (t->facts && x->at < t->facts->export_count) {
			x->export_ = &t->facts->exports[x->at++];
			if (strcmp(x->export_->name, x->symbol->name) == 0)
				return 0;
		}
		x->export_ = NULL;
	}
	return 0;
}

static enum ksa_class kernel_class(const struct ksa_kernel *kernel, const char *name)
{
	size_t count;
	const struct ksa_export *e = kernel_find_exports(kernel, name, &count);

	for (size_t i = 1; i < count; i++)
		if (e[i].cls != e[0].cls)
			return KSA_CLASS_UNKNOWN;
	return count ? (enum ksa_class)e[0].cls : KSA_CLASS_UNKNOWN;
}

int review_class_of(struct review_audit *a, const char *name, enum ksa_class *cls,
		    struct ksa_error *err)
{
	const struct review_change *c = review_last_change(a, name);
	struct review_exporter x = {.symbol = review_symbol_find(a, name)};
	int r;

	*cls = KSA_CLASS_UNKNOWN;
	if (c && c->sides[PATCH_NEW].path) {
		*cls = (enum ksa_class)c->sides[PATCH_NEW].cls;
		return 0;
	}
	while (!(r = review_next_exporter(a, &x, err)) && x.export_) {
		if (*cls && *cls != (enum ksa_class)x.export_->cls) {
			*cls = KSA_CLASS_UNKNOWN;
			return 0;
		}
		*cls = (enum ksa_class)x.export_->cls;
	}
	if (!r && !*cls && a->input->kernel)
		*cls = kernel_class(a->input->kernel, name);
	return r;
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
		return report_text(a->report, "%s and reserved for %s", word, place->ns + 7);
	return report_text(a->report, "%s in namespace %s", word, place->ns);
}

/* One sentence for all that a kind of question could not be asked of. */
static int add_gaps(struct review_audit *a, struct ksa_error *err)
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
	struct ksa_report *report = a->report;
	const char *list = "";
	int r = 0;

	if (tree && a->gaps[GAP_UPSTREAM])
		r = report_add_notice(report, err,
				      "the upstream commit that a patch names is not in the "
				      "repository: not compared");
	for (int i = 0; i < GAP_COUNT; i++)
		if (a->gaps[i] && !(tree && i == GAP_UPSTREAM))
			list = report_text(report, "%s%s%s", list, *list ? "; " : "", texts[i]);
	if (r || !*list)
		return r;
	if (tree)
		return report_add_notice(report, err, "not checked, as %s does not show it: %s",
					 tree->at ? a->input->range : tree->name, list);
	return report_add_notice(report, err, "not checked without a repository (-C REPO): %s",
				 list);
}

/* What was looked at and left out. */
static int add_limits(struct review_audit *a, struct ksa_error *err)
{
	int r = 0;

	if (a->cut)
		r = report_add_notice(a->report, err,
				      "not all text was looked through for users and calls: there "
				      "is too much of it");
	if (r || !a->unbuilt)
		return r;
	return report_add_notice(a->report, err,
				 "%zu file%s that no Makefile names use%s what is exported no "
				 "more: not counted, as they are not built",
				 a->unbuilt, a->unbuilt == 1 ? "" : "s",
				 a->unbuilt == 1 ? "s" : "");
}

bool review_is_range(const struct review_audit *a)
{
	return a->input->tree && a->input->tree->at;
}

static int judge_change(struct review_audit *a, const struct review_change *c,
			struct ksa_error *err)
{
	struct review_symbol *s = review_symbol_find(a, c->symbol);
	int r = review_judge_class(a, c, err);

	if (r || !s || c->test || c->pasted || c->superseded || !review_is_last(a, c))
		return r;
	r = review_judge_users(a, c, s, err);
	if (!r && c->sides[PATCH_NEW].path)
		r = review_judge_module(a, c, s, err);
	if (!r)
		r = review_judge_definition(a, c, s, err);
	return r ? r : review_judge_namespace(a, c, s, err);
}

static int judge_span(struct review_audit *a, struct ksa_error *err)
{
	int r = review_find_added(a, err);

	for (size_t i = a->span.change; i < a->span.change_end && !r; i++)
		r = judge_change(a, &a->review->changes.items[i], err);
	for (uint32_t p = a->span.patch; p < a->span.patch_end; p++) {
		const struct review_patch *patch = &a->input->patches[p];

		for (size_t f = 0; f < patch->file_count && !r; f++) {
			r = review_judge_license(a, p, &patch->files[f], err);
			if (!r && !a->exhausted)
				r = review_judge_imports(a, p, &patch->files[f], err);
		}
	}
	return r;
}

/* What has to be known before the tree is looked through. */
static int prepare_span(struct review_audit *a, struct ksa_error *err)
{
	int r = link_changes(a, err);

	if (!r)
		r = find_kinds(a, err);
	return r ? r : review_ask_names(a, err);
}

static int prepare_all(struct review_audit *a, struct ksa_error *err)
{
	return review_each_span(a, prepare_span, err);
}

static int judge_linked(struct review_audit *a, struct ksa_error *err)
{
	/* Of a series they are linked already. */
	int r = review_is_range(a) ? link_changes(a, err) : 0;

	return r ? r : judge_span(a, err);
}

static int judge_all(struct review_audit *a, struct ksa_error *err)
{
	return review_share_spans(a, judge_linked, err);
}

static int add_notices(struct review_audit *a, struct ksa_error *err)
{
	int r = 0;

	for (size_t i = 0; i < a->input->notice_count && !r; i++)
		r = report_add_notice(a->report, err, "%s", a->input->notices[i]);
	return r;
}

static int apply_policy(struct review_audit *a, struct ksa_error *err)
{
	const struct policy policy = {a->input->waivers, a->input->today, false};

	return policy_apply(a->report, &policy, err);
}

static int judge(struct review_audit *a, struct ksa_error *err)
{
	static int (*const steps[])(struct review_audit * a, struct ksa_error * err) = {
		find_changes,
		prepare_all,
		review_search_patches,
		review_search_tree,
		judge_all,
		review_judge_later,
		review_judge_upstream,
		apply_policy,
		add_notices,
		add_limits,
		add_gaps,
	};
	int r = 0;

	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps) && !r; i++)
		r = steps[i](a, err);
	return r || !a->report->lost ? r : ksa_fail_nomem(err);
}

void review_audit_release(struct review_audit *a)
{
	for (size_t i = 0; i < a->symbols.count; i++) {
		free(a->symbols.items[i].mentions.items);
		free(a->symbols.items[i].uses.items);
		free(a->symbols.items[i].definers.items);
	}
	free(a->symbols.items);
	review_texts_release(a);
	free(a->texts.items);
	free(a->touched.items);
	free(a->unused.items);
	arena_release(&a->scratch);
	strmap_release(&a->by_name);
	strmap_release(&a->added_in);
	kconfig_release(&a->kconfig);
}

int review_make(const struct review_input *input, struct review **out, struct ksa_error *err)
{
	struct review *review = calloc(1, sizeof(*review));
	struct review_audit a = {.input = input,
				 .rules = input->rules ? input->rules : &rules_shipped,
				 .review = review,
				 .span_number = 1};
	int r;

	if (!review)
		return ksa_fail_nomem(err);
	a.report = &review->report;
	review->input = input;
	review->report.command = "review";
	review->report.rules = a.rules;
	review->report.fail_on = KSA_LEVEL_ERROR;
	r = judge(&a, err);
	review_audit_release(&a);
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
