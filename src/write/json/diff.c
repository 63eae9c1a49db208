// SPDX-License-Identifier: GPL-2.0-or-later
#include "write/diff.h"

#include <string.h>

#include "base/cleanup.h"
#include "write/text/diff_words.h"
#include "write/json/json.h"

static void add_moves(struct json_writer *w, const struct diff_counts *counts)
{
	json_begin_array(w, "moves");
	for (int old = 0; old < CLASS_COUNT; old++) {
		for (int new_ = 0; new_ < CLASS_COUNT; new_++) {
			if (!counts->class_moves[old][new_])
				continue;
			json_begin_object(w, NULL);
			json_add_text(w, "old", ksa_class_name((enum ksa_class)old));
			json_add_text(w, "new", ksa_class_name((enum ksa_class)new_));
			json_add_number(w, "symbols", counts->class_moves[old][new_]);
			json_add_number(w, "reserved", counts->class_reserved[old][new_]);
			json_end(w);
		}
	}
	json_end(w);
}

static void add_directions(struct json_writer *w, const struct diff_counts *c, enum diff_axis axis)
{
	switch (axis) {
	case AXIS_REMOVED:
		json_add_number(w, "with_module", c->removed_with_owner);
		json_add_number(w, "with_importers", c->removed_imported);
		json_add_number(w, "gone", c->lost[LOST_GONE]);
		json_add_number(w, "behind_headers", c->lost[LOST_BEHIND_HEADERS]);
		json_add_number(w, "fate_unknown", c->lost[LOST_UNKNOWN]);
		break;
	case AXIS_CLASS:
		add_moves(w, c);
		break;
	case AXIS_NAMESPACE:
		json_add_number(w, "gained", c->ns[NS_GAINED]);
		json_add_number(w, "changed_to_another", c->ns[NS_CHANGED]);
		json_add_number(w, "lost", c->ns[NS_LOST]);
		json_add_number(w, "reserved", c->ns[NS_RESERVED]);
		json_add_number(w, "freed", c->ns[NS_FREED]);
		break;
	case AXIS_OWNER:
		json_add_number(w, "to_module", c->owner[OWNER_TO_MODULE]);
		json_add_number(w, "to_vmlinux", c->owner[OWNER_TO_VMLINUX]);
		json_add_number(w, "between_modules", c->owner[OWNER_BETWEEN_MODULES]);
		json_add_number(w, "directory", c->owner[OWNER_DIRECTORY]);
		break;
	default:
		break;
	}
}

static void add_counts(struct json_writer *w, const struct diff_counts *counts)
{
	json_begin_object(w, "counts");
	for (int axis = 0; axis < AXIS_COUNT; axis++) {
		json_begin_object(w, diff_axis_name((enum diff_axis)axis));
		json_add_number(w, "changed", counts->marked[axis]);
		json_add_number(w, "rust", counts->rust[axis]);
		json_add_number(w, "compared", counts->compared[axis]);
		json_add_number(w, "uncompared", counts->uncompared[axis]);
		json_add_nonzero(w, "tolerated", counts->tolerated[axis]);
		add_directions(w, counts, (enum diff_axis)axis);
		json_end(w);
	}
	json_end(w);
}

static void add_gaps(struct json_writer *w, const struct diff *diff)
{
	json_begin_array(w, "uncompared");
	for (size_t i = 0; i < diff->gap_count; i++) {
		const struct diff_gap *gap = &diff->gaps[i];

		json_begin_object(w, NULL);
		if (gap->axis != AXIS_COUNT)
			json_add_text(w, "axis", diff_axis_name(gap->axis));
		json_add_number(w, "symbols", gap->count);
		json_add_bool(w, "remark", gap->remark);
		json_add_text(w, "text", gap->text);
		json_end(w);
	}
	json_end(w);
}

/* The names of rows[0..count). */
static void add_names(struct json_writer *w, const struct diff *diff, const uint32_t *rows,
		      size_t count)
{
	json_begin_array(w, "symbols");
	for (size_t i = 0; i < count; i++)
		json_add_text(w, NULL, diff->rows[rows[i]].name);
	json_end(w);
}

