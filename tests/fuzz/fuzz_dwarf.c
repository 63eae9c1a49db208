// SPDX-License-Identifier: GPL-2.0-or-later
/* An ELF file, read for what its debug information says of a few functions and variables, and for
 * what a module of it names. */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "model/declare.h"
#include "read/debug/dwarf_declare.h"
#include "read/debug/dwarf_named.h"

/* What was said is a declaration of that name, and a path. */
static void check(const struct dwarf_declared *d, const char *name)
{
	if (d->text && (!strstr(d->text, name) || strlen(d->text) > DECLARE_MAX_TEXT))
		abort();
	if (d->file ? !*d->file : d->line != 0)
		abort();
}

/* Each name can be found, and is named by somebody. */
static void name(const struct elf_file *f, struct arena *arena)
{
	struct ksa_named named = {.names = NULL};
	struct string_list units;

	if (dwarf_named_read(f, &named, NULL) == 0)
		for (size_t i = 0; i < named.name_count; i++)
			if (named_find(&named, named.names[i].name) != &named.names[i] ||
			    !named.names[i].by ||
			    (named.names[i].by & NAMED_BY_MODULE) !=
				    (named.names[i].site_count > 0))
				abort();
	named_release(&named);
	if (dwarf_units_read(f, arena, &units, NULL) == 0)
		for (size_t i = 0; i < units.count; i++)
			if (!*units.items[i])
				abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = {"f", "g", "h", "v", "w", "x"};
	struct dwarf_declared items[sizeof(names) / sizeof(*names)] = {{.address = 0}};
	struct strmap map = {NULL, 0, 0};
	struct arena arena = {NULL, 0};
	struct dwarf_wanted wanted = {.names = &map,
				      .items = items,
				      .count = sizeof(names) / sizeof(*names),
				      .arena = &arena,
				      .workers = 1};
	struct elf_file f;
	bool is_ready = elf_open(&f, data, size, "input", &arena, NULL) == 0;

	for (uint32_t i = 0; i < wanted.count; i++)
		is_ready = is_ready && strmap_set(&map, names[i], i) == 0;
	for (int image = 0; image < 2 && is_ready; image++) {
		wanted.is_image = image;
		if (dwarf_declare(&f, &wanted, NULL) == 0)
			for (size_t i = 0; i < wanted.count; i++)
				check(&items[i], names[i]);
		memset(items, 0, sizeof(items));
	}
	if (is_ready)
		name(&f, &arena);
	strmap_release(&map);
	arena_release(&arena);
	return 0;
}
