// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/list.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/search.h"

#define BEHIND_GROUP 1
#define RUST_GROUP   (LIST_GROUPS - 1)

_Static_assert(RUST_GROUP == SEVERITY_COUNT,
	       "one group for each severity but 'unchanged', and one");

static const char *const titles[SEVERITY_COUNT] = {
	[SEVERITY_REMOVED] = "modules that use these neither build nor load",
	[SEVERITY_CLASS] = "fewer modules may use these",
	[SEVERITY_RESERVED] = "only the modules that the namespace names may use these",
	[SEVERITY_PROTOTYPE] = "the source of modules that use these may have to change",
	[SEVERITY_NAMESPACE] = "modules that use these have to import a namespace",
	[SEVERITY_OWNER] = "moved: another module may have to be loaded",
	[SEVERITY_EASED] = "more modules may use these than before",
	[SEVERITY_CRC] = "nothing but the CRC: modules have to be rebuilt",
	[SEVERITY_ADDED] = "new here",
};

static enum diff_severity severity_of(unsigned int group)
{
	return group < BEHIND_GROUP ? SEVERITY_REMOVED
				    : (enum diff_severity)(SEVERITY_COUNT - group);
}

static unsigned int group_of(const struct diff_row *row)
{
	if (row->rust)
		return RUST_GROUP;
	if (row->lost == LOST_BEHIND_HEADERS)
		return BEHIND_GROUP;
	return row->severity == SEVERITY_REMOVED ? 0 : (unsigned int)SEVERITY_COUNT - row->severity;
}

char list_key(unsigned int group)
{
	if (group == RUST_GROUP)
		return '0';
	if (group == BEHIND_GROUP)
		return '-';
	return (char)(group ? '0' + (int)group : '1');
}

const char *list_name(unsigned int group)
{
	return group == RUST_GROUP     ? "rust"
	       : group == BEHIND_GROUP ? "behind"
				       : diff_severity_name(severity_of(group));
}

const char *list_title(const struct list *list, unsigned int group)
{
	if (group == RUST_GROUP)
		return "names with a hash of the crate, which every build makes anew";
	if (group == BEHIND_GROUP)
		return "removed, but behind the headers: a rebuild does without these";
	if (!group && diff_knows_lost(list->diff))
		return "gone from the API: sources that name these have to change";
	return titles[severity_of(group)];
}

/* How many in-tree modules import it: of a side that has it, the old one before the new. */
static uint32_t importers_of(const struct diff_row *row)
{
	return row->side[row->side[DIFF_OLD].count ? DIFF_OLD : DIFF_NEW].importers;
}

static int compare_rows(const void *a, const void *b, void *rows)
{
	uint32_t i = *(const uint32_t *)a, k = *(const uint32_t *)b;
	const struct diff_row *x = (const struct diff_row *)rows + i;
	const struct diff_row *y = (const struct diff_row *)rows + k;

	if (x->module_count != y->module_count)
		return x->module_count > y->module_count ? -1 : 1;
	if (importers_of(x) != importers_of(y))
		return importers_of(x) > importers_of(y) ? -1 : 1;
	return i < k ? -1 : i > k;
}

int list_init(struct list *list, const struct diff_view *view, struct ksa_error *err)
{
	uint32_t *next;

	*list = (struct list){.diff = view->diff};
	list->memory = calloc(2 * view->count + 1, sizeof(*list->memory));
	if (!list->memory)
		return ksa_fail_nomem(err);
	for (size_t i = 0; i < view->count; i++)
		list->groups[group_of(&view->diff->rows[view->rows[i]])].all_count++;
	next = list->memory;
	for (unsigned int g = 0; g < LIST_GROUPS; g++) {
		struct list_group *group = &list->groups[g];

		group->all = next;
		group->rows = next + group->all_count;
		next += 2 * group->all_count;
		group->all_count = 0;
		group->folded =
			g == RUST_GROUP || g == BEHIND_GROUP || severity_of(g) == SEVERITY_CRC;
	}
	for (size_t i = 0; i < view->count; i++) {
		struct list_group *group =
			&list->groups[group_of(&view->diff->rows[view->rows[i]])];

		group->all[group->all_count++] = view->rows[i];
	}
	for (unsigned int g = 0; g < LIST_GROUPS; g++)
		qsort_r(list->groups[g].all, list->groups[g].all_count, sizeof(uint32_t),
			compare_rows, view->diff->rows);
	list_set_filter(list, &(struct list_filter){.family = NULL});
	return 0;
}

void list_release(struct list *list)
{
	free(list->memory);
	*list = (struct list){.diff = NULL};
}

static bool is_glob(const char *pattern)
{
	return pattern[strcspn(pattern, "*?[")] != '\0';
}

/* True if the name matches: all of it where the pattern has one of *?[, else a part of it. */
static bool matches(const char *pattern, const char *name)
{
	return is_glob(pattern) ? fnmatch(pattern, name, 0) == 0 : strstr(name, pattern) != NULL;
}

/* True if whatever passes b passes a: as the user types on, only what is shown is looked at. */
static bool is_narrower(const struct list_filter *a, const struct list_filter *b)
{
	return (!a->family || a->family == b->family) && (!a->only_modules || b->only_modules) &&
	       !is_glob(a->pattern) && !is_glob(b->pattern) && strstr(b->pattern, a->pattern);
}