static void add_families(struct json_writer *w, const struct diff *diff)
{
	json_begin_array(w, "families");
	for (size_t i = 0; i < diff->family_count; i++) {
		const struct diff_family *f = &diff->families[i];

		json_begin_object(w, NULL);
		json_add_text(w, "name", f->family->name);
		json_add_text(w, "title", f->family->title);
		json_add_number(w, "changed", f->changed);
		add_names(w, diff, f->rows, f->row_count);
		json_end(w);
	}
	json_end(w);
}

static void add_verdicts(struct json_writer *w, const struct diff *diff)
{
	json_begin_array(w, "verdicts");
	for (size_t i = 0; i < diff->module_count; i++) {
		const struct diff_module *m = &diff->modules[i];

		json_begin_object(w, NULL);
		json_add_number(w, "module", i);
		json_add_text(w, "verdict", diff_fate_name(m->fate));
		json_add_text(w, "check_old", ksa_verdict_name(m->verdict[DIFF_OLD]));
		json_add_text(w, "check_new", ksa_verdict_name(m->verdict[DIFF_NEW]));
		json_add_text(w, "why", m->why);
		add_names(w, diff, m->rows, m->row_count);
		json_end(w);
	}
	json_end(w);
}

static void add_listed(struct json_writer *w, const struct diff *diff, enum diff_listed fate)
{
	json_begin_array(w, diff_listed_name(fate));
	for (size_t i = 0; i < diff->row_count; i++)
		if (diff_in_scope(diff, &diff->rows[i]) && diff_listed_fate(&diff->rows[i]) == fate)
			json_add_text(w, NULL, diff->rows[i].name);
	for (size_t i = 0; i < diff->absent_count && fate == LISTED_ABSENT; i++)
		json_add_text(w, NULL, diff->absent[i]);
	json_end(w);
}

/* Each symbol of the list, by what became of it. */
static void add_list(struct json_writer *w, const struct diff *diff)
{
	if (!diff->symbols)
		return;
	json_begin_object(w, "listed");
	for (int fate = 0; fate < LISTED_COUNT; fate++)
		add_listed(w, diff, (enum diff_listed)fate);
	json_end(w);
}

static void add_cause(struct json_writer *w, const struct diff *diff,
		      const struct diff_cause *cause)
{
	json_begin_object(w, NULL);
	json_add_text(w, "type", cause->name);
	json_add_text(w, "change", cause->name ? cause->what : NULL);
	json_add_number(w, "symbols", cause->count);
	json_add_text(w, "example", diff->rows[cause->first].name);
	json_end(w);
}

static void add_causes(struct json_writer *w, const struct diff *diff)
{
	const struct diff_causes *c = &diff->causes;

	if (!c->known)
		return;
	json_begin_object(w, "causes");
	json_add_flag(w, "likely", c->likely);
	json_add_number(w, "explained", c->explained);
	json_add_number(w, "untyped", c->untyped);
	json_add_number(w, "unexplained", c->unexplained);
	json_begin_array(w, "items");
	for (size_t i = 0; i < c->count; i++)
		add_cause(w, diff, &c->items[i]);
	json_end(w);
	json_end(w);
}

static void add_why_step(struct json_writer *w, const struct diff_why_step *step)
{
	json_begin_object(w, NULL);
	json_add_text(w, "name", step->name);
	json_add_text(w, "member", step->member);
	json_end(w);
}

static void add_why(struct json_writer *w, const struct diff *diff, const struct diff_why *why)
{
	json_begin_object(w, NULL);
	json_add_text(w, "symbol", why->symbol);
	json_add_text(w, "note", why->note);
	if (why->cause) {
		json_add_number(w, "cause", (size_t)(why->cause - diff->causes.items));
		json_begin_array(w, "path");
		for (size_t i = 0; i < why->step_count; i++)
			add_why_step(w, &why->steps[i]);
		json_end(w);
		json_add_text(w, "old", why->text[DIFF_OLD]);
		json_add_text(w, "new", why->text[DIFF_NEW]);
		json_begin_array(w, "changes");
		for (size_t i = 0; i < why->change_count; i++) {
			json_begin_object(w, NULL);
			json_add_text(w, "change", why->changes[i].kind);
			json_add_text(w, "old", why->changes[i].text[DIFF_OLD]);
			json_add_text(w, "new", why->changes[i].text[DIFF_NEW]);
			json_end(w);
		}
		json_end(w);
	}
	json_end(w);
}

