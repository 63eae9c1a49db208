// SPDX-License-Identifier: GPL-2.0-or-later
#include "write/explain.h"

#include <string.h>

#include "model/license.h"
#include "write/history.h"
#include "write/json/json.h"

/* The texts of a list that ends in NULL. */
static void add_list(struct json_writer *w, const char *key, const char *const *list)
{
	json_begin_array(w, key);
	for (; list && *list; list++)
		json_add_text(w, NULL, *list);
	json_end(w);
}

/* The same; nothing if there is no list. */
static void add_some(struct json_writer *w, const char *key, const char *const *list)
{
	if (list)
		add_list(w, key, list);
}

static void add_rule(struct json_writer *w, const struct ksa_rule *rule)
{
	json_begin_object(w, "rule");
	json_add_text(w, "id", rule->id);
	json_add_text(w, "slug", rule->slug);
	json_add_text(w, "title", rule->title);
	json_add_text(w, "level", rule->off ? "off" : ksa_level_name(rule->level));
	json_add_text(w, "why", rule->why);
	json_add_text(w, "fix", rule->fix);
	add_list(w, "references", rule->references);
	json_end(w);
}

static void add_expected(struct json_writer *w, const struct explain_place *place)
{
	const struct family_class *c = place->expected;

	json_begin_object(w, "expected");
	json_add_text(w, "class", c->absent ? "absent" : ksa_class_name(c->cls));
	json_add_text(w, place->starts ? "from" : "by", c->from);
	json_add_text(w, "to", c->to);
	add_some(w, "arch", c->arch);
	json_add_text(w, "config", c->config);
	json_end(w);
}

static void add_step(struct json_writer *w, const struct explain_step *s)
{
	const struct family_step *step = s->step;

	json_begin_object(w, NULL);
	json_add_text(w, "family", s->family->name);
	json_add_text(w, "release", step->release);
	json_add_text(w, "after", step->after);
	json_add_text(w, "event", family_event_name(step->event));
	add_list(w, "symbols", step->symbols);
	add_some(w, "became", step->became);
	add_some(w, "arch", step->arch);
	json_add_text(w, "commit", step->commit);
	json_add_text(w, "note", step->note);
	json_add_bool(w, "verified", step->verified);
	if (step->cls != KSA_CLASS_UNKNOWN)
		json_add_text(w, "class", ksa_class_name(step->cls));
	if (step->event == FAMILY_NAMESPACE)
		json_add_nullable(w, "namespace", step->ns);
	json_end(w);
}

static void add_family(struct json_writer *w, const struct ksa_family *family)
{
	json_begin_object(w, NULL);
	json_add_text(w, "name", family->name);
	json_add_text(w, "title", family->title);
	json_add_text(w, "rationale", family->rationale);
	add_list(w, "references", family->references);
	json_end(w);
}

static void add_export(struct json_writer *w, const struct ksa_kernel *kernel,
		       const struct ksa_export *e)
{
	json_begin_object(w, NULL);
	json_add_export(w, e);
	json_add_prototype(w, e);
	if (kernel->has_imports) {
		json_begin_array(w, "users");
		for (uint32_t i = 0; i < e->importer_count; i++)
			json_add_text(w, NULL, kernel->modules[e->importers[i]].name);
		json_end(w);
	}
	if (e->image_user_count)
		json_add_texts(w, "vmlinux", e->image_users, e->image_user_count);
	json_end(w);
}

static void add_symbol(struct json_writer *w, const struct explain_page *page,
		       const struct explain_symbol *symbol)
{
	json_begin_object(w, NULL);
	json_add_text(w, "symbol", symbol->name);
	json_begin_array(w, "places");
	for (size_t k = 0; k < page->kernel_count; k++) {
		const struct explain_place *place = &symbol->places[k];

		json_begin_object(w, NULL);
		json_add_number(w, "kernel", k);
		json_begin_array(w, "exports");
		for (size_t i = 0; i < place->count; i++)
			add_export(w, page->kernels[k], &place->items[i]);
		json_end(w);
		if (place->unknown)
			json_add_bool(w, "unknown", true);
		if (place->expected)
			add_expected(w, place);
		json_end(w);
	}
	json_end(w);
	json_end(w);
}

static void add_license(struct json_writer *w, const struct explain_page *page)
{
	json_begin_object(w, "license");
	json_add_bool(w, "accepted", !page->rule);
	json_add_text(w, "nearest", page->license_nearest);
	json_add_text(w, "meaning", page->license ? page->license->meaning : page->license_meaning);
	json_add_text(w, "spdx", page->license ? page->license->spdx : NULL);
	json_begin_array(w, "strings");
	for (size_t i = 0; i < licenses_builtin.count; i++)
		if (licenses_builtin.items[i].accepted)
			json_add_text(w, NULL, licenses_builtin.items[i].license);
	json_end(w);
	json_end(w);
}

static void add_symbols(struct json_writer *w, const struct explain_page *page)
{
	json_begin_array(w, "kernels");
	for (size_t k = 0; k < page->kernel_count; k++)
		json_add_kernel(w, NULL, page->kernels[k]);
	json_end(w);
	json_begin_array(w, "families");
	for (size_t i = 0; i < page->family_count; i++)
		add_family(w, page->families[i]);
	json_end(w);
	json_begin_array(w, "lineage");
	for (size_t i = 0; i < page->step_count; i++)
		add_step(w, &page->steps[i]);
	json_end(w);
	json_begin_array(w, "symbols");
	for (size_t i = 0; i < page->symbol_count; i++)
		add_symbol(w, page, &page->symbols[i]);
	json_end(w);
}

int write_explain_json(const struct explain_page *page, FILE *out, struct ksa_error *err)
{
	const struct ksa_history *history = page->events ? page->events->history : NULL;
	struct json_writer w;

	json_write_begin(&w, out, "explain", err);
	json_add_text(&w, "kind", explain_kind_name(page->kind));
	json_add_text(&w, "name", page->name);
	if (page->rule)
		add_rule(&w, page->rule);
	if (page->kind == EXPLAIN_LICENSE)
		add_license(&w, page);
	if (page->kind == EXPLAIN_SYMBOL || page->kind == EXPLAIN_FAMILY)
		add_symbols(&w, page);
	if (history)
		write_history_members(&w, page->events);
	json_no_findings(&w);
	json_begin_array(&w, "notices");
	for (size_t k = 0; k < page->kernel_count; k++)
		json_add_items(&w, page->kernels[k]->notices, page->kernels[k]->notice_count);
	if (history)
		json_add_items(&w, history->notices, history->notice_count);
	json_end(&w);
	return json_write_end(&w);
}
