// SPDX-License-Identifier: GPL-2.0-or-later
#include "write/wrappers.h"

#include "write/json.h"

static json_t *target_json(const struct wrapper_target *t)
{
	json_t *object = json_object();
	bool ok = object && json_put_text(object, "symbol", t->name) &&
		  json_put_text(object, "owner", t->export_ ? t->export_->owner : NULL) &&
		  (!t->calls || json_put(object, "calls", json_integer(t->calls))) &&
		  (!t->via_count || json_put(object, "via", json_strings(t->via, t->via_count)));

	return json_finish(object, ok);
}

static json_t *targets_json(const struct wrapper *w)
{
	json_t *array = json_array();
	bool ok = array != NULL;

	for (uint32_t i = 0; i < w->target_count && ok; i++)
		ok = json_array_append_new(array, target_json(&w->targets[i])) == 0;
	return json_finish(array, ok);
}

static json_t *wrapper_json(const struct wrapper *w)
{
	json_t *object = json_object();
	bool ok = object && json_put_text(object, "symbol", w->export_->name) &&
		  json_put_text(object, "owner", w->export_->owner) &&
		  json_put(object, "thin", json_boolean(w->is_thin)) &&
		  json_put(object, "functions", json_integer(w->functions)) &&
		  (!w->calls || json_put(object, "calls", json_integer(w->calls))) &&
		  (!w->calls || json_put(object, "indirect", json_integer(w->indirect))) &&
		  json_put(object, "gpl_only", targets_json(w));

	return json_finish(object, ok);
}

static json_t *summary_json(const struct wrappers *w)
{
	json_t *object = json_object();
	bool ok = object && json_put(object, "plain", json_integer((json_int_t)w->plain)) &&
		  json_put(object, "seen", json_integer((json_int_t)w->seen)) &&
		  json_put(object, "direct", json_integer((json_int_t)w->direct)) &&
		  json_put(object, "thin", json_integer((json_int_t)w->thin));

	return json_finish(object, ok);
}

int write_wrappers_json(const struct wrappers *wrappers, FILE *out, struct ksa_error *err)
{
	const struct ksa_kernel *kernel = wrappers->kernel;
	struct json_writer w;

	json_write_begin(&w, out, "wrappers", err);
	json_write_value(&w, "kernel", json_kernel(kernel));
	if (wrappers->filtered)
		json_write_value(&w, "filtered", json_true());
	json_write_value(&w, "depth", json_integer(wrappers->depth));
	json_write_value(&w, "helpers", json_boolean(wrappers->with_helpers));
	json_write_value(&w, "summary", summary_json(wrappers));
	json_write_array(&w, "findings");
	json_write_array_end(&w);
	json_write_array(&w, "notices");
	for (size_t i = 0; i < kernel->notice_count; i++)
		json_write_item(&w, json_text(kernel->notices[i]));
	for (size_t i = 0; i < wrappers->notice_count; i++)
		json_write_item(&w, json_text(wrappers->notices[i]));
	json_write_array_end(&w);
	json_write_array(&w, "wrappers");
	for (size_t i = 0; i < wrappers->count && !w.status; i++)
		json_write_item(&w, wrapper_json(&wrappers->items[i]));
	json_write_array_end(&w);
	return json_write_end(&w);
}
