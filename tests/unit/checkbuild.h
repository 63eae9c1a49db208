/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Kernels and modules made by hand, for the tests of ksa_check(). */
#ifndef UNIT_CHECKBUILD_H
#define UNIT_CHECKBUILD_H

#include "audit/check/check.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))
#define MAGIC	 "6.1.0 SMP mod_unload "

struct kexport {
	const char *name, *owner, *ns;
	enum ksa_class cls;
	uint32_t crc; /* 0: none */
};

/* A kernel with image and modules, nothing exported yet, not sealed. */
struct ksa_kernel *open_kernel(const char *label);

/* A sealed kernel with these exports, all of whose facts are known. */
struct ksa_kernel *make_kernel(const char *label, const struct kexport *exports, size_t count);

#define KERNEL(label, ...)                                                                         \
	make_kernel(label, (const struct kexport[]){__VA_ARGS__},                                  \
		    COUNT(((const struct kexport[]){__VA_ARGS__})))

/* Modules are compound literals: ksa_check only borrows them. */
#define LIST(...)                                                                                  \
	{                                                                                          \
		(const char *[]){__VA_ARGS__}, COUNT(((const char *[]){__VA_ARGS__}))              \
	}
#define IMPORTS(...)                                                                               \
	.imports = (struct ksa_import[]){__VA_ARGS__},                                             \
	.import_count = COUNT(((struct ksa_import[]){__VA_ARGS__}))
#define EXPORTS(...)                                                                               \
	.exports = (struct ksa_export[]){__VA_ARGS__},                                             \
	.export_count = COUNT(((struct ksa_export[]){__VA_ARGS__}))
#define MODULE(n, ...)                                                                             \
	(&(struct ksa_module){.name = n,                                                           \
			      .path = n ".ko",                                                     \
			      .arch = "",                                                          \
			      .vermagic = MAGIC,                                                   \
			      .has_modinfo = true,                                                 \
			      .loading = {.struct_count = 1, .has_description = true},             \
			      __VA_ARGS__})

#endif
