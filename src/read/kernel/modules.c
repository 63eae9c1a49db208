// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/kernel/modules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/strmap.h"
#include "base/vec.h"
#include "base/workers.h"
#include "read/unpack/archive.h"
#include "read/unpack/decompress.h"
#include "read/elf/elf.h"
#include "read/kernel/elf_module.h"
#include "read/kernel/foreign.h"
#include "read/kernel/module_walk.h"

/* The largest real module, amdgpu with debug information, stays under 700 MB. */
#define MAX_MODULE ((size_t)1 << 30)
/* What a compressed one may unpack to: those with debug information are not shipped compressed. */
#define MAX_UNPACKED ((size_t)256 << 20)
/* How much of a package is held before its modules are read. */
#define MAX_PENDING ((size_t)64 << 20)
/* Ten times what any distribution ships; the bound for packages and directories of strangers. */
#define MAX_MODULES 65536
/* As many links in a row as the kernel follows. */
#define MAX_HOPS 40

bool modules_is_module_path(const char *path)
{
	static const char *const endings[] = {".ko", ".ko.xz", ".ko.zst", ".ko.gz", NULL};
	size_t length = strlen(path);

	for (size_t i = 0; endings[i]; i++) {
		size_t n = strlen(endings[i]);

		if (length > n && strcmp(path + length - n, endings[i]) == 0 &&
		    path[length - n - 1] != '/')
			return true;
	}
	return false;
}

static int add_job(struct module_set *set, const char *path, const char *owner,
		   struct module_job **out, struct ksa_error *err)
{
	int r;

	if (set->count >= MAX_MODULES)
		return ksa_fail_at(err, KSA_ELIMIT, path, 0,
				   "is one more than the limit of %d modules", MAX_MODULES);
	r = VEC_PUSH_ROOM(set, err);
	if (r)
		return r;
	*out = &set->items[set->count];
	memset(*out, 0, sizeof(**out));
	(*out)->path = arena_strdup(&set->arena, path);
	(*out)->owner = owner ? arena_strdup(&set->arena, owner) : NULL;
	if (!(*out)->path || (owner && !(*out)->owner))
		return ksa_fail_nomem(err);
	set->count++;
	return 0;
}

int module_set_add_file(struct module_set *set, const char *path, const char *owner,
			struct ksa_error *err)
{
	struct module_job *job;

	return add_job(set, path, owner, &job, err);
}

int module_set_add_bytes(struct module_set *set, const char *path, const char *owner,
			 struct bytes *data, struct ksa_error *err)
{
	struct module_job *job;
	int r = add_job(set, path, owner, &job, err);

	if (r)
		return r;
	job->data = *data;
	job->in_memory = true;
	memset(data, 0, sizeof(*data));
	set->pending_bytes += job->data.size;
	return 0;
}

struct run {
	struct module_set *set;
	const struct ksa_read_options *options;
	unsigned int want;
	size_t first;
};

static int read_job(struct module_job *job, unsigned int want)
{
	_cleanup_(bytes_release) struct bytes unpacked = {NULL, 0, BYTES_BORROWED};
	struct bytes *data = &job->data;
	int r = 0;

	if (!job->in_memory)
		r = bytes_map_file(&job->data, job->path, MAX_MODULE, &job->err);
	if (!r && !data->size)
		r = ksa_fail_at(&job->err, KSA_EFORMAT, job->path, 0,
				"is empty, expected a kernel module");
	if (!r && decompress_knows(data->data, data->size)) {
		r = decompress_bytes(data->data, data->size, job->path, MAX_UNPACKED, false,
				     &unpacked, &job->err);
		data = &unpacked;
	}
	if (!r && !elf_is_elf(data->data, data->size))
		r = foreign_refuse(data->data, data->size, job->path, &job->err);
	if (!r && !elf_is_elf(data->data, data->size))
		r = ksa_fail_at(&job->err, KSA_EFORMAT, job->path, 0,
				"is not an ELF file, expected a kernel module");
	if (!r)
		r = module_new(&job->module, &job->err);
	if (!r)
		r = elf_module_read(job->module, data->data, data->size, job->path, want,
				    &job->err);
	bytes_release(&job->data);
	return r;
}

