// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/prototypes.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/workers.h"
#include "read/btf.h"

/* The types of what is called name; damaged ones are a notice. */
static int take(struct ksa_kernel *kernel, const unsigned char *data, size_t size, const char *name,
		struct ksa_error *err)
{
	struct ksa_error why = {.code = 0};
	int r = btf_info_new(data, size, NULL, name, &kernel->btf, &why);

	if (r == KSA_EFORMAT)
		return kernel_add_notice(kernel, err, "%s: %s (prototypes are missing)",
					 owner_base_name(name), why.text);
	return r ? ksa_fail_nomem(err) : 0;
}

int prototypes_take_image(struct ksa_kernel *kernel, const struct elf_file *f,
			  struct ksa_error *err)
{
	const struct elf_section *section;

	if (!kernel->want_prototypes || kernel->btf)
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

	if (!kernel->want_prototypes || kernel->btf || !btf_find(data, size, &offset, &length))
		return 0;
	return take(kernel, data + offset, length, name, err);
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
	int r = bytes_map_file(&file, path, ARCHIVE_MAX_MEMBER, err);

	if (!r)
		r = archive_decompress(file.data, file.size, path, ARCHIVE_MAX_MEMBER, false,
				       &table, err);
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

/* One module, in a thread of its own: its exports are its own, and so is its arena. */
static int declare_module(void *ctx, unsigned int worker, size_t item, struct ksa_error *err)
{
	const struct loader *loader = ctx;
	const struct module_job *job = &loader->modules.items[item];
	_cleanup_(strbuf_release) struct strbuf text = {NULL, 0, 0, false};
	struct btf_info *info = NULL;
	int r = 0;

	(void)worker;
	if (!job->module || !job->module->export_count || !job->module->btf)
		return 0;
	if (btf_info_new(job->module->btf, job->module->btf_size, loader->kernel->btf, job->path,
			 &info, NULL) == KSA_ENOMEM)
		return ksa_fail_nomem(err);
	if (!info)
		job->module->btf = NULL;
	for (size_t i = 0; info && i < job->module->export_count && !r; i++)
		r = declare(info, &job->module->exports[i], job->module->arena, &text, err);
	btf_info_free(info);
	return r;
}

static int give_module(struct ksa_kernel *kernel, const struct module_job *job,
		       struct ksa_error *err)
{
	for (size_t i = 0; job->module && i < job->module->export_count; i++) {
		const struct ksa_export *from = &job->module->exports[i];
		struct ksa_export *to =
			from->prototype ? find(kernel, from->name, job->owner) : NULL;

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
static int say_misfits(const struct loader *loader, struct ksa_error *err)
{
	const struct module_job *first = NULL;
	size_t count = 0;

	for (size_t i = 0; i < loader->modules.count; i++) {
		const struct module_job *job = &loader->modules.items[i];

		if (!job->module || job->module->btf || !job->module->btf_size)
			continue;
		first = first ? first : job;
		count++;
	}
	if (!count)
		return 0;
	if (count == 1)
		return kernel_add_notice(loader->kernel, err,
					 "%s: '.BTF' does not fit the image's (prototypes are "
					 "missing)",
					 first->owner);
	return kernel_add_notice(loader->kernel, err,
				 "%s and %zu more: '.BTF' does not fit the image's (prototypes are "
				 "missing)",
				 first->owner, count - 1);
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

int prototypes_fill(struct loader *loader, struct ksa_error *err)
{
	struct ksa_kernel *kernel = loader->kernel;
	int r = 0;

	if (kernel->btf) {
		r = declare_image(kernel, err);
		if (!r)
			r = workers_run(workers_count(loader->options->jobs), loader->modules.count,
					declare_module, loader, err);
		for (size_t i = 0; i < loader->modules.count && !r; i++)
			r = give_module(kernel, &loader->modules.items[i], err);
		if (!r)
			r = say_misfits(loader, err);
		btf_info_free(kernel->btf);
		kernel->btf = NULL;
	}
	for (size_t i = 0; i < kernel->export_count && !kernel->has_prototypes; i++)
		kernel->has_prototypes = kernel->exports[i].prototype != NULL;
	return r;
}
