/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_HEADERS_CONFIG_H
#define READ_HEADERS_CONFIG_H

#include "base/strmap.h"
#include "read/source/expr.h"

struct config_fact {
	const char *name; /* the configuration's */
	bool defined, is_number;
	long long number;
};

/* What is known of macros when a module of that kernel is built. Zero-initialize. */
struct header_config {
	struct arena arena;
	struct intern intern; /* of names; the value is their fact's index */
	struct config_fact *items;
	size_t count, capacity;
	bool known; /* the kernel's configuration: other CONFIG_ names are not defined */
	const char *arch; /* the directory below arch/, "x86"; "" when not known */
};

/*
 * What holds for all kernels (__KERNEL__ and MODULE are defined, __ASSEMBLY__ is not), and what
 * autoconf.h (NULL: it is not known) defines. arch is a directory's name below arch/ or that of an
 * architecture ("arm64", "x86_64"), or NULL: as the configuration says. KSA_ENOMEM, KSA_ELIMIT.
 */
int header_config_init(struct header_config *config, const struct span *autoconf, const char *arch,
		       struct ksa_error *err) _must_check_;
void header_config_release(struct header_config *config);

/* What is known of names in conditions; it borrows the configuration, which is only read. */
struct expr_names header_config_names(const struct header_config *config);

#endif
