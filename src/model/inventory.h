/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_INVENTORY_H
#define MODEL_INVENTORY_H

#include "base/strmap.h"
#include "model/kernel.h"
#include "model/module.h"

/* What /proc/modules says of a module (kernel/module/procfs.c). */
struct inventory_loaded {
	const char *name;
	uint64_t size; /* bytes of memory */
	uint32_t references;
	bool has_references; /* false: the kernel cannot unload modules, and does not count */
	const char *state; /* "Live", "Loading", "Unloading" */
	const char *taints; /* "OE", or "" */
};

/* Something that modules were looked for in. */
struct inventory_source {
	const char *path; /* as the user named it */
	size_t files, builtin; /* what it gave */
};

/* A license string, or several that one module has together. */
struct inventory_license {
	const char *text; /* "GPL v2"; several are joined by " + ", and few of many are named */
	const char *const *strings; /* each once, in file order */
	size_t count; /* of strings; 0: the module has none */
	const char *spdx; /* the expression, where the strings are certain; or NULL */
	bool at_build, at_load; /* GPL-compatible, for modpost and for the loader */
	size_t modules; /* how many have it */
};

/* What a module imports, by the class that a kernel exports it as. */
struct inventory_imports {
	size_t all;
	size_t plain, gpl, reserved, other; /* reserved: for named modules, whatever the class */
	size_t unknown; /* several exports of different classes; or there is no kernel to ask */
	size_t missing; /* neither the kernel nor a module of the inventory exports it */
};

struct inventory_exports {
	size_t plain, gpl, reserved, other;
};

/* The source files of one license that a module was built from, as the kernel's own bill of
 * materials has it. */
struct inventory_source_license {
	const char *license; /* an SPDX expression */
	const char **files; /* in byte order; headers are only counted */
	size_t file_count, file_capacity, headers;
};

struct inventory_item {
	struct ksa_module *module; /* owned */
	const char
		*path; /* below its source; a built-in one's as the build of the kernel names it */
	uint32_t source;
	/* What follows audit/modules.h works out. */
	const char *id; /* no other has it: letters, digits, '.' and '-' */
	uint32_t license;
	char taints[8]; /* what loading it adds to the kernel's taints, "OE" */
	const struct inventory_loaded *loaded; /* or NULL */
	struct inventory_source_license *sources; /* by license; NULL: not known */
	size_t source_license_count;
	struct inventory_imports imports;
	struct inventory_exports exports;
	struct string_list gpl_only, reserved; /* the imports by name, in file order */
};

/* A module that is not in the inventory, and why. */
struct inventory_gap {
	const char *path, *why;
};

struct inventory {
	struct arena arena;
	struct inventory_source *sources;
	size_t source_count, source_capacity;
	struct inventory_item *items; /* by source, then path; built-in ones behind its files */
	size_t count, capacity;
	struct inventory_gap *gaps;
	size_t gap_count, gap_capacity;
	/* What is loaded, if that was asked for: only these modules are items. */
	bool is_loaded;
	struct inventory_loaded *loaded;
	size_t loaded_count, loaded_capacity;
	const char **notices; /* in inventory->arena */
	size_t notice_count, notice_capacity;
	int64_t newest; /* the latest modification of what was read, in seconds since 1970 */
	int64_t created; /* what documents give as their time: that, or SOURCE_DATE_EPOCH */

	const struct ksa_kernel *kernel; /* whose exports were asked; or NULL */
	struct inventory_license *licenses; /* the most frequent first */
	size_t license_count;
	size_t in_tree, builtin, signed_; /* how many items are */
};

/* Frees the modules too. */
void inventory_release(struct inventory *inventory);

/* Note something that is not in it; both are copied. KSA_ENOMEM. */
int inventory_add_gap(struct inventory *inventory, const char *path, const char *why,
		      struct ksa_error *err) _must_check_;

#endif
