// SPDX-License-Identifier: GPL-2.0-or-later
#include "write/users.h"

#include <string.h>

#include "write/json/json.h"

/* What the users are: of sources, files. */
static const char *users_key(const struct ksa_kernel *kernel)
{
	return kernel->from_source ? "files" : "modules";
}

static void add_export(struct json_writer *w, const struct ksa_kernel *kernel,
		       const struct users_item *item)
{
	const struct ksa_export *e = item->export_;

	json_begin_object(w, NULL);
	json_add_text(w, "symbol", e->name);
	json_add_text(w, "class", ksa_class_name((enum ksa_class)e->cls));
	json_add_text(w, "owner", e->owner);
	json_begin_array(w, users_key(kernel));
	for (uint32_t i = 0; i < item->module_count; i++)
		json_add_text(w, NULL, kernel->modules[item->modules[i]].name);
	json_end(w);
	if (kernel->image_uses != USES_UNKNOWN && strcmp(e->owner, "vmlinux") == 0)
		json_add_texts(w, "vmlinux", e->image_users, e->image_user_count);
	json_end(w);
}

static void add_count(struct json_writer *w, const char *key, const char *family,
		      const struct users_count *n, const struct ksa_kernel *kernel)
{
	json_begin_object(w, key);
	json_add_text(w, "family", family);
	json_add_number(w, "exports", n->exports);
	json_add_number(w, "plain", n->plain);
	json_add_number(w, "used", n->used);
	if (kernel->image_uses != USES_UNKNOWN)
		json_add_number(w, "vmlinux_only", n->in_image);
	json_add_number(w, "unused", n->unused);
	json_add_number(w, users_key(kernel), n->modules);
	json_end(w);
}

int write_users_json(const struct users *users, FILE *out, struct ksa_error *err)
{
	static const char *const uses[] = {
		[USES_UNKNOWN] = "unknown", [USES_CALLS] = "calls", [USES_ALL] = "all"};
	const struct ksa_kernel *kernel = users->kernel;
	struct json_writer w;

	json_write_begin(&w, out, "users", err);
	json_add_kernel(&w, "kernel", kernel);
	if (users->old)
		json_add_kernel(&w, "old", users->old);
	json_add_flag(&w, "filtered", users->filtered);
	json_add_text(&w, "vmlinux", uses[kernel->image_uses]);
	add_count(&w, "summary", NULL, &users->total, kernel);
	json_no_findings(&w);
	json_begin_array(&w, "notices");
	json_add_items(&w, kernel->notices, kernel->notice_count);
	json_add_text(&w, NULL, users->notice);
	json_end(&w);
	if (users->by_family) {
		json_begin_array(&w, "families");
		for (size_t i = 0; i < users->family_count && !w.status; i++)
			add_count(&w, NULL, users->families[i].family->name,
				  &users->families[i].count, kernel);
		json_end(&w);
	}
	json_begin_array(&w, "exports");
	for (size_t i = 0; i < users->count && !w.status; i++)
		add_export(&w, kernel, &users->items[i]);
	json_end(&w);
	return json_write_end(&w);
}
