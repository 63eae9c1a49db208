// SPDX-License-Identifier: GPL-2.0-or-later
/* What of two kernels cannot be compared, and why. */
#include "audit/diff/diff_internal.h"

#include <stdlib.h>
#include <string.h>

/* More is never said: seven a side, and five of both. */
#define MAX_GAPS   19
#define MAX_ABSENT 20 /* names in a sentence */

struct gap_list {
	struct diff *diff;
	bool failed;
};

static void add(struct gap_list *l, enum diff_axis axis, size_t count, bool remark,
		const char *text)
{
	struct diff *diff = l->diff;

	if (!text || diff->gap_count == MAX_GAPS) {
		l->failed = true;
		return;
	}
	diff->gaps[diff->gap_count++] =
		(struct diff_gap){.axis = axis, .count = count, .remark = remark, .text = text};
}

static const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}

static const char *label(const struct diff *diff, enum diff_side side)
{
	return diff->kernels[side]->label;
}

/* How many symbols of the other side alone are left out for it. */
static size_t count_left_out(const struct diff *diff, enum diff_axis axis)
{
	size_t count = 0;

	for (size_t i = 0; i < diff->row_count; i++)
		count += (diff->rows[i].uncompared & AXIS_MARK(axis)) != 0;
	return count;
}

/* A list of what is promised says nothing of what it lacks; of two, each is compared as a list. */
static void promised(struct gap_list *l, enum diff_side side)
{
	struct diff *diff = l->diff;
	enum diff_axis axis = side == DIFF_NEW ? AXIS_REMOVED : AXIS_ADDED;
	size_t count = count_left_out(diff, axis);

	if (diff->kernels[!side]->promised)
		add(l, axis, 0, true,
		    arena_printf(&diff->arena, "%s on the list, whatever is exported",
				 side == DIFF_NEW ? "no longer" : "newly"));
	else
		add(l, axis, count, true,
		    arena_printf(&diff->arena,
				 "%s lists what is promised: %zu symbol%s of %s alone not compared",
				 label(diff, side), count, plural(count),
				 label(diff, (enum diff_side) !side)));
}

static void unread_part(struct gap_list *l, enum diff_side side, bool vmlinux)
{
	struct diff *diff = l->diff;
	const struct ksa_kernel *other = diff->kernels[!side];
	enum diff_axis axis = side == DIFF_NEW ? AXIS_REMOVED : AXIS_ADDED;
	size_t count = count_left_out(diff, axis);
	const char *text, *caveat = side == DIFF_NEW
					    ? "a symbol that moved there shows as removed"
					    : "a symbol that moved from there shows as added";

	text = arena_printf(&diff->arena,
			    vmlinux			     ? "the image of %s was not read"
			    : diff->kernels[side]->gap_count ? "not all modules of %s could be read"
			    : kernel_has_some_modules(diff->kernels[side])
				    ? "not all modules of %s were read"
				    : "the modules of %s were not read",
			    label(diff, side));
	if (text && (vmlinux ? other->has_image : other->has_modules))
		text = arena_printf(&diff->arena,
				    "%s: the %zu symbols that only %s has are not compared", text,
				    count, label(diff, (enum diff_side) !side));
	else if (text)
		text = arena_printf(&diff->arena, "%s: %s", text, caveat);
	add(l, axis, count, false, text);
}

/* Facts that a source of this side does not give, for how many symbols of both. */
static void unknown_facts(struct gap_list *l, enum diff_side side)
{
	struct diff *diff = l->diff;
	size_t classes = 0, namespaces = 0;

	for (size_t i = 0; i < diff->row_count; i++) {
		const struct diff_row *row = &diff->rows[i];
		const struct diff_exports *x = &row->side[side];
		bool cls = false, ns = false;

		for (uint32_t k = 0; k < x->count; k++) {
			cls |= x->items[k].cls == KSA_CLASS_UNKNOWN;
			ns |= !x->items[k].ns_known;
		}
		classes += cls && (row->uncompared & AXIS_MARK(AXIS_CLASS));
		namespaces += ns && (row->uncompared & AXIS_MARK(AXIS_NAMESPACE));
	}
	if (classes)
		add(l, AXIS_CLASS, classes, false,
		    arena_printf(&diff->arena,
				 "not known of %zu symbol%s: the sources of %s do not give it",
				 classes, plural(classes), label(diff, side)));
	if (namespaces)
		add(l, AXIS_NAMESPACE, namespaces, false,
		    arena_printf(&diff->arena,
				 "not known of %zu symbol%s: the sources of %s do not give it",
				 namespaces, plural(namespaces), label(diff, side)));
}

