// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/debug/prototypes.h"

#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/workers.h"
#include "read/unpack/decompress.h"
#include "read/debug/btf.h"
#include "read/debug/dwarf_declare.h"
#include "read/debug/types.h"

/* True if anybody wants what BTF says. */
static bool wants_btf(const struct ksa_kernel *kernel)
{
	return kernel->want_prototypes || kernel->want_types || kernel->want_type_graph;
}

/* What is missing where BTF cannot be read. */
static const char *missing_word(const struct ksa_kernel *kernel)
{
	if (kernel->want_types || kernel->want_type_graph)
		return kernel->want_prototypes ? "types and prototypes" : "types";
	return "prototypes";
}

/* The types of what is called name; damaged ones are a notice. */
static int take(struct ksa_kernel *kernel, const unsigned char *data, size_t size, const char *name,
		struct ksa_error *err)
{
	struct ksa_error why = {.code = 0};
	int r = btf_info_new(data, size, NULL, name, &kernel->btf, &why);

	if (r == KSA_EFORMAT)
		return kernel_add_notice(kernel, err, "%s: %s (%s are missing)",
					 owner_base_name(name), why.text, missing_word(kernel));
	return r ? ksa_fail_nomem(err) : 0;
}

int prototypes_take_image(struct ksa_kernel *kernel, const struct elf_file *f,
			  struct ksa_error *err)
{
	const struct elf_section *section;

	if (!wants_btf(kernel) || kernel->btf)
		return 0;
	section = elf_section(f, ".BTF");
	if (!section || !section->data)
		return 0;
	return take(kernel, section->data, section->size, f->source, err);
}

int prototypes_take_raw(struct ksa_kernel *kernel, const unsigned char *data, size_t size,
			const char *name, struct ksa_error *err)
{
	size_t offset, length;

	if (!wants_btf(kernel) || kernel->btf || !btf_find(data, size, &offset, &length))
		return 0;
	return take(kernel, data + offset, length, name, err);
}

static int declare_image(struct ksa_kernel *kernel, struct ksa_error *err);

/* Give an export what debug information has of it. */
static int give(struct ksa_export *e, const struct dwarf_declared *d, struct arena *arena,
		struct ksa_error *err)
{
	if (!e->prototype && d->text) {
		e->prototype = arena_strdup(arena, d->text);
		if (!e->prototype)
			return ksa_fail_nomem(err);
	}
	if (!e->source_file && d->file) {
		e->source_file = arena_strdup(arena, d->file);
		e->source_line = d->line;
		if (!e->source_file)
			return ksa_fail_nomem(err);
	}
	if (e->kind == KSA_KIND_UNKNOWN)
		e->kind = d->kind;
	return 0;
}

/* Exports that debug information is asked about. */
struct debug_read {
	const struct elf_file *f;
	struct dwarf_wanted wanted; /* but for the items */
	struct strmap names;
	struct ksa_export *exports; /* as many as wanted.count */
	struct arena *arena; /* theirs */
	struct arena scratch;
	struct ksa_error why; /* what is wrong with it */
};

/* Read it and give the exports what it has of them. What was read before damage is right. */
static int read_debug(struct debug_read *d, struct ksa_error *err)
{
	struct dwarf_wanted *wanted = &d->wanted;
	int r = 0;

	wanted->names = &d->names;
	wanted->arena = &d->scratch;
	wanted->items = arena_calloc(&d->scratch, wanted->count, sizeof(*wanted->items));
	for (size_t i = 0; wanted->items && i < wanted->count; i++)
		wanted->items[i].address = wanted->is_image ? d->exports[i].address : 0;
	if (!wanted->items || dwarf_declare(d->f, wanted, &d->why) == KSA_ENOMEM)
		r = ksa_fail_nomem(err);
	for (size_t i = 0; wanted->items && i < wanted->count && !r; i++)
		r = give(&d->exports[i], &wanted->items[i], d->arena, err);
	if (!r && wanted->root) {
		wanted->root = arena_strdup(d->arena, wanted->root);
		r = wanted->root ? 0 : ksa_fail_nomem(err);
	}
	if (d->why.code == KSA_ENODATA)
		ksa_error_clear(&d->why);
	strmap_release(&d->names);
	arena_release(&d->scratch);
	return r;
}

int prototypes_take_debug(struct ksa_kernel *kernel, const struct elf_file *f,
			  struct ksa_error *err)
{
	struct debug_read d = {.f = f, .exports = kernel->exports, .arena = &kernel->arena};
	int r;

	if (!kernel->want_prototypes)
		return 0;
	r = kernel->btf ? declare_image(kernel, err) : 0;
	if (!r)
		r = kernel_index_image(kernel, &d.names, err);
	if (r) {
		strmap_release(&d.names);
		return r;
	}
	d.wanted.count = kernel->export_count;
	d.wanted.workers = kernel->jobs;
	d.wanted.is_image = true;
	r = read_debug(&d, err);
	if (!r && !kernel->source_root)
		kernel->source_root = d.wanted.root;
	if (!r && d.why.code)
		r = kernel_add_notice(kernel, err,
				      "%s: %s (source lines, or prototypes, are missing)",
				      owner_base_name(f->source), d.why.text);
	return r;
}

