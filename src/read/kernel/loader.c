// SPDX-License-Identifier: GPL-2.0-or-later
/* One kernel from many files: each is read for what it is, then all is joined. */
#include "read/kernel/loader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/strmap.h"
#include "base/vec.h"
#include "read/kernel/agree.h"
#include "read/kernel/dotconfig.h"
#include "read/elf/elf.h"
#include "read/kernel/elf_module.h"
#include "read/kernel/foreign.h"
#include "read/kernel/image.h"
#include "read/debug/prototypes.h"
#include "read/kernel/promise.h"
#include "read/kernel/snapshot.h"
#include "read/kernel/symtypes.h"
#include "read/kernel/symvers.h"
#include "read/kernel/sysmap.h"
#include "read/kernel/loading.h"
#include "read/unpack/decompress.h"

#define MAX_CONFIG ((size_t)16 << 20)
/* Of modules.builtin and modules.dep: the longest line of Debian's has 1,300 bytes. */
#define MAX_LINE ((size_t)1 << 20)

/* What all readers of one file's bytes look like; source is the registered source. */
typedef int (*source_reader)(struct ksa_kernel *kernel, const unsigned char *data, size_t size,
			     uint32_t source, const char *name, struct ksa_error *err);

static const source_reader source_readers[] = {
	[SOURCE_IMAGE] = image_read,
	[SOURCE_SNAPSHOT] = snapshot_read,
	[SOURCE_SYMVERS] = symvers_read,
	[SOURCE_SYSTEM_MAP] = sysmap_read,
};

static int take_source(struct loader *loader, enum source_kind kind, const unsigned char *data,
		       size_t size, const char *name, struct ksa_error *err)
{
	uint32_t source;
	int r = kernel_add_source(loader->kernel, owner_base_name(name), kind, &source, err);

	return r ? r : source_readers[kind](loader->kernel, data, size, source, name, err);
}

static bool is_relocatable(const unsigned char *data, size_t size)
{
	return elf_is_elf(data, size) && size > 17 && data[data[5] == 2 ? 17 : 16] == 1;
}

static bool is_called(const char *name, const char *ending)
{
	const char *base = owner_base_name(name);
	const char *at = strstr(base, ending);

	return at && (!at[strlen(ending)] || at[strlen(ending)] == '.');
}

/* What is no image. */
static int take_text(struct loader *loader, const unsigned char *data, size_t size,
		     const char *name, struct ksa_error *err)
{
	int r;

	if (symtypes_is_symtypes(data, size, name))
		return symtypes_read(loader->kernel, data, size, name, err);
	/* Bytes that look like nothing: what the file is called says which line to complain about.
	 */
	if (is_called(name, ".symvers"))
		return take_source(loader, SOURCE_SYMVERS, data, size, name, err);
	if (is_called(name, ".json"))
		return take_source(loader, SOURCE_SNAPSHOT, data, size, name, err);
	r = foreign_refuse(data, size, name, err);
	return r ? r : take_source(loader, SOURCE_IMAGE, data, size, name, err);
}

static int take_plain(struct loader *loader, const unsigned char *data, size_t size,
		      const char *name, struct ksa_error *err)
{
	int r;

	if (!size)
		return ksa_fail_at(err, KSA_ENODATA, name, 0, "is empty");
	if (is_relocatable(data, size)) {
		struct bytes copy = {.data = malloc(size), .size = size, .storage = BYTES_HEAP};
		union {
			const unsigned char *in;
			void *out;
		} to = {.in = copy.data};

		if (!copy.data)
			return ksa_fail_nomem(err);
		memcpy(to.out, data, size);
		r = loader_take_module(loader, name, owner_base_name(name), &copy, err);
		bytes_release(&copy);
		return r ? r : loader_run_modules(loader, err);
	}
	if (snapshot_is_snapshot(data, size))
		return take_source(loader, SOURCE_SNAPSHOT, data, size, name, err);
	if (symvers_is_symvers(data, size))
		return take_source(loader, SOURCE_SYMVERS, data, size, name, err);
	if (sysmap_is_sysmap(data, size))
		return take_source(loader, SOURCE_SYSTEM_MAP, data, size, name, err);
	return image_kind(data, size) == IMAGE_NONE
		       ? take_text(loader, data, size, name, err)
		       : take_source(loader, SOURCE_IMAGE, data, size, name, err);
}

