// SPDX-License-Identifier: GPL-2.0-or-later
#include "write/wrappers.h"

#include "write/json/json.h"

static void add_target(struct json_writer *w, const struct wrapper_target *t)
{
	json_begin_object(w, NULL);
	json_add_text(w, "symbol", t->name);
	json_add_text(w, "owner", t->export_ ? t->export_->owner : NULL);
	json_add_nonzero(w, "calls", t->calls);
	if (t->via_count)
		json_add_texts(w, "via", t->via, t->via_count);
	json_end(w);
}

static void add_wrapper(struct json_writer *w, const struct wrapper *wrapper)
{
	json_begin_object(w, NULL);
	json_add_text(w, "symbol", wrapper->export_->name);
	json_add_text(w, "owner", wrapper->export_->owner);
	json_add_bool(w, "thin", wrapper->is_thin);
	json_add_number(w, "functions", wrapper->functions);
	if (wrapper->calls) {
		json_add_number(w, "calls", wrapper->calls);
		json_add_number(w, "indirect", wrapper->indirect);
	}
	json_begin_array(w, "gpl_only");
	for (uint32_t i = 0; i < wrapper->target_count; i++)
		add_target(w, &wrapper->targets[i]);
	json_end(w);
	json_end(w);
}

int write_wrappers_json(const struct wrappers *wrappers, FILE *out, struct ksa_error *err)
{
	const struct ksa_kernel *kernel = wrappers->kernel;
	struct json_writer w;

	json_write_begin(&w, out, "wrappers", err);
	json_add_kernel(&w, "kernel", kernel);
	json_add_flag(&w, "filtered", wrappers->filtered);
	json_add_number(&w, "depth", wrappers->depth);
	json_add_bool(&w, "helpers", wrappers->with_helpers);
	json_begin_object(&w, "summary");
	json_add_number(&w, "plain", wrappers->plain);
	json_add_number(&w, "seen", wrappers->seen);
	json_add_number(&w, "direct", wrappers->direct);
	json_add_nonzero(&w, "unknown", wrappers->unknown);
	json_add_number(&w, "thin", wrappers->thin);
	json_end(&w);
	json_no_findings(&w);
	json_begin_array(&w, "notices");
	json_add_items(&w, kernel->notices, kernel->notice_count);
	json_add_items(&w, wrappers->notices, wrappers->notice_count);
	json_end(&w);
	json_begin_array(&w, "wrappers");
	for (size_t i = 0; i < wrappers->count && !w.status; i++)
		add_wrapper(&w, &wrappers->items[i]);
	json_end(&w);
	return json_write_end(&w);
}
