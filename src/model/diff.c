// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/diff.h"

#include <string.h>

#include "base/search.h"
#include "model/kernel.h"

static const char *const axis_names[AXIS_COUNT] = {
	[AXIS_REMOVED] = "removed",	[AXIS_CLASS] = "class", [AXIS_NAMESPACE] = "namespace",
	[AXIS_PROTOTYPE] = "prototype", [AXIS_OWNER] = "owner", [AXIS_CRC] = "crc",
	[AXIS_ADDED] = "added",
};

static const char *const severity_names[SEVERITY_COUNT] = {
	[SEVERITY_SAME] = "unchanged",	    [SEVERITY_ADDED] = "added",
	[SEVERITY_EASED] = "eased",	    [SEVERITY_CRC] = "crc",
	[SEVERITY_OWNER] = "owner",	    [SEVERITY_NAMESPACE] = "namespace",
	[SEVERITY_PROTOTYPE] = "prototype", [SEVERITY_RESERVED] = "reserved",
	[SEVERITY_CLASS] = "class",	    [SEVERITY_REMOVED] = "removed",
};

static const char *const fate_names[] = {
	[FATE_OK] = "ok",	  [FATE_WARNING] = "warning", [FATE_REFUSED] = "refused",
	[FATE_BREAKS] = "breaks", [FATE_UNKNOWN] = "unknown",
};

static const char *const lost_names[LOST_FATES] = {
	[LOST_UNKNOWN] = "unknown",
	[LOST_BEHIND_HEADERS] = "behind-headers",
	[LOST_GONE] = "gone",
};

/* The less a class allows, the higher. */
static const unsigned char strictness[CLASS_COUNT] = {
	[KSA_CLASS_UNKNOWN] = 0,    [KSA_CLASS_PLAIN] = 1, [KSA_CLASS_UNUSED] = 2,
	[KSA_CLASS_GPL_FUTURE] = 3, [KSA_CLASS_GPL] = 4,   [KSA_CLASS_UNUSED_GPL] = 5,
};

const char *diff_axis_name(enum diff_axis axis)
{
	return axis_names[axis];
}

bool diff_axis_find(const char *name, size_t length, enum diff_axis *axis)
{
	for (int i = 0; i < AXIS_COUNT; i++) {
		if (strlen(axis_names[i]) == length && strncmp(axis_names[i], name, length) == 0) {
			*axis = (enum diff_axis)i;
			return true;
		}
	}
	return false;
}

const char *diff_severity_name(enum diff_severity severity)
{
	return severity_names[severity];
}

bool diff_module_fails(const struct diff_module *m, enum diff_side side)
{
	return m->verdict[side] >= KSA_VERDICT_BREAKS && m->verdict[side] != KSA_VERDICT_UNKNOWN;
}

const char *diff_fate_name(enum diff_fate fate)
{
	return fate_names[fate];
}

const char *diff_lost_name(enum lost_fate fate)
{
	return lost_names[fate];
}

void diff_lost_text(const struct diff_row *row, const char *aside, struct strbuf *out)
{
	if (row->lost == LOST_UNKNOWN)
		return;
	if (row->lost == LOST_GONE)
		strbuf_adds(out, "gone from the API");
	else if (row->through)
		strbuf_printf(out, "behind %s", row->through);
	else
		strbuf_adds(out, "defined by the headers");
	strbuf_adds(out, aside);
	for (uint32_t i = 0; i < row->gpl_way_count; i++)
		strbuf_printf(out, "%s%s",
			      i ? ", " : "; links GPL-only exports: ", row->gpl_ways[i]);
}

bool diff_knows_lost(const struct diff *diff)
{
	return diff->kernels[DIFF_OLD]->helpers && diff->kernels[DIFF_NEW]->helpers;
}

enum ksa_class diff_class(const struct diff_row *row, enum diff_side side, bool *mixed)
{
	const struct diff_exports *x = &row->side[side];
	enum ksa_class cls = KSA_CLASS_UNKNOWN;

	if (mixed)
		*mixed = false;
	for (uint32_t i = 0; i < x->count; i++) {
		if (mixed && x->items[i].cls != x->items[0].cls)
			*mixed = true;
		if (strictness[x->items[i].cls] > strictness[cls])
			cls = (enum ksa_class)x->items[i].cls;
	}
	return cls;
}

int diff_compare_classes(enum ksa_class a, enum ksa_class b)
{
	return (int)strictness[a] - (int)strictness[b];
}