int loader_take_bytes(struct loader *loader, const unsigned char *data, size_t size,
		      const char *name, struct ksa_error *err)
{
	_cleanup_(bytes_release) struct bytes unpacked = {NULL, 0, BYTES_BORROWED};
	int r;

	/* A whole file that is compressed: .ko.xz, snapshot.json.zst, symvers.gz. An image is left
	 * to image_read, which knows what may follow the stream. */
	if (decompress_knows(data, size) && image_kind(data, size) == IMAGE_NONE) {
		r = decompress_bytes(data, size, name, DECOMPRESS_MAX_OUT, false, &unpacked, err);
		return r ? r : take_plain(loader, unpacked.data, unpacked.size, name, err);
	}
	return take_plain(loader, data, size, name, err);
}

/* One line of modules.builtin: a path. */
static int take_builtin(struct loader *loader, const char *line, struct ksa_error *err)
{
	struct kernel_module module = {.in_tree = true, .builtin = true};
	_cleanup_free_ char *owner = tree_owner(line);

	if (!owner)
		return ksa_fail_nomem(err);
	module.name = owner;
	return kernel_add_module(loader->kernel, &module, err);
}

static int take_dep(struct loader *loader, const char *line, struct ksa_error *err)
{
	return missing_expect_dep(&loader->missing, loader->kernel, line, loader->flat, err);
}

static int take_order(struct loader *loader, const char *line, struct ksa_error *err)
{
	return missing_expect_order(&loader->missing, loader->kernel, line, err);
}

static int take_lines(struct loader *loader, const unsigned char *data, size_t size,
		      int (*take)(struct loader *loader, const char *line, struct ksa_error *err),
		      struct ksa_error *err)
{
	const char *at = (const char *)data, *end = at + size;
	int r = 0;

	while (at < end && !r) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		size_t length = (size_t)((newline ? newline : end) - at);
		_cleanup_free_ char *line = NULL;

		if (length && length < MAX_LINE && !memchr(at, '\0', length)) {
			line = strndup(at, length);
			r = line ? take(loader, line, err) : ksa_fail_nomem(err);
		}
		at += length + 1;
	}
	return r;
}

/*
 * include/generated/utsrelease.h: #define UTS_RELEASE "6.1.0-56-amd64". (Debian's headers also have
 * an include/config/kernel.release that is not what uname -r says.)
 */
static int take_release(struct loader *loader, const unsigned char *data, size_t size,
			const char *name, struct ksa_error *err)
{
	static const char macro[] = "UTS_RELEASE \"";
	const char *at = memmem(data, size, macro, sizeof(macro) - 1);
	const char *end = (const char *)data + size;
	char release[128];
	size_t length = 0;

	if (!at)
		return 0;
	at += sizeof(macro) - 1;
	while (at + length < end && length + 1 < sizeof(release) && at[length] > ' ' &&
	       at[length] < 0x7f && at[length] != '"')
		length++;
	memcpy(release, at, length);
	release[length] = '\0';
	return kernel_set_release(loader->kernel, release, name, err);
}

/* The .config of a build: what it says is used where no image or module says it. */
static int take_config(struct loader *loader, const unsigned char *data, size_t size,
		       const char *name, struct ksa_error *err)
{
	_cleanup_(dotconfig_release) struct dotconfig config = {.name = NULL};
	int r = size > MAX_CONFIG ? 0 : dotconfig_read_text(&config, name, data, size, NULL);

	if (r == KSA_ENOMEM)
		return ksa_fail_nomem(err);
	if (r)
		return 0;
	vermagic_from_config(&config, &loader->build);
	loading_take_config(loader->kernel, &config);
	return 0;
}

static int give_build(struct loader *loader, struct ksa_error *err)
{
	struct ksa_kernel *kernel = loader->kernel;
	_cleanup_free_ char *vermagic = NULL;
	int r = 0;

	if (loader->build.arch && !*kernel->arch)
		r = kernel_set_arch(kernel, loader->build.arch, kernel->spec, err);
	if (r || kernel->vermagic || !loader->build.flags[0] || !vermagic_is_known(kernel->release))
		return r;
	if (asprintf(&vermagic, "%s %s", kernel->release, loader->build.flags) < 0) {
		vermagic = NULL;
		return ksa_fail_nomem(err);
	}
	return kernel_set_vermagic(kernel, vermagic, err);
}

/* Keep a System.map for the case that nothing better comes. */
static int keep_system_map(struct loader *loader, const unsigned char *data, size_t size,
			   const char *name, struct ksa_error *err)
{
	struct loader_fallback *map = &loader->system_map;
	unsigned char *copy;

	if (map->path || size > ((size_t)64 << 20) || !sysmap_is_sysmap(data, size))
		return 0; /* Debian's one-line placeholder, or a second one */
	copy = malloc(size);
	map->path = strdup(name);
	if (!copy || !map->path) {
		free(copy);
		return ksa_fail_nomem(err);
	}
	memcpy(copy, data, size);
	map->data = (struct bytes){.data = copy, .size = size, .storage = BYTES_HEAP};
	return 0;
}

