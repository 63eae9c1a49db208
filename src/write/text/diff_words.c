// SPDX-License-Identifier: GPL-2.0-or-later
/* What the text and the Markdown of a diff say alike. */
#include "write/text/diff_words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "write/text/text.h"

size_t diff_next_view(const struct diff_view *views, size_t count, const size_t *at)
{
	size_t best = count;
	const char *name = NULL;

	for (size_t i = 0; i < count; i++) {
		const char *other;

		if (at[i] == views[i].count)
			continue;
		other = views[i].diff->rows[views[i].rows[at[i]]].name;
		if (name && strcmp(name, other) <= 0)
			continue;
		name = other;
		best = i;
	}
	return best;
}

/* A list of "words number", the separators between them. */
struct list {
	struct strbuf *out;
	const char *separator;
};

static void item(struct list *l, const char *words, size_t n)
{
	if (!n)
		return;
	strbuf_printf(l->out, "%s%s ", l->separator, words);
	text_number(l->out, n);
	l->separator = ", ";
}

static void by_class(const struct diff *diff, enum diff_axis axis, struct list *l)
{
	/* The usual ones first, whatever cannot be told last. */
	for (int i = 1; i <= CLASS_COUNT; i++)
		item(l, ksa_class_name((enum ksa_class)(i % CLASS_COUNT)),
		     diff->counts.by_class[axis][i % CLASS_COUNT]);
}

static void removed(const struct diff *diff, struct list *l)
{
	by_class(diff, AXIS_REMOVED, l);
	l->separator = "; ";
	item(l, "with their module", diff->counts.removed_with_owner);
	if (diff->kernels[DIFF_OLD]->has_imports)
		item(l, "with importers in the tree", diff->counts.removed_imported);
	l->separator = l->separator[0] ? "; " : "";
	item(l, "gone from the API", diff->counts.lost[LOST_GONE]);
	item(l, "behind the headers", diff->counts.lost[LOST_BEHIND_HEADERS]);
}

static void classes(const struct diff *diff, struct list *l)
{
	char words[64];

	for (int reserved = 0; reserved < 2; reserved++) {
		for (int old = 0; old < CLASS_COUNT; old++) {
			for (int new_ = 0; new_ < CLASS_COUNT; new_++) {
				size_t r = diff->counts.class_reserved[old][new_];

				snprintf(words, sizeof(words), "%s -> %s%s",
					 ksa_class_name((enum ksa_class)old),
					 ksa_class_name((enum ksa_class)new_),
					 reserved ? " and reserved" : "");
				item(l, words,
				     reserved ? r : diff->counts.class_moves[old][new_] - r);
			}
		}
	}
}

static void namespaces(const struct diff *diff, struct list *l)
{
	const size_t *ns = diff->counts.ns;

	item(l, "gained", ns[NS_GAINED]);
	item(l, "changed", ns[NS_CHANGED]);
	item(l, "lost", ns[NS_LOST]);
	item(l, "reserved for named modules", ns[NS_RESERVED]);
	item(l, "no longer reserved", ns[NS_FREED]);
}

static void owners(const struct diff *diff, struct list *l)
{
	const size_t *owner = diff->counts.owner;

	item(l, "vmlinux -> module", owner[OWNER_TO_MODULE]);
	item(l, "module -> vmlinux", owner[OWNER_TO_VMLINUX]);
	item(l, "to another module", owner[OWNER_BETWEEN_MODULES]);
	item(l, "to another directory", owner[OWNER_DIRECTORY]);
}

static void crcs(const struct diff *diff, struct strbuf *out)
{
	size_t compared = diff->counts.compared[AXIS_CRC];
	size_t changed = diff->counts.marked[AXIS_CRC] + diff->counts.rust[AXIS_CRC];

	if (!compared)
		return;
	strbuf_printf(out, "%zu %% of the ", (changed * 100 + compared / 2) / compared);
	text_number(out, compared);
	strbuf_adds(out, " that have one on both sides");
}

