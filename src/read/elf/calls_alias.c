// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/elf/calls.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

/* A global function's place and name. */
struct ksa_named {
	uint64_t value;
	uint32_t section;
	const char *name;
};

static int compare_named(const void *a, const void *b)
{
	const struct ksa_named *x = a, *y = b;

	if (x->section != y->section)
		return x->section < y->section ? -1 : 1;
	if (x->value != y->value)
		return x->value < y->value ? -1 : 1;
	return strcmp(x->name, y->name);
}

/* count names of one place: those that nothing is known of become aliases of the one that is. */
static int join_names(struct call_builder *builder, const struct ksa_named *names, size_t count,
		      struct ksa_error *err)
{
	uint32_t known = UINT32_MAX;
	int r = 0;

	for (size_t i = 0; i < count && known == UINT32_MAX; i++) {
		uint32_t index;

		if (strmap_get(&builder->globals, names[i].name, &index) &&
		    builder->functions.items[index].has_code)
			known = index;
	}
	for (size_t i = 0; i < count && known != UINT32_MAX && !r; i++) {
		uint32_t index;

		r = call_builder_function(builder, names[i].name, 0, &index, err);
		if (!r && !builder->functions.items[index].has_code)
			r = call_builder_alias(builder, index, known, err);
	}
	return r;
}

int elf_calls_add_aliases(const struct elf_file *f, const struct elf_symtab *symtab,
			  struct call_builder *builder, struct ksa_error *err)
{
	struct {
		struct ksa_named *items;
		size_t count, capacity;
	} names = {NULL, 0, 0};
	int r = 0;

	for (size_t i = 1; i < symtab->count && !r; i++) {
		struct elf_symbol symbol;

		r = elf_symtab_get(f, symtab, i, &symbol, err);
		if (r || symbol.bind == STB_LOCAL || !elf_calls_is_function(f, &symbol))
			continue;
		r = VEC_PUSH_ROOM(&names, err);
		if (!r)
			names.items[names.count++] = (struct ksa_named){.value = symbol.value,
									.section = symbol.section,
									.name = symbol.name};
	}
	if (names.count)
		qsort(names.items, names.count, sizeof(names.items[0]), compare_named);
	for (size_t i = 0, n; i < names.count && !r; i += n) {
		for (n = 1; i + n < names.count; n++)
			if (names.items[i + n].section != names.items[i].section ||
			    names.items[i + n].value != names.items[i].value)
				break;
		if (n > 1)
			r = join_names(builder, &names.items[i], n, err);
	}
	free(names.items);
	return r;
}
