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
	if (!e->ns_known || e->ns)
		json_add_nullable(w, "namespace", e->ns);
	json_begin_array(w, users_key(kernel));
	for (uint32_t i = 0; i < item->module_count; i++)
		json_add_text(w, NULL, kernel->modules[item->modules[i]].name);
	json_end(w);
	if (kernel->image_uses != USES_UNKNOWN && strcmp(e->owner, "vmlinux") == 0)
		json_add_texts(w, "vmlinux", e->image_users, e->image_user_count);
	json_end(w);
}

static void add_count(struct json_writer *w, const struct users_count *n,
		      const struct ksa_kernel *kernel)
{
	json_add_number(w, "exports", n->exports);
	json_add_number(w, "plain", n->plain);
	json_add_number(w, "used", n->used);
	if (kernel->image_uses != USES_UNKNOWN) {
		json_add_number(w, "vmlinux", n->in_image + n->in_both);
		json_add_number(w, "vmlinux_only", n->in_image);
	}
	json_add_number(w, "unused", n->unused);
	json_add_number(w, users_key(kernel), n->modules);
}

/* By family or namespace: null where that is not known, absent where there is none. */
static void add_groups(struct json_writer *w, const struct users *users)
{
	const bool family = users->by == BY_FAMILY;

	json_begin_array(w, family ? "families" : "namespaces");
	for (size_t i = 0; i < users->group_count && !w->status; i++) {
		const struct users_group *group = &users->groups[i];

		json_begin_object(w, NULL);
		if (group->unknown || group->name)
			json_add_nullable(w, family ? "family" : "namespace", group->name);
		add_count(w, &group->count, users->kernel);
		json_end(w);
	}
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
	json_begin_object(&w, "summary");
	add_count(&w, &users->total, kernel);
	json_end(&w);
	json_no_findings(&w);
	json_begin_array(&w, "notices");
	json_add_items(&w, kernel->notices, kernel->notice_count);
	json_add_text(&w, NULL, users->notice);
	json_end(&w);
	if (users->by != BY_NOTHING)
		add_groups(&w, users);
	json_begin_array(&w, "exports");
	for (size_t i = 0; i < users->count && !w.status; i++)
		add_export(&w, kernel, &users->items[i]);
	json_end(&w);
	return json_write_end(&w);
}
