/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_UNIT_DIFFBUILD_H
#define TESTS_UNIT_DIFFBUILD_H

#include "model/diff.h"
#include "model/helper.h"

/* An export of a kernel that is made by hand. */
struct diffbuild_export {
	const char *name;
	enum ksa_class cls;
	const char *owner; /* NULL: vmlinux */
	const char *ns; /* NULL: none */
	uint32_t crc; /* 0: none */
};

/* An in-tree module and what it imports, blanks between. */
struct diffbuild_module {
	const char *name, *imports;
};

/* A helper of its headers, and the one name in its body. */
struct diffbuild_helper {
	const char *helper, *names;
	enum helper_kind kind;
};

/* The kernel of that label, whose headers define nothing; both arrays end with a NULL name. Fails
 * the test if it cannot. */
struct ksa_kernel *diffbuild_kernel(const char *label, const struct diffbuild_export *exports,
				    const struct diffbuild_module *modules);

/* Give the kernel headers with these helpers, which end with a NULL one, in place of those that it
 * has; NULL: none are at hand. */
void diffbuild_headers(struct ksa_kernel *kernel, const struct diffbuild_helper *bodies);

/* A GPL module of that name that imports these symbols, blanks between. */
struct ksa_module *diffbuild_given(const char *name, const char *imports);

#endif
