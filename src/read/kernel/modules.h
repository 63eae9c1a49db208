/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_KERNEL_MODULES_H
#define READ_KERNEL_MODULES_H

#include "base/bytes.h"
#include "model/module.h"

/* One module to read: from a file (data empty) or from bytes in memory. */
struct module_job {
	const char *path; /* display name; for files also the path */
	const char *owner; /* as Module.symvers writes it, or NULL */
	struct bytes data; /* may be compressed; released when read */
	bool in_memory, done;
	struct ksa_module *module; /* NULL if err.code */
	struct ksa_error err;
};

/* Modules to be read together, on all cores. Zero-initialize. */
struct module_set {
	struct module_job *items;
	size_t count, capacity;
	size_t pending_bytes; /* held in memory by jobs that are not done */
	struct arena arena;
};

/* True if the base name ends in .ko, .ko.gz, .ko.xz, .ko.zst. */
bool modules_is_module_path(const char *path);

/* Queue a file, or bytes (moved into the set). owner may be NULL. */
int module_set_add_file(struct module_set *set, const char *path, const char *owner,
			struct ksa_error *err) _must_check_;
int module_set_add_bytes(struct module_set *set, const char *path, const char *owner,
			 struct bytes *data, struct ksa_error *err) _must_check_;

/*
 * Read all that is queued; each job keeps its own error, so the call fails only for lack of memory
 * or threads. want: enum elf_module_want.
 */
int module_set_run(struct module_set *set, const struct ksa_read_options *options,
		   unsigned int want, struct ksa_error *err) _must_check_;

/* Free everything, modules included. */
void module_set_release(struct module_set *set);

#endif
