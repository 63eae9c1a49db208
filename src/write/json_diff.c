// SPDX-License-Identifier: GPL-2.0-or-later
#include "write/diff.h"

#include <string.h>

#include "base/cleanup.h"
#include "write/diff_words.h"
#include "write/json.h"

static bool put_number(json_t *object, const char *key, size_t n)
{
	return json_put(object, key, json_integer((json_int_t)n));
}

static bool put_flag(json_t *object, const char *key, bool flag)
{
	return !flag || json_put(object, key, json_true());
}

static bool append(json_t *array, json_t *value)
{
	return json_array_append_new(array, value) == 0;
}

static json_t *moves_json(const struct diff_counts *counts)
{
	json_t *array = json_array();
	bool ok = array != NULL;

	for (int old = 0; old < CLASS_COUNT; old++) {
		for (int new_ = 0; new_ < CLASS_COUNT && ok; new_++) {
			json_t *o;

			if (!counts->class_moves[old][new_])
				continue;
			o = json_object();
			ok = o && json_put_text(o, "old", ksa_class_name((enum ksa_class)old)) &&
			     json_put_text(o, "new", ksa_class_name((enum ksa_class)new_)) &&
			     put_number(o, "symbols", counts->class_moves[old][new_]) &&
			     put_number(o, "reserved", counts->class_reserved[old][new_]);
			ok = append(array, json_finish(o, ok));
		}
	}
	return json_finish(array, ok);
}

static bool put_directions(json_t *o, const struct diff_counts *c, enum diff_axis axis)
{
	switch (axis) {
	case AXIS_REMOVED:
		return put_number(o, "with_module", c->removed_with_owner) &&
		       put_number(o, "with_importers", c->removed_imported);
	case AXIS_CLASS:
		return json_put(o, "moves", moves_json(c));
	case AXIS_NAMESPACE:
		return put_number(o, "gained", c->ns[NS_GAINED]) &&
		       put_number(o, "changed_to_another", c->ns[NS_CHANGED]) &&
		       put_number(o, "lost", c->ns[NS_LOST]) &&
		       put_number(o, "reserved", c->ns[NS_RESERVED]) &&
		       put_number(o, "freed", c->ns[NS_FREED]);
	case AXIS_OWNER:
		return put_number(o, "to_module", c->owner[OWNER_TO_MODULE]) &&
		       put_number(o, "to_vmlinux", c->owner[OWNER_TO_VMLINUX]) &&
		       put_number(o, "between_modules", c->owner[OWNER_BETWEEN_MODULES]) &&
		       put_number(o, "directory", c->owner[OWNER_DIRECTORY]);
	default:
		return true;
	}
}

static json_t *counts_json(const struct diff_counts *counts)
{
	json_t *object = json_object();
	bool ok = object != NULL;

	for (int axis = 0; axis < AXIS_COUNT && ok; axis++) {
		json_t *o = json_object();

		ok = o && put_number(o, "changed", counts->marked[axis]) &&
		     put_number(o, "rust", counts->rust[axis]) &&
		     put_number(o, "compared", counts->compared[axis]) &&
		     put_number(o, "uncompared", counts->uncompared[axis]) &&
		     put_directions(o, counts, (enum diff_axis)axis);
		ok = json_put(object, diff_axis_name((enum diff_axis)axis), json_finish(o, ok));
	}
	return json_finish(object, ok);
}

static json_t *gaps_json(const struct diff *diff)
{
	json_t *array = json_array();
	bool ok = array != NULL;

	for (size_t i = 0; i < diff->gap_count && ok; i++) {
		const struct diff_gap *gap = &diff->gaps[i];
		json_t *o = json_object();

		ok = o &&
		     (gap->axis == AXIS_COUNT ||
		      json_put_text(o, "axis", diff_axis_name(gap->axis))) &&
		     put_number(o, "symbols", gap->count) &&
		     json_put(o, "remark", json_boolean(gap->remark)) &&
		     json_put_text(o, "text", gap->text);
		ok = append(array, json_finish(o, ok));
	}
	return json_finish(array, ok);
}

/* The names of rows[0..count). */
static json_t *names_json(const struct diff *diff, const uint32_t *rows, size_t count)
{
	json_t *array = json_array();
	bool ok = array != NULL;

	for (size_t i = 0; i < count && ok; i++)
		ok = append(array, json_text(diff->rows[rows[i]].name));
	return json_finish(array, ok);
}

static json_t *families_json(const struct diff *diff)
{
	json_t *array = json_array();
	bool ok = array != NULL;

	for (size_t i = 0; i < diff->family_count && ok; i++) {
		const struct diff_family *f = &diff->families[i];
		json_t *o = json_object();

		ok = o && json_put_text(o, "name", f->family->name) &&
		     json_put_text(o, "title", f->family->title) &&
		     put_number(o, "changed", f->changed) &&
		     json_put(o, "symbols", names_json(diff, f->rows, f->row_count));
		ok = append(array, json_finish(o, ok));
	}
	return json_finish(array, ok);
}

