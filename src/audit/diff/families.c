// SPDX-License-Identifier: GPL-2.0-or-later
/* Which rows are in which family of symbols. */
#include "audit/diff/diff_internal.h"

#include <fnmatch.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/search.h"

/* The first row whose name is not less than the first length bytes of prefix. */
static uint32_t lower_bound(const struct diff *diff, const char *prefix, size_t length)
{
	return (uint32_t)SEARCH_FIRST(i, diff->row_count,
				      strncmp(diff->rows[i].name, prefix, length) < 0);
}

/* Rows are sorted: a member is looked for among those that start as it does. */
static void find_member(const struct diff *diff, const char *member, bool *in)
{
	size_t length = strcspn(member, "*?[");
	uint32_t i = lower_bound(diff, member, length);

	for (; i < diff->row_count && strncmp(diff->rows[i].name, member, length) == 0; i++)
		if (member[length] ? fnmatch(member, diff->rows[i].name, 0) == 0
				   : strcmp(member, diff->rows[i].name) == 0)
			in[i] = true;
}

static int fill(struct diff *diff, const struct ksa_family *family, const bool *in,
		struct ksa_error *err)
{
	struct diff_family *f = &diff->families[diff->family_count];
	size_t count = 0;
	uint32_t *rows;

	for (size_t i = 0; i < diff->row_count; i++)
		count += in[i];
	rows = arena_calloc(&diff->arena, count, sizeof(*rows));
	if (!rows)
		return ksa_fail_nomem(err);
	*f = (struct diff_family){.family = family, .rows = rows};
	for (uint32_t i = 0; i < diff->row_count; i++) {
		struct diff_row *row = &diff->rows[i];

		if (!in[i])
			continue;
		rows[f->row_count++] = i;
		f->changed += diff_in_scope(diff, row) && (row->marks & ~AXIS_MARK(AXIS_CRC));
		if (row->family == NO_INDEX)
			row->family = (uint32_t)diff->family_count;
	}
	diff->family_count++;
	return 0;
}

int diff_find_families(struct diff *diff, const struct ksa_rules *rules, struct ksa_error *err)
{
	_cleanup_free_ bool *in = malloc(diff->row_count + 1);

	diff->families = arena_calloc(&diff->arena, rules->family_count, sizeof(*diff->families));
	if (!in || !diff->families)
		return ksa_fail_nomem(err);
	for (size_t f = 0; f < rules->family_count; f++) {
		const struct ksa_family *family = &rules->families[f];
		int r;

		memset(in, 0, diff->row_count);
		for (size_t i = 0; family->members[i]; i++)
			find_member(diff, family->members[i], in);
		r = fill(diff, family, in, err);
		if (r)
			return r;
	}
	return 0;
}
