/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_VIEW_H
#define MODEL_VIEW_H

#include "model/family.h"
#include "model/import_set.h"
#include "model/kernel.h"
#include "model/module.h"

/* Which exports of a kernel to show. Zero-initialize: all of them. */
struct export_filter {
	unsigned int classes; /* mask of 1u << enum ksa_class; 0: all */
	/* Of each list one must match; an empty list: all. */
	struct string_list ns; /* globs on the namespace; "" is "none" */
	struct string_list owner; /* globs on the owner's path or base name ('-' and '_' folded) */
	struct string_list grep; /* globs on the symbol's name */
	struct family_list families; /* only their members */
	const struct import_set *used_by; /* only what it has; NULL: all */
	enum { DEFINED_ANYWHERE = 0, DEFINED_IN_VMLINUX, DEFINED_IN_MODULES } defined_in;
};

#define CLASS_COUNT 6

/* The exports that were asked for, and the numbers of the summary (of what is shown). */
struct export_view {
	const struct ksa_kernel *kernel;
	const struct ksa_export **items; /* malloc'd array, in the kernel's order */
	size_t count;
	bool filtered;
	const struct import_set *used_by; /* of the filter */
	bool prototypes; /* show them too */
	size_t by_class[CLASS_COUNT]; /* index: enum ksa_class */
	size_t in_vmlinux;
	size_t namespaces; /* distinct, none not counted */
	size_t namespaced; /* exports in one */
	size_t reserved; /* exports in a module: namespace */
	size_t with_crc;
};

#endif
