// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/debug/btf_facts.h"

#include <stdbool.h>
#include <string.h>

#include "base/bytes.h"

enum { HEADER = 24, TYPE = 12, KIND_STRUCT = 4 };

/* What follows the 12 bytes of a type of each kind: once, and for each of its members, whose first
 * word is the name's number where named says so (include/uapi/linux/btf.h). */
static const struct shape {
	uint8_t fixed, each;
	bool named;
} shapes[] = {
	{0, 0, false}, {4, 0, false}, /* void, int */
	{0, 0, false}, {12, 0, false}, /* pointer, array */
	{0, 12, true}, {0, 12, true},  {0, 8, true}, /* struct, union, enum */
	{0, 0, false}, {0, 0, false},  {0, 0, false},
	{0, 0, false}, /* fwd, typedef, volatile, const */
	{0, 0, false}, {0, 0, false},  {0, 8, true}, /* restrict, func, func_proto */
	{4, 0, false}, {0, 12, false}, {0, 0, false},
	{4, 0, false}, /* var, datasec, float, decl_tag */
	{0, 0, false}, {0, 12, true}, /* type_tag, enum64 */
};

struct walk {
	const unsigned char *types, *strings;
	uint32_t type_size, string_size;
	bool big;
	uint32_t largest; /* number of a name */
};

static uint32_t word(const struct walk *w, const unsigned char *p)
{
	return w->big ? get_be32(p) : get_le32(p);
}

static bool open_walk(struct walk *w, const unsigned char *data, size_t size)
{
	uint32_t header, types_at, strings_at;
	size_t left;

	if (size < HEADER || data[2] != 1)
		return false;
	w->big = data[0] == 0xeb && data[1] == 0x9f;
	if (!w->big && (data[0] != 0x9f || data[1] != 0xeb))
		return false;
	header = word(w, data + 4);
	types_at = word(w, data + 8);
	w->type_size = word(w, data + 12);
	strings_at = word(w, data + 16);
	w->string_size = word(w, data + 20);
	if (header < HEADER || header > size)
		return false;
	left = size - header;
	if (types_at > left || w->type_size > left - types_at || strings_at > left ||
	    w->string_size > left - strings_at)
		return false;
	w->types = data + header + types_at;
	w->strings = data + header + strings_at;
	return !w->string_size || !w->strings[w->string_size - 1];
}

static void see_name(struct walk *w, uint32_t number)
{
	if (number > w->largest)
		w->largest = number;
}

static bool is_struct_module(const struct walk *w, uint32_t name)
{
	static const char wanted[] = "module";

	return name < w->string_size && w->string_size - name >= sizeof(wanted) &&
	       memcmp(w->strings + name, wanted, sizeof(wanted)) == 0;
}

static enum btf_state walk_types(struct walk *w, struct btf_facts *out)
{
	const unsigned char *at = w->types, *end = at + w->type_size;

	while (at < end) {
		uint32_t name, info, kind;
		uint64_t members, more;

		if (end - at < TYPE)
			return BTF_DAMAGED;
		name = word(w, at);
		info = word(w, at + 4);
		kind = info >> 24 & 31;
		if (kind >= sizeof(shapes) / sizeof(shapes[0]))
			return BTF_LATER;
		see_name(w, name);
		if (kind == KIND_STRUCT && !out->module_size && is_struct_module(w, name))
			out->module_size = word(w, at + 8);
		at += TYPE;
		members = info & 0xffff;
		more = shapes[kind].fixed + members * shapes[kind].each;
		if (!kind || more > (uint64_t)(end - at))
			return BTF_DAMAGED;
		for (uint64_t i = 0; i < members && shapes[kind].named; i++)
			see_name(w, word(w, at + i * shapes[kind].each));
		at += more;
	}
	return BTF_SOUND;
}

enum btf_state btf_facts_read(const unsigned char *data, size_t size, struct btf_facts *out)
{
	struct walk w = {.largest = 0};
	enum btf_state state;
	uint32_t last;

	*out = (struct btf_facts){.strings = 0};
	if (!open_walk(&w, data, size))
		return BTF_DAMAGED;
	state = walk_types(&w, out);
	if (state != BTF_SOUND)
		return state;
	out->strings = w.string_size;
	if (!w.string_size)
		return state;
	for (last = w.string_size - 1; last && w.strings[last - 1]; last--)
		;
	if (w.largest > last)
		out->base_strings = w.largest - last;
	return state;
}
