// SPDX-License-Identifier: GPL-2.0-or-later
#include "write/check.h"

#include <stdio.h>

#include "base/cleanup.h"
#include "write/json/json.h"

static void add_kernel_facts(struct json_writer *w, const struct ksa_kernel *k)
{
	json_add_text(w, "label", k->label);
	json_add_text(w, "release", k->release);
	json_add_text(w, "arch", k->arch);
	json_add_text(w, "vermagic", k->vermagic);
	json_add_bool(w, "image", k->has_image);
	json_add_bool(w, "modules", k->has_modules);
	json_add_number(w, "exports", k->export_count);
}

void json_add_kernel(struct json_writer *w, const char *key, const struct ksa_kernel *k)
{
	json_begin_object(w, key);
	add_kernel_facts(w, k);
	json_end(w);
}

static void add_kernels(struct json_writer *w, const struct ksa_report *report)
{
	json_begin_row(w, "kernels");
	for (size_t i = 0; i < report->kernel_count; i++) {
		json_begin_object(w, NULL);
		add_kernel_facts(w, report->kernels[i]);
		json_add_flag(w, "predicted", report_is_predicted(report, i));
		json_add_flag(w, "pending", report->kernels[i]->base != NULL);
		json_end(w);
	}
	json_end(w);
}

void json_add_module(struct json_writer *w, const struct ksa_module *m)
{
	json_begin_object(w, NULL);
	json_add_text(w, "name", m->name);
	json_add_text(w, "path", m->path);
	json_add_text(w, "arch", m->arch);
	json_add_texts(w, "licenses", m->licenses.items, m->licenses.count);
	json_add_text(w, "vermagic", m->vermagic);
	json_add_number(w, "imports", m->import_count);
	json_add_number(w, "exports", m->export_count);
	json_add_texts(w, "import_ns", m->import_ns.items, m->import_ns.count);
	json_add_texts(w, "depends", m->depends.items, m->depends.count);
	json_add_bool(w, "in_tree", m->in_tree);
	json_add_bool(w, "signed", m->is_signed);
	json_add_text(w, "signer", m->loading.signer);
	json_add_text(w, "signature_hash", m->loading.signature_hash);
	json_add_text(w, "signature_key", m->loading.signature_key);
	json_add_bool(w, "livepatch", m->livepatch);
	json_end(w);
}

static const char *outcome_word(uint8_t outcome, const char *accepted)
{
	return outcome == OUTCOME_ACCEPTED  ? accepted
	       : outcome == OUTCOME_REFUSED ? "refused"
					    : "unknown";
}

static void add_outcome(struct json_writer *w, const struct ksa_outcome *out,
			const struct ksa_module *m)
{
	char taint[5];

	snprintf(taint, sizeof(taint), "%s%s%s%s", out->tainted ? "P" : "", out->forced ? "F" : "",
		 m->in_tree ? "" : "O", m->livepatch ? "K" : "");
	json_begin_object(w, NULL);
	json_add_text(w, "build", outcome_word(out->build, "passes"));
	json_add_text(w, "load", outcome_word(out->load, "loads"));
	json_add_text(w, "errno", out->error);
	json_add_text(w, "taint", taint);
	json_end(w);
}

/* One for each module and kernel of another release than it was built for. */
static void add_rebuilds(struct json_writer *w, const struct ksa_report *report)
{
	bool any = false;

	for (size_t i = 0; i < report->module_count * report->kernel_count; i++) {
		const struct ksa_rebuild *b = &report->rebuilds[i];

		if (!b->is_judged)
			continue;
		if (!any)
			json_begin_array(w, "rebuilds");
		any = true;
		json_begin_object(w, NULL);
		json_add_number(w, "module", i / report->kernel_count);
		json_add_number(w, "kernel", i % report->kernel_count);
		json_add_text(w, "verdict", ksa_verdict_name((enum ksa_verdict)b->verdict));
		json_add_text(w, "basis", finding_basis_name((enum finding_basis)b->basis));
		json_add_flag(w, "types_compared", b->has_types);
		json_add_flag(w, "declarations_compared", b->has_declarations);
		json_add_text(w, "built_for", b->built_for);
		json_add_texts(w, "header_brought", b->brought.items, b->brought.count);
		if (b->left_out.count)
			json_add_texts(w, "left_out", b->left_out.items, b->left_out.count);
		json_end(w);
	}
	if (any)
		json_end(w);
}

/* Both are arrays of a row a module, with an item a kernel. */
static void add_matrices(struct json_writer *w, const struct ksa_report *report)
{
	size_t kernels = report->kernel_count;

	json_begin_array(w, "matrix");
	for (size_t m = 0; m < report->module_count; m++) {
		json_begin_array(w, NULL);
		for (size_t k = 0; k < kernels; k++)
			json_add_text(w, NULL, ksa_verdict_name(ksa_report_verdict(report, m, k)));
		json_end(w);
	}
	json_end(w);
	add_rebuilds(w, report);
	json_begin_array(w, "outcomes");
	for (size_t m = 0; m < report->module_count; m++) {
		json_begin_array(w, NULL);
		for (size_t k = 0; k < kernels; k++)
			add_outcome(w, &report->outcomes[m * kernels + k], report->modules[m]);
		json_end(w);
	}
	json_end(w);
}