/* Read it. That it has a form that is not read, or fails with the given code, is no error but kept.
 */
static int take_unless(struct loader *loader, const unsigned char *data, size_t size,
		       const char *name, int code, struct ksa_error *kept, struct ksa_error *err)
{
	size_t sources = loader->kernel->source_count;
	struct ksa_error why = {.code = 0};
	int r = loader_take_bytes(loader, data, size, name, &why);

	if (r == KSA_EUNSUPPORTED || (r && r == code)) {
		loader->kernel->source_count = sources;
		if (!kept->code)
			*kept = why;
		return 0;
	}
	if (r && err && !err->code)
		*err = why;
	return r;
}

int loader_take_named(struct loader *loader, const unsigned char *data, size_t size,
		      const char *name, struct ksa_error *err)
{
	return take_unless(loader, data, size, name, KSA_EUNSUPPORTED, &loader->unread, err);
}

/*
 * A file that is called vmlinux but has no exports is passed over while another source may have
 * them: Debian's headers ship one with only BTF in it, s390x images are raw. finish() says it if
 * none had.
 */
static int take_image_role(struct loader *loader, const unsigned char *data, size_t size,
			   const char *name, struct ksa_error *err)
{
	return take_unless(loader, data, size, name, KSA_ENODATA, &loader->no_image, err);
}

int loader_take_role(struct loader *loader, enum tree_role role, const unsigned char *data,
		     size_t size, const char *name, struct ksa_error *err)
{
	switch (role) {
	case ROLE_IMAGE:
		return take_image_role(loader, data, size, name, err);
	case ROLE_SYMVERS:
		return loader_take_bytes(loader, data, size, name, err);
	case ROLE_SYSTEM_MAP:
		return keep_system_map(loader, data, size, name, err);
	case ROLE_BUILTIN:
		return take_lines(loader, data, size, take_builtin, err);
	case ROLE_DEP:
		loader->missing.has_dep = true;
		return take_lines(loader, data, size, take_dep, err);
	case ROLE_ORDER:
		return take_lines(loader, data, size, take_order, err);
	case ROLE_RELEASE:
		return take_release(loader, data, size, name, err);
	case ROLE_CONFIG:
		return take_config(loader, data, size, name, err);
	case ROLE_MODULE:
	case ROLE_NONE:
		break;
	}
	return 0;
}

int loader_take_module(struct loader *loader, const char *path, const char *rest,
		       struct bytes *data, struct ksa_error *err)
{
	_cleanup_free_ char *owner = tree_owner(rest);

	if (!owner)
		return ksa_fail_nomem(err);
	if (data)
		return module_set_add_bytes(&loader->modules, path, owner, data, err);
	return module_set_add_file(&loader->modules, path, owner, err);
}

static int give_exports(struct loader *loader, const struct module_job *job, struct ksa_error *err)
{
	const struct ksa_module *m = job->module;
	int r = 0;

	for (size_t i = 0; i < m->export_count && !r; i++) {
		struct ksa_export e = m->exports[i];

		e.owner = job->owner;
		e.source = loader->module_source;
		e.address = 0;
		r = kernel_add_export(loader->kernel, &e, err);
	}
	return r;
}

static int give_calls(struct loader *loader, const struct module_job *job, struct ksa_error *err)
{
	const struct ksa_module *m = job->module;
	int r = kernel_add_calls(loader->kernel, job->owner, m->calls, err);

	if (r || !m->calls_problem)
		return r;
	return kernel_add_notice(loader->kernel, err, "%s: %s (%s)", job->owner, m->calls_problem,
				 m->calls->source ? "calls are those that the code has"
						  : "its calls are not known");
}

/* What a module of the kernel itself shows of the loader. */
static int give_loading(struct ksa_kernel *kernel, const struct module_loading *m,
			struct ksa_error *err)
{
	struct kernel_loading *k = &kernel->loading;

	if (m->struct_count == 1 && !k->struct_size)
		k->struct_size = m->struct_size;
	if (k->signature_key || !m->signature_key)
		return 0;
	k->signature_key = kernel_string(kernel, m->signature_key);
	return k->signature_key ? 0 : ksa_fail_nomem(err);
}