static int run_job(void *ctx, unsigned int worker, size_t item, struct ksa_error *err)
{
	struct run *run = ctx;
	struct module_job *job = &run->set->items[run->first + item];
	int r;

	(void)worker;
	r = read_job(job, run->want);

	/* What the machine lacks says nothing about the module. */
	if (r == KSA_ENOMEM)
		return ksa_fail_nomem(err);
	if (r == KSA_ESYSTEM)
		return ksa_fail_at(err, r, job->path, 0, "%s", job->err.text);
	if (job->err.code && job->module) {
		arena_release(&job->module->own);
		free(job->module);
		job->module = NULL;
	}
	if (run->options->progress)
		run->options->progress(run->options->progress_ctx, "modules", run->first + item + 1,
				       run->set->count);
	job->done = true;
	return 0;
}

int module_set_run(struct module_set *set, const struct ksa_read_options *options,
		   unsigned int want, struct ksa_error *err)
{
	struct run run = {.set = set, .options = options, .want = want};

	while (run.first < set->count && set->items[run.first].done)
		run.first++;
	set->pending_bytes = 0;
	return workers_run(workers_count(options->jobs), set->count - run.first, run_job, &run,
			   err);
}

void module_set_release(struct module_set *set)
{
	for (size_t i = 0; i < set->count; i++) {
		bytes_release(&set->items[i].data);
		module_free(set->items[i].module);
	}
	free(set->items);
	arena_release(&set->arena);
	memset(set, 0, sizeof(*set));
}

/* A member that only names another one; target is a base name. */
struct gate_link {
	const char *path, *target;
};

/* For the gate: the modules of one operand. */
struct gate {
	struct module_set set;
	const struct ksa_read_options *options;
	unsigned int want; /* enum elf_module_want */
	const char *package;
	/* Base names in a package, in set.arena: 0 for a module, else the link, counted from 1. */
	struct strmap names;
	struct {
		struct gate_link *items;
		size_t count, capacity;
	} links; /* members that only name another module */
};

static int queue_file(void *ctx, const char *path, const char *relative, struct ksa_error *err)
{
	struct gate *gate = ctx;

	(void)relative;
	return module_set_add_file(&gate->set, path, NULL, err);
}

/*
 * A module that is a link stands for one that is read anyway, which check_links() makes sure of. A
 * link to anything else, a FIFO or device is no module that can be judged: a gate says so.
 */
static int keep_link(struct gate *gate, const struct archive_member *member, struct ksa_error *err)
{
	struct gate_link link;
	uint32_t value;
	int r;

	if (!member->link || !modules_is_module_path(member->link) ||
	    gate->links.count >= MAX_MODULES)
		return ksa_fail_at(err, KSA_EUNSUPPORTED, gate->package, 0,
				   "'%s' is no regular file, expected a kernel module; unpack the "
				   "package and give the directory",
				   member->path);
	r = VEC_PUSH_ROOM(&gate->links, err);
	if (r)
		return r;
	link.path = arena_strdup(&gate->set.arena, member->path);
	link.target = arena_strdup(&gate->set.arena, owner_base_name(member->link));
	if (!link.path || !link.target)
		return ksa_fail_nomem(err);
	gate->links.items[gate->links.count++] = link;
	value = (uint32_t)gate->links.count;
	return strmap_add(&gate->names, owner_base_name(link.path), &value, NULL) < 0
		       ? ksa_fail_nomem(err)
		       : 0;
}

/* True if the chain of links ends at a module that was read. */
static bool leads_to_module(const struct gate *gate, const char *name)
{
	uint32_t link;

	for (int hops = 0; hops < MAX_HOPS && strmap_get(&gate->names, name, &link); hops++) {
		if (!link)
			return true;
		name = gate->links.items[link - 1].target;
	}
	return false;
}