static json_t *verdicts_json(const struct diff *diff)
{
	json_t *array = json_array();
	bool ok = array != NULL;

	for (size_t i = 0; i < diff->module_count && ok; i++) {
		const struct diff_module *m = &diff->modules[i];
		json_t *o = json_object();

		ok = o && put_number(o, "module", i) &&
		     json_put_text(o, "verdict", diff_fate_name(m->fate)) &&
		     json_put_text(o, "check_old", ksa_verdict_name(m->verdict[DIFF_OLD])) &&
		     json_put_text(o, "check_new", ksa_verdict_name(m->verdict[DIFF_NEW])) &&
		     json_put_text(o, "why", m->why) &&
		     json_put(o, "symbols", names_json(diff, m->rows, m->row_count));
		ok = append(array, json_finish(o, ok));
	}
	return json_finish(array, ok);
}

static json_t *step_json(const struct diff *diff, size_t step)
{
	json_t *o = json_object();
	bool ok = o && put_number(o, "old", step) && put_number(o, "new", step + 1) &&
		  json_put(o, "counts", counts_json(&diff->counts)) &&
		  json_put(o, "uncompared", gaps_json(diff)) &&
		  json_put(o, "families", families_json(diff)) &&
		  (!diff->module_count || json_put(o, "verdicts", verdicts_json(diff)));

	return json_finish(o, ok);
}

static json_t *export_json(const struct ksa_export *e, bool prototypes)
{
	char text[9];
	json_t *o = json_object();
	bool ok = o && json_put_text(o, "class", ksa_class_name((enum ksa_class)e->cls)) &&
		  json_put_text(o, "owner", e->owner) &&
		  ((e->ns_known && !e->ns) ||
		   json_put(o, "namespace", json_text(e->ns_known ? e->ns : NULL)));

	if (e->has_crc) {
		snprintf(text, sizeof(text), "%08x", e->crc);
		ok = ok && json_put_text(o, "crc", text);
	}
	if (prototypes)
		ok = ok && json_put_prototype(o, e);
	return json_finish(o, ok);
}

/* One export as an object; more than one as further objects in "others". */
static json_t *side_json(const struct diff *diff, const struct diff_row *row, enum diff_side side)
{
	const struct diff_exports *x = &row->side[side];
	bool prototypes = row->marks & AXIS_MARK(AXIS_PROTOTYPE);
	json_t *o = export_json(x->items, prototypes), *others = x->count > 1 ? json_array() : NULL;
	bool ok = o && (x->count == 1 || others);

	if (diff->kernels[side]->has_imports)
		ok = ok && put_number(o, "importers", x->importers);
	for (uint32_t i = 1; i < x->count && ok; i++)
		ok = append(others, export_json(&x->items[i], prototypes));
	if (others && !ok)
		json_decref(others);
	else if (others)
		ok = json_put(o, "others", others);
	return json_finish(o, ok);
}

static json_t *evidence_json(unsigned int evidence)
{
	static const struct {
		enum diff_evidence bit;
		const char *name;
	} names[] = {{EVIDENCE_LINEAGE, "lineage"},
		     {EVIDENCE_IMPORTERS, "importers"},
		     {EVIDENCE_NAME, "name"},
		     {EVIDENCE_FAMILY, "family"}};
	json_t *array = json_array();
	bool ok = array != NULL;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names) && ok; i++)
		if (evidence & names[i].bit)
			ok = append(array, json_string(names[i].name));
	return json_finish(array, ok);
}

static json_t *successors_json(const struct diff *diff, const struct diff_row *row)
{
	json_t *array = json_array();
	bool ok = array != NULL;

	for (uint32_t i = 0; i < row->successor_count && ok; i++) {
		const struct diff_successor *s = &row->successors[i];
		json_t *o = json_object();

		ok = o && json_put_text(o, "symbol", diff->rows[s->row].name) &&
		     json_put(o, "evidence", evidence_json(s->evidence));
		if (s->evidence & EVIDENCE_IMPORTERS)
			ok = ok && put_number(o, "importers_moved", s->moved) &&
			     put_number(o, "importers", s->of);
		if (s->step)
			ok = ok && json_put_text(o, "release", s->step->release) &&
			     json_put_text(o, "commit", s->step->commit) &&
			     json_put(o, "verified", json_boolean(s->step->verified));
		ok = append(array, json_finish(o, ok));
	}
	return json_finish(array, ok);
}

