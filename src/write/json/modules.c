// SPDX-License-Identifier: GPL-2.0-or-later
#include "write/modules.h"

#include "write/json/json.h"

static void add_loaded(struct json_writer *w, const struct inventory_loaded *loaded)
{
	if (!loaded)
		return;
	json_begin_object(w, "loaded");
	json_add_number(w, "size", loaded->size);
	if (loaded->has_references)
		json_add_number(w, "references", loaded->references);
	json_add_text(w, "state", loaded->state);
	json_add_text(w, "taints", loaded->taints);
	json_end(w);
}

/* What it was built from, by license. */
static void add_sources(struct json_writer *w, const struct inventory_item *item)
{
	if (!item->sources)
		return;
	json_begin_array(w, "built_from");
	for (size_t i = 0; i < item->source_license_count; i++) {
		const struct inventory_source_license *l = &item->sources[i];

		json_begin_object(w, NULL);
		json_add_text(w, "license", l->license);
		json_add_texts(w, "files", l->files, l->file_count);
		json_add_number(w, "headers", l->headers);
		json_end(w);
	}
	json_end(w);
}

static void add_exports(struct json_writer *w, const struct inventory_exports *n)
{
	json_begin_object(w, "exports");
	json_add_number(w, "plain", n->plain);
	json_add_number(w, "gpl", n->gpl);
	json_add_number(w, "reserved", n->reserved);
	json_add_number(w, "other", n->other);
	json_end(w);
}

/* By class, if a kernel told. */
static void add_imports(struct json_writer *w, const struct inventory *inventory,
			const struct inventory_item *item)
{
	const struct inventory_imports *n = &item->imports;

	json_begin_object(w, "imports");
	json_add_number(w, "all", n->all);
	if (inventory->kernel) {
		json_add_number(w, "plain", n->plain);
		json_add_number(w, "gpl", n->gpl);
		json_add_number(w, "reserved", n->reserved);
		json_add_number(w, "other", n->other);
		json_add_number(w, "unknown", n->unknown);
		json_add_number(w, "missing", n->missing);
		json_add_texts(w, "gpl_only", item->gpl_only.items, item->gpl_only.count);
		json_add_texts(w, "reserved_for", item->reserved.items, item->reserved.count);
	}
	json_end(w);
}

static void add_item(struct json_writer *w, const struct inventory *inventory,
		     const struct inventory_item *item)
{
	const struct ksa_module *m = item->module;

	json_begin_object(w, NULL);
	json_add_text(w, "name", m->name);
	json_add_text(w, "path", item->path);
	json_add_number(w, "source", item->source);
	json_add_text(w, "sha256", m->sha256);
	json_add_flag(w, "builtin", m->builtin);
	json_add_text(w, "arch", *m->arch ? m->arch : NULL);
	json_add_text(w, "version", m->version);
	json_add_text(w, "srcversion", m->srcversion);
	json_add_text(w, "vermagic", m->vermagic);
	json_add_texts(w, "licenses", m->licenses.items, m->licenses.count);
	json_add_number(w, "license", item->license);
	json_add_bool(w, "in_tree", m->in_tree);
	if (!m->builtin)
		json_add_bool(w, "signed", m->is_signed);
	json_add_text(w, "signer", m->loading.signer);
	json_add_text(w, "signature_hash", m->loading.signature_hash);
	json_add_text(w, "signature_key", m->loading.signature_key);
	json_add_text(w, "taints", item->taints);
	json_add_texts(w, "depends", m->depends.items, m->depends.count);
	json_add_texts(w, "import_ns", m->import_ns.items, m->import_ns.count);
	if (!m->builtin) {
		add_exports(w, &item->exports);
		add_imports(w, inventory, item);
	}
	add_sources(w, item);
	add_loaded(w, item->loaded);
	json_end(w);
}

