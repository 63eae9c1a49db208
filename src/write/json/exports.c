// SPDX-License-Identifier: GPL-2.0-or-later
#include "write/exports.h"

#include <string.h>

#include "model/declared.h"
#include "write/json/json.h"
#include "write/text/text.h"

static const char *const tristate_names[] = {
	[TRI_UNKNOWN] = "unknown", [TRI_NO] = "no", [TRI_YES] = "yes"};

/*
 * What the kernel was read from. A snapshot is left out: what that was made from is there, and the
 * same snapshot written again must be the same.
 */
static void add_sources(struct json_writer *w, const struct ksa_kernel *kernel)
{
	json_begin_array(w, "sources");
	for (size_t i = 0; i < kernel->source_count; i++) {
		const struct kernel_source *source = &kernel->sources[i];

		if (source->kind == SOURCE_SNAPSHOT)
			continue;
		json_begin_object(w, NULL);
		json_add_text(w, "name", source->name);
		json_add_text(w, "kind", source_kind_name(source->kind));
		json_add_number(w, "exports", source->exports);
		json_end(w);
	}
	json_end(w);
}

static void add_gaps(struct json_writer *w, const struct ksa_kernel *kernel)
{
	json_begin_array(w, "incomplete");
	for (size_t i = 0; i < kernel->gap_count; i++) {
		json_begin_object(w, NULL);
		json_add_text(w, "module", kernel->gaps[i].module);
		json_add_text(w, "why", kernel->gaps[i].why);
		json_end(w);
	}
	json_end(w);
}

/* Only what is known: other snapshots are as they were. */
static void add_loading(struct json_writer *w, const struct kernel_loading *l)
{
	const struct {
		const char *name;
		enum kernel_tristate fact;
	} facts[] = {
		{"checks_struct", l->checks_struct},
		{"reads_types", l->reads_types},
		{"allows_other_types", l->allows_other_types},
		{"forces_signatures", l->forces_signatures},
		{"takes_livepatch", l->takes_livepatch},
	};
	bool known = l->struct_size || l->type_strings || l->signature_key;

	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
		known = known || facts[i].fact != TRI_UNKNOWN;
	if (!known)
		return;
	json_begin_object(w, "loading");
	if (l->struct_size)
		json_add_number(w, "struct_size", l->struct_size);
	if (l->type_strings)
		json_add_number(w, "type_strings", l->type_strings);
	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
		if (facts[i].fact != TRI_UNKNOWN)
			json_add_text(w, facts[i].name, tristate_names[facts[i].fact]);
	if (l->signature_key)
		json_add_text(w, "signature_key", l->signature_key);
	json_end(w);
}

static void add_kernel(struct json_writer *w, const struct export_view *view)
{
	const struct ksa_kernel *kernel = view->kernel;

	json_begin_object(w, "kernel");
	json_add_text(w, "release", kernel->release);
	json_add_text(w, "arch", kernel->arch);
	json_add_text(w, "vermagic", kernel->vermagic);
	json_add_text(w, "reserves", tristate_names[kernel->reserves]);
	json_add_text(w, "forces", tristate_names[kernel->forces]);
	add_loading(w, &kernel->loading);
	json_add_bool(w, "image", kernel->has_image);
	json_add_bool(w, "modules", kernel->has_modules);
	json_add_bool(w, "imports", kernel->has_imports);
	json_add_flag(w, "promised", kernel->promised);
	json_add_flag(w, "image_wrappers", kernel->has_image_wraps);
	json_add_flag(w, "module_wrappers", kernel->has_module_wraps);
	add_gaps(w, kernel);
	json_add_flag(w, "filtered", view->filtered);
	add_sources(w, kernel);
	json_end(w);
}

static void add_module(struct json_writer *w, const struct kernel_module *m, const char *vermagic)
{
	json_begin_object(w, NULL);
	json_add_text(w, "name", m->name);
	json_add_text(w, "license", m->license);
	/* Only where it differs from the kernel's, or from none for a built-in one: see the reader.
	 */
	if (!text_is_same(m->vermagic, m->builtin ? NULL : vermagic))
		json_add_nullable(w, "vermagic", m->vermagic);
	json_add_flag(w, "out_of_tree", !m->in_tree);
	json_add_flag(w, "builtin", m->builtin);
	json_end(w);
}

static void add_helper(struct json_writer *w, const struct helpers *helpers,
		       const struct helper *helper)
{
	json_begin_object(w, NULL);
	json_add_text(w, "name", helper_text(helpers, helper));
	json_add_text(w, "kind", helper_kind_names[helper->kind]);
	json_add_flag(w, "maybe", helper->maybe);
	json_begin_array(w, "names");
	for (uint32_t i = 0; i < helper->count; i++)
		json_add_text(w, NULL, helpers->names[helpers->refs[helper->first + i]].text);
	json_end(w);
	json_end(w);
}

