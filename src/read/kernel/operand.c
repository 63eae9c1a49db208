// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/kernel/operand.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/vec.h"
#include "read/kernel/elf_module.h"

/* How much of a package is held before its modules are read. */
#define MAX_PENDING ((size_t)64 << 20)
/* As many links in a row as the kernel follows. */
#define MAX_HOPS  40
#define MAX_LINKS 65536

static bool is_wanted(const struct module_operand *o, const char *path)
{
	return !o->reader || !o->reader->wants || o->reader->wants(o->ctx, path);
}

static int refuse(const struct module_operand *o, const char *path, const struct ksa_error *why,
		  struct ksa_error *err)
{
	if (o->reader && o->reader->refuse && why->code != KSA_ENOMEM)
		return o->reader->refuse(o->ctx, path, why, err);
	return ksa_pass(err, why);
}

static int queue_file(void *ctx, const char *path, const char *relative, struct ksa_error *err)
{
	struct module_operand *o = ctx;

	return is_wanted(o, relative) ? module_set_add_file(&o->set, path, relative, err) : 0;
}

/*
 * A module that is a link stands for one that is read anyway, which check_links() makes sure of. A
 * link to anything else, a FIFO or device is no module that can be judged: a gate says so.
 */
static int keep_link(struct module_operand *o, const struct archive_member *member,
		     struct ksa_error *err)
{
	struct module_link link;
	uint32_t value;
	int r = 0;

	if (!member->link || !modules_is_module_path(member->link) || o->links.count >= MAX_LINKS) {
		struct ksa_error why = {.code = 0};

		(void)!ksa_fail_at(&why, KSA_EUNSUPPORTED, o->path, 0,
				   "'%s' is no regular file, expected a kernel module; unpack the "
				   "package and give the directory",
				   member->path);
		return refuse(o, member->path, &why, err);
	}
	r = VEC_PUSH_ROOM(&o->links, err);
	if (r)
		return r;
	link.path = arena_strdup(&o->set.arena, member->path);
	link.target = arena_strdup(&o->set.arena, owner_base_name(member->link));
	if (!link.path || !link.target)
		return ksa_fail_nomem(err);
	o->links.items[o->links.count++] = link;
	value = (uint32_t)o->links.count;
	return strmap_add(&o->names, owner_base_name(link.path), &value, NULL) < 0
		       ? ksa_fail_nomem(err)
		       : 0;
}

/* True if the chain of links ends at a module that was read. */
static bool leads_to_module(const struct module_operand *o, const char *name)
{
	uint32_t link;

	for (int hops = 0; hops < MAX_HOPS && strmap_get(&o->names, name, &link); hops++) {
		if (!link)
			return true;
		name = o->links.items[link - 1].target;
	}
	return false;
}

static int check_links(const struct module_operand *o, struct ksa_error *err)
{
	int r = 0;

	for (size_t i = 0; i < o->links.count && !r; i++) {
		const struct module_link *link = &o->links.items[i];
		struct ksa_error why = {.code = 0};

		if (leads_to_module(o, link->target))
			continue;
		(void)!ksa_fail_at(&why, KSA_ENODATA, o->path, 0,
				   "'%s' is a link to '%s', but no such module is in the package",
				   link->path, link->target);
		r = refuse(o, link->path, &why, err);
	}
	return r;
}

static int keep_name(struct module_operand *o, const char *path, struct ksa_error *err)
{
	const char *name = arena_strdup(&o->set.arena, owner_base_name(path));

	return name && !strmap_set(&o->names, name, 0) ? 0 : ksa_fail_nomem(err);
}

static int queue_module(struct module_operand *o, struct archive_member *member,
			struct ksa_error *err)
{
	_cleanup_(bytes_release) struct bytes data = {NULL, 0, BYTES_BORROWED};
	_cleanup_free_ char *display = NULL;
	int r = keep_name(o, member->path, err);

	if (r || !is_wanted(o, member->path))
		return r;
	if (asprintf(&display, "%s: %s", o->path, member->path) < 0) {
		display = NULL;
		return ksa_fail_nomem(err);
	}
	r = archive_member_read(member, &data, err);
	if (!r)
		r = module_set_add_bytes(&o->set, display, member->path, &data, err);
	if (!r && o->set.pending_bytes > MAX_PENDING)
		r = module_set_run(&o->set, o->options, o->want, err);
	return r;
}

static int take_member(void *ctx, struct archive_member *member, struct ksa_error *err)
{
	struct module_operand *o = ctx;

	if (member->is_directory)
		return 0;
	if (!modules_is_module_path(member->path))
		return o->reader && o->reader->other ? o->reader->other(o->ctx, member, err) : 0;
	return member->is_regular ? queue_module(o, member, err) : keep_link(o, member, err);
}

/* True if the file is a package or a tar, compressed or not. */
static bool is_package_file(const char *path)
{
	_cleanup_(bytes_release) struct bytes data = {NULL, 0, BYTES_BORROWED};

	return bytes_map_file(&data, path, 0, NULL) == 0 &&
	       archive_holds_package(data.data, data.size);
}

int module_operand_read(struct module_operand *o, struct ksa_error *err)
{
	struct stat st;
	int r;

	if (stat(o->path, &st) < 0)
		return ksa_fail_errno(err, o->path, "open");
	if (S_ISDIR(st.st_mode))
		r = module_walk(o->path, o->walk, queue_file, o, err);
	else if (S_ISREG(st.st_mode) && is_package_file(o->path))
		r = archive_walk(o->path, take_member, o, err);
	else
		r = queue_file(o, o->path, owner_base_name(o->path), err);
	if (!r)
		r = module_set_run(&o->set, o->options, o->want, err);
	return r ? r : check_links(o, err);
}

void module_operand_release(struct module_operand *o)
{
	strmap_release(&o->names);
	free(o->links.items);
	module_set_release(&o->set);
}

/* For a gate, one module that cannot be read is one too many. */
static int hand_over(struct module_operand *o, struct ksa_module ***out, size_t *count,
		     struct ksa_error *err)
{
	struct ksa_module **modules;

	if (!o->set.count)
		return ksa_fail_at(err, KSA_ENODATA, o->path, 0,
				   "holds no kernel module (.ko, .ko.gz, .ko.xz, .ko.zst)");
	for (size_t i = 0; i < o->set.count; i++)
		if (o->set.items[i].err.code)
			return ksa_pass(err, &o->set.items[i].err);
	modules = calloc(o->set.count, sizeof(struct ksa_module *));
	if (!modules)
		return ksa_fail_nomem(err);
	for (size_t i = 0; i < o->set.count; i++)
		modules[i] = take_ptr(o->set.items[i].module);
	*out = modules;
	*count = o->set.count;
	return 0;
}

int ksa_modules_open(const char *path, const struct ksa_read_options *options,
		     struct ksa_module ***out, size_t *count, struct ksa_error *err)
{
	struct ksa_read_options defaults = {.jobs = 0};
	_cleanup_(module_operand_release) struct module_operand operand = {
		.path = path, .options = options ? options : &defaults, .walk = MODULE_WALK_OWN};
	int r;

	operand.want = ELF_MODULE_ALL | (operand.options->named ? ELF_MODULE_NAMED : 0) |
		       (operand.options->references ? ELF_MODULE_REFERENCES : 0);
	*out = NULL;
	*count = 0;
	r = module_operand_read(&operand, err);
	return r ? r : hand_over(&operand, out, count, err);
}
