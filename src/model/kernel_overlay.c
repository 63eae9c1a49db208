// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/kernel_overlay.h"

#include <stdlib.h>
#include <string.h>

/* As kernel_seal() leaves them. */
static int compare_exports(const void *a, const void *b)
{
	const struct ksa_export *x = a, *y = b;
	int c = strcmp(x->name, y->name);

	return c ? c : strcmp(x->owner, y->owner);
}

static int index_exports(struct ksa_kernel *kernel, struct ksa_error *err)
{
	for (size_t i = 0; i < kernel->export_count; i++) {
		const char *name = kernel->exports[i].name;

		/* kernel_find_exports() compares pointers. */
		if (i && strcmp(name, kernel->exports[i - 1].name) == 0) {
			kernel->exports[i].name = kernel->exports[i - 1].name;
			continue;
		}
		if (strmap_set(&kernel->intern.map, name, (uint32_t)i))
			return ksa_fail_nomem(err);
	}
	return 0;
}

static int fill(struct ksa_kernel *kernel, const char *label, const struct ksa_export *exports,
		size_t count, struct ksa_error *err)
{
	kernel->label = arena_strdup(&kernel->arena, label);
	kernel->exports = calloc(count + 1, sizeof(*kernel->exports));
	if (!kernel->label || !kernel->exports)
		return ksa_fail_nomem(err);
	if (count)
		memcpy(kernel->exports, exports, count * sizeof(*exports));
	kernel->export_count = kernel->export_capacity = count;
	qsort(kernel->exports, count, sizeof(*kernel->exports), compare_exports);
	return index_exports(kernel, err);
}

int kernel_overlay(const struct ksa_kernel *base, const char *label,
		   const struct ksa_export *exports, size_t count, struct ksa_kernel **out,
		   struct ksa_error *err)
{
	struct ksa_kernel *kernel = malloc(sizeof(*kernel));
	int r;

	if (!kernel)
		return ksa_fail_nomem(err);
	*kernel = *base;
	kernel->base = base;
	kernel->arena = (struct arena){.blocks = NULL};
	kernel->intern = (struct intern){.arena = &kernel->arena};
	/* What was said of base is said there. */
	kernel->notices = NULL;
	kernel->notice_count = kernel->notice_capacity = 0;
	r = fill(kernel, label, exports, count, err);
	if (r)
		ksa_kernel_free(kernel);
	else
		*out = kernel;
	return r;
}