void list_set_filter(struct list *list, const struct list_filter *filter)
{
	bool narrower = is_narrower(&list->filter, filter);

	for (unsigned int g = 0; g < LIST_GROUPS; g++) {
		struct list_group *group = &list->groups[g];
		/* at the start the groups have no rows yet */
		bool again = narrower && group->count;
		const uint32_t *from = again ? group->rows : group->all;
		size_t from_count = again ? group->count : group->all_count;

		group->count = 0;
		for (size_t i = 0; i < from_count; i++) {
			const struct diff_row *row = &list->diff->rows[from[i]];

			if (filter->only_modules && !row->module_count)
				continue;
			if (filter->family && !diff_family_has(filter->family, from[i]))
				continue;
			if (*filter->pattern && !matches(filter->pattern, row->name))
				continue;
			group->rows[group->count++] = from[i];
		}
	}
	list->filter = *filter;
}

static size_t lines_of(const struct list_group *group)
{
	return group->count ? 1 + (group->folded ? 0 : group->count) : 0;
}

size_t list_row_count(const struct list *list)
{
	size_t count = 0;

	for (unsigned int g = 0; g < LIST_GROUPS; g++)
		count += list->groups[g].count;
	return count;
}

size_t list_line_count(const struct list *list)
{
	size_t count = 0;

	for (unsigned int g = 0; g < LIST_GROUPS; g++)
		count += lines_of(&list->groups[g]);
	return count;
}

struct list_place list_at(const struct list *list, size_t line)
{
	struct list_place place = {.row = NO_INDEX};

	for (unsigned int g = 0; g < LIST_GROUPS; g++) {
		const struct list_group *group = &list->groups[g];
		size_t count = lines_of(group);

		if (!count)
			continue;
		place.group = g;
		place.row = line && count > 1 ? group->rows[line < count ? line - 1 : count - 2]
					      : NO_INDEX;
		if (line < count)
			break;
		line -= count;
	}
	return place;
}

/* The index of the first row of the group that is not before this one. */
static size_t lower_bound(const struct list *list, const struct list_group *group, uint32_t row)
{
	return SEARCH_FIRST(i, group->count,
			    compare_rows(&group->rows[i], &row, list->diff->rows) < 0);
}

size_t list_line_of(const struct list *list, struct list_place place)
{
	const struct list_group *group = &list->groups[place.group];
	size_t line = 0, count = list_line_count(list), at;

	for (unsigned int g = 0; g < place.group; g++)
		line += lines_of(&list->groups[g]);
	if (place.row != NO_INDEX && group->count && !group->folded) {
		at = lower_bound(list, group, place.row);
		line += 1 + (at < group->count ? at : group->count - 1);
	}
	return line < count ? line : count ? count - 1 : 0;
}

/* The rows of all groups are numbered through, from the given place on. */
static size_t number_of(const struct list *list, struct list_place place, bool forward)
{
	const struct list_group *group = &list->groups[place.group];
	size_t number = 0, at = 0;

	for (unsigned int g = 0; g < place.group; g++)
		number += list->groups[g].count;
	if (place.row != NO_INDEX) {
		at = lower_bound(list, group, place.row);
		at += forward && at < group->count && group->rows[at] == place.row;
	}
	return number + at;
}

static struct list_place place_of(const struct list *list, size_t number)
{
	struct list_place place = {0, NO_INDEX};

	while (number >= list->groups[place.group].count)
		number -= list->groups[place.group++].count;
	place.row = list->groups[place.group].rows[number];
	return place;
}

bool list_find(const struct list *list, const char *pattern, bool forward, struct list_place *place)
{
	size_t count = list_row_count(list), from = number_of(list, *place, forward);

	for (size_t i = 0; i < count; i++) {
		size_t number = forward ? from + i : from + 2 * count - 1 - i;
		struct list_place found = place_of(list, number % count);

		if (!matches(pattern, list->diff->rows[found.row].name))
			continue;
		*place = found;
		return true;
	}
	return false;
}

size_t list_shown_count(const struct list *list)
{
	size_t count = 0;

	for (unsigned int g = 0; g < LIST_GROUPS; g++)
		count += list->groups[g].folded ? 0 : list->groups[g].count;
	return count;
}

int list_shown(const struct list *list, unsigned int axes, struct diff_view *view,
	       struct ksa_error *err)
{
	*view = (struct diff_view){.diff = list->diff, .axes = axes, .filtered = true};
	view->rows = calloc(list_shown_count(list) + 1, sizeof(*view->rows));
	if (!view->rows)
		return ksa_fail_nomem(err);
	for (unsigned int g = 0; g < LIST_GROUPS; g++) {
		const struct list_group *group = &list->groups[g];

		if (group->folded && g == RUST_GROUP)
			view->folded_rust = group->count;
		else if (group->folded && g == BEHIND_GROUP)
			view->folded_behind = group->count;
		else if (group->folded && severity_of(g) == SEVERITY_CRC)
			view->folded_crcs = group->count;
		if (group->folded)
			continue;
		memcpy(view->rows + view->count, group->rows, group->count * sizeof(*view->rows));
		view->count += group->count;
	}
	qsort(view->rows, view->count, sizeof(*view->rows), compare_u32);
	return 0;
}
