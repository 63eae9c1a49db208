/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AUDIT_EXPORTS_H
#define AUDIT_EXPORTS_H

#include "base/strbuf.h"
#include "model/view.h"

/*
 * Choose the exports of a sealed kernel that pass the filter (NULL: all of them) and count what the
 * summary says. Globs are fnmatch(3) patterns: '*' matches '/' too, a backslash escapes. An owner
 * pattern is held against the path and the base name with '-' and '_' taken as equal. A namespace
 * pattern never matches an export whose namespace is not known.
 *
 * The view borrows the kernel; release it before. KSA_ENOMEM.
 */
int export_view_make(const struct ksa_kernel *kernel, const struct export_filter *filter,
		     struct export_view *view, struct ksa_error *err) _must_check_;
void export_view_release(struct export_view *view);

/* The filter with its owner patterns folded, a NUL behind each, and the buffer in which owners are.
 * Zero-initialize. */
struct export_matcher {
	const struct export_filter *filter;
	struct strbuf patterns, owner; /* failed, if memory was short: what matched is then wrong */
};

/* filter is borrowed. */
void export_matcher_init(struct export_matcher *matcher, const struct export_filter *filter);
void export_matcher_release(struct export_matcher *matcher);
bool export_matches(struct export_matcher *matcher, const struct ksa_export *e);

/* True if one of the filter's owner patterns matches the path or base name of an owner or module.
 */
bool export_owner_matches(struct export_matcher *matcher, const char *owner);

/* Leave of the kernel's helpers, if it has any, what a snapshot keeps: those that lead to one of
 * its exports, and the names of others; and of its types those that headers declare. KSA_ENOMEM. */
int exports_reduce(struct ksa_kernel *kernel, struct ksa_error *err) _must_check_;

/* True if one of the patterns of fnmatch(3) matches. */
bool globs_match(const struct string_list *globs, const char *s);

/* True if the filter could leave out any export. */
bool export_filter_is_narrow(const struct export_filter *filter);

#endif