static void add_license(struct json_writer *w, const struct inventory_license *license)
{
	json_begin_object(w, NULL);
	json_add_texts(w, "strings", license->strings, license->count);
	json_add_number(w, "modules", license->modules);
	json_add_bool(w, "compatible_at_build", license->at_build);
	json_add_bool(w, "compatible_at_load", license->at_load);
	json_add_text(w, "spdx", license->spdx ? license->spdx : "NOASSERTION");
	json_end(w);
}

static void add_summary(struct json_writer *w, const struct inventory *inventory)
{
	json_begin_object(w, "summary");
	json_add_number(w, "modules", inventory->count);
	json_add_number(w, "builtin", inventory->builtin);
	json_add_number(w, "in_tree", inventory->in_tree);
	json_add_number(w, "signed", inventory->signed_);
	json_add_number(w, "not_read", inventory->gap_count);
	json_end(w);
}

static void add_findings(struct json_writer *w, const struct ksa_report *found)
{
	json_begin_array(w, "findings");
	for (size_t i = 0; i < found->finding_count && !w->status; i++) {
		const struct ksa_finding *f = &found->findings[i];

		json_begin_finding(w, f);
		json_add_text(w, "path", f->path);
		json_add_nonzero(w, "line", f->line);
		json_end_finding(w, f);
	}
	json_end(w);
}

static void add_source(struct json_writer *w, const struct source_licenses *licenses)
{
	json_begin_object(w, NULL);
	json_add_text(w, "path", licenses->root);
	json_add_number(w, "files", licenses->files);
	json_add_number(w, "tagged", licenses->tagged);
	json_add_text(w, "text", licenses->text);
	json_add_text(w, "text_license", licenses->text_license);
	json_begin_array(w, "licenses");
	for (size_t i = 0; i < licenses->count && !w->status; i++) {
		const struct source_license *file = &licenses->items[i];

		json_begin_object(w, NULL);
		json_add_text(w, "path", file->path);
		json_add_number(w, "line", file->line);
		json_add_text(w, "license", file->license);
		json_add_text(w, "tag", file->tag);
		json_add_flag(w, "macro", file->is_macro);
		json_add_flag(w, "several", file->several);
		json_end(w);
	}
	json_end(w);
	json_end(w);
}

int write_modules_json(const struct inventory *inventory,
		       const struct source_license_report *source, FILE *out, struct ksa_error *err)
{
	struct json_writer w;

	json_write_begin(&w, out, "modules", err);
	if (inventory->kernel)
		json_add_kernel(&w, "kernel", inventory->kernel);
	json_add_flag(&w, "loaded", inventory->is_loaded);
	json_begin_array(&w, "sources");
	for (size_t i = 0; i < inventory->source_count; i++) {
		json_begin_object(&w, NULL);
		json_add_text(&w, "path", inventory->sources[i].path);
		json_add_number(&w, "modules", inventory->sources[i].files);
		json_add_number(&w, "builtin", inventory->sources[i].builtin);
		json_end(&w);
	}
	json_end(&w);
	add_summary(&w, inventory);
	add_findings(&w, source->found);
	json_begin_array(&w, "notices");
	json_add_items(&w, inventory->notices, inventory->notice_count);
	json_add_items(&w, source->found->notices, source->found->notice_count);
	json_end(&w);
	json_begin_array(&w, "not_read");
	for (size_t i = 0; i < inventory->gap_count; i++) {
		json_begin_object(&w, NULL);
		json_add_text(&w, "path", inventory->gaps[i].path);
		json_add_text(&w, "why", inventory->gaps[i].why);
		json_end(&w);
	}
	json_end(&w);
	if (source->count) {
		json_begin_array(&w, "source_licenses");
		for (size_t i = 0; i < source->count; i++)
			add_source(&w, &source->items[i]);
		json_end(&w);
	}
	json_begin_array(&w, "licenses");
	for (size_t i = 0; i < inventory->license_count; i++)
		add_license(&w, &inventory->licenses[i]);
	json_end(&w);
	json_begin_array(&w, "modules");
	for (size_t i = 0; i < inventory->count && !w.status; i++)
		add_item(&w, inventory, &inventory->items[i]);
	json_end(&w);
	return json_write_end(&w);
}