/* The module as one of the kernel's, and what it tells of the kernel. */
static int give_itself(struct loader *loader, const struct module_job *job, struct ksa_error *err)
{
	const struct ksa_module *m = job->module;
	struct kernel_module init = {.name = job->owner,
				     .license = ksa_module_license(m, 0),
				     .vermagic = m->vermagic,
				     .in_tree = m->in_tree};
	int r;

	if (loader->options->imports && m->import_count) {
		const char **names =
			arena_calloc(&loader->modules.arena, m->import_count, sizeof(*names));

		if (!names)
			return ksa_fail_nomem(err);
		for (size_t i = 0; i < m->import_count; i++)
			names[i] = m->imports[i].name;
		init.imports = names;
		init.import_count = (uint32_t)m->import_count;
	}
	r = kernel_add_module(loader->kernel, &init, err);
	if (!r && m->in_tree)
		r = kernel_set_vermagic(loader->kernel, m->vermagic, err);
	if (!r && m->in_tree)
		r = give_loading(loader->kernel, &m->loading, err);
	return r;
}

static int give_module(struct loader *loader, const struct module_job *job, struct ksa_error *err)
{
	const struct ksa_module *m = job->module;
	bool again;
	int r = 0;

	/* One unreadable module among thousands is said, and the run goes on. */
	if (job->err.code)
		return kernel_add_gap(loader->kernel, job->owner, job->err.text, err);
	/* The same module with and without debug information: its calls are what the second one
	 * adds. */
	again = m->calls && kernel_find_calls(loader->kernel, job->owner);
	if (m->calls)
		r = give_calls(loader, job, err);
	if (r || again)
		return r;
	r = give_itself(loader, job, err);
	if (!r)
		r = kernel_set_arch(loader->kernel, m->arch, job->path, err);
	return r ? r : give_exports(loader, job, err);
}

int loader_run_modules(struct loader *loader, struct ksa_error *err)
{
	unsigned int want = ELF_MODULE_EXPORTS;
	int r;

	if (loader->modules_taken == loader->modules.count)
		return 0;
	if (loader->options->imports)
		want |= ELF_MODULE_IMPORTS;
	if (loader->options->calls)
		want |= ELF_MODULE_CALLS;
	if (loader->options->prototypes)
		want |= ELF_MODULE_TYPES;
	if (loader->options->prototypes || loader->options->types || loader->options->type_graph)
		want |= ELF_MODULE_BTF;
	r = module_set_run(&loader->modules, loader->options, want, err);
	if (!r && loader->module_source == NO_INDEX)
		r = kernel_add_source(loader->kernel, "modules", SOURCE_MODULE,
				      &loader->module_source, err);
	for (; loader->modules_taken < loader->modules.count && !r; loader->modules_taken++)
		r = give_module(loader, &loader->modules.items[loader->modules_taken], err);
	return r;
}

/* Debian's one-line System.map is no data, and no reason to fail where modules were read. */
static int take_fallback(struct loader *loader, const struct loader_fallback *map,
			 struct ksa_error *err)
{
	size_t sources = loader->kernel->source_count;
	struct ksa_error why = {.code = 0};
	int r = take_source(loader, SOURCE_SYSTEM_MAP, map->data.data, map->data.size, map->path,
			    &why);

	if (r == KSA_ENODATA) {
		loader->kernel->source_count = sources;
		if (!loader->no_image.code)
			loader->no_image = why;
		return 0;
	}
	if (r)
		ksa_pass(err, &why);
	return r;
}

/* No source had vmlinux's exports, but there was an image: say what was wrong with it. */
static int report_image(struct loader *loader, struct ksa_error *err)
{
	const struct ksa_error *why = &loader->no_image, *unread = &loader->unread;

	if (unread->code && loader->kernel->has_image)
		return kernel_add_notice(
			loader->kernel, err,
			"%s: %.*s (vmlinux's exports are those of the other parts)",
			owner_base_name(unread->source), (int)strcspn(unread->text, ";"),
			unread->text);
	if (unread->code)
		return ksa_fail_at(err, unread->code, unread->source, unread->line, "%s",
				   unread->text);
	if (!why->code || loader->kernel->has_image)
		return 0;
	if (loader->kernel->export_count)
		return kernel_add_notice(loader->kernel, err,
					 "%s: %s (vmlinux's exports are missing)",
					 owner_base_name(why->source), why->text);
	return ksa_pass(err, why);
}

static bool has_exports_of_modules(const struct ksa_kernel *kernel)
{
	for (size_t i = 0; i < kernel->export_count; i++)
		if (strcmp(kernel->exports[i].owner, "vmlinux") != 0)
			return true;
	return false;
}

