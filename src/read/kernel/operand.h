/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_KERNEL_OPERAND_H
#define READ_KERNEL_OPERAND_H

#include "base/strmap.h"
#include "read/kernel/module_walk.h"
#include "read/kernel/modules.h"
#include "read/unpack/archive.h"

/* What somebody who goes on where a gate stops does; each may be NULL. */
struct module_operand_reader {
	/* True if the module at that path, below what was named, is to be read. NULL: all are. */
	bool (*wants)(void *ctx, const char *path);
	/* Take a member of a package that is no module. */
	int (*other)(void *ctx, struct archive_member *member, struct ksa_error *err);
	/* A member that is called like a module and is no file: why says what. NULL: that fails the
	 * reading. */
	int (*refuse)(void *ctx, const char *path, const struct ksa_error *why,
		      struct ksa_error *err);
};

/* A member that only names another one; target is a base name. */
struct module_link {
	const char *path, *target;
};

/*
 * The modules of one operand: a file, a directory, or a package. Set the first members and
 * zero-initialize the rest; release in any case.
 */
struct module_operand {
	const char *path;
	const struct ksa_read_options *options;
	unsigned int want; /* enum elf_module_want */
	enum module_walk_kind walk; /* of a directory */
	const struct module_operand_reader *reader; /* NULL: all is wanted, and nothing forgiven */
	void *ctx;
	/* The jobs are done; their owner is the path below what was named, and a file's its base
	 * name. */
	struct module_set set;
	/* Base names in a package, in set.arena: 0 for a module, else the link, counted from 1. */
	struct strmap names;
	struct {
		struct module_link *items;
		size_t count, capacity;
	} links; /* members that only name another module */
};

/* Read all of them; a job keeps its own error, and no modules at all is none. */
int module_operand_read(struct module_operand *operand, struct ksa_error *err) _must_check_;
void module_operand_release(struct module_operand *operand);

#endif
