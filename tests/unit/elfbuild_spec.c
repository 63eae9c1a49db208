// SPDX-License-Identifier: GPL-2.0-or-later
#include "unit/elfbuild_spec.h"

#include <stdlib.h>
#include <string.h>

static const struct {
	const char *suffix;
	enum ksa_class cls;
} tables_of_classes[SPEC_TABLES] = {
	{"", KSA_CLASS_PLAIN},
	{"_gpl", KSA_CLASS_GPL},
	{"_gpl_future", KSA_CLASS_GPL_FUTURE},
	{"_unused", KSA_CLASS_UNUSED},
	{"_unused_gpl", KSA_CLASS_UNUSED_GPL},
};

static int compare_exports(const void *a, const void *b)
{
	const struct elfbuild_export *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

void spec_tables_fill(struct spec_table tables[SPEC_TABLES], const struct elfbuild_export *exports,
		      size_t count, bool kflagstab, bool unsorted)
{
	for (size_t t = 0; t < SPEC_TABLES; t++) {
		struct spec_table *table = &tables[t];

		*table = (struct spec_table){.suffix = tables_of_classes[t].suffix};
		table->items = calloc(count + 1, sizeof(*table->items));
		if (!table->items)
			abort();
		for (size_t i = 0; i < count; i++) {
			enum ksa_class cls = exports[i].cls ? exports[i].cls : KSA_CLASS_PLAIN;

			if (kflagstab ? t == 0 : cls == tables_of_classes[t].cls)
				table->items[table->count++] = &exports[i];
		}
		if (!unsorted)
			qsort(table->items, table->count, sizeof(*table->items), compare_exports);
	}
}

void spec_tables_release(struct spec_table tables[SPEC_TABLES])
{
	for (size_t t = 0; t < SPEC_TABLES; t++)
		free(tables[t].items);
}

/* The offset of s with its NUL, or the pool's size. */
static size_t find(const struct spec_pool *pool, const char *s)
{
	const char *at = memmem(pool->data, pool->size, s, strlen(s) + 1);

	return at ? (size_t)(at - pool->data) : pool->size;
}

static void add(struct spec_pool *pool, const char *s)
{
	size_t length = strlen(s) + 1;

	if (pool->size && find(pool, s) < pool->size)
		return;
	pool->data = realloc(pool->data, pool->size + length);
	if (!pool->data)
		abort();
	memcpy(pool->data + pool->size, s, length);
	pool->size += length;
}

void spec_pool_fill(struct spec_pool *pool, const struct elfbuild_export *exports, size_t count)
{
	size_t longest = 0;

	memset(pool, 0, sizeof(*pool));
	for (size_t i = 0; i < count; i++) {
		size_t name = strlen(exports[i].name);
		size_t ns = exports[i].ns ? strlen(exports[i].ns) : 0;

		longest = name > longest ? name : longest;
		longest = ns > longest ? ns : longest;
	}
	/* Longest first, so that every suffix finds its host. */
	for (size_t length = longest; length > 0; length--) {
		for (size_t i = 0; i < count; i++) {
			if (strlen(exports[i].name) == length)
				add(pool, exports[i].name);
			if (exports[i].ns && strlen(exports[i].ns) == length)
				add(pool, exports[i].ns);
		}
	}
	add(pool, "");
}

size_t spec_pool_find(const struct spec_pool *pool, const char *s)
{
	size_t at = find(pool, s);

	if (at >= pool->size)
		abort();
	return at;
}

enum elfbuild_layout spec_layout(const struct elfbuild_arch *arch, enum elfbuild_layout layout)
{
	if (layout != ELFBUILD_ARCH_LAYOUT)
		return layout;
	return arch->prel ? ELFBUILD_PREL_3 : ELFBUILD_ABS_3;
}

bool spec_layout_is_prel(enum elfbuild_layout layout)
{
	return layout == ELFBUILD_PREL_2 || layout == ELFBUILD_PREL_3;
}

unsigned int spec_layout_fields(enum elfbuild_layout layout)
{
	return layout == ELFBUILD_ABS_2 || layout == ELFBUILD_PREL_2 ? 2 : 3;
}

unsigned int spec_layout_width(const struct elfbuild_arch *arch, enum elfbuild_layout layout)
{
	return spec_layout_is_prel(layout) || !arch->is_64 ? 4 : 8;
}
