/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_UNIT_ELFBUILD_SPEC_H
#define TESTS_UNIT_ELFBUILD_SPEC_H

#include "unit/elfbuild.h"

/* What the builders of kernels and modules share. */

#define SPEC_TABLES 5

/* One __ksymtab section: which exports it holds, in order. */
struct spec_table {
	const char *suffix; /* "", "_gpl" ... */
	const struct elfbuild_export **items; /* malloc'd */
	size_t count;
	size_t section, crc_section; /* set by the builder; 0: none */
};

/* Distribute exports over tables by class (all to the first with kflagstab), sorted by name unless
 * unsorted. Free the items with spec_tables_release. */
void spec_tables_fill(struct spec_table tables[SPEC_TABLES], const struct elfbuild_export *exports,
		      size_t count, bool kflagstab, bool unsorted);
void spec_tables_release(struct spec_table tables[SPEC_TABLES]);

/* __ksymtab_strings with merged suffixes, as the linker makes it. */
struct spec_pool {
	char *data;
	size_t size;
};

/* All names and namespaces of the exports; pool->data is malloc'd. */
void spec_pool_fill(struct spec_pool *pool, const struct elfbuild_export *exports, size_t count);
/* The offset of a string; "" is the first NUL. */
size_t spec_pool_find(const struct spec_pool *pool, const char *s);

/* The layout to use, its fields per entry, and bytes per field. */
enum elfbuild_layout spec_layout(const struct elfbuild_arch *arch, enum elfbuild_layout layout);
bool spec_layout_is_prel(enum elfbuild_layout layout);
unsigned int spec_layout_fields(enum elfbuild_layout layout);
unsigned int spec_layout_width(const struct elfbuild_arch *arch, enum elfbuild_layout layout);

#endif