/* What the configuration sets; a name that is not here is not set. */
static void add_options(struct json_writer *w, const struct helpers *helpers)
{
	json_begin_array(w, "options");
	for (size_t i = 0; i < helpers->name_count && !w->status; i++)
		if (helpers->names[i].declared & DECLARED_OPTION)
			json_add_text(w, NULL, helpers->names[i].text);
	json_end(w);
}

/* All in one line: in shipped snapshots it becomes a file of its own. */
static void add_headers(struct json_writer *w, const struct ksa_kernel *kernel)
{
	const struct helpers *h = kernel->helpers;

	json_begin_object(w, "headers");
	json_add_text(w, "release", kernel->release);
	json_add_text(w, "basis", h->basis);
	json_add_text(w, "arch", h->arch);
	json_add_bool(w, "configuration", h->has_configuration);
	json_begin_array(w, "helpers");
	for (size_t i = 0; i < h->count && !w->status; i++)
		if (!h->items[i].bare)
			add_helper(w, h, &h->items[i]);
	json_end(w);
	json_begin_array(w, "others");
	for (size_t i = 0; i < h->count && !w->status; i++)
		if (h->items[i].bare)
			json_add_text(w, NULL, helper_text(h, &h->items[i]));
	json_end(w);
	if (h->has_options)
		add_options(w, h);
	json_end(w);
}

static int add_line(void *ctx, const char *line)
{
	struct json_writer *w = ctx;

	json_add_text(w, NULL, line);
	return w->status;
}

/* Likewise: of those that headers declare. */
static void add_types(struct json_writer *w, const struct ksa_kernel *kernel)
{
	json_begin_object(w, "types");
	json_add_text(w, "release", kernel->release);
	json_begin_array(w, "declarations");
	if (!w->status)
		w->status = ctypes_each_line(kernel->types, add_line, w, w->err);
	json_end(w);
	json_end(w);
}

static void add_export(struct json_writer *w, const struct ksa_export *e, bool imports,
		       bool prototypes)
{
	json_begin_object(w, NULL);
	json_add_text(w, "symbol", e->name);
	json_add_export(w, e);
	if (e->kind != KSA_KIND_UNKNOWN)
		json_add_text(w, "kind", ksa_kind_name((enum ksa_kind)e->kind));
	if (e->kflags & ~1u)
		json_add_number(w, "flags", e->kflags);
	if (imports) {
		json_begin_array(w, "importers");
		for (uint32_t i = 0; i < e->importer_count; i++)
			json_add_number(w, NULL, e->importers[i]);
		json_end(w);
	}
	if (e->wrap_count)
		json_add_texts(w, "wraps", e->wraps, e->wrap_count);
	if (prototypes)
		json_add_prototype(w, e);
	json_end(w);
}

/* Likewise: a line a header. */
static void add_declared(struct json_writer *w, const struct ksa_kernel *kernel)
{
	const struct declared *declared = kernel->helpers->declared;

	json_begin_object(w, "declared");
	json_add_text(w, "release", kernel->release);
	json_add_text(w, "arch", declared->arch);
	json_begin_array(w, "headers");
	if (!w->status)
		w->status = declared_each_line(declared, add_line, w, w->err);
	json_end(w);
	json_end(w);
}

int write_exports_json(const struct export_view *view, FILE *out, struct ksa_error *err)
{
	const struct ksa_kernel *kernel = view->kernel;
	struct json_writer w;

	json_write_begin(&w, out, "exports", err);
	add_kernel(&w, view);
	json_no_findings(&w);
	json_add_texts(&w, "notices", kernel->notices, kernel->notice_count);
	if (kernel->helpers && !view->filtered)
		add_headers(&w, kernel);
	if (kernel->types && kernel->helpers && !view->filtered)
		add_types(&w, kernel);
	if (kernel->helpers && kernel->helpers->declared && !view->filtered)
		add_declared(&w, kernel);
	json_begin_array(&w, "modules");
	for (size_t i = 0; i < kernel->module_count && !w.status; i++)
		add_module(&w, &kernel->modules[i], kernel->vermagic);
	json_end(&w);
	json_begin_array(&w, "exports");
	for (size_t i = 0; i < view->count && !w.status; i++)
		add_export(&w, view->items[i], kernel->has_imports, view->prototypes);
	json_end(&w);
	return json_write_end(&w);
}
