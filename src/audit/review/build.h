/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AUDIT_REVIEW_BUILD_H
#define AUDIT_REVIEW_BUILD_H

#include "audit/review/kconfig.h"

#define BUILD_MAX_SYMBOLS 8

/*
 * How Kbuild comes to a source file: the obj- lines of its Makefile and of those above it
 * (Documentation/kbuild/makefiles.rst). Conditions of make (ifdef) are not looked at.
 */
struct build_place {
	bool known; /* an obj- line was found */
	const char
		*module; /* the object of that line without ".o": a module's name, if it is one */
	const char *makefile; /* where that line stands */
	uint32_t line;
	bool modular; /* obj-m */
	bool built_in; /* obj-y, lib-, head-, extra-: never a module */
	const char *symbols[BUILD_MAX_SYMBOLS]; /* CONFIG_ symbols of the lines, without CONFIG_;
						   the file's own first */
	size_t symbol_count;
	size_t own_count; /* how many of them are of the file itself, not of directories */
	enum kconfig_type type; /* of its own symbol, as its Kconfig says */
};

/*
 * Where the file is built, of the tree as the patches leave it, or of the parts of its Makefile
 * that they show. KSA_ENOMEM; not to find it is no failure.
 */
int build_find(const struct review_input *input, struct arena *arena, struct kconfig *kconfig,
	       const char *path, struct build_place *place) _must_check_;

/* What becomes of the file under a configuration. */
enum dotconfig_value build_value(const struct build_place *place, const struct dotconfig *config);

/* Both are known to be of one module, or of vmlinux by the same line. */
bool build_same_module(const struct build_place *x, const struct build_place *y);

/* Whether it can be a module, and whether it can be built in, as far as is known. */
bool build_can_be_module(const struct build_place *place);
bool build_can_be_built_in(const struct build_place *place);

/* Whether some configuration is known to make it a module. */
bool build_is_modular(const struct build_place *place);

#endif