static json_t *marks_json(unsigned int marks)
{
	json_t *array = json_array();
	bool ok = array != NULL;

	for (int axis = 0; axis < AXIS_COUNT && ok; axis++)
		if (marks & AXIS_MARK(axis))
			ok = append(array, json_string(diff_axis_name((enum diff_axis)axis)));
	return json_finish(array, ok);
}

static json_t *change_json(const struct diff_view *view, size_t step, const struct diff_row *row)
{
	const struct diff *diff = view->diff;
	json_t *o = json_object();
	bool ok = o && json_put_text(o, "symbol", row->name) && put_number(o, "step", step) &&
		  json_put(o, "axes", marks_json(row->marks)) &&
		  json_put_text(o, "severity",
				diff_severity_name((enum diff_severity)row->severity)) &&
		  put_flag(o, "reserved", row->ns == NS_RESERVED) &&
		  put_flag(o, "rust", row->rust) && put_flag(o, "with_module", row->owner_gone);

	if (row->family != NO_INDEX)
		ok = ok && json_put_text(o, "family", diff->families[row->family].family->name);
	if (row->side[DIFF_OLD].count)
		ok = ok && json_put(o, "old", side_json(diff, row, DIFF_OLD));
	if (row->side[DIFF_NEW].count)
		ok = ok && json_put(o, "new", side_json(diff, row, DIFF_NEW));
	if (row->successor_count)
		ok = ok && json_put(o, "likely", successors_json(diff, row));
	return json_finish(o, ok);
}

static void write_kernels(struct json_writer *w, const struct diff_view *views, size_t count)
{
	json_write_array(w, "kernels");
	json_write_item(w, json_kernel(views[0].diff->kernels[DIFF_OLD]));
	for (size_t i = 0; i < count; i++)
		json_write_item(w, json_kernel(views[i].diff->kernels[DIFF_NEW]));
	json_write_array_end(w);
}

/* Of each step those about its new kernel: the old one of the first has no step. */
static void write_findings(struct json_writer *w, const struct diff_view *views, size_t count)
{
	json_write_array(w, "findings");
	for (size_t i = 0; i < count; i++) {
		const struct ksa_report *report = views[i].diff->report;

		for (size_t f = 0; report && f < report->finding_count; f++)
			if (report->findings[f].kernel == DIFF_NEW)
				json_write_item(w, json_finding(&report->findings[f], i + 1, NULL));
	}
	json_write_array_end(w);
}

static void kernel_notices(struct json_writer *w, const struct ksa_kernel *kernel)
{
	_cleanup_(strbuf_release) struct strbuf buf = {NULL, 0, 0, false};

	for (size_t i = 0; i < kernel->notice_count; i++) {
		strbuf_reset(&buf);
		strbuf_printf(&buf, "%s: %s", kernel->label, kernel->notices[i]);
		json_write_item(w, buf.failed ? NULL : json_text(strbuf_string(&buf)));
	}
}

static void write_notices(struct json_writer *w, const struct diff_view *views, size_t count)
{
	json_write_array(w, "notices");
	kernel_notices(w, views[0].diff->kernels[DIFF_OLD]);
	for (size_t i = 0; i < count; i++)
		kernel_notices(w, views[i].diff->kernels[DIFF_NEW]);
	json_write_array_end(w);
}

static void write_changes(struct json_writer *w, const struct diff_view *views, size_t count)
{
	_cleanup_free_ size_t *at = calloc(count, sizeof(*at));
	size_t i;

	json_write_array(w, "changes");
	if (!at)
		json_write_fail(w, ksa_fail_nomem(w->err));
	while (at && !w->status && (i = diff_next_view(views, count, at)) < count) {
		const struct diff_view *view = &views[i];

		json_write_item(w, change_json(view, i, &view->diff->rows[view->rows[at[i]++]]));
	}
	json_write_array_end(w);
}

int write_diff_json(const struct diff_view *views, size_t count, FILE *out, struct ksa_error *err)
{
	const struct diff *first = views[0].diff;
	struct json_writer w;

	json_write_begin(&w, out, "diff", err);
	if (views[0].filtered)
		json_write_value(&w, "filtered", json_true());
	write_kernels(&w, views, count);
	if (first->module_count) {
		json_write_array(&w, "modules");
		for (size_t i = 0; i < first->module_count; i++)
			json_write_item(&w, json_module(first->modules[i].module));
		json_write_array_end(&w);
	}
	json_write_array(&w, "steps");
	for (size_t i = 0; i < count; i++)
		json_write_item(&w, step_json(views[i].diff, i));
	json_write_array_end(&w);
	write_findings(&w, views, count);
	write_notices(&w, views, count);
	write_changes(&w, views, count);
	return json_write_end(&w);
}