static void crcs(struct gap_list *l)
{
	struct diff *diff = l->diff;
	bool has_all = true;

	for (int side = DIFF_OLD; side < DIFF_SIDES; side++) {
		const struct ksa_kernel *k = diff->kernels[side];
		bool built_without = k->vermagic && !strstr(k->vermagic, " modversions");

		if (kernel_has_crcs(k))
			continue;
		has_all = false;
		add(l, AXIS_CRC, diff->counts.uncompared[AXIS_CRC], built_without,
		    arena_printf(&diff->arena,
				 built_without ? "not compared: %s is built without them"
					       : "not compared: the sources of %s have none",
				 k->label));
	}
	if (has_all && diff->counts.uncompared[AXIS_CRC])
		add(l, AXIS_CRC, diff->counts.uncompared[AXIS_CRC], true,
		    arena_printf(&diff->arena, "not compared for %zu symbol%s without one",
				 diff->counts.uncompared[AXIS_CRC],
				 plural(diff->counts.uncompared[AXIS_CRC])));
}

static void prototypes(struct gap_list *l)
{
	struct diff *diff = l->diff;
	size_t count = diff->counts.uncompared[AXIS_PROTOTYPE];
	bool has_all = true;

	for (int side = DIFF_OLD; side < DIFF_SIDES; side++) {
		const struct ksa_kernel *k = diff->kernels[side];

		if (!k->want_prototypes || k->has_prototypes)
			continue;
		has_all = false;
		add(l, AXIS_PROTOTYPE, count, false,
		    arena_printf(&diff->arena, "not compared: the sources of %s have none (BTF)",
				 k->label));
	}
	if (has_all && count)
		add(l, AXIS_PROTOTYPE, count, true,
		    arena_printf(&diff->arena, "not compared for %zu symbol%s without one", count,
				 plural(count)));
}

/* Whether headers stand before what was removed can be told only with the headers of both. */
static void headers(struct gap_list *l)
{
	struct diff *diff = l->diff;
	const size_t unknown = diff->counts.lost[LOST_UNKNOWN];
	const char *missing = NULL;

	for (int side = DIFF_OLD; side < DIFF_SIDES; side++) {
		if (diff->kernels[side]->helpers)
			continue;
		missing = missing ? "either kernel" : label(diff, (enum diff_side)side);
	}
	if (!unknown || !missing)
		return;
	add(l, AXIS_REMOVED, unknown, true,
	    arena_printf(
		    &diff->arena,
		    "not known of %zu symbol%s whether headers stand before %s: no headers of %s "
		    "are at hand",
		    unknown, plural(unknown), unknown == 1 ? "it" : "them", missing));
}

/* A list says what somebody relies on: what of it is nowhere is no change, and matters. */
static void absent(struct gap_list *l)
{
	struct diff *diff = l->diff;
	const char *text;
	const size_t shown = diff->absent_count < MAX_ABSENT ? diff->absent_count : MAX_ABSENT;

	if (!diff->absent_count)
		return;
	text = arena_printf(&diff->arena, "on the list and in neither kernel:");
	for (size_t i = 0; i < shown && text; i++)
		text = arena_printf(&diff->arena, "%s%s %s", text, i ? "," : "", diff->absent[i]);
	if (text && shown < diff->absent_count)
		text = arena_printf(&diff->arena, "%s and %zu more", text,
				    diff->absent_count - shown);
	add(l, AXIS_COUNT, diff->absent_count, true, text);
}

static int compare_gaps(const void *a, const void *b)
{
	const struct diff_gap *x = a, *y = b;

	return x->axis != y->axis ? (x->axis < y->axis ? -1 : 1) : strcmp(x->text, y->text);
}

int diff_find_gaps(struct diff *diff, struct ksa_error *err)
{
	struct gap_list l = {.diff = diff};
	const char *old = diff->kernels[DIFF_OLD]->arch, *new_ = diff->kernels[DIFF_NEW]->arch;

	diff->gaps = arena_calloc(&diff->arena, MAX_GAPS, sizeof(*diff->gaps));
	if (!diff->gaps)
		return ksa_fail_nomem(err);
	if (*old && *new_ && strcmp(old, new_) != 0)
		add(&l, AXIS_COUNT, 0, true,
		    arena_printf(&diff->arena, "the architectures differ: %s and %s", old, new_));
	if (diff->successors_cut)
		add(&l, AXIS_COUNT, 0, false,
		    "likely successors were not looked for everywhere: too many importers");
	for (int side = DIFF_OLD; side < DIFF_SIDES; side++) {
		const struct ksa_kernel *k = diff->kernels[side];

		if (!k->has_imports)
			add(&l, AXIS_COUNT, 0, true,
			    arena_printf(&diff->arena, "the importers of %s are not known",
					 k->label));
		if (k->promised)
			promised(&l, (enum diff_side)side);
		if (!k->has_image && !k->promised)
			unread_part(&l, (enum diff_side)side, true);
		if (!k->has_modules && !k->promised)
			unread_part(&l, (enum diff_side)side, false);
		unknown_facts(&l, (enum diff_side)side);
	}
	absent(&l);
	headers(&l);
	crcs(&l);
	prototypes(&l);
	if (l.failed)
		return ksa_fail_nomem(err);
	qsort(diff->gaps, diff->gap_count, sizeof(*diff->gaps), compare_gaps);
	return 0;
}