void json_begin_finding(struct json_writer *w, const struct ksa_finding *f)
{
	json_begin_object(w, NULL);
	json_add_text(w, "rule", f->rule->id);
	json_add_text(w, "level", ksa_level_name(f->level));
}

void json_add_standing(struct json_writer *w, const struct ksa_finding *f)
{
	json_add_text(w, "identity", f->identity);
	if (f->waived) {
		json_begin_object(w, "waived");
		json_add_text(w, "by", f->waived->by);
		json_add_text(w, "reason", f->waived->reason);
		json_add_text(w, "expires", f->waived->expires);
		json_add_text(w, "file", f->waived->file);
		json_add_number(w, "line", f->waived->line);
		json_end(w);
	}
	json_add_flag(w, "baseline", f->known);
}

void json_add_pending(struct json_writer *w, const struct ksa_finding *f)
{
	json_add_flag(w, "stays", f->stays);
	if (!f->pending)
		return;
	json_begin_object(w, "pending");
	json_add_text(w, "commit", f->commit);
	json_add_text(w, "title", f->pending->title);
	if (!f->commit)
		json_add_text(w, "source", f->pending->source);
	json_end(w);
}

void json_end_finding(struct json_writer *w, const struct ksa_finding *f)
{
	json_add_text(w, "symbol", f->symbol);
	json_add_text(w, "message", f->message);
	json_add_text(w, "reason", f->rule->why);
	json_add_text(w, "fix", f->fix);
	json_add_text(w, "evidence", f->evidence);
	json_add_text(w, "basis", finding_basis_name((enum finding_basis)f->basis));
	json_add_pending(w, f);
	json_add_standing(w, f);
	json_end(w);
}

void json_add_finding(struct json_writer *w, const struct ksa_finding *f, size_t kernel)
{
	static const char *const names[] = {"build", "load"};

	json_begin_finding(w, f);
	json_begin_array(w, "at");
	for (unsigned int i = 0; i < 2; i++)
		if (f->at & 1u << i)
			json_add_text(w, NULL, names[i]);
	json_end(w);
	json_add_number(w, "module", f->module);
	json_add_number(w, "kernel", kernel);
	if (f->line) {
		json_add_text(w, "path", f->path);
		json_add_number(w, "line", f->line);
	}
	json_end_finding(w, f);
}

void json_add_unchecked(struct json_writer *w, const struct ksa_unchecked *u)
{
	json_begin_object(w, NULL);
	json_add_number(w, "module", u->module);
	if (u->kernel != NO_INDEX)
		json_add_number(w, "kernel", u->kernel);
	json_add_text(w, "symbol", u->symbol);
	json_add_text(w, "text", u->text);
	json_end(w);
}

static void add_summary(struct json_writer *w, const struct ksa_report *report)
{
	json_begin_object(w, "summary");
	json_add_number(w, "modules", report->module_count);
	json_add_number(w, "kernels", report->kernel_count);
	json_add_number(w, "references", report->reference_count);
	json_add_number(w, "errors", report->levels[KSA_LEVEL_ERROR]);
	json_add_number(w, "warnings", report->levels[KSA_LEVEL_WARNING]);
	json_add_number(w, "notes", report->levels[KSA_LEVEL_NOTE]);
	json_add_number(w, "unchecked", report->unchecked_count);
	json_add_nonzero(w, "waived", report->waived);
	json_add_nonzero(w, "baseline", report->known);
	json_end(w);
}

int write_check_json(const struct ksa_report *report, FILE *out, struct ksa_error *err)
{
	_cleanup_(strbuf_release) struct strbuf families = {NULL, 0, 0, false};
	struct json_writer w;

	json_write_begin(&w, out, "check", err);
	json_add_text(&w, "assumed_license", report->assumed_license);
	json_add_flag(&w, "rebuild", report->rebuild);
	families_add_names(&report->families, &families);
	if (report->families.count)
		json_add_strbuf(&w, "family", &families);
	add_kernels(&w, report);
	json_begin_array(&w, "modules");
	for (size_t i = 0; i < report->module_count; i++)
		json_add_module(&w, report->modules[i]);
	json_end(&w);
	add_matrices(&w, report);
	json_begin_array(&w, "findings");
	for (size_t i = 0; i < report->finding_count && !w.status; i++)
		json_add_finding(&w, &report->findings[i], report->findings[i].kernel);
	json_end(&w);
	json_begin_array(&w, "unchecked");
	for (size_t i = 0; i < report->unchecked_count; i++)
		json_add_unchecked(&w, &report->unchecked[i]);
	json_end(&w);
	json_add_texts(&w, "notices", report->notices, report->notice_count);
	add_summary(&w, report);
	return json_write_end(&w);
}
