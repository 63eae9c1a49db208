// SPDX-License-Identifier: GPL-2.0-or-later
#include "write/results.h"

#include "write/json.h"

static json_t *kernel_facts(const struct ksa_report *r, uint32_t kernel)
{
	const struct ksa_kernel *k = r->kernels[kernel];
	json_t *o = json_object();
	bool ok = o && json_put_text(o, "label", k->label) &&
		  json_put_text(o, "release", k->release) && json_put_text(o, "arch", k->arch);

	if (ok && report_is_predicted(r, kernel))
		ok = json_put(o, "predicted", json_true());
	return json_finish(o, ok);
}

static json_t *module_facts(const struct ksa_module *m)
{
	json_t *o = json_object();
	bool ok = o && json_put_text(o, "name", m->name) && json_put_text(o, "path", m->path) &&
		  json_put(o, "licenses", json_strings(m->licenses.items, m->licenses.count)) &&
		  json_put_text(o, "vermagic", m->vermagic) &&
		  json_put(o, "in_tree", json_boolean(m->in_tree));

	return json_finish(o, ok);
}

/* What every line has; ids may be NO_INDEX. */
static json_t *line(const struct ksa_report *r, const char *kind, uint32_t kernel, uint32_t module)
{
	json_t *o = json_object();
	bool ok = o && json_put(o, "schema", json_integer(1)) && json_put_text(o, "kind", kind) &&
		  json_put_text(o, "command", r->command);

	if (ok && kernel != NO_INDEX)
		ok = json_put(o, "kernel", kernel_facts(r, kernel));
	if (ok && module != NO_INDEX)
		ok = json_put(o, "module", module_facts(r->modules[module]));
	return json_finish(o, ok);
}

static json_t *finding(const struct ksa_report *r, const struct ksa_finding *f)
{
	json_t *o = line(r, "finding", f->kernel, f->module);
	bool ok = o && json_put_text(o, "rule", f->rule->id) &&
		  json_put_text(o, "level", ksa_level_name(f->level)) &&
		  json_put_text(o, "symbol", f->symbol) &&
		  json_put_text(o, "message", finding_text(f)) && json_put_text(o, "fix", f->fix) &&
		  json_put_text(o, "evidence", f->evidence) && json_put_text(o, "path", f->path) &&
		  (!f->line || json_put(o, "line", json_integer(f->line))) &&
		  json_put_text(o, "commit", f->commit) &&
		  json_put_text(o, "identity", f->identity);

	if (ok && f->waived)
		ok = json_put(o, "waived", json_waiver(f->waived));
	if (ok && f->known)
		ok = json_put(o, "baseline", json_true());
	return json_finish(o, ok);
}

static json_t *gap(const struct ksa_report *r, const struct ksa_unchecked *g)
{
	json_t *o = line(r, "unchecked", g->kernel, g->module);
	bool ok = o && json_put_text(o, "symbol", g->symbol) && json_put_text(o, "text", g->text);

	return json_finish(o, ok);
}

static json_t *verdict(const struct ksa_report *r, size_t module, size_t kernel)
{
	json_t *o = line(r, "verdict", (uint32_t)kernel, (uint32_t)module);
	enum ksa_verdict v = (enum ksa_verdict)r->verdicts[module * r->kernel_count + kernel];
	bool ok = o && json_put_text(o, "verdict", ksa_verdict_name(v));

	return json_finish(o, ok);
}

static json_t *notice(const struct ksa_report *r, const char *text)
{
	json_t *o = line(r, "notice", NO_INDEX, NO_INDEX);
	bool ok = o && json_put_text(o, "text", text);

	return json_finish(o, ok);
}

int write_results_jsonl(const struct ksa_report *r, FILE *out, struct ksa_error *err)
{
	struct json_writer w = {.out = out, .err = err};

	for (size_t m = 0; m < r->module_count && r->verdicts; m++)
		for (size_t k = 0; k < r->kernel_count && !w.status; k++)
			json_write_line(&w, verdict(r, m, k));
	for (size_t i = 0; i < r->finding_count && !w.status; i++)
		json_write_line(&w, finding(r, &r->findings[i]));
	for (size_t i = 0; i < r->unchecked_count && !w.status; i++)
		json_write_line(&w, gap(r, &r->unchecked[i]));
	for (size_t i = 0; i < r->notice_count && !w.status; i++)
		json_write_line(&w, notice(r, r->notices[i]));
	return json_write_flush(&w);
}
