// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/detail.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/search.h"
#include "model/shipped.h"

/* Where the text beside a label starts. */
#define INDENT 14

/* What the lines are of. */
struct detail {
	const struct diff *diff;
	const struct diff_row *row;
	unsigned int width;
	struct lines *out;
};

void detail_title(const struct diff_row *row, struct strbuf *out)
{
	static const unsigned int one_side = AXIS_MARK(AXIS_REMOVED) | AXIS_MARK(AXIS_ADDED);
	const char *separator = ": ";

	strbuf_adds(out, row->name);
	for (int axis = 0; axis < AXIS_COUNT; axis++) {
		if (!(row->marks & AXIS_MARK(axis)))
			continue;
		strbuf_adds(out, separator);
		strbuf_adds(out, diff_axis_name((enum diff_axis)axis));
		separator = ", ";
	}
	if (row->marks && !(row->marks & one_side))
		strbuf_adds(out, " changed");
}

/* A label and the values of both sides, a '*' before them if they differ. */
static void add_sides(const struct detail *d, enum diff_axis axis, const char *label,
		      const char *old, const char *new_)
{
	bool changed = d->row->marks & AXIS_MARK(axis);
	bool unknown = d->row->uncompared & AXIS_MARK(axis);
	unsigned int column = (d->width - INDENT) / 2 - 1;
	unsigned int used = cells_width(old);
	int pad = used < column ? (int)(column - used) : 1;

	lines_add(d->out, changed ? TINT_WARN : TINT_NONE, INDENT, "%s %-*s%s%*s%s%s",
		  changed ? "*" : " ", INDENT - 2, label, old, pad, "", new_,
		  unknown ? " (not compared)" : "");
}

static void add_axis(const struct detail *d, enum diff_axis axis, const char *label)
{
	_cleanup_(strbuf_release) struct strbuf old = {.data = NULL}, new_ = {.data = NULL};

	diff_value(d->row, axis, DIFF_OLD, &old);
	diff_value(d->row, axis, DIFF_NEW, &new_);
	if (axis == AXIS_OWNER && d->row->owner_gone)
		strbuf_adds(&new_, "(gone too)");
	add_sides(d, axis, label, old.length ? old.data : "-", new_.length ? new_.data : "-");
}

/* Too long for two columns: one below the other, or one if they are the same. */
static void add_prototypes(const struct detail *d)
{
	bool changed = d->row->marks & AXIS_MARK(AXIS_PROTOTYPE);
	const char *label = changed ? "* prototype" : "  prototype";

	for (int side = DIFF_OLD; side < DIFF_SIDES; side++) {
		_cleanup_(strbuf_release) struct strbuf text = {.data = NULL};

		diff_value(d->row, AXIS_PROTOTYPE, (enum diff_side)side, &text);
		if (!text.length || (side == DIFF_NEW && *label == '\0' && !changed))
			continue;
		lines_wrap(d->out, label, INDENT, d->width, strbuf_string(&text));
		label = "";
	}
}

static void add_tolerated(const struct detail *d)
{
	_cleanup_(strbuf_release) struct strbuf text = {.data = NULL};

	diff_tolerated_text(d->diff, d->row, &text);
	if (text.length)
		lines_wrap(d->out, "~ tolerated", INDENT, d->width, strbuf_string(&text));
}

/* Where the first of the exports is defined that tells. */
static void add_source_text(const struct diff_exports *x, struct strbuf *out)
{
	for (uint32_t i = 0; i < x->count; i++) {
		const struct ksa_export *e = &x->items[i];

		if (!e->source_file)
			continue;
		strbuf_adds(out, e->source_file);
		if (e->source_line)
			strbuf_printf(out, ":%u", e->source_line);
		return;
	}
}

/* Of kernels with debug information; that it moves is no change. */
static void add_sources(const struct detail *d)
{
	_cleanup_(strbuf_release) struct strbuf old = {.data = NULL}, new_ = {.data = NULL};

	add_source_text(&d->row->side[DIFF_OLD], &old);
	add_source_text(&d->row->side[DIFF_NEW], &new_);
	if (old.length || new_.length)
		add_sides(d, AXIS_COUNT, "source", old.length ? old.data : "-",
			  new_.length ? new_.data : "-");
}