static void add_whys(struct json_writer *w, const struct diff *diff)
{
	if (!diff->why_count)
		return;
	json_begin_array(w, "why");
	for (size_t i = 0; i < diff->why_count; i++)
		add_why(w, diff, &diff->whys[i]);
	json_end(w);
}

static void add_step(struct json_writer *w, const struct diff *diff, size_t step)
{
	json_begin_object(w, NULL);
	json_add_number(w, "old", step);
	json_add_number(w, "new", step + 1);
	add_counts(w, &diff->counts);
	add_gaps(w, diff);
	add_list(w, diff);
	add_families(w, diff);
	add_causes(w, diff);
	add_whys(w, diff);
	if (diff->module_count)
		add_verdicts(w, diff);
	json_end(w);
}

static void add_axes(struct json_writer *w, unsigned int axes)
{
	json_begin_array(w, "axes");
	for (int axis = 0; axis < AXIS_COUNT; axis++)
		if (axes & AXIS_MARK(axis))
			json_add_text(w, NULL, diff_axis_name((enum diff_axis)axis));
	json_end(w);
}

/* Who lets which of the changes pass. */
static void add_tolerated(struct json_writer *w, const struct diff *diff,
			  const struct diff_row *row)
{
	size_t count;
	const struct diff_tolerated *t = diff_tolerated_by(diff, row, &count);

	if (!count)
		return;
	json_begin_array(w, "tolerated");
	for (size_t i = 0; i < count; i++) {
		json_begin_object(w, NULL);
		add_axes(w, t[i].axes);
		json_add_text(w, "by", t[i].by);
		json_end(w);
	}
	json_end(w);
}

static void add_export(struct json_writer *w, const struct ksa_export *e, bool prototype)
{
	json_add_export(w, e);
	if (prototype)
		json_add_prototype(w, e);
}

/* One export as an object; more than one as further objects in "others". */
static void add_side(struct json_writer *w, const char *key, const struct diff *diff,
		     const struct diff_row *row, enum diff_side side)
{
	const struct diff_exports *x = &row->side[side];
	bool prototypes = row->marks & AXIS_MARK(AXIS_PROTOTYPE);

	if (!x->count)
		return;
	json_begin_object(w, key);
	add_export(w, x->items, prototypes);
	if (diff->kernels[side]->has_imports)
		json_add_number(w, "importers", x->importers);
	if (x->count > 1) {
		json_begin_array(w, "others");
		for (uint32_t i = 1; i < x->count; i++) {
			json_begin_object(w, NULL);
			add_export(w, &x->items[i], prototypes);
			json_end(w);
		}
		json_end(w);
	}
	json_end(w);
}

static void add_evidence(struct json_writer *w, unsigned int evidence)
{
	json_begin_array(w, "evidence");
	json_add_text(w, NULL, evidence & EVIDENCE_LINEAGE ? "lineage" : NULL);
	json_add_text(w, NULL, evidence & EVIDENCE_IMPORTERS ? "importers" : NULL);
	json_add_text(w, NULL, evidence & EVIDENCE_NAME ? "name" : NULL);
	json_add_text(w, NULL, evidence & EVIDENCE_FAMILY ? "family" : NULL);
	json_end(w);
}

static void add_successor(struct json_writer *w, const struct diff *diff,
			  const struct diff_successor *s)
{
	json_begin_object(w, NULL);
	json_add_text(w, "symbol", diff->rows[s->row].name);
	add_evidence(w, s->evidence);
	if (s->evidence & EVIDENCE_IMPORTERS) {
		json_add_number(w, "importers_moved", s->moved);
		json_add_number(w, "importers", s->of);
	}
	if (s->step) {
		json_add_text(w, "release", s->step->release);
		json_add_text(w, "commit", s->step->commit);
		json_add_bool(w, "verified", s->step->verified);
	}
	json_end(w);
}

/* What became of a removed one; headers say nothing of Rust names. */
static void add_fate(struct json_writer *w, const struct diff_row *row)
{
	if (!(row->marks & AXIS_MARK(AXIS_REMOVED)) || row->rust)
		return;
	json_add_text(w, "fate", diff_lost_name((enum lost_fate)row->lost));
	json_add_text(w, "through", row->through);
	if (!row->gpl_way_count)
		return;
	json_begin_array(w, "links_gpl");
	for (uint32_t i = 0; i < row->gpl_way_count; i++)
		json_add_text(w, NULL, row->gpl_ways[i]);
	json_end(w);
}

