/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_UNIT_BTFBUILD_H
#define TESTS_UNIT_BTFBUILD_H

/*
 * BTF for tests, built in memory in both byte orders (Documentation/bpf/btf.rst), by hand and not
 * by libbpf: a builder that refuses nothing can write what no compiler does. It aborts when out of
 * memory; it is test code.
 */

#include "unit/elfbuild.h"

struct btfbuild {
	bool is_be;
	uint32_t first_type; /* id of the first type: 1, or behind those of the base */
	uint32_t first_string; /* offset of the first string: 0, or behind those of the base */
	uint32_t type_count;
	struct elfbuild_bytes types, strings;
};

/* Start; base is a whole .BTF that the new one adds to (its byte order counts), or NULL. */
void btfbuild_start(struct btfbuild *b, bool is_be, const struct elfbuild_bytes *base);

/* Header, types and strings; releases the builder. */
struct elfbuild_bytes btfbuild_finish(struct btfbuild *b);

/* The offset of a string, written once; "" is 0. */
uint32_t btfbuild_string(struct btfbuild *b, const char *text);

/* What every type starts with; size_or_type as the kind has it. Returns the type's id. */
uint32_t btfbuild_type(struct btfbuild *b, const char *name, uint32_t info, uint32_t size_or_type);
/* One more word of the type written last. */
void btfbuild_word(struct btfbuild *b, uint32_t word);

/* btf_type.info of a kind with vlen entries. */
#define BTFBUILD_INFO(kind, vlen) ((uint32_t)(kind) << 24 | (vlen))

/* The id of the type written from then on. */
uint32_t btfbuild_next(const struct btfbuild *b);

/*
 * A type in a small language, read from *text on: "int", "long unsigned int", "struct file", with
 * its members "struct x{a:int, b:*void}", "union u", "enum e", "@name" a typedef, "const T",
 * "volatile T", "*T", "[4]T", "void", and functions, "fn T(name:T, T, ...)": "*fn int(a:int)" is
 * int (*)(int a).
 */
uint32_t btfbuild_parse(struct btfbuild *b, const char **text);

/* "f=fn int(file:*struct file)" is a function, "jiffies=long unsigned int" a variable. */
void btfbuild_declare(struct btfbuild *b, const char *text);

#endif