/* Why the CRC changed: it is the nearest type that differs. */
static void add_cause(const struct detail *d)
{
	_cleanup_(strbuf_release) struct strbuf text = {.data = NULL};
	const struct diff_cause *cause;

	if (d->row->cause == NO_INDEX)
		return;
	cause = &d->diff->causes.items[d->row->cause];
	diff_cause_text(cause, "its own prototype", &text);
	lines_wrap(d->out, "  because of", INDENT, d->width, strbuf_string(&text));
}

static void add_importer_counts(const struct detail *d)
{
	char text[DIFF_SIDES][32];

	for (int side = DIFF_OLD; side < DIFF_SIDES; side++) {
		if (!d->row->side[side].count)
			snprintf(text[side], sizeof(text[side]), "-");
		else if (!d->diff->kernels[side]->has_imports)
			snprintf(text[side], sizeof(text[side]), "not known");
		else
			snprintf(text[side], sizeof(text[side]), "%u",
				 d->row->side[side].importers);
	}
	add_sides(d, AXIS_COUNT, "importers", text[DIFF_OLD], text[DIFF_NEW]);
}

/* What became of a removed one. */
static void add_fate(const struct detail *d)
{
	_cleanup_(strbuf_release) struct strbuf text = {.data = NULL}, aside = {.data = NULL};
	const char *label = d->diff->kernels[DIFF_NEW]->label;

	if (!(d->row->marks & AXIS_MARK(AXIS_REMOVED)) || d->row->rust)
		return;
	if (d->row->lost == LOST_BEHIND_HEADERS)
		strbuf_printf(&aside, ": rebuilt by the headers of %s", label);
	else
		strbuf_adds(&aside, ": a source that names it has to change");
	diff_lost_text(d->row, strbuf_string(&aside), &text);
	if (!text.length)
		strbuf_adds(&text, "not known without the headers of both kernels");
	lines_wrap(d->out, "  fate", INDENT, d->width, strbuf_string(&text));
}

static void add_successors(const struct detail *d)
{
	for (uint32_t i = 0; i < d->row->successor_count; i++) {
		_cleanup_(strbuf_release) struct strbuf text = {.data = NULL};
		const struct diff_successor *s = &d->row->successors[i];
		const struct diff_row *row = &d->diff->rows[s->row];

		strbuf_printf(&text, "%s (", row->name);
		diff_value(row, AXIS_CLASS, DIFF_NEW, &text);
		strbuf_adds(&text, ", ");
		diff_value(row, AXIS_OWNER, DIFF_NEW, &text);
		strbuf_adds(&text, "): ");
		diff_evidence_text(s, &text);
		lines_wrap(d->out, i ? "" : "  likely now", INDENT, d->width, strbuf_string(&text));
	}
}

/* By which change a module breaks a rule that uses the symbol as before; CHANGE_NONE: none. */
static enum rule_change change_of(const struct diff_row *row, enum diff_axis axis)
{
	enum ksa_class old = diff_class(row, DIFF_OLD, NULL),
		       new_ = diff_class(row, DIFF_NEW, NULL);

	if (!(row->marks & AXIS_MARK(axis)))
		return CHANGE_NONE;
	if (axis == AXIS_REMOVED)
		return CHANGE_REMOVED;
	if (axis == AXIS_CLASS && diff_compare_classes(new_, old) > 0)
		return new_ == KSA_CLASS_GPL_FUTURE ? CHANGE_GPL_FUTURE
		       : new_ == KSA_CLASS_UNUSED   ? CHANGE_UNUSED
						    : CHANGE_GPL;
	if (axis == AXIS_NAMESPACE && row->ns == NS_RESERVED)
		return CHANGE_RESERVED;
	if (axis == AXIS_NAMESPACE && (row->ns == NS_GAINED || row->ns == NS_CHANGED))
		return CHANGE_NAMESPACE;
	return axis == AXIS_CRC ? CHANGE_CRC : CHANGE_NONE;
}

static void add_rules(const struct detail *d)
{
	const char *label = "  rule";

	for (int axis = 0; axis < AXIS_COUNT; axis++) {
		const struct ksa_rule *rule =
			rule_by_change(change_of(d->row, (enum diff_axis)axis));
		_cleanup_(strbuf_release) struct strbuf text = {.data = NULL};

		if (!rule)
			continue;
		strbuf_printf(&text, "%s %s", rule->id, rule->title);
		lines_wrap(d->out, label, INDENT, d->width, strbuf_string(&text));
		label = "";
	}
}

