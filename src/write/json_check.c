// SPDX-License-Identifier: GPL-2.0-or-later
#include "write/check.h"

#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "write/json.h"

json_t *json_kernel(const struct ksa_kernel *k)
{
	json_t *o = json_object();
	bool ok = o && json_put_text(o, "label", k->label) &&
		  json_put_text(o, "release", k->release) && json_put_text(o, "arch", k->arch) &&
		  json_put_text(o, "vermagic", k->vermagic) &&
		  json_put(o, "image", json_boolean(k->has_image)) &&
		  json_put(o, "modules", json_boolean(k->has_modules)) &&
		  json_put(o, "exports", json_integer((json_int_t)k->export_count));

	return json_finish(o, ok);
}

static json_t *kernels(const struct ksa_report *report)
{
	json_t *array = json_array();
	bool ok = array != NULL;

	for (size_t i = 0; i < report->kernel_count && ok; i++) {
		json_t *o = json_kernel(report->kernels[i]);

		if (o && report_is_predicted(report, i) && !json_put(o, "predicted", json_true()))
			o = json_finish(o, false);
		ok = json_array_append_new(array, o) == 0;
	}
	return json_finish(array, ok);
}

json_t *json_module(const struct ksa_module *m)
{
	json_t *o = json_object();
	bool ok = o && json_put_text(o, "name", m->name) && json_put_text(o, "path", m->path) &&
		  json_put_text(o, "arch", m->arch) &&
		  json_put(o, "licenses", json_strings(m->licenses.items, m->licenses.count)) &&
		  json_put_text(o, "vermagic", m->vermagic) &&
		  json_put(o, "imports", json_integer((json_int_t)m->import_count)) &&
		  json_put(o, "exports", json_integer((json_int_t)m->export_count)) &&
		  json_put(o, "import_ns", json_strings(m->import_ns.items, m->import_ns.count)) &&
		  json_put(o, "depends", json_strings(m->depends.items, m->depends.count)) &&
		  json_put(o, "in_tree", json_boolean(m->in_tree)) &&
		  json_put(o, "signed", json_boolean(m->is_signed)) &&
		  json_put(o, "livepatch", json_boolean(m->livepatch));

	return json_finish(o, ok);
}

static json_t *row(const struct ksa_report *report, size_t m)
{
	json_t *array = json_array();
	bool ok = array != NULL;

	for (size_t k = 0; k < report->kernel_count && ok; k++)
		ok = json_array_append_new(array, json_string(ksa_verdict_name(
							  ksa_report_verdict(report, m, k)))) == 0;
	return json_finish(array, ok);
}

static const char *outcome_word(uint8_t outcome, const char *accepted)
{
	return outcome == OUTCOME_ACCEPTED  ? accepted
	       : outcome == OUTCOME_REFUSED ? "refused"
					    : "unknown";
}

static json_t *outcomes(const struct ksa_report *report, size_t m)
{
	json_t *array = json_array();
	bool ok = array != NULL;

	for (size_t k = 0; k < report->kernel_count && ok; k++) {
		const struct ksa_outcome *out = &report->outcomes[m * report->kernel_count + k];
		char taint[4];
		json_t *o = json_object();

		snprintf(taint, sizeof(taint), "%s%s%s", out->tainted ? "P" : "",
			 out->forced ? "F" : "", report->modules[m]->in_tree ? "" : "O");
		ok = o && json_put_text(o, "build", outcome_word(out->build, "passes")) &&
		     json_put_text(o, "load", outcome_word(out->load, "loads")) &&
		     json_put_text(o, "errno", out->error) && json_put_text(o, "taint", taint);
		o = json_finish(o, ok);
		ok = ok && json_array_append_new(array, o) == 0;
	}
	return json_finish(array, ok);
}

static json_t *referees(unsigned int at)
{
	static const char *const names[] = {"build", "load"};
	json_t *array = json_array();
	bool ok = array != NULL;

	for (unsigned int i = 0; i < 2 && ok; i++)
		if (at & 1u << i)
			ok = json_array_append_new(array, json_string(names[i])) == 0;
	return json_finish(array, ok);
}

json_t *json_waiver(const struct waiver *w)
{
	json_t *o = json_object();
	bool ok = o && json_put_text(o, "by", w->by) && json_put_text(o, "reason", w->reason) &&
		  json_put_text(o, "expires", w->expires) && json_put_text(o, "file", w->file) &&
		  json_put(o, "line", json_integer(w->line));

	return json_finish(o, ok);
}

