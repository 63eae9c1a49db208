// SPDX-License-Identifier: GPL-2.0-or-later
#include "write/explain.h"

#include <stdio.h>
#include <string.h>

#include "model/license.h"
#include "write/history.h"
#include "write/json.h"

/* The texts of a NULL-terminated list; NULL is an empty one. */
static json_t *texts(const char *const *list)
{
	json_t *array = json_array();
	bool ok = array != NULL;

	for (; list && *list && ok; list++)
		ok = json_array_append_new(array, json_text(*list)) == 0;
	return json_finish(array, ok);
}

static bool put_texts(json_t *o, const char *key, const char *const *list)
{
	return !list || json_put(o, key, texts(list));
}

static json_t *rule_json(const struct ksa_rule *rule)
{
	json_t *o = json_object();
	bool ok = o && json_put_text(o, "id", rule->id) && json_put_text(o, "slug", rule->slug) &&
		  json_put_text(o, "title", rule->title) &&
		  json_put_text(o, "level", rule->off ? "off" : ksa_level_name(rule->level)) &&
		  json_put_text(o, "why", rule->why) && json_put_text(o, "fix", rule->fix) &&
		  json_put(o, "references", texts(rule->references));

	return json_finish(o, ok);
}

static json_t *class_json(const struct family_class *c)
{
	json_t *o = json_object();
	bool ok = o && json_put_text(o, "class", c->absent ? "absent" : ksa_class_name(c->cls)) &&
		  json_put_text(o, "from", c->from) && json_put_text(o, "to", c->to) &&
		  put_texts(o, "arch", c->arch) && json_put_text(o, "config", c->config);

	return json_finish(o, ok);
}

static json_t *step_json(const struct explain_step *s)
{
	const struct family_step *step = s->step;
	json_t *o = json_object();
	bool ok = o && json_put_text(o, "family", s->family->name) &&
		  json_put_text(o, "release", step->release) &&
		  json_put_text(o, "after", step->after) &&
		  json_put_text(o, "event", family_event_name(step->event)) &&
		  json_put(o, "symbols", texts(step->symbols)) &&
		  put_texts(o, "became", step->became) && put_texts(o, "arch", step->arch) &&
		  json_put_text(o, "commit", step->commit) &&
		  json_put_text(o, "note", step->note) &&
		  json_put(o, "verified", json_boolean(step->verified));

	if (step->cls != KSA_CLASS_UNKNOWN)
		ok = ok && json_put_text(o, "class", ksa_class_name(step->cls));
	if (step->event == FAMILY_NAMESPACE)
		ok = ok && json_put(o, "namespace", json_text(step->ns));
	return json_finish(o, ok);
}

static json_t *family_json(const struct ksa_family *family)
{
	json_t *o = json_object();
	bool ok = o && json_put_text(o, "name", family->name) &&
		  json_put_text(o, "title", family->title) &&
		  json_put_text(o, "rationale", family->rationale) &&
		  json_put(o, "references", texts(family->references));

	return json_finish(o, ok);
}

static json_t *image_users(const struct ksa_export *e)
{
	json_t *array = json_array();
	bool ok = array != NULL;

	for (uint32_t i = 0; i < e->image_user_count && ok; i++)
		ok = json_array_append_new(array, json_text(e->image_users[i])) == 0;
	return json_finish(array, ok);
}

static json_t *export_json(const struct ksa_kernel *kernel, const struct ksa_export *e)
{
	json_t *o = json_object(), *users = json_array();
	char crc[9];
	bool ok = o && users && json_put_text(o, "class", ksa_class_name((enum ksa_class)e->cls)) &&
		  json_put_text(o, "owner", e->owner) &&
		  ((e->ns_known && !e->ns) ||
		   json_put(o, "namespace", json_text(e->ns_known ? e->ns : NULL)));

	snprintf(crc, sizeof(crc), "%08x", e->crc);
	if (e->has_crc)
		ok = ok && json_put_text(o, "crc", crc);
	ok = ok && json_put_prototype(o, e);
	for (uint32_t i = 0; i < e->importer_count && ok; i++)
		ok = json_array_append_new(users,
					   json_text(kernel->modules[e->importers[i]].name)) == 0;
	if (kernel->has_imports)
		ok = ok && json_put(o, "users", json_incref(users));
	json_decref(users);
	if (e->image_user_count)
		ok = ok && json_put(o, "vmlinux", image_users(e));
	return json_finish(o, ok);
}