void diff_axis_words(const struct diff *diff, enum diff_axis axis, struct strbuf *out)
{
	struct list l = {.out = out, .separator = ""};
	size_t before = out->length;

	switch (axis) {
	case AXIS_REMOVED:
		removed(diff, &l);
		break;
	case AXIS_ADDED:
		by_class(diff, AXIS_ADDED, &l);
		break;
	case AXIS_CLASS:
		classes(diff, &l);
		break;
	case AXIS_NAMESPACE:
		namespaces(diff, &l);
		break;
	case AXIS_OWNER:
		owners(diff, &l);
		break;
	case AXIS_CRC:
		crcs(diff, out);
		break;
	case AXIS_PROTOTYPE:
	case AXIS_COUNT:
		break;
	}
	if (diff->counts.tolerated[axis]) {
		strbuf_adds(out, out->length > before ? "; tolerated " : "tolerated ");
		text_number(out, diff->counts.tolerated[axis]);
	}
	if (!diff->counts.rust[axis] || axis == AXIS_CRC)
		return;
	text_count(out, out->length > before ? "; and " : "and ", diff->counts.rust[axis],
		   "Rust symbol");
	strbuf_adds(out, " (names with hashes of the build)");
}

void diff_axis_remarks(const struct diff *diff, enum diff_axis axis, struct strbuf *out)
{
	size_t before = out->length;

	diff_axis_words(diff, axis, out);
	for (size_t i = 0; i < diff->gap_count; i++)
		if (diff->gaps[i].axis == axis)
			strbuf_printf(out, "%s%s", out->length > before ? "; " : "",
				      diff->gaps[i].text);
}

void diff_axis_number(const struct diff *diff, enum diff_axis axis, struct strbuf *out)
{
	if (diff->counts.compared[axis] || !diff->counts.uncompared[axis])
		text_number(out, diff->counts.marked[axis]);
	else
		strbuf_addc(out, '-');
}

bool diff_axis_is_known(const struct diff *diff, enum diff_axis axis)
{
	if (diff->counts.compared[axis] || diff->counts.uncompared[axis])
		return true;
	for (size_t i = 0; i < diff->gap_count; i++)
		if (diff->gaps[i].axis == axis)
			return true;
	return axis != AXIS_PROTOTYPE;
}

static enum diff_severity severity_of(enum diff_section section)
{
	return section < SECTION_CLASS
		       ? SEVERITY_REMOVED
		       : (enum diff_severity)(SEVERITY_CLASS - (section - SECTION_CLASS));
}

const char *diff_section_title(const struct diff *diff, enum diff_section section)
{
	static const char *const titles[SEVERITY_COUNT] = {
		[SEVERITY_ADDED] = "added",
		[SEVERITY_CRC] = "only another CRC",
		[SEVERITY_EASED] = "eased",
		[SEVERITY_OWNER] = "another owner",
		[SEVERITY_NAMESPACE] = "another namespace",
		[SEVERITY_PROTOTYPE] = "another prototype",
		[SEVERITY_RESERVED] = "now reserved for named modules",
		[SEVERITY_CLASS] = "another class",
		[SEVERITY_REMOVED] = "removed",
	};

	if (section == SECTION_REMOVED && diff_knows_lost(diff))
		return "removed: gone from the API";
	if (section == SECTION_WITH_MODULES)
		return diff_knows_lost(diff) ? "removed: gone from the API with their modules"
					     : "removed with their modules";
	if (section == SECTION_BEHIND_HEADERS)
		return "removed: behind the headers, a rebuild does without these";
	return titles[severity_of(section)];
}

static bool knows_ns(const struct diff_exports *x)
{
	for (uint32_t i = 0; i < x->count; i++)
		if (!x->items[i].ns_known)
			return false;
	return true;
}

static void add_value(const struct diff_row *row, enum diff_axis axis, enum diff_side side,
		      struct strbuf *out)
{
	size_t start = out->length;
	bool mixed = false;

