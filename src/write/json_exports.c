// SPDX-License-Identifier: GPL-2.0-or-later
#include "write/exports.h"

#include <string.h>

#include "write/json.h"

static const char *const tristate_names[] = {
	[TRI_UNKNOWN] = "unknown", [TRI_NO] = "no", [TRI_YES] = "yes"};

/*
 * What the kernel was read from. A snapshot is left out: what that was made from is there, and the
 * same snapshot written again must be the same.
 */
static json_t *sources_json(const struct ksa_kernel *kernel)
{
	json_t *sources = json_array();
	bool ok = sources != NULL;

	for (size_t i = 0; i < kernel->source_count && ok; i++) {
		const struct kernel_source *source = &kernel->sources[i];
		json_t *object;

		if (source->kind == SOURCE_SNAPSHOT)
			continue;
		object = json_object();
		ok = object && json_put_text(object, "name", source->name) &&
		     json_put_text(object, "kind", source_kind_name(source->kind)) &&
		     json_put(object, "exports", json_integer((json_int_t)source->exports));
		object = json_finish(object, ok);
		ok = ok && json_array_append_new(sources, object) == 0;
	}
	return json_finish(sources, ok);
}

static json_t *kernel_json(const struct export_view *view)
{
	const struct ksa_kernel *kernel = view->kernel;
	json_t *object = json_object();
	bool ok = object && json_put_text(object, "release", kernel->release) &&
		  json_put_text(object, "arch", kernel->arch) &&
		  json_put_text(object, "vermagic", kernel->vermagic) &&
		  json_put_text(object, "reserves", tristate_names[kernel->reserves]) &&
		  json_put_text(object, "forces", tristate_names[kernel->forces]) &&
		  json_put(object, "image", json_boolean(kernel->has_image)) &&
		  json_put(object, "modules", json_boolean(kernel->has_modules)) &&
		  json_put(object, "imports", json_boolean(kernel->has_imports)) &&
		  (!kernel->has_image_wraps || json_put(object, "image_wrappers", json_true())) &&
		  (!kernel->has_module_wraps || json_put(object, "module_wrappers", json_true())) &&
		  (!view->filtered || json_put(object, "filtered", json_true())) &&
		  json_put(object, "sources", sources_json(kernel));

	return json_finish(object, ok);
}

/* Written only where it differs from the kernel's, or from none for a built-in one: see the reader.
 */
static bool put_vermagic(json_t *object, const struct kernel_module *m, const char *kernels)
{
	const char *expected = m->builtin ? NULL : kernels;

	if (m->vermagic == expected ||
	    (m->vermagic && expected && strcmp(m->vermagic, expected) == 0))
		return true;
	return json_put(object, "vermagic", json_text(m->vermagic));
}

static json_t *module_json(const struct kernel_module *m, const char *vermagic)
{
	json_t *object = json_object();
	bool ok = object && json_put_text(object, "name", m->name) &&
		  json_put_text(object, "license", m->license) &&
		  put_vermagic(object, m, vermagic) &&
		  (m->in_tree || json_put(object, "out_of_tree", json_true())) &&
		  (!m->builtin || json_put(object, "builtin", json_true()));

	return json_finish(object, ok);
}

static json_t *importers_json(const struct ksa_export *e)
{
	json_t *array = json_array();
	bool ok = array != NULL;

	for (uint32_t i = 0; i < e->importer_count && ok; i++)
		ok = json_array_append_new(array, json_integer(e->importers[i])) == 0;
	return json_finish(array, ok);
}

static bool put_crc(json_t *object, const struct ksa_export *e)
{
	char text[9];

	if (!e->has_crc)
		return true;
	snprintf(text, sizeof(text), "%08x", e->crc);
	return json_put_text(object, "crc", text);
}

static json_t *export_json(const struct ksa_export *e, bool imports, bool prototypes)
{
	json_t *object = json_object();
	bool ok = object && json_put_text(object, "symbol", e->name) &&
		  json_put_text(object, "class", ksa_class_name((enum ksa_class)e->cls)) &&
		  json_put_text(object, "owner", e->owner) &&
		  ((e->ns_known && !e->ns) ||
		   json_put(object, "namespace", json_text(e->ns_known ? e->ns : NULL))) &&
		  put_crc(object, e) &&
		  (e->kind == KSA_KIND_UNKNOWN ||
		   json_put_text(object, "kind", ksa_kind_name((enum ksa_kind)e->kind))) &&
		  (!(e->kflags & ~1u) || json_put(object, "flags", json_integer(e->kflags))) &&
		  (!imports || json_put(object, "importers", importers_json(e))) &&
		  (!e->wrap_count ||
		   json_put(object, "wraps", json_strings(e->wraps, e->wrap_count))) &&
		  (!prototypes || json_put_prototype(object, e));

	return json_finish(object, ok);
}

int write_exports_json(const struct export_view *view, FILE *out, struct ksa_error *err)
{
	const struct ksa_kernel *kernel = view->kernel;
	struct json_writer w;

	json_write_begin(&w, out, "exports", err);
	json_write_value(&w, "kernel", kernel_json(view));
	json_write_array(&w, "findings");
	json_write_array_end(&w);
	json_write_array(&w, "notices");
	for (size_t i = 0; i < kernel->notice_count; i++)
		json_write_item(&w, json_text(kernel->notices[i]));
	json_write_array_end(&w);
	json_write_array(&w, "modules");
	for (size_t i = 0; i < kernel->module_count && !w.status; i++)
		json_write_item(&w, module_json(&kernel->modules[i], kernel->vermagic));
	json_write_array_end(&w);
	json_write_array(&w, "exports");
	for (size_t i = 0; i < view->count && !w.status; i++)
		json_write_item(&w,
				export_json(view->items[i], kernel->has_imports, view->prototypes));
	json_write_array_end(&w);
	return json_write_end(&w);
}
