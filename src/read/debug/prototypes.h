/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_DEBUG_PROTOTYPES_H
#define READ_DEBUG_PROTOTYPES_H

#include "model/kernel.h"
#include "model/module.h"
#include "read/elf/elf.h"

/*
 * The C declarations of exports, from the BTF of the image and of the modules or else from debug
 * information, and where that says that they are defined. Only where they are wanted
 * (kernel->want_prototypes). What cannot be read is a notice: a kernel is one without them. BTF is
 * also what the kernel's types are from (kernel->want_types), see read/debug/types.h.
 */

/* Keep the types of an image, or of the file with types alone that stands in for it among headers
 * (the first one that has any counts). */
int prototypes_take_image(struct ksa_kernel *kernel, const struct elf_file *f,
			  struct ksa_error *err) _must_check_;

/* The debug information of an image, whose exports have been added to the kernel: declare those
 * that its types do not, and say where each is defined. */
int prototypes_take_debug(struct ksa_kernel *kernel, const struct elf_file *f,
			  struct ksa_error *err) _must_check_;

/* The same of a module that exports something. What is wrong with it goes to its types_problem. */
int prototypes_take_module(struct ksa_module *module, const struct elf_file *f,
			   struct ksa_error *err) _must_check_;

/* The same as prototypes_take_image of an image without sections. */
int prototypes_take_raw(struct ksa_kernel *kernel, const unsigned char *data, size_t size,
			const char *name, struct ksa_error *err) _must_check_;

/*
 * Read a table of prototypes, which comes apart from a shipped snapshot as most readers of that do
 * not want them: below a line of heading one line for each export, from the one of index first on,
 * in their order; an empty line where none is known. Maybe compressed. A table that does not fit
 * the exports is a notice. KSA_EIO, KSA_ELIMIT.
 */
int prototypes_take_table(struct ksa_kernel *kernel, size_t first, const char *path,
			  struct ksa_error *err) _must_check_;

/* A module of the kernel as it was read, and the owner of its exports there. */
struct prototypes_module {
	struct ksa_module *module;
	const char *owner;
};

/* The kernel is sealed: declare all exports that types are known of, give it its types, and forget
 * the BTF. */
int prototypes_fill(struct ksa_kernel *kernel, const struct prototypes_module *modules,
		    size_t count, struct ksa_error *err) _must_check_;

#endif
