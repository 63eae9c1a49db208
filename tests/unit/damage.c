// SPDX-License-Identifier: GPL-2.0-or-later
#include "unit/damage.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include <string.h>

void damage_apply(const struct damage *d, struct elfbuild_bytes *bytes)
{
	switch (d->at) {
	case DAMAGE_NONE:
		break;
	case DAMAGE_HEADER:
		elfbuild_set_header(bytes, d->field, d->value);
		break;
	case DAMAGE_SECTION:
		elfbuild_set_section(bytes, d->section, d->field, d->value);
		break;
	case DAMAGE_ENTRY:
		elfbuild_set_entry(bytes, d->section, d->index, d->field, d->value);
		break;
	case DAMAGE_SYMBOL:
		assert_true(elfbuild_symbol_index(bytes, d->symbol) > 0);
		elfbuild_set_entry(bytes, ".symtab", elfbuild_symbol_index(bytes, d->symbol),
				   d->field, d->value);
		break;
	case DAMAGE_BYTES:
		elfbuild_put(bytes, elfbuild_section_offset(bytes, d->section) + d->index, d->width,
			     d->value);
		break;
	case DAMAGE_RENAME: {
		size_t i = elfbuild_section_index(bytes, d->symbol);

		assert_true(i > 0);
		elfbuild_set_section(
			bytes, d->section, ELFBUILD_SH_NAME,
			elfbuild_get(bytes, elfbuild_section_field(bytes, i, ELFBUILD_SH_NAME), 4));
		break;
	}
	case DAMAGE_CUT:
		assert_true(d->index <= bytes->size);
		bytes->size = d->index;
		break;
	}
}

size_t damage_check(const struct damage *d, int code, const struct ksa_error *err,
		    const char *source)
{
	const char *text = d->text ? d->text : "";

	if (code != d->code || err->code != d->code || strcmp(err->text, text) != 0) {
		print_error("%s: expected %d \"%s\", is %d \"%s\"\n", d->title, d->code, text, code,
			    err->text);
		return 1;
	}
	if (code && strcmp(err->source, source) != 0) {
		print_error("%s: the error names '%s', expected '%s'\n", d->title, err->source,
			    source);
		return 1;
	}
	return 0;
}
