// SPDX-License-Identifier: GPL-2.0-or-later
#include "write/results.h"

#include "write/json/json.h"

static void add_kernel(struct json_writer *w, const struct ksa_report *r, uint32_t kernel)
{
	const struct ksa_kernel *k = r->kernels[kernel];

	json_begin_object(w, "kernel");
	json_add_text(w, "label", k->label);
	json_add_text(w, "release", k->release);
	json_add_text(w, "arch", k->arch);
	json_add_flag(w, "predicted", report_is_predicted(r, kernel));
	json_end(w);
}

static void add_module(struct json_writer *w, const struct ksa_module *m)
{
	json_begin_object(w, "module");
	json_add_text(w, "name", m->name);
	json_add_text(w, "path", m->path);
	json_add_texts(w, "licenses", m->licenses.items, m->licenses.count);
	json_add_text(w, "vermagic", m->vermagic);
	json_add_bool(w, "in_tree", m->in_tree);
	json_end(w);
}

/* What every line has; ids may be NO_INDEX. */
static void begin_line(struct json_writer *w, const struct ksa_report *r, const char *kind,
		       uint32_t kernel, uint32_t module)
{
	json_begin_object(w, NULL);
	json_add_number(w, "schema", 1);
	json_add_text(w, "kind", kind);
	json_add_text(w, "command", r->command);
	if (kernel != NO_INDEX)
		add_kernel(w, r, kernel);
	if (module != NO_INDEX)
		add_module(w, r->modules[module]);
}

static void add_finding(struct json_writer *w, const struct ksa_report *r,
			const struct ksa_finding *f)
{
	begin_line(w, r, "finding", f->kernel, f->module);
	json_add_text(w, "rule", f->rule->id);
	json_add_text(w, "level", ksa_level_name(f->level));
	json_add_text(w, "symbol", f->symbol);
	json_add_text(w, "message", finding_text(f));
	json_add_text(w, "fix", f->fix);
	json_add_text(w, "evidence", f->evidence);
	json_add_text(w, "path", f->path);
	json_add_nonzero(w, "line", f->line);
	json_add_text(w, "commit", f->commit);
	json_add_pending(w, f);
	json_add_standing(w, f);
	json_end(w);
}

static void add_gap(struct json_writer *w, const struct ksa_report *r,
		    const struct ksa_unchecked *g)
{
	begin_line(w, r, "unchecked", g->kernel, g->module);
	json_add_text(w, "symbol", g->symbol);
	json_add_text(w, "text", g->text);
	json_end(w);
}

static void add_verdict(struct json_writer *w, const struct ksa_report *r, size_t module,
			size_t kernel)
{
	begin_line(w, r, "verdict", (uint32_t)kernel, (uint32_t)module);
	json_add_text(w, "verdict", ksa_verdict_name(ksa_report_verdict(r, module, kernel)));
	json_end(w);
}

static void add_notice(struct json_writer *w, const struct ksa_report *r, const char *text)
{
	begin_line(w, r, "notice", NO_INDEX, NO_INDEX);
	json_add_text(w, "text", text);
	json_end(w);
}

int write_results_jsonl(const struct ksa_report *r, FILE *out, struct ksa_error *err)
{
	struct json_writer w = {.out = out, .err = err};

	for (size_t m = 0; m < r->module_count && r->verdicts; m++)
		for (size_t k = 0; k < r->kernel_count && !w.status; k++)
			add_verdict(&w, r, m, k);
	for (size_t i = 0; i < r->finding_count && !w.status; i++)
		add_finding(&w, r, &r->findings[i]);
	for (size_t i = 0; i < r->unchecked_count && !w.status; i++)
		add_gap(&w, r, &r->unchecked[i]);
	for (size_t i = 0; i < r->notice_count && !w.status; i++)
		add_notice(&w, r, r->notices[i]);
	return json_write_flush(&w);
}