static int check_links(const struct gate *gate, struct ksa_error *err)
{
	for (size_t i = 0; i < gate->links.count; i++) {
		const struct gate_link *link = &gate->links.items[i];

		if (!leads_to_module(gate, link->target))
			return ksa_fail_at(err, KSA_ENODATA, gate->package, 0,
					   "'%s' is a link to '%s', but no such module is in the "
					   "package",
					   link->path, link->target);
	}
	return 0;
}

static int keep_name(struct gate *gate, const char *path, struct ksa_error *err)
{
	const char *name = arena_strdup(&gate->set.arena, owner_base_name(path));

	return name && !strmap_set(&gate->names, name, 0) ? 0 : ksa_fail_nomem(err);
}

static int queue_member(void *ctx, struct archive_member *member, struct ksa_error *err)
{
	_cleanup_(bytes_release) struct bytes data = {NULL, 0, BYTES_BORROWED};
	_cleanup_free_ char *display = NULL;
	struct gate *gate = ctx;
	int r;

	if (member->is_directory || !modules_is_module_path(member->path))
		return 0;
	if (!member->is_regular)
		return keep_link(gate, member, err);
	if (asprintf(&display, "%s: %s", gate->package, member->path) < 0) {
		display = NULL;
		return ksa_fail_nomem(err);
	}
	r = archive_member_read(member, &data, err);
	if (!r)
		r = keep_name(gate, member->path, err);
	if (!r)
		r = module_set_add_bytes(&gate->set, display, NULL, &data, err);
	if (!r && gate->set.pending_bytes > MAX_PENDING)
		r = module_set_run(&gate->set, gate->options, gate->want, err);
	return r;
}

/* True if the file is a package or a tar, compressed or not. */
static bool is_package_file(const char *path)
{
	_cleanup_(bytes_release) struct bytes data = {NULL, 0, BYTES_BORROWED};

	return bytes_map_file(&data, path, 0, NULL) == 0 &&
	       archive_holds_package(data.data, data.size);
}

static int hand_over(struct gate *gate, const char *path, struct ksa_module ***out, size_t *count,
		     struct ksa_error *err)
{
	struct ksa_module **modules;

	if (!gate->set.count)
		return ksa_fail_at(err, KSA_ENODATA, path, 0,
				   "holds no kernel module (.ko, .ko.gz, .ko.xz, .ko.zst)");
	for (size_t i = 0; i < gate->set.count; i++)
		if (gate->set.items[i].err.code)
			return ksa_pass(err, &gate->set.items[i].err);
	modules = calloc(gate->set.count, sizeof(struct ksa_module *));
	if (!modules)
		return ksa_fail_nomem(err);
	for (size_t i = 0; i < gate->set.count; i++)
		modules[i] = take_ptr(gate->set.items[i].module);
	*out = modules;
	*count = gate->set.count;
	return 0;
}

int ksa_modules_open(const char *path, const struct ksa_read_options *options,
		     struct ksa_module ***out, size_t *count, struct ksa_error *err)
{
	struct ksa_read_options defaults = {.jobs = 0};
	struct gate gate = {.options = options ? options : &defaults, .package = path};
	struct stat st;
	int r;

	gate.want = ELF_MODULE_ALL | (gate.options->named ? ELF_MODULE_NAMED : 0) |
		    (gate.options->references ? ELF_MODULE_REFERENCES : 0);
	*out = NULL;
	*count = 0;
	if (stat(path, &st) < 0)
		return ksa_fail_errno(err, path, "open");
	if (S_ISDIR(st.st_mode))
		r = module_walk(path, MODULE_WALK_OWN, queue_file, &gate, err);
	else if (S_ISREG(st.st_mode) && is_package_file(path))
		r = archive_walk(path, queue_member, &gate, err);
	else
		r = module_set_add_file(&gate.set, path, NULL, err);
	if (!r)
		r = module_set_run(&gate.set, gate.options, gate.want, err);
	if (!r)
		r = check_links(&gate, err);
	if (!r)
		r = hand_over(&gate, path, out, count, err);
	strmap_release(&gate.names);
	free(gate.links.items);
	module_set_release(&gate.set);
	return r;
}