/* What one export has on an axis; "" for nothing. crc is where a CRC is written to. */
static const char *value_of(const struct ksa_export *e, enum diff_axis axis, char *crc)
{
	static const char digits[] = "0123456789abcdef";

	switch (axis) {
	case AXIS_NAMESPACE:
		return e->ns ? e->ns : "";
	case AXIS_OWNER:
		return e->owner;
	case AXIS_CRC:
		if (!e->has_crc)
			return "";
		for (int i = 0; i < 8; i++)
			crc[i] = digits[e->crc >> (28 - 4 * i) & 15];
		crc[8] = '\0';
		return crc;
	case AXIS_PROTOTYPE:
		return e->prototype ? e->prototype : "";
	default:
		return ksa_class_name((enum ksa_class)e->cls);
	}
}

void diff_value(const struct diff_row *row, enum diff_axis axis, enum diff_side side,
		struct strbuf *out)
{
	const struct diff_exports *x = &row->side[side];
	char crc[9], other[9];

	for (uint32_t i = 0; i < x->count; i++) {
		const char *value = value_of(&x->items[i], axis, crc);
		bool again = false;

		for (uint32_t k = 0; k < i && !again; k++)
			again = strcmp(value, value_of(&x->items[k], axis, other)) == 0;
		if (again)
			continue;
		strbuf_adds(out, i ? ";" : "");
		strbuf_adds(out, value);
	}
}

unsigned int diff_eased(const struct diff_row *row)
{
	unsigned int eased = 0;

	if (diff_compare_classes(diff_class(row, DIFF_NEW, NULL),
				 diff_class(row, DIFF_OLD, NULL)) <= 0)
		eased |= AXIS_MARK(AXIS_CLASS);
	if (row->ns == NS_LOST || row->ns == NS_FREED)
		eased |= AXIS_MARK(AXIS_NAMESPACE);
	return row->marks & eased;
}

unsigned int diff_view_gated(const struct diff_view *view, const struct diff_row *row)
{
	unsigned int gated = row->marks & ~row->tolerated & view->gate;

	/* Rust names change with every build: a module that uses one has --module */
	if (row->rust || !gated)
		return 0;
	return gated & view->ease ? gated & ~(view->ease & diff_eased(row)) : gated;
}

bool diff_in_scope(const struct diff *diff, const struct diff_row *row)
{
	return (!diff->module_count || row->module_count) && (!diff->symbols || row->listed);
}

const char *diff_listed_name(enum diff_listed fate)
{
	static const char *const names[LISTED_COUNT] = {[LISTED_CHANGED] = "changed",
							[LISTED_SAME] = "unchanged",
							[LISTED_UNCOMPARED] = "uncompared",
							[LISTED_ABSENT] = "absent"};

	return names[fate];
}

enum diff_listed diff_listed_fate(const struct diff_row *row)
{
	if (row->marks)
		return LISTED_CHANGED;
	return row->side[DIFF_OLD].count && row->side[DIFF_NEW].count ? LISTED_SAME
								      : LISTED_UNCOMPARED;
}

const struct diff_family *diff_family_of(const struct diff *diff, const struct ksa_family *family)
{
	for (size_t i = 0; i < diff->family_count; i++)
		if (diff->families[i].family == family)
			return &diff->families[i];
	return NULL;
}

bool diff_family_has(const struct diff_family *family, uint32_t row)
{
	size_t at = SEARCH_FIRST(i, family->row_count, family->rows[i] < row);

	return at < family->row_count && family->rows[at] == row;
}

uint32_t diff_find(const struct diff *diff, const char *name)
{
	size_t at = SEARCH_FIRST(i, diff->row_count, strcmp(diff->rows[i].name, name) < 0);

	if (at < diff->row_count && strcmp(diff->rows[at].name, name) == 0)
		return (uint32_t)at;
	return NO_INDEX;
}

const char *diff_causes_title(const struct diff *diff)
{
	return diff->causes.likely ? "why CRCs changed, likely: no headers are at hand"
				   : "why CRCs changed";
}

void diff_cause_text(const struct diff_cause *cause, const char *own, struct strbuf *out)
{
	if (cause->name)
		strbuf_printf(out, "%s: %s", cause->name, cause->what);
	else
		strbuf_adds(out, own);
}

void diff_evidence_text(const struct diff_successor *s, struct strbuf *out)
{
	const char *separator = "";

	if (s->step) {
		size_t id = family_commit_id(s->step->commit);

		strbuf_printf(out, "%s in %s%s%.*s%s", family_event_name(s->step->event),
			      s->step->release, id ? " by " : "", (int)id,
			      id ? s->step->commit : "", s->step->verified ? "" : ", not verified");
		separator = ", ";
	}
	if (s->evidence & EVIDENCE_IMPORTERS) {
		strbuf_printf(out, "%s%u of %u importers now use it", separator, s->moved, s->of);
		separator = ", ";
	}
	if (s->evidence & EVIDENCE_NAME) {
		strbuf_printf(out, "%sclose name", separator);
		separator = ", ";
	}
	if (s->evidence & EVIDENCE_FAMILY)
		strbuf_printf(out, "%ssame family", separator);
}
