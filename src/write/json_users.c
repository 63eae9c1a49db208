// SPDX-License-Identifier: GPL-2.0-or-later
#include "write/users.h"

#include <string.h>

#include "write/json.h"

/* What the users are: of sources, files. */
static const char *users_key(const struct ksa_kernel *kernel)
{
	return kernel->from_source ? "files" : "modules";
}

static json_t *modules_json(const struct ksa_kernel *kernel, const struct users_item *item)
{
	json_t *array = json_array();
	bool ok = array != NULL;

	for (uint32_t i = 0; i < item->module_count && ok; i++)
		ok = json_array_append_new(array,
					   json_text(kernel->modules[item->modules[i]].name)) == 0;
	return json_finish(array, ok);
}

static json_t *export_json(const struct ksa_kernel *kernel, const struct users_item *item)
{
	const struct ksa_export *e = item->export_;
	bool image = kernel->image_uses != USES_UNKNOWN && strcmp(e->owner, "vmlinux") == 0;
	json_t *object = json_object();
	bool ok = object && json_put_text(object, "symbol", e->name) &&
		  json_put_text(object, "class", ksa_class_name((enum ksa_class)e->cls)) &&
		  json_put_text(object, "owner", e->owner) &&
		  json_put(object, users_key(kernel), modules_json(kernel, item)) &&
		  (!image ||
		   json_put(object, "vmlinux", json_strings(e->image_users, e->image_user_count)));

	return json_finish(object, ok);
}

static bool put_count(json_t *object, const char *key, size_t n)
{
	return json_put(object, key, json_integer((json_int_t)n));
}

static json_t *count_json(const struct users *u, const struct users_count *n, const char *family)
{
	json_t *object = json_object();
	bool ok = object && json_put_text(object, "family", family) &&
		  put_count(object, "exports", n->exports) &&
		  put_count(object, "plain", n->plain) && put_count(object, "used", n->used) &&
		  (u->kernel->image_uses == USES_UNKNOWN ||
		   put_count(object, "vmlinux_only", n->in_image)) &&
		  put_count(object, "unused", n->unused) &&
		  put_count(object, users_key(u->kernel), n->modules);

	return json_finish(object, ok);
}

int write_users_json(const struct users *users, FILE *out, struct ksa_error *err)
{
	static const char *const uses[] = {
		[USES_UNKNOWN] = "unknown", [USES_CALLS] = "calls", [USES_ALL] = "all"};
	const struct ksa_kernel *kernel = users->kernel;
	struct json_writer w;

	json_write_begin(&w, out, "users", err);
	json_write_value(&w, "kernel", json_kernel(kernel));
	if (users->old)
		json_write_value(&w, "old", json_kernel(users->old));
	if (users->filtered)
		json_write_value(&w, "filtered", json_true());
	json_write_value(&w, "vmlinux", json_text(uses[kernel->image_uses]));
	json_write_value(&w, "summary", count_json(users, &users->total, NULL));
	json_write_array(&w, "findings");
	json_write_array_end(&w);
	json_write_array(&w, "notices");
	for (size_t i = 0; i < kernel->notice_count; i++)
		json_write_item(&w, json_text(kernel->notices[i]));
	if (users->notice)
		json_write_item(&w, json_text(users->notice));
	json_write_array_end(&w);
	if (users->by_family) {
		json_write_array(&w, "families");
		for (size_t i = 0; i < users->family_count && !w.status; i++)
			json_write_item(&w, count_json(users, &users->families[i].count,
						       users->families[i].family->name));
		json_write_array_end(&w);
	}
	json_write_array(&w, "exports");
	for (size_t i = 0; i < users->count && !w.status; i++)
		json_write_item(&w, export_json(kernel, &users->items[i]));
	json_write_array_end(&w);
	return json_write_end(&w);
}