int prototypes_take_module(struct ksa_module *module, const struct elf_file *f,
			   struct ksa_error *err)
{
	struct debug_read d = {.f = f, .exports = module->exports, .arena = module->arena};
	int r;

	if (!module->export_count)
		return 0;
	for (uint32_t i = 0; i < module->export_count; i++) {
		uint32_t index = i;

		if (strmap_add(&d.names, module->exports[i].name, &index, NULL) < 0) {
			strmap_release(&d.names);
			return ksa_fail_nomem(err);
		}
	}
	d.wanted.count = module->export_count;
	r = read_debug(&d, err);
	if (!r && d.why.code) {
		module->types_problem = arena_strdup(module->arena, d.why.text);
		r = module->types_problem ? 0 : ksa_fail_nomem(err);
	}
	return r;
}

static const char table_head[] = "#prototype\n";

/* The declaration of a line names its export: no other line does, but by chance. */
static bool names(const char *line, size_t length, const char *name)
{
	return memmem(line, length, name, strlen(name)) != NULL;
}

/* Give the lines to the exports. False: they do not fit. */
static bool give_lines(struct ksa_kernel *kernel, size_t first, const char *at, const char *end)
{
	for (size_t i = first; i < kernel->export_count; i++) {
		struct ksa_export *e = &kernel->exports[i];
		const char *stop = at < end ? memchr(at, '\n', (size_t)(end - at)) : NULL;

		if (!stop || (stop > at && !names(at, (size_t)(stop - at), e->name)))
			return false;
		if (stop > at)
			e->prototype = arena_strndup(&kernel->arena, at, (size_t)(stop - at));
		if (stop > at && !e->prototype)
			return false;
		at = stop + 1;
	}
	return at == end;
}

int prototypes_take_table(struct ksa_kernel *kernel, size_t first, const char *path,
			  struct ksa_error *err)
{
	_cleanup_(bytes_release) struct bytes file = {NULL, 0, BYTES_BORROWED};
	_cleanup_(bytes_release) struct bytes table = {NULL, 0, BYTES_BORROWED};
	size_t head = strlen(table_head);
	const char *text;
	int r = bytes_map_file(&file, path, DECOMPRESS_MAX_OUT, err);

	if (!r)
		r = decompress_bytes(file.data, file.size, path, DECOMPRESS_MAX_OUT, false, &table,
				     err);
	if (r && r != KSA_EFORMAT)
		return r;
	text = (const char *)table.data;
	if (!r && table.size >= head && memcmp(text, table_head, head) == 0 &&
	    give_lines(kernel, first, text + head, text + table.size))
		return 0;
	for (size_t i = first; i < kernel->export_count; i++)
		kernel->exports[i].prototype = NULL;
	ksa_error_clear(err);
	return kernel_add_notice(kernel, err,
				 "%s: is not of this snapshot (prototypes are missing)",
				 owner_base_name(path));
}

/* The kernel's own entry for an export of a module, which another one may have the name of too. */
static struct ksa_export *find(struct ksa_kernel *kernel, const char *name, const char *owner)
{
	size_t count;
	const struct ksa_export *e = kernel_find_exports(kernel, name, &count);

	for (size_t i = 0; i < count; i++)
		if (owner_is_same(e[i].owner, owner))
			return &kernel->exports[&e[i] - kernel->exports];
	return NULL;
}

static int declare(const struct btf_info *info, struct ksa_export *e, struct arena *arena,
		   struct strbuf *text, struct ksa_error *err)
{
	enum ksa_kind kind;

	strbuf_reset(text);
	if (e->prototype)
		return 0;
	if (!btf_info_declare(info, e->name, text, &kind))
		return text->failed ? ksa_fail_nomem(err) : 0;
	e->prototype = arena_strdup(arena, strbuf_string(text));
	if (e->kind == KSA_KIND_UNKNOWN)
		e->kind = (uint8_t)kind;
	return e->prototype && !text->failed ? 0 : ksa_fail_nomem(err);
}

struct filling {
	struct ksa_kernel *kernel;
	const struct prototypes_module *modules;
	size_t count;
};

/* One module, in a thread of its own: its exports are its own, and so is its arena. */
static int declare_module(void *ctx, unsigned int worker, size_t item, struct ksa_error *err)
{
	const struct filling *f = ctx;
	struct ksa_module *m = f->modules[item].module;
	_cleanup_(strbuf_release) struct strbuf text = {NULL, 0, 0, false};
	struct btf_info *info = NULL;
	int r = 0;

	(void)worker;
	if (!m->export_count || !m->btf)
		return 0;
	if (btf_info_new(m->btf, m->btf_size, f->kernel->btf, m->path, &info, NULL) == KSA_ENOMEM)
		return ksa_fail_nomem(err);
	if (!info)
		m->btf = NULL;
	for (size_t i = 0; info && i < m->export_count && !r; i++)
		r = declare(info, &m->exports[i], m->arena, &text, err);
	btf_info_free(info);
	return r;
}

