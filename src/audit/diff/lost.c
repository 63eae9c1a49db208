// SPDX-License-Identifier: GPL-2.0-or-later
/* What became of the exports that are gone: of the API, or behind what the headers still offer. */
#include "audit/diff/diff_internal.h"

#include "audit/rebuild/pair.h"

/* A copy of text that may be NULL, as the diff outlives the pair; false without memory. */
static bool keep(struct diff *diff, const char *text, const char **out)
{
	*out = text ? arena_strdup(&diff->arena, text) : NULL;
	return !text || *out;
}

static int take(struct diff *diff, struct diff_row *row, const struct lost_symbol *lost,
		struct ksa_error *err)
{
	const char **ways;

	row->lost = lost->fate;
	if (!keep(diff, lost->through, &row->through))
		return ksa_fail_nomem(err);
	/* Who had to be GPL-compatible for the lost one loses nothing by it. */
	if (!lost->gained_count ||
	    diff_compare_classes(KSA_CLASS_GPL, diff_class(row, DIFF_OLD, NULL)) <= 0)
		return 0;
	ways = arena_calloc(&diff->arena, lost->gained_count, sizeof(*ways));
	if (!ways)
		return ksa_fail_nomem(err);
	for (uint32_t i = 0; i < lost->gained_count; i++)
		if (!keep(diff, lost->ways[i], &ways[i]))
			return ksa_fail_nomem(err);
	row->gpl_ways = ways;
	row->gpl_way_count = lost->gained_count;
	return 0;
}

int diff_find_lost(struct diff *diff, struct ksa_error *err)
{
	struct rebuild_pair *pair;
	int r;

	/* Without the new kernel's headers nothing is known of any. */
	if (!diff->kernels[DIFF_NEW]->helpers)
		return 0;
	r = rebuild_pair_new(diff->kernels[DIFF_OLD], diff->kernels[DIFF_NEW], &pair, err);
	for (size_t i = 0; i < diff->row_count && !r; i++) {
		struct diff_row *row = &diff->rows[i];
		const struct lost_symbol *lost;

		/* Headers are C: they say nothing of the names that Rust makes. */
		if (!(row->marks & AXIS_MARK(AXIS_REMOVED)) || row->rust)
			continue;
		r = rebuild_pair_lost(pair, row->name, &lost, err);
		if (!r)
			r = take(diff, row, lost, err);
	}
	rebuild_pair_free(pair);
	return r;
}
