/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CMD_CHECK_H
#define CMD_CHECK_H

#include "cmd/changes.h"
#include "model/named.h"
#include "model/pending.h"
#include "model/typed.h"

/*
 * Open the shipped snapshots of the kernels' architecture of which no kernel of the list has the
 * release, and append them to *hints. One that cannot be read is left out: it is no reason to
 * withhold a verdict.
 */
int check_open_hints(struct invocation *inv, const struct kernel_list *kernels,
		     const struct module_list *modules, struct kernel_list *hints,
		     struct ksa_error *err);

/* How check_open_newer() opens them, and what it says of it. */
struct check_newer {
	bool types; /* set before: with their types, and where their headers declare what */
	const char *why; /* NULL, or why there is none */
};

/*
 * Append to the list the shipped snapshots that are newer than the newest of it, and of its
 * architecture (that of the modules, where its sources do not give one).
 */
int check_open_newer(struct invocation *inv, struct kernel_list *kernels,
		     const struct module_list *modules, struct check_newer *newer,
		     struct ksa_error *err);

/* How to open the kernels that modules were built for. */
struct built_for_options {
	bool thorough; /* installed ones of their very release too, which takes some tenths of a
			  second, with prototypes */
	bool types; /* their types, and where their headers declare what */
};

/*
 * For signs that exports go: the two newest shipped snapshots of the kernels' architecture, the
 * older one first, with what their modules import; those of kernels, or else opened and appended to
 * *more. out stays NULL where there are no two.
 */
int check_open_signs(struct invocation *inv, const struct kernel_list *kernels,
		     const struct module_list *modules, struct kernel_list *more,
		     const struct ksa_kernel *out[2], struct ksa_error *err);

/*
 * For the rebuilds of modules: append to *hints the kernels that they were built for, with what
 * their headers say, where none of kernels will do: installed ones, else the shipped snapshot of
 * their series and architecture.
 */
int check_open_built_for(struct invocation *inv, const struct kernel_list *kernels,
			 const struct module_list *modules, struct built_for_options how,
			 struct kernel_list *hints, struct ksa_error *err);

/* Types for headers without an image: those of the shipped snapshot of their series and of the
 * module's architecture, if there is one and the kernel has none. */
int check_borrow_types(struct invocation *inv, const struct ksa_module *m,
		       struct ksa_kernel *kernel, struct ksa_error *err) _must_check_;

/* What the source of each module names and does when it is built for each kernel. Zero-initialize.
 */
struct check_names {
	struct ksa_named *items;
	struct ksa_typed *typed;
	const struct ksa_named **cells; /* [module * kernels + kernel] */
	const struct ksa_typed **typed_cells; /* the same */
	size_t count;
	bool wants_typed; /* set before: what it does, and not only what it names */
};

/* Commits or patches that a kernel does not have yet. Zero-initialize. */
struct check_pending {
	struct string_list words; /* of the option; none: not asked for */
	struct changes changes;
	struct ksa_pending net;
};

/* Whether they are fine. 0, or EXIT_TROUBLE after saying why not. */
int check_pending_words(const struct invocation *inv, struct check_pending *pending);

/* Append to kernels, which has one with all that will be asked of it, what they make of it, and
 * keep in *pending what they do. */
int check_open_pending(struct invocation *inv, struct check_pending *pending,
		       struct kernel_list *kernels, const struct module_list *modules,
		       struct ksa_error *err);
void check_pending_release(struct check_pending *pending);

int check_read_names(const char *dir, const struct kernel_list *kernels,
		     const struct module_list *modules, struct check_names *names,
		     struct ksa_error *err);
/* Let the types of the kernels have the functions and objects that the sources use and headers
 * declare. */
int check_type_names(const struct check_names *names, const struct kernel_list *kernels,
		     struct ksa_error *err);
void check_names_release(struct check_names *names);

#endif