static int give_module(struct ksa_kernel *kernel, const struct prototypes_module *m,
		       struct ksa_error *err)
{
	for (size_t i = 0; i < m->module->export_count; i++) {
		const struct ksa_export *from = &m->module->exports[i];
		struct ksa_export *to = from->prototype ? find(kernel, from->name, m->owner) : NULL;

		if (!to || to->prototype)
			continue;
		to->prototype = arena_strdup(&kernel->arena, from->prototype);
		if (!to->prototype)
			return ksa_fail_nomem(err);
		if (to->kind == KSA_KIND_UNKNOWN)
			to->kind = from->kind;
	}
	return 0;
}

/*
 * Types of a module that are damaged, or have a base of their own. Those for another image may pass
 * as sound, but the names in them are not where that image's strings end: none is found.
 */
static bool is_misfit(const struct ksa_module *m)
{
	return !m->btf && m->btf_size;
}

static bool is_damaged(const struct ksa_module *m)
{
	return m->types_problem;
}

/* The first module of that kind, and how many more there are; NULL: none. */
static const struct prototypes_module *
first_of(const struct filling *f, bool (*is_kind)(const struct ksa_module *m), size_t *more)
{
	const struct prototypes_module *first = NULL;

	*more = 0;
	for (size_t i = 0; i < f->count; i++) {
		if (!is_kind(f->modules[i].module))
			continue;
		*more += first != NULL;
		first = first ? first : &f->modules[i];
	}
	return first;
}

static int say_misfits(const struct filling *f, struct ksa_error *err)
{
	size_t more;
	const struct prototypes_module *first = first_of(f, is_misfit, &more);
	char others[32] = "";

	if (!first)
		return 0;
	if (more)
		snprintf(others, sizeof(others), " and %zu more", more);
	return kernel_add_notice(f->kernel, err,
				 "%s%s: '.BTF' does not fit the image's (%s are missing)",
				 first->owner, others, missing_word(f->kernel));
}

/* Modules with damaged debug information, in one sentence. */
static int say_damaged(const struct filling *f, struct ksa_error *err)
{
	size_t more;
	const struct prototypes_module *first = first_of(f, is_damaged, &more);
	char others[32] = "";

	if (!first)
		return 0;
	if (more)
		snprintf(others, sizeof(others), "; and %zu more", more);
	return kernel_add_notice(f->kernel, err,
				 "%s: %s (source lines, or prototypes, are missing)%s",
				 first->owner, first->module->types_problem, others);
}

static int declare_image(struct ksa_kernel *kernel, struct ksa_error *err)
{
	_cleanup_(strbuf_release) struct strbuf text = {NULL, 0, 0, false};
	int r = 0;

	for (size_t i = 0; i < kernel->export_count && !r; i++)
		if (strcmp(kernel->exports[i].owner, "vmlinux") == 0)
			r = declare(kernel->btf, &kernel->exports[i], &kernel->arena, &text, err);
	return r;
}

/* Modules that were not compiled in the root of the tree have paths that only the image explains.
 */
static void strip_root(struct ksa_kernel *kernel)
{
	size_t length = kernel->source_root ? strlen(kernel->source_root) : 0;

	for (size_t i = 0; i < kernel->export_count; i++) {
		struct ksa_export *e = &kernel->exports[i];

		if (!e->source_file)
			continue;
		kernel->has_source_lines = true;
		if (length && strncmp(e->source_file, kernel->source_root, length) == 0 &&
		    e->source_file[length])
			e->source_file += length;
	}
	kernel->source_root = NULL;
}

static int declare_all(struct filling *f, struct ksa_error *err)
{
	int r = declare_image(f->kernel, err);

	if (!r)
		r = workers_run(workers_count(f->kernel->jobs), f->count, declare_module, f, err);
	for (size_t i = 0; i < f->count && !r; i++)
		r = give_module(f->kernel, &f->modules[i], err);
	return r;
}

int prototypes_fill(struct ksa_kernel *kernel, const struct prototypes_module *modules,
		    size_t count, struct ksa_error *err)
{
	struct filling f = {.kernel = kernel, .modules = modules, .count = count};
	int r = say_damaged(&f, err);

	strip_root(kernel);

	if (!r && kernel->btf) {
		if (kernel->want_prototypes)
			r = declare_all(&f, err);
		if (!r && (kernel->want_types || kernel->want_type_graph))
			r = types_fill(kernel, modules, count, err);
		if (!r)
			r = say_misfits(&f, err);
		btf_info_free(kernel->btf);
		kernel->btf = NULL;
	}
	for (size_t i = 0; i < kernel->export_count && !kernel->has_prototypes; i++)
		kernel->has_prototypes = kernel->exports[i].prototype != NULL;
	return r;
}
