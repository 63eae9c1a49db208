// SPDX-License-Identifier: GPL-2.0-or-later
#include "unit/btfbuild.h"

#include <stdlib.h>
#include <string.h>

#include <linux/btf.h>

/* What size bytes have room in: a power of two. */
static size_t room_of(size_t size)
{
	size_t room = 64;

	while (room < size)
		room *= 2;
	return room;
}

static void append(struct elfbuild_bytes *bytes, const void *data, size_t size)
{
	if (!bytes->data || bytes->size + size > room_of(bytes->size))
		bytes->data = realloc(bytes->data, room_of(bytes->size + size));
	if (!bytes->data)
		abort();
	memcpy(bytes->data + bytes->size, data, size);
	bytes->size += size;
}

static void append_word(struct elfbuild_bytes *bytes, bool is_be, uint32_t word)
{
	unsigned char buffer[4];

	elfbuild_store(is_be, buffer, 4, word);
	append(bytes, buffer, 4);
}

static uint32_t word_at(const unsigned char *p, bool is_be)
{
	return is_be ? (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3]
		     : (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

/* Words behind the three that each type starts with. */
static size_t words_behind(uint32_t info)
{
	size_t vlen = info & 0xffff;

	switch (info >> 24 & 0x1f) {
	case BTF_KIND_INT:
	case BTF_KIND_VAR:
		return 1;
	case BTF_KIND_ARRAY:
		return 3;
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return vlen * 3;
	case BTF_KIND_ENUM:
	case BTF_KIND_FUNC_PROTO:
		return vlen * 2;
	default:
		return 0;
	}
}

void btfbuild_start(struct btfbuild *b, bool is_be, const struct elfbuild_bytes *base)
{
	memset(b, 0, sizeof(*b));
	b->is_be = is_be;
	b->first_type = 1;
	if (!base) {
		append(&b->strings, "", 1);
		return;
	}
	b->is_be = base->data[0] == 0xeb;
	b->first_string = word_at(base->data + 20, b->is_be);
	for (size_t at = 24; at < 24 + word_at(base->data + 12, b->is_be); b->first_type++)
		at += 12 + 4 * words_behind(word_at(base->data + at + 4, b->is_be));
}

struct elfbuild_bytes btfbuild_finish(struct btfbuild *b)
{
	struct elfbuild_bytes out = {NULL, 0};
	unsigned char start[4] = {0x9f, 0xeb, BTF_VERSION, 0};

	if (b->is_be)
		memcpy(start, "\xeb\x9f", 2);
	append(&out, start, 4);
	append_word(&out, b->is_be, 24);
	append_word(&out, b->is_be, 0);
	append_word(&out, b->is_be, (uint32_t)b->types.size);
	append_word(&out, b->is_be, (uint32_t)b->types.size);
	append_word(&out, b->is_be, (uint32_t)b->strings.size);
	append(&out, b->types.data ? b->types.data : start, b->types.size);
	append(&out, b->strings.data ? b->strings.data : start, b->strings.size);
	elfbuild_bytes_release(&b->types);
	elfbuild_bytes_release(&b->strings);
	return out;
}

uint32_t btfbuild_string(struct btfbuild *b, const char *text)
{
	size_t length = strlen(text) + 1;

	if (!*text)
		return 0;
	for (size_t at = 0; at + length <= b->strings.size; at++)
		if ((!at || !b->strings.data[at - 1]) &&
		    memcmp(b->strings.data + at, text, length) == 0)
			return b->first_string + (uint32_t)at;
	append(&b->strings, text, length);
	return b->first_string + (uint32_t)(b->strings.size - length);
}

uint32_t btfbuild_next(const struct btfbuild *b)
{
	return b->first_type + b->type_count;
}

uint32_t btfbuild_type(struct btfbuild *b, const char *name, uint32_t info, uint32_t size_or_type)
{
	append_word(&b->types, b->is_be, btfbuild_string(b, name));
	append_word(&b->types, b->is_be, info);
	append_word(&b->types, b->is_be, size_or_type);
	return b->first_type + b->type_count++;
}

void btfbuild_word(struct btfbuild *b, uint32_t word)
{
	append_word(&b->types, b->is_be, word);
}

static bool take(const char **text, const char *what)
{
	size_t length = strlen(what);

	if (strncmp(*text, what, length) != 0)
		return false;
	*text += length;
	return true;
}

/* Letters, digits, blanks and underscores up to something else. */
static void take_name(const char **text, char name[64])
{
	size_t length = strspn(*text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789_ ");

	if (length >= 64)
		abort();
	memcpy(name, *text, length);
	name[length] = '\0';
	*text += length;
}

/* Behind the '{' of a structure: "a:int, b:*struct x}". */
static uint32_t parse_members(struct btfbuild *b, const char **text, const char *tag)
{
	uint32_t types[16], names[16], count = 0, type;

	for (; !take(text, "}"); count++) {
		char name[64];

		if (count == 16)
			abort();
		take(text, ", ");
		take_name(text, name);
		if (!take(text, ":"))
			abort();
		names[count] = btfbuild_string(b, name);
		types[count] = btfbuild_parse(b, text);
	}
	type = btfbuild_type(b, tag, BTFBUILD_INFO(BTF_KIND_STRUCT, count), 8 * count);
	for (uint32_t i = 0; i < count; i++) {
		btfbuild_word(b, names[i]);
		btfbuild_word(b, types[i]);
		btfbuild_word(b, 64 * i);
	}
	return type;
}

static uint32_t parse_base(struct btfbuild *b, const char **text)
{
	char name[64];
	uint32_t type;

	if (take(text, "void"))
		return 0;
	if (take(text, "struct ")) {
		take_name(text, name);
		if (take(text, "{"))
			return parse_members(b, text, name);
		return btfbuild_type(b, name, BTFBUILD_INFO(BTF_KIND_STRUCT, 0), 0);
	}
	if (take(text, "union ")) {
		take_name(text, name);
		return btfbuild_type(b, name, BTFBUILD_INFO(BTF_KIND_FWD, 0) | 1U << 31, 0);
	}
	if (take(text, "enum ")) {
		take_name(text, name);
		return btfbuild_type(b, name, BTFBUILD_INFO(BTF_KIND_ENUM, 0), 4);
	}
	if (take(text, "@")) {
		take_name(text, name);
		type = btfbuild_type(b, "int", BTFBUILD_INFO(BTF_KIND_INT, 0), 4);
		btfbuild_word(b, 32);
		return btfbuild_type(b, name, BTFBUILD_INFO(BTF_KIND_TYPEDEF, 0), type);
	}
	take_name(text, name);
	type = btfbuild_type(b, name, BTFBUILD_INFO(BTF_KIND_INT, 0), 4);
	btfbuild_word(b, 32);
	return type;
}

static uint32_t parse_parameters(struct btfbuild *b, const char **text, uint32_t result)
{
	uint32_t types[16], names[16], count = 0, proto;

	for (; !take(text, ")"); count++) {
		const char *colon;
		char name[64] = "";

		if (count == 16)
			abort();
		take(text, ", ");
		types[count] = names[count] = 0;
		if (take(text, "..."))
			continue;
		colon = *text + strcspn(*text, ":,()*[");
		if (*colon == ':') {
			take_name(text, name);
			take(text, ":");
		}
		names[count] = btfbuild_string(b, name);
		types[count] = btfbuild_parse(b, text);
	}
	proto = btfbuild_type(b, "", BTFBUILD_INFO(BTF_KIND_FUNC_PROTO, count), result);
	for (uint32_t i = 0; i < count; i++) {
		btfbuild_word(b, names[i]);
		btfbuild_word(b, types[i]);
	}
	return proto;
}

uint32_t btfbuild_parse(struct btfbuild *b, const char **text)
{
	uint32_t type, index;

	if (take(text, "const "))
		return btfbuild_type(b, "", BTFBUILD_INFO(BTF_KIND_CONST, 0),
				     btfbuild_parse(b, text));
	if (take(text, "volatile "))
		return btfbuild_type(b, "", BTFBUILD_INFO(BTF_KIND_VOLATILE, 0),
				     btfbuild_parse(b, text));
	if (take(text, "[")) {
		uint32_t count = (uint32_t)strtoul(*text, NULL, 10);

		*text += strcspn(*text, "]") + 1;
		type = btfbuild_parse(b, text);
		index = btfbuild_type(b, "int", BTFBUILD_INFO(BTF_KIND_INT, 0), 4);
		btfbuild_word(b, 32);
		index = btfbuild_type(b, "", BTFBUILD_INFO(BTF_KIND_ARRAY, 0), 0) - 1;
		btfbuild_word(b, type);
		btfbuild_word(b, index);
		btfbuild_word(b, count);
		return index + 1;
	}
	if (take(text, "*"))
		return btfbuild_type(b, "", BTFBUILD_INFO(BTF_KIND_PTR, 0),
				     btfbuild_parse(b, text));
	if (!take(text, "fn "))
		return parse_base(b, text);
	type = btfbuild_parse(b, text);
	if (!take(text, "("))
		abort();
	return parse_parameters(b, text, type);
}

void btfbuild_declare(struct btfbuild *b, const char *text)
{
	size_t length = strcspn(text, "=");
	bool is_function = strncmp(text + length, "=fn ", 4) == 0;
	char name[256];
	uint32_t type;

	if (length >= sizeof(name) || text[length] != '=')
		abort();
	memcpy(name, text, length);
	name[length] = '\0';
	text += length + 1;
	type = btfbuild_parse(b, &text);
	btfbuild_type(b, name, BTFBUILD_INFO(is_function ? BTF_KIND_FUNC : BTF_KIND_VAR, 0), type);
	if (!is_function)
		btfbuild_word(b, 1);
}
