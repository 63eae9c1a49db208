/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_SOURCE_KBUILD_H
#define READ_SOURCE_KBUILD_H

#include "base/strmap.h"

/*
 * What the build files of out-of-tree modules say: which objects make which module, and which
 * macros the build may define (-DX in a Makefile; all words of configure scripts and templates).
 * Conditions of make are not looked at: what any branch says counts.
 */
struct kbuild;

int kbuild_new(struct kbuild **out, struct ksa_error *err) _must_check_;
void kbuild_free(struct kbuild *kbuild);

/* True for a file that kbuild_add() takes: by its base name. */
bool kbuild_knows(const char *path);

/* Take a file; path is relative to the directory of the modules. KSA_ENOMEM. */
int kbuild_add(struct kbuild *kbuild, const char *path, const unsigned char *data, size_t size,
	       struct ksa_error *err) _must_check_;

/* True if the build may define that macro: it names it, or puts such names together. */
bool kbuild_mentions(const struct kbuild *kbuild, const char *macro);

/* A variable that a build file sets. */
struct kbuild_line {
	const char *name, *value; /* as they are written, continued lines joined */
	const char *file;
	uint32_t line; /* the first */
};

/* The line of that number, from 0 on, in the order of files and lines; false: there are no more.
 * Its strings are the build's. */
bool kbuild_line_at(const struct kbuild *kbuild, size_t index, struct kbuild_line *out);

/* A list that kbuild_objects() and kbuild_modules() make; strings and array are in the arena. */
struct kbuild_list {
	struct arena arena;
	const char **items;
	size_t count;
	bool partly; /* make's variables or functions are in it that are not followed here */
};

void kbuild_list_release(struct kbuild_list *list);

/*
 * The source files of a module, without their endings ("zfs/arc"), as Kbuild puts it together; to
 * be called once all files are added. None: no build file names the module. KSA_ENOMEM.
 */
int kbuild_objects(const struct kbuild *kbuild, const char *module, struct kbuild_list *objects,
		   struct ksa_error *err) _must_check_;

/* The modules that obj- lines name: base names, as kbuild_objects() takes them. */
int kbuild_modules(const struct kbuild *kbuild, struct kbuild_list *modules,
		   struct ksa_error *err) _must_check_;

#endif