json_t *json_finding(const struct ksa_finding *f, size_t kernel)
{
	json_t *o = json_object();
	bool ok = o && json_put_text(o, "rule", f->rule->id) &&
		  json_put_text(o, "level", ksa_level_name(f->level)) &&
		  json_put(o, "at", referees(f->at)) &&
		  json_put(o, "module", json_integer(f->module)) &&
		  json_put(o, "kernel", json_integer((json_int_t)kernel)) &&
		  json_put_text(o, "symbol", f->symbol) &&
		  json_put_text(o, "message", f->message) &&
		  json_put_text(o, "reason", f->rule->why) && json_put_text(o, "fix", f->fix) &&
		  json_put_text(o, "evidence", f->evidence) &&
		  json_put_text(o, "identity", f->identity);

	if (f->waived)
		ok = ok && json_put(o, "waived", json_waiver(f->waived));
	if (f->known)
		ok = ok && json_put(o, "baseline", json_true());
	return json_finish(o, ok);
}

static json_t *unchecked(const struct ksa_unchecked *u)
{
	json_t *o = json_object();
	bool ok = o && json_put(o, "module", json_integer(u->module)) &&
		  json_put(o, "kernel", json_integer(u->kernel)) &&
		  json_put_text(o, "symbol", u->symbol) && json_put_text(o, "text", u->text);

	return json_finish(o, ok);
}

static json_t *summary(const struct ksa_report *report)
{
	json_t *o = json_object();
	bool ok = o != NULL;

	ok = ok && json_put(o, "modules", json_integer((json_int_t)report->module_count)) &&
	     json_put(o, "kernels", json_integer((json_int_t)report->kernel_count)) &&
	     json_put(o, "references", json_integer((json_int_t)report->reference_count)) &&
	     json_put(o, "errors", json_integer((json_int_t)report->levels[KSA_LEVEL_ERROR])) &&
	     json_put(o, "warnings", json_integer((json_int_t)report->levels[KSA_LEVEL_WARNING])) &&
	     json_put(o, "notes", json_integer((json_int_t)report->levels[KSA_LEVEL_NOTE])) &&
	     json_put(o, "unchecked", json_integer((json_int_t)report->unchecked_count));
	if (report->waived)
		ok = ok && json_put(o, "waived", json_integer((json_int_t)report->waived));
	if (report->known)
		ok = ok && json_put(o, "baseline", json_integer((json_int_t)report->known));
	return json_finish(o, ok);
}

int write_check_json(const struct ksa_report *report, FILE *out, struct ksa_error *err)
{
	_cleanup_(strbuf_release) struct strbuf families = {NULL, 0, 0, false};
	struct json_writer w;

	json_write_begin(&w, out, "check", err);
	if (report->assumed_license)
		json_write_value(&w, "assumed_license", json_text(report->assumed_license));
	if (report->rebuild)
		json_write_value(&w, "rebuild", json_true());
	families_add_names(&report->families, &families);
	if (report->families.count)
		json_write_value(&w, "family",
				 families.failed ? NULL : json_text(strbuf_string(&families)));
	json_write_value(&w, "kernels", kernels(report));
	json_write_array(&w, "modules");
	for (size_t i = 0; i < report->module_count; i++)
		json_write_item(&w, json_module(report->modules[i]));
	json_write_array_end(&w);
	json_write_array(&w, "matrix");
	for (size_t i = 0; i < report->module_count; i++)
		json_write_item(&w, row(report, i));
	json_write_array_end(&w);
	json_write_array(&w, "outcomes");
	for (size_t i = 0; i < report->module_count; i++)
		json_write_item(&w, outcomes(report, i));
	json_write_array_end(&w);
	json_write_array(&w, "findings");
	for (size_t i = 0; i < report->finding_count; i++)
		json_write_item(&w, json_finding(&report->findings[i], report->findings[i].kernel));
	json_write_array_end(&w);
	json_write_array(&w, "unchecked");
	for (size_t i = 0; i < report->unchecked_count; i++)
		json_write_item(&w, unchecked(&report->unchecked[i]));
	json_write_array_end(&w);
	json_add_texts(&w, "notices", report->notices, report->notice_count);
	json_write_value(&w, "summary", summary(report));
	return json_write_end(&w);
}
