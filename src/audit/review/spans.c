// SPDX-License-Identifier: GPL-2.0-or-later
/* The spans of a review: one series, or the commits of a range, several of them at a time. */
#include <stdlib.h>
#include <string.h>

#include "audit/review/review_internal.h"
#include "base/cleanup.h"
#include "base/vec.h"
#include "base/workers.h"

#define MAX_TEXTS ((size_t)16 << 20) /* bytes that stay for the next span */

/* A thread's own: what it finds becomes the review's when all are done. */
struct judge {
	struct review_audit audit;
	struct review_input input; /* with a tree of its own; all else is borrowed */
	struct ksa_report report;
	const struct review_tree *tree; /* to be closed; NULL: it has the review's */
	size_t next, next_unused; /* of its findings, to be taken over */
};

struct spans {
	struct review_audit *audit;
	int (*step)(struct review_audit *a, struct ksa_error *err);
	struct judge *judges;
	unsigned int count;
};

/* The first change of a patch: they are sorted by it. */
static size_t first_change(const struct review_change_list *list, size_t patch)
{
	size_t low = 0, high = list->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (list->items[middle].patch < patch)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* What was found in the tree of one commit is nothing to the next one, but most of its texts are
 * the same there. */
static void leave_span(struct review_audit *a)
{
	a->span_number++;
	if (a->text_bytes > MAX_TEXTS)
		review_texts_release(a);
	kconfig_move(&a->kconfig);
	a->version_known = false;
	for (size_t i = 0; i < a->touched.count; i++) {
		struct review_symbol *s = &a->symbols.items[a->touched.items[i]];

		s->uses.count = s->definers.count = s->unread = 0;
		s->used = s->defined = s->touched = false;
		s->first = s->last = NO_INDEX;
	}
	a->touched.count = 0;
	a->left = NULL;
	a->looked = 0;
	a->exhausted = false;
	arena_reset(&a->scratch);
}

static int do_span(struct review_audit *a, size_t patch,
		   int (*step)(struct review_audit *a, struct ksa_error *err),
		   struct ksa_error *err)
{
	const struct review_tree *tree = a->input->tree;
	int r = tree->at(tree->ctx, patch, err);

	a->span = (struct review_span){.patch = (uint32_t)patch,
				       .patch_end = (uint32_t)patch + 1,
				       .change = first_change(&a->review->changes, patch),
				       .change_end = first_change(&a->review->changes, patch + 1)};
	if (!r)
		r = step(a, err);
	leave_span(a);
	return r;
}

int review_each_span(struct review_audit *a,
		     int (*step)(struct review_audit *a, struct ksa_error *err),
		     struct ksa_error *err)
{
	const size_t count = a->input->patch_count;
	int r = 0;

	a->span = (struct review_span){.patch_end = (uint32_t)count,
				       .change_end = a->review->changes.count};
	if (!review_is_range(a))
		return step(a, err);
	for (size_t p = 0; p < count && !r; p++)
		r = do_span(a, p, step, err);
	return r;
}

static void judge_release(struct judge *j)
{
	struct review_audit *a = &j->audit;

	/* What all share is the review's. */
	for (size_t i = 0; i < a->symbols.count; i++)
		a->symbols.items[i].mentions.items = NULL;
	memset(&a->by_name, 0, sizeof(a->by_name));
	review_audit_release(a);
	report_release(&j->report);
	if (j->tree)
		j->tree->close(j->tree->ctx);
}

/* The first judge has the review's tree, each other one its own. */
static int judge_start(struct judge *j, struct review_audit *a, bool is_first,
		       struct ksa_error *err)
{
	const struct review_tree *tree = a->input->tree;
	struct review_audit *own = &j->audit;
	int r = is_first ? 0 : tree->open(tree->ctx, &j->tree, err);

	j->input = *a->input;
	j->input.tree = is_first ? tree : j->tree;
	*own = (struct review_audit){.input = &j->input,
				     .rules = a->rules,
				     .review = a->review,
				     .report = &j->report,
				     .by_name = a->by_name,
				     .next_of = a->next_of,
				     .next_added = a->next_added,
				     .span_number = 1};
	own->symbols.items = malloc((a->symbols.count + 1) * sizeof(*own->symbols.items));
	if (!own->symbols.items)
		return r ? r : ksa_fail_nomem(err);
	if (a->symbols.count)
		memcpy(own->symbols.items, a->symbols.items,
		       a->symbols.count * sizeof(*own->symbols.items));
	own->symbols.count = a->symbols.count;
	return r;
}

static int judge_one(void *ctx, unsigned int worker, size_t patch, struct ksa_error *err)
{
	struct spans *s = ctx;

	return do_span(&s->judges[worker].audit, patch, s->step, err);
}

/* The judge whose next finding is of the first patch; NULL: none has one left. A patch is one
 * judge's alone, and each comes to its own in their order. */
static struct judge *first_judge(struct spans *s)
{
	struct judge *first = NULL;

	for (unsigned int i = 0; i < s->count; i++) {
		struct judge *j = &s->judges[i];

		if (j->next < j->report.finding_count &&
		    (!first ||
		     j->report.findings[j->next].patch < first->report.findings[first->next].patch))
			first = j;
	}
	return first;
}

static int take_finding(struct review_audit *a, struct judge *j, struct ksa_error *err)
{
	struct ksa_report *report = a->report;
	int r = vec_reserve(&report->findings, &report->finding_capacity, report->finding_count + 1,
			    sizeof(*report->findings), err);

	if (!r && j->next_unused < j->audit.unused.count &&
	    j->audit.unused.items[j->next_unused].finding == j->next) {
		r = VEC_PUSH_ROOM(&a->unused, err);
		if (!r)
			a->unused.items[a->unused.count++] = (struct review_unused){
				j->audit.unused.items[j->next_unused++].change,
				report->finding_count};
	}
	if (!r)
		report->findings[report->finding_count++] = j->report.findings[j->next++];
	return r;
}

/* All that the judges found, in the order of the patches. */
static int take_over(struct spans *s, struct ksa_error *err)
{
	struct review_audit *a = s->audit;
	int r = 0;

	for (struct judge *j = first_judge(s); j && !r; j = first_judge(s))
		r = take_finding(a, j, err);
	for (unsigned int i = 0; i < s->count; i++) {
		struct judge *j = &s->judges[i];

		arena_take(&a->report->arena, &j->report.arena);
		a->report->lost |= j->report.lost;
		a->cut |= j->audit.cut;
		a->unbuilt += j->audit.unbuilt;
		for (int gap = 0; gap < GAP_COUNT; gap++)
			a->gaps[gap] += j->audit.gaps[gap];
	}
	return r;
}

int review_share_spans(struct review_audit *a,
		       int (*step)(struct review_audit *a, struct ksa_error *err),
		       struct ksa_error *err)
{
	const size_t count = a->input->patch_count;
	struct spans s = {.audit = a, .step = step};
	int r = 0;

	if (!review_is_range(a))
		return review_each_span(a, step, err);
	review_texts_release(a);
	kconfig_release(&a->kconfig);
	s.count = a->input->tree->open ? workers_count(a->input->tree->jobs) : 1;
	if (s.count > count)
		s.count = count ? (unsigned int)count : 1;
	s.judges = calloc(s.count, sizeof(*s.judges));
	if (!s.judges)
		return ksa_fail_nomem(err);
	for (unsigned int i = 0; i < s.count && !r; i++)
		r = judge_start(&s.judges[i], a, i == 0, err);
	if (!r)
		r = workers_run(s.count, count, judge_one, &s, err);
	if (!r)
		r = take_over(&s, err);
	/* The tree is that of the last commit then, whoever judged it. */
	if (!r && count)
		r = a->input->tree->at(a->input->tree->ctx, count - 1, err);
	for (unsigned int i = 0; i < s.count; i++)
		judge_release(&s.judges[i]);
	free(s.judges);
	return r;
}