	if (axis == AXIS_CLASS)
		diff_class(row, side, &mixed);
	strbuf_adds(out, mixed ? "mixed " : "");
	if (axis == AXIS_NAMESPACE && !knows_ns(&row->side[side]))
		strbuf_addc(out, '?');
	else
		diff_value(row, axis, side, out);
	if (out->length == start)
		strbuf_addc(out, '-');
}

static void add_importers(const struct diff *diff, const struct diff_row *row, enum diff_side side,
			  struct strbuf *out)
{
	if (diff->kernels[side]->has_imports)
		strbuf_number(out, row->side[side].importers);
	else
		strbuf_addc(out, '?');
}

bool diff_wants_crcs(const struct diff_view *view)
{
	return view->gated_by[AXIS_CRC] ||
	       ((view->axes & AXIS_MARK(AXIS_CRC)) && view->axes != AXIS_MARK(AXIS_COUNT) - 1);
}

void diff_cell(const struct diff *diff, const struct diff_row *row, enum diff_column column,
	       struct strbuf *out)
{
	static const enum diff_axis axes[DIFF_COLUMNS] = {
		[COLUMN_CLASS] = AXIS_CLASS,
		[COLUMN_NAMESPACE] = AXIS_NAMESPACE,
		[COLUMN_CRC] = AXIS_CRC,
		[COLUMN_OWNER] = AXIS_OWNER,
	};
	enum diff_side side = row->side[DIFF_NEW].count ? DIFF_NEW : DIFF_OLD;
	const struct diff_exports *old = &row->side[DIFF_OLD];

	switch (column) {
	case COLUMN_SYMBOL:
	case DIFF_COLUMNS:
		strbuf_adds(out, row->name);
		break;
	case COLUMN_IMPORTERS:
		if (side == DIFF_NEW && old->count &&
		    old->importers != row->side[DIFF_NEW].importers) {
			add_importers(diff, row, DIFF_OLD, out);
			strbuf_adds(out, " -> ");
		}
		add_importers(diff, row, side, out);
		break;
	default:
		if (row->marks & AXIS_MARK(axes[column])) {
			add_value(row, axes[column], DIFF_OLD, out);
			strbuf_adds(out, " -> ");
		}
		add_value(row, axes[column], side, out);
		break;
	}
}

void diff_successor_words(const struct diff *diff, const struct diff_successor *successor,
			  struct strbuf *out)
{
	const struct diff_row *row = &diff->rows[successor->row];

	strbuf_printf(out, "%s (", row->name);
	diff_value(row, AXIS_CLASS, DIFF_NEW, out);
	strbuf_adds(out, "): ");
	diff_evidence_text(successor, out);
}

void diff_folded_words(const struct diff_view *view, struct strbuf *out)
{
	const char *separator = "";

	if (view->folded_tolerated) {
		text_count(out, separator, view->folded_tolerated, "symbol");
		strbuf_adds(out, " of which all changes are tolerated");
		separator = ", ";
	}
	if (view->folded_behind) {
		text_count(out, separator, view->folded_behind, "removed symbol");
		strbuf_adds(out, " behind the headers");
		separator = ", ";
	}
	if (view->folded_crcs) {
		text_count(out, separator, view->folded_crcs, "symbol");
		strbuf_adds(out, " of which only the CRC changed");
		separator = ", ";
	}
	if (view->folded_rust)
		text_count(out, separator, view->folded_rust, "Rust symbol");
}

void diff_gate_words(const struct diff_view *view, struct strbuf *out)
{
	struct list l = {.out = out, .separator = ": "};

	if (!view->diff->has_policy || !view->gate)
		return;
	text_count(out, "", view->gated, "symbol");
	strbuf_adds(out, view->gated == 1 ? " fails the run" : " fail the run");
	for (int axis = 0; axis < AXIS_COUNT; axis++)
		item(&l, diff_axis_name((enum diff_axis)axis), view->gated_by[axis]);
}

