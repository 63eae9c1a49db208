/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_UNIT_DAMAGE_H
#define TESTS_UNIT_DAMAGE_H

#include "unit/elfbuild.h"

/* Where a damage case writes. */
enum damage_at {
	DAMAGE_NONE = 0, /* the good file */
	DAMAGE_HEADER, /* field of the ELF header */
	DAMAGE_SECTION, /* field of the section's header */
	DAMAGE_ENTRY, /* field of entry `index` of the table `section` */
	DAMAGE_SYMBOL, /* field of the symbol named `symbol` in .symtab */
	DAMAGE_BYTES, /* `index` is an offset in the section, width bytes */
	DAMAGE_RENAME, /* the section gets the name of the section `symbol` */
	DAMAGE_CUT /* the file ends after `index` bytes */
};

/* One case: a good file with one field changed, and the line that the user then sees. */
struct damage {
	const char *title;
	enum damage_at at;
	const char *section, *symbol;
	enum elfbuild_field field;
	size_t index;
	unsigned int width;
	uint64_t value;
	int code; /* enum ksa_code, 0: is read all the same */
	const char *text; /* of the error, exactly */
};

/* Damage the bytes. */
void damage_apply(const struct damage *d, struct elfbuild_bytes *bytes);

/* Print what is not as expected; 1 if anything is, 0 if the outcome is right. */
size_t damage_check(const struct damage *d, int code, const struct ksa_error *err,
		    const char *source);

#endif
