/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AUDIT_USERS_H
#define AUDIT_USERS_H

#include "model/rule.h"
#include "model/users.h"
#include "model/view.h"

/* Which exports. Zero-initialize, but for rules. */
struct users_options {
	const struct ksa_rules *rules; /* whose families */
	const struct export_filter *filter; /* NULL: all */
	const char *const *symbols; /* names and globs; each must match an export */
	size_t symbol_count; /* 0: all */
	const struct ksa_kernel *old; /* only exports that it does not have; NULL: all */
	bool none; /* only those without modular users */
	bool single; /* only those that one module alone uses */
	const struct string_list *only_by; /* only those that have modular users, all of which these
					      globs name (as a filter's owners); NULL: all */
	enum users_by by; /* count by that, too */
};

/*
 * The in-tree users of a sealed kernel's exports: modules of its own tree that import them (it was
 * read with options.imports), and what in vmlinux uses them where that was to be read
 * (options.users); of a revision's sources, the files that use them. KSA_ENODATA: what its modules
 * import is not known; no export matches one of symbols.
 */
int users_find(const struct ksa_kernel *kernel, const struct users_options *options,
	       struct users *out, struct ksa_error *err) _must_check_;
void users_release(struct users *users);

#endif