void diff_unexplained_words(const struct diff *diff, struct strbuf *out)
{
	struct list l = {out, ""};

	item(&l, "types not known", diff->causes.untyped);
	item(&l, "no type that is known differs", diff->causes.unexplained);
}

void diff_rows_release(struct diff_rows *rows)
{
	free(rows->items);
	memset(rows, 0, sizeof(*rows));
}

static int compare_groups(const struct diff_row *a, const struct diff_row *b)
{
	for (int side = DIFF_OLD; side < DIFF_SIDES; side++) {
		enum ksa_class x = diff_class(a, (enum diff_side)side, NULL);
		enum ksa_class y = diff_class(b, (enum diff_side)side, NULL);

		if (x != y)
			return x < y ? -1 : 1;
	}
	if ((a->ns == NS_RESERVED) != (b->ns == NS_RESERVED))
		return a->ns == NS_RESERVED ? 1 : -1;
	return strcmp(a->side[DIFF_NEW].items->owner, b->side[DIFF_NEW].items->owner);
}

static int compare_reclassified(const void *a, const void *b)
{
	const struct diff_row *const *x = a, *const *y = b;
	int c = compare_groups(*x, *y);

	return c ? c : strcmp((*x)->name, (*y)->name);
}

int diff_reclassified(const struct diff *diff, struct diff_rows *rows, struct ksa_error *err)
{
	const struct diff_counts *counts = &diff->counts;

	rows->count = 0;
	rows->items = calloc(counts->marked[AXIS_CLASS] + counts->rust[AXIS_CLASS] + 1,
			     sizeof(*rows->items));
	if (!rows->items)
		return ksa_fail_nomem(err);
	for (size_t i = 0; i < diff->row_count; i++)
		if ((diff->rows[i].marks & AXIS_MARK(AXIS_CLASS)) &&
		    diff_in_scope(diff, &diff->rows[i]))
			rows->items[rows->count++] = &diff->rows[i];
	qsort(rows->items, rows->count, sizeof(*rows->items), compare_reclassified);
	return 0;
}

bool diff_reclassified_differ(const struct diff_row *a, const struct diff_row *b)
{
	return compare_groups(a, b) != 0;
}

void diff_reclassified_head(const struct diff_row *row, struct strbuf *out)
{
	diff_value(row, AXIS_CLASS, DIFF_OLD, out);
	strbuf_adds(out, " -> ");
	diff_value(row, AXIS_CLASS, DIFF_NEW, out);
	if (row->ns == NS_RESERVED)
		strbuf_adds(out, " and reserved");
	strbuf_printf(out, ", %s", row->side[DIFF_NEW].items->owner);
}

static int compare_owners(const void *a, const void *b)
{
	const struct diff_row *const *x = a, *const *y = b;
	int c = strcmp((*x)->side[DIFF_OLD].items->owner, (*y)->side[DIFF_OLD].items->owner);

	return c ? c : strcmp((*x)->name, (*y)->name);
}

static bool is_in_section(const struct diff_row *row, enum diff_section section)
{
	const bool behind = row->lost == LOST_BEHIND_HEADERS;

	if (row->severity != severity_of(section))
		return false;
	if (row->severity != SEVERITY_REMOVED || behind)
		return behind == (section == SECTION_BEHIND_HEADERS);
	return section == (row->owner_gone ? SECTION_WITH_MODULES : SECTION_REMOVED);
}

int diff_section_rows(const struct diff_view *view, enum diff_section section,
		      struct diff_rows *rows, struct ksa_error *err)
{
	rows->count = 0;
	rows->items = calloc(view->count + 1, sizeof(*rows->items));
	if (!rows->items)
		return ksa_fail_nomem(err);
	for (size_t i = 0; i < view->count; i++) {
		const struct diff_row *row = &view->diff->rows[view->rows[i]];

		if (is_in_section(row, section))
			rows->items[rows->count++] = row;
	}
	if (section == SECTION_WITH_MODULES)
		qsort(rows->items, rows->count, sizeof(*rows->items), compare_owners);
	return 0;
}