static json_t *place_json(const struct explain_page *page, size_t k,
			  const struct explain_place *place)
{
	json_t *o = json_object(), *exports = json_array();
	bool ok = o && exports && json_put(o, "kernel", json_integer((json_int_t)k));

	for (size_t i = 0; i < place->count && ok; i++)
		ok = json_array_append_new(exports,
					   export_json(page->kernels[k], &place->items[i])) == 0;
	ok = ok && json_put(o, "exports", json_incref(exports));
	json_decref(exports);
	if (place->expected)
		ok = ok && json_put(o, "expected", class_json(place->expected));
	return json_finish(o, ok);
}

static json_t *symbol_json(const struct explain_page *page, const struct explain_symbol *symbol)
{
	json_t *o = json_object(), *places = json_array();
	bool ok = o && places && json_put_text(o, "symbol", symbol->name);

	for (size_t k = 0; k < page->kernel_count && ok; k++)
		ok = json_array_append_new(places, place_json(page, k, &symbol->places[k])) == 0;
	ok = ok && json_put(o, "places", json_incref(places));
	json_decref(places);
	return json_finish(o, ok);
}

static json_t *license_json(const struct explain_page *page)
{
	json_t *o = json_object();
	bool ok = o && json_put(o, "accepted", json_boolean(!page->rule)) &&
		  json_put_text(o, "nearest", page->license_nearest) &&
		  json_put_text(o, "meaning", page->license_meaning) &&
		  json_put(o, "strings", texts(license_accepted));

	return json_finish(o, ok);
}

static void write_symbols(struct json_writer *w, const struct explain_page *page)
{
	json_write_array(w, "kernels");
	for (size_t k = 0; k < page->kernel_count; k++)
		json_write_item(w, json_kernel(page->kernels[k]));
	json_write_array_end(w);
	json_write_array(w, "families");
	for (size_t i = 0; i < page->family_count; i++)
		json_write_item(w, family_json(page->families[i]));
	json_write_array_end(w);
	json_write_array(w, "lineage");
	for (size_t i = 0; i < page->step_count; i++)
		json_write_item(w, step_json(&page->steps[i]));
	json_write_array_end(w);
	json_write_array(w, "symbols");
	for (size_t i = 0; i < page->symbol_count; i++)
		json_write_item(w, symbol_json(page, &page->symbols[i]));
	json_write_array_end(w);
}

int write_explain_json(const struct explain_page *page, FILE *out, struct ksa_error *err)
{
	struct json_writer w;

	json_write_begin(&w, out, "explain", err);
	json_write_value(&w, "kind", json_text(explain_kind_name(page->kind)));
	json_write_value(&w, "name", json_text(page->name));
	if (page->rule)
		json_write_value(&w, "rule", rule_json(page->rule));
	if (page->kind == EXPLAIN_LICENSE)
		json_write_value(&w, "license", license_json(page));
	if (page->kind == EXPLAIN_SYMBOL || page->kind == EXPLAIN_FAMILY)
		write_symbols(&w, page);
	if (page->events)
		write_history_members(&w, page->events);
	json_write_array(&w, "findings");
	json_write_array_end(&w);
	json_write_array(&w, "notices");
	for (size_t k = 0; k < page->kernel_count; k++)
		for (size_t i = 0; i < page->kernels[k]->notice_count; i++)
			json_write_item(&w, json_text(page->kernels[k]->notices[i]));
	for (size_t i = 0; page->events && i < page->events->history->notice_count; i++)
		json_write_item(&w, json_text(page->events->history->notices[i]));
	json_write_array_end(&w);
	return json_write_end(&w);
}