static void add_families(const struct detail *d)
{
	uint32_t index = (uint32_t)(d->row - d->diff->rows);
	const char *label = "  family";

	for (size_t i = 0; i < d->diff->family_count; i++) {
		const struct diff_family *family = &d->diff->families[i];
		_cleanup_(strbuf_release) struct strbuf text = {.data = NULL};

		if (!diff_family_has(family, index))
			continue;
		strbuf_printf(&text, "%s: %s", family->family->name, family->family->title);
		lines_wrap(d->out, label, INDENT, d->width, strbuf_string(&text));
		label = "";
	}
}

static void add_modules(const struct detail *d)
{
	uint32_t index = (uint32_t)(d->row - d->diff->rows);
	const char *label = "  used by";

	for (size_t i = 0; i < d->diff->module_count && d->row->module_count; i++) {
		_cleanup_(strbuf_release) struct strbuf text = {.data = NULL};
		const struct diff_module *m = &d->diff->modules[i];

		if (!bsearch(&index, m->rows, m->row_count, sizeof(index), compare_u32))
			continue;
		strbuf_printf(&text, "%s: %s%s%s", m->module->name, diff_fate_name(m->fate),
			      m->why ? ": " : "", m->why ? m->why : "");
		lines_wrap(d->out, label, INDENT, d->width, strbuf_string(&text));
		label = "";
	}
}

/* What the new kernel's referees say of the given modules for this symbol. */
static void add_findings(const struct detail *d)
{
	const struct ksa_report *report = d->diff->report;
	const char *label = "  findings";

	for (size_t i = 0; report && i < report->finding_count; i++) {
		_cleanup_(strbuf_release) struct strbuf text = {.data = NULL};
		const struct ksa_finding *f = &report->findings[i];

		if (f->kernel != DIFF_NEW || !f->symbol || strcmp(f->symbol, d->row->name) != 0)
			continue;
		strbuf_printf(&text, "%s %s: %s", f->rule->id, ksa_level_name(f->level),
			      f->message);
		lines_wrap(d->out, label, INDENT, d->width, strbuf_string(&text));
		label = "";
	}
}

static void add_importers(const struct detail *d, enum diff_side side)
{
	_cleanup_(strbuf_release) struct strbuf text = {.data = NULL};
	const struct ksa_kernel *kernel = d->diff->kernels[side];
	const struct diff_exports *x = &d->row->side[side];
	const struct ksa_export *e = x->items;

	if (!x->importers)
		return;
	/* of several exports of the name the one that has them all */
	while (e->importer_count < x->importers)
		e++;
	for (uint32_t i = 0; i < e->importer_count; i++)
		strbuf_printf(&text, "%s%s", i ? " " : "",
			      owner_base_name(kernel->modules[e->importers[i]].name));
	lines_add(d->out, TINT_NONE, 0, "%s", "");
	lines_add(d->out, CELL_BOLD, 0, "importers in %s", kernel->label);
	lines_wrap(d->out, "  ", 2, d->width, strbuf_string(&text));
}

void detail_lines(const struct diff *diff, uint32_t row, unsigned int width, struct lines *out)
{
	const struct detail d = {diff, &diff->rows[row], width, out};

	add_sides(&d, AXIS_COUNT, "", diff->kernels[DIFF_OLD]->label,
		  diff->kernels[DIFF_NEW]->label);
	add_axis(&d, AXIS_CLASS, "class");
	add_axis(&d, AXIS_NAMESPACE, "namespace");
	add_axis(&d, AXIS_OWNER, "owner");
	/* High up: below the list there is not room for all. */
	add_fate(&d);
	add_tolerated(&d);
	add_successors(&d);
	add_prototypes(&d);
	add_sources(&d);
	add_axis(&d, AXIS_CRC, "CRC");
	add_cause(&d);
	add_importer_counts(&d);
	add_rules(&d);
	add_families(&d);
	add_modules(&d);
	add_findings(&d);
	add_importers(&d, DIFF_OLD);
	add_importers(&d, DIFF_NEW);
}
