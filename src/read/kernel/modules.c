// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/kernel/modules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/sha256.h"
#include "base/vec.h"
#include "base/workers.h"
#include "read/unpack/decompress.h"
#include "read/elf/elf.h"
#include "read/kernel/elf_module.h"
#include "read/kernel/foreign.h"

/* The largest real module, amdgpu with debug information, stays under 700 MB. */
#define MAX_MODULE ((size_t)1 << 30)
/* What a compressed one may unpack to: those with debug information are not shipped compressed. */
#define MAX_UNPACKED ((size_t)256 << 20)
/* Ten times what any distribution ships; the bound for packages and directories of strangers. */
#define MAX_MODULES 65536

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
	if (!r && (want & ELF_MODULE_SHA256)) {
		job->module->sha256 =
			sha256_hex(job->module->arena, job->data.data, job->data.size);
		r = job->module->sha256 ? 0 : ksa_fail_nomem(&job->err);
	}
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
