// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/debug/dwarf_lines.h"

#include <string.h>

#include <dwarf.h>

#define MAX_FORMATS 16 /* kinds of content that an entry of a table has; there are five */

/* What is not read yet of a line table's head. */
struct cursor {
	const struct elf_debug *sections;
	const unsigned char *at, *end;
	unsigned int width; /* of offsets: 4 or 8 */
	bool bad; /* it has ended too early, or holds what cannot be */
};

/* What an entry of a directory or file table is made of. */
struct format {
	uint64_t content, form;
};

/* The number of that many bytes; 0 if they are not there. */
static uint64_t take(struct cursor *c, unsigned int bytes)
{
	uint64_t value = 0;

	if ((uint64_t)(c->end - c->at) < bytes) {
		c->bad = true;
		return 0;
	}
	for (unsigned int i = 0; i < bytes; i++)
		value |= (uint64_t)c->at[i] << 8 * (c->sections->is_be ? bytes - 1 - i : i);
	c->at += bytes;
	return value;
}

static uint64_t take_leb(struct cursor *c)
{
	uint64_t value = 0;

	for (unsigned int shift = 0; shift < 63; shift += 7) {
		uint64_t byte = take(c, 1);

		value |= (byte & 0x7f) << shift;
		if (!(byte & 0x80))
			return value;
	}
	c->bad = true;
	return 0;
}

static void skip(struct cursor *c, uint64_t bytes)
{
	if ((uint64_t)(c->end - c->at) < bytes)
		c->bad = true;
	else
		c->at += bytes;
}

/* Pass by a string; *empty if it has no bytes. */
static void skip_string(struct cursor *c, bool *empty)
{
	const unsigned char *nul = memchr(c->at, '\0', (size_t)(c->end - c->at));

	*empty = nul == c->at;
	if (nul)
		c->at = nul + 1;
	else
		c->bad = true;
}

/* An offset of a string in another section. */
static void check_string(struct cursor *c, const char *name)
{
	const struct elf_debug_section *s = elf_debug_section(c->sections, name);
	uint64_t offset = take(c, c->width);

	c->bad |= !s || offset >= s->size ||
		  !memchr(s->data + offset, '\0', (size_t)(s->size - offset));
}

/* The value of a form where it is a number; others are passed by. */
static uint64_t take_form(struct cursor *c, uint64_t form)
{
	bool empty;

	switch (form) {
	case DW_FORM_string:
		skip_string(c, &empty);
		return 0;
	case DW_FORM_line_strp:
		check_string(c, ".debug_line_str");
		return 0;
	case DW_FORM_strp:
		check_string(c, ".debug_str");
		return 0;
	case DW_FORM_udata:
		return take_leb(c);
	case DW_FORM_data1:
		return take(c, 1);
	case DW_FORM_data2:
		return take(c, 2);
	case DW_FORM_data4:
		return take(c, 4);
	case DW_FORM_data8:
		return take(c, 8);
	case DW_FORM_data16:
		skip(c, 16);
		return 0;
	case DW_FORM_block:
		skip(c, take_leb(c));
		return 0;
	default:
		c->bad = true;
		return 0;
	}
}

/* A table of version 5; directories: how many there are for its entries to be in. */
static uint64_t check_table(struct cursor *c, uint64_t directories)
{
	struct format formats[MAX_FORMATS] = {{0, 0}};
	uint64_t count = take(c, 1), entries;

	c->bad |= count > MAX_FORMATS;
	for (uint64_t i = 0; i < count && !c->bad; i++) {
		formats[i].content = take_leb(c);
		formats[i].form = take_leb(c);
	}
	entries = take_leb(c);
	/* Entries of nothing would be counted for ever. */
	c->bad |= entries && !count;
	for (uint64_t i = 0; i < entries && !c->bad; i++) {
		for (uint64_t k = 0; k < count && !c->bad; k++) {
			uint64_t value = take_form(c, formats[k].form);

			if (formats[k].content == DW_LNCT_directory_index)
				c->bad |= value >= directories;
		}
	}
	return entries;
}

/* The tables of versions 2 to 4: directory 0 is that of the compilation. */
static void check_old_tables(struct cursor *c)
{
	uint64_t directories = 0;
	bool empty = false;

	for (skip_string(c, &empty); !empty && !c->bad; skip_string(c, &empty))
		directories++;
	for (skip_string(c, &empty); !empty && !c->bad; skip_string(c, &empty)) {
		c->bad |= take_leb(c) > directories;
		take_leb(c);
		take_leb(c);
	}
}

bool dwarf_lines_are_sound(const struct elf_debug *sections, uint64_t offset)
{
	const struct elf_debug_section *lines = elf_debug_section(sections, ".debug_line");
	struct cursor c = {.sections = sections, .width = 4};
	uint64_t length, version, opcodes;

	if (!lines || offset >= lines->size)
		return false;
	c.at = lines->data + offset;
	c.end = lines->data + lines->size;
	length = take(&c, 4);
	if (length == 0xffffffff) {
		c.width = 8;
		length = take(&c, 8);
	}
	c.bad |= length > (uint64_t)(c.end - c.at);
	if (!c.bad)
		c.end = c.at + length;
	version = take(&c, 2);
	c.bad |= version < 2 || version > 5;
	if (version == 5)
		skip(&c, 2); /* sizes of addresses and segments */
	length = take(&c, c.width);
	c.bad |= length > (uint64_t)(c.end - c.at);
	if (!c.bad)
		c.end = c.at + length;
	skip(&c, version >= 4 ? 4 : 3); /* sizes of instructions, is_stmt, line_base */
	c.bad |= take(&c, 1) == 0; /* line_range, by which is divided */
	opcodes = take(&c, 1);
	c.bad |= opcodes == 0;
	skip(&c, opcodes ? opcodes - 1 : 0);
	if (version == 5)
		check_table(&c, check_table(&c, UINT64_MAX));
	else
		check_old_tables(&c);
	return !c.bad;
}