/* Seal the kernel, and declare its exports. */
static int seal_and_declare(struct loader *loader, struct ksa_error *err)
{
	struct prototypes_module *modules =
		arena_calloc(&loader->modules.arena, loader->modules.count + 1, sizeof(*modules));
	size_t count = 0;
	int r = modules ? kernel_seal(loader->kernel, err) : ksa_fail_nomem(err);

	if (r)
		return r;
	if (loader->kernel->type_graph)
		type_graph_seal(loader->kernel->type_graph);
	for (size_t i = 0; i < loader->modules.count; i++) {
		const struct module_job *job = &loader->modules.items[i];

		if (job->module)
			modules[count++] = (struct prototypes_module){job->module, job->owner};
	}
	/* A snapshot brought those of its modules along. */
	loader->kernel->types_of_image =
		!count && !loader->kernel->types && has_exports_of_modules(loader->kernel);
	return prototypes_fill(loader->kernel, modules, count, err);
}

/* What a snapshot was made from had its gaps said in the notices that it brings. */
static int say_gaps(struct ksa_kernel *kernel, struct ksa_error *err)
{
	int r = 0;

	for (size_t i = 0; i < kernel->gap_count && !r; i++)
		if (!kernel->gaps[i].inherited)
			r = kernel_add_notice(kernel, err, "%s: %s (%s)", kernel->gaps[i].module,
					      kernel->gaps[i].why, kernel_gap_effect(kernel));
	return r;
}

/* What of the kernel was read as a whole. */
static void tell_coverage(const struct loader *loader)
{
	struct ksa_kernel *kernel = loader->kernel;

	/* A kernel's own tree gives every module; a lone .ko, or a package with one out-of-tree
	 * module, does not. */
	for (size_t i = 0; i < kernel->module_count && loader->has_tree && !kernel->gap_count; i++)
		kernel->has_modules |= kernel->modules[i].in_tree && !kernel->modules[i].builtin;
	if (loader->options->imports && loader->modules.count)
		kernel->has_imports = true;
	if (kernel->drop_importers)
		kernel->has_imports = false;
}

/* Say what is missing; where no exports were found, that is an error. */
static int report_gaps(struct loader *loader, struct ksa_error *err)
{
	struct ksa_kernel *kernel = loader->kernel;
	int r = say_gaps(kernel, err);

	if (!r)
		r = report_image(loader, err);
	if (r || kernel->export_count)
		return r;
	if (kernel->gap_count == 1)
		return ksa_fail_at(err, KSA_ENODATA, kernel->gaps[0].module, 0, "%s",
				   kernel->gaps[0].why);
	return ksa_fail_at(err, KSA_ENODATA, kernel->spec, 0, "holds no exports");
}

/* The release where no image gave it: what the modules were built for, what the tree is called. */
static int give_release(struct loader *loader, struct ksa_error *err)
{
	struct ksa_kernel *kernel = loader->kernel;
	_cleanup_free_ char *release = NULL;

	if (*kernel->release)
		return 0;
	if (!loader->release[0] && loader->flat && kernel->vermagic) {
		release = strndup(kernel->vermagic, strcspn(kernel->vermagic, " "));
		return release ? kernel_set_release(kernel, release, kernel->spec, err)
			       : ksa_fail_nomem(err);
	}
	return kernel_set_release(kernel, loader->release, kernel->spec, err);
}

/* Some of a kernel's modules are not all of them: what is not among them is not known. */
static int say_flat(const struct loader *loader, struct ksa_error *err)
{
	if (!loader->flat || loader->kernel->has_modules)
		return 0;
	return kernel_add_notice(loader->kernel, err,
				 "%s: is no /lib/modules/RELEASE: the kernel may have other "
				 "modules",
				 loader->flat);
}

int loader_finish(struct loader *loader, struct ksa_error *err)
{
	struct ksa_kernel *kernel = loader->kernel;
	const struct loader_fallback *map = &loader->system_map;
	bool partial = false;
	int r = missing_find(&loader->missing, &loader->modules, kernel, &partial, err);

	if (!r && !kernel->has_image && map->path)
		r = take_fallback(loader, map, err);
	loader->has_tree &= !partial;
	tell_coverage(loader);
	if (!r)
		r = say_flat(loader, err);
	if (!r)
		r = give_release(loader, err);
	if (!r)
		r = give_build(loader, err);
	if (!r)
		r = report_gaps(loader, err);
	if (!r)
		r = agree_check(kernel, err);
	if (!r)
		r = promise_find(kernel, err);
	if (!r)
		r = seal_and_declare(loader, err);
	if (!r && !loader->is_labeled)
		kernel->label = *kernel->release ? kernel->release : owner_base_name(kernel->spec);
	return r;
}
