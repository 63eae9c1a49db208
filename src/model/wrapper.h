/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_WRAPPER_H
#define MODEL_WRAPPER_H

#include "model/kernel.h"

/* A GPL-only export that a plain one leads to. */
struct wrapper_target {
	const char *name;
	const struct ksa_export *export_; /* NULL: a snapshot names it, and has no such export */
	uint32_t calls; /* direct: from how many places; 0: not direct, or not known */
	const char *const *via; /* the functions in between, in order; they are not exported */
	uint32_t via_count;
};

/* A plain export that calls GPL-only ones. */
struct wrapper {
	const struct ksa_export *export_;
	struct wrapper_target *targets; /* the nearest first, then by name */
	uint32_t target_count;
	uint32_t direct; /* of the targets */
	uint32_t functions; /* how many functions it calls itself */
	uint32_t calls; /* from how many places; 0: not known (a snapshot) */
	uint32_t indirect; /* places where it calls what a pointer holds */
	uint32_t local; /* of the functions: how many are not exported */
	bool is_thin;
};

/* A function that calls more than this many others is no thin wrapper, whatever they are. */
#define WRAPPER_THIN_FUNCTIONS 2

/* The wrappers of a kernel. Strings and targets live in the arena. */
struct wrappers {
	const struct ksa_kernel *kernel;
	struct arena arena;
	struct wrapper *items; /* thin ones first, then by functions, calls, name; malloc'd */
	size_t count, capacity;
	bool filtered; /* only some were asked for */
	bool with_helpers; /* they count like all functions */
	unsigned int depth; /* calls in a chain, at most */
	size_t plain; /* plain exports of the kernel */
	size_t seen; /* of these: functions whose code was seen */
	size_t direct; /* of those: call GPL-only exports themselves */
	size_t unknown; /* of the others: call what is exported by something that was not read, or
			   in a class that is not known */
	const char *unknown_example; /* such a function, the first by name; in the arena */
	size_t thin;
	const char **notices; /* what cannot be seen; malloc'd array */
	size_t notice_count, notice_capacity;
};

#endif
