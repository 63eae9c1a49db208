// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

int vec_reserve(void *items, size_t *capacity, size_t need, size_t size, struct ksa_error *err)
{
	size_t wanted = *capacity ? *capacity : 16;
	size_t bytes;
	void *old, *grown;

	if (need <= *capacity)
		return 0;
	while (wanted < need)
		if (__builtin_mul_overflow(wanted, (size_t)2, &wanted))
			return ksa_fail_nomem(err);
	if (__builtin_mul_overflow(wanted, size, &bytes))
		return ksa_fail_nomem(err);
	memcpy(&old, items, sizeof(old));
	grown = realloc(old, bytes);
	if (!grown)
		return ksa_fail_nomem(err);
	memcpy(items, &grown, sizeof(grown));
	*capacity = wanted;
	return 0;
}

int vec_add_text(const char ***items, size_t *count, size_t *capacity, const char *text,
		 struct ksa_error *err)
{
	if (!text || vec_reserve(items, capacity, *count + 1, sizeof(**items), err))
		return ksa_fail_nomem(err);
	(*items)[(*count)++] = text;
	return 0;
}