static void add_change(struct json_writer *w, const struct diff_view *view, size_t step,
		       const struct diff_row *row)
{
	const struct diff *diff = view->diff;

	json_begin_object(w, NULL);
	json_add_text(w, "symbol", row->name);
	json_add_number(w, "step", step);
	add_axes(w, row->marks);
	add_tolerated(w, diff, row);
	json_add_flag(w, "fails", diff_view_gated(view, row));
	json_add_text(w, "severity", diff_severity_name((enum diff_severity)row->severity));
	json_add_flag(w, "reserved", row->ns == NS_RESERVED);
	json_add_flag(w, "rust", row->rust);
	json_add_flag(w, "with_module", row->owner_gone);
	add_fate(w, row);
	if (row->cause != NO_INDEX)
		json_add_number(w, "cause", row->cause);
	if (row->family != NO_INDEX)
		json_add_text(w, "family", diff->families[row->family].family->name);
	add_side(w, "old", diff, row, DIFF_OLD);
	add_side(w, "new", diff, row, DIFF_NEW);
	if (row->successor_count) {
		json_begin_array(w, "likely");
		for (uint32_t i = 0; i < row->successor_count; i++)
			add_successor(w, diff, &row->successors[i]);
		json_end(w);
	}
	json_end(w);
}

/* Of each step those about its new kernel: the old one of the first has no step. */
static void add_findings(struct json_writer *w, const struct diff_view *views, size_t count)
{
	json_begin_array(w, "findings");
	for (size_t i = 0; i < count; i++) {
		const struct ksa_report *report = views[i].diff->report;

		for (size_t f = 0; report && f < report->finding_count; f++)
			if (report->findings[f].kernel == DIFF_NEW)
				json_add_finding(w, &report->findings[f], i + 1);
	}
	json_end(w);
}

static void add_notices(struct json_writer *w, const struct ksa_kernel *kernel)
{
	_cleanup_(strbuf_release) struct strbuf buf = {NULL, 0, 0, false};

	for (size_t i = 0; i < kernel->notice_count; i++) {
		strbuf_reset(&buf);
		strbuf_printf(&buf, "%s: %s", kernel->label, kernel->notices[i]);
		json_add_strbuf(w, NULL, &buf);
	}
}

static void add_changes(struct json_writer *w, const struct diff_view *views, size_t count)
{
	_cleanup_free_ size_t *at = calloc(count, sizeof(*at));
	size_t i;

	json_begin_array(w, "changes");
	if (!at)
		json_write_fail(w, ksa_fail_nomem(w->err));
	while (at && !w->status && (i = diff_next_view(views, count, at)) < count) {
		const struct diff_row *rows = views[i].diff->rows;

		add_change(w, &views[i], i, &rows[views[i].rows[at[i]++]]);
	}
	json_end(w);
}

int write_diff_json(const struct diff_view *views, size_t count, FILE *out, struct ksa_error *err)
{
	const struct diff *first = views[0].diff;
	struct json_writer w;

	json_write_begin(&w, out, "diff", err);
	json_add_flag(&w, "filtered", views[0].filtered);
	json_begin_array(&w, "kernels");
	json_add_kernel(&w, NULL, first->kernels[DIFF_OLD]);
	for (size_t i = 0; i < count; i++)
		json_add_kernel(&w, NULL, views[i].diff->kernels[DIFF_NEW]);
	json_end(&w);
	if (first->module_count) {
		json_begin_array(&w, "modules");
		for (size_t i = 0; i < first->module_count; i++)
			json_add_module(&w, first->modules[i].module);
		json_end(&w);
	}
	json_begin_array(&w, "steps");
	for (size_t i = 0; i < count; i++)
		add_step(&w, views[i].diff, i);
	json_end(&w);
	add_findings(&w, views, count);
	json_begin_array(&w, "notices");
	add_notices(&w, first->kernels[DIFF_OLD]);
	for (size_t i = 0; i < count; i++) {
		const struct diff *diff = views[i].diff;

		add_notices(&w, diff->kernels[DIFF_NEW]);
		json_add_items(&w, diff->remarks, diff->remark_count);
	}
	json_end(&w);
	add_changes(&w, views, count);
	return json_write_end(&w);
}
