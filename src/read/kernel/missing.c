// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/kernel/missing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/strmap.h"
#include "base/vec.h"
#include "read/kernel/loader.h"

#define MAX_EXPECTED 65536

static int expect(struct missing *missing, struct ksa_kernel *kernel, struct expected expected,
		  struct ksa_error *err)
{
	if (missing->count >= MAX_EXPECTED)
		return 0;
	expected.owner = kernel_string(kernel, expected.owner);
	if (expected.target)
		expected.target = kernel_string(kernel, expected.target);
	if (!expected.owner || VEC_PUSH_ROOM(missing, err))
		return ksa_fail_nomem(err);
	missing->items[missing->count++] = expected;
	return 0;
}

/* The module that a path below a tree's directory names. */
static int expect_path(struct missing *missing, struct ksa_kernel *kernel, const char *path,
		       struct expected expected, struct ksa_error *err)
{
	_cleanup_free_ char *owner = tree_owner(path);

	if (!owner)
		return ksa_fail_nomem(err);
	expected.owner = owner;
	return expect(missing, kernel, expected, err);
}

int missing_expect_dep(struct missing *missing, struct ksa_kernel *kernel, const char *line,
		       bool flat, struct ksa_error *err)
{
	_cleanup_free_ char *path = strndup(line, strcspn(line, ":"));

	if (!path)
		return ksa_fail_nomem(err);
	if (!modules_is_module_path(path) || (*path == '/' && !flat))
		return 0;
	return expect_path(missing, kernel, *path == '/' ? owner_base_name(path) : path,
			   (struct expected){.by = EXPECTED_BY_DEP}, err);
}

int missing_expect_order(struct missing *missing, struct ksa_kernel *kernel, const char *line,
			 struct ksa_error *err)
{
	return *line == '/' || !modules_is_module_path(line)
		       ? 0
		       : expect_path(missing, kernel, line,
				     (struct expected){.by = EXPECTED_BY_ORDER}, err);
}

int missing_expect_link(struct missing *missing, struct ksa_kernel *kernel, const char *path,
			const char *target, struct ksa_error *err)
{
	struct expected expected = {.by = EXPECTED_BY_LINK, .target = target ? target : ""};

	return expect_path(missing, kernel, path, expected, err);
}

/* The owners of all modules that were read, and their base names. */
static int note_read(struct strmap *seen, const struct module_set *modules, struct ksa_error *err)
{
	for (size_t i = 0; i < modules->count; i++) {
		const char *owner = modules->items[i].owner;

		if (strmap_set(seen, owner, 0) || strmap_set(seen, owner_base_name(owner), 0))
			return ksa_fail_nomem(err);
	}
	return 0;
}

/* A link stands for the module that it names, if that was read. */
static int find_link(struct strmap *seen, const struct expected *e, struct ksa_kernel *kernel,
		     struct ksa_error *err)
{
	_cleanup_free_ char *target = tree_owner(owner_base_name(e->target));
	_cleanup_free_ char *why = NULL;

	if (!target)
		return ksa_fail_nomem(err);
	if (*target && strmap_get(seen, target, NULL))
		return strmap_set(seen, e->owner, 0) ? ksa_fail_nomem(err) : 0;
	if (!*e->target)
		return kernel_add_gap(kernel, e->owner, "is no regular file", err);
	if (asprintf(&why, "is a link to '%s', which is not in the package", e->target) < 0) {
		why = NULL;
		return ksa_fail_nomem(err);
	}
	return kernel_add_gap(kernel, e->owner, why, err);
}

static int find_links(const struct missing *missing, struct strmap *seen, struct ksa_kernel *kernel,
		      struct ksa_error *err)
{
	size_t gaps = kernel->gap_count;
	int r = 0;

	for (size_t i = 0; i < missing->count && !r; i++)
		if (missing->items[i].by == EXPECTED_BY_LINK)
			r = find_link(seen, &missing->items[i], kernel, err);
	/* What is said of once is not said of by modules.dep as well. */
	for (; gaps < kernel->gap_count && !r; gaps++)
		if (strmap_set(seen, kernel->gaps[gaps].module, 0))
			r = ksa_fail_nomem(err);
	return r;
}

int missing_find(const struct missing *missing, const struct module_set *modules,
		 struct ksa_kernel *kernel, bool *partial, struct ksa_error *err)
{
	struct strmap seen = {.count = 0};
	const char *first = NULL;
	size_t unread = 0;
	int r = note_read(&seen, modules, err);

	if (!r)
		r = find_links(missing, &seen, kernel, err);
	for (size_t i = 0; i < missing->count && !r; i++) {
		const struct expected *e = &missing->items[i];

		if (e->by == EXPECTED_BY_LINK || strmap_get(&seen, e->owner, NULL))
			continue;
		if (e->by == EXPECTED_BY_DEP)
			r = kernel_add_gap(kernel, e->owner,
					   "is not there, but modules.dep lists it", err);
		else if (!missing->has_dep && !unread++)
			first = e->owner;
	}
	strmap_release(&seen);
	*partial = unread > 0;
	if (r || !unread)
		return r;
	return kernel_add_notice(kernel, err,
				 "%zu of the modules that modules.order lists are not there: %s%s "
				 "(they may come in another package: name it as well)",
				 unread, first, unread > 1 ? ", ..." : "");
}
