// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/elf/elf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "unit/damage.h"
#include "unit/elfbuild.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

/* A small relocatable file: two sections, three symbols, three relocations out of order. */
static struct elfbuild *small(const char *arch)
{
	const struct elfbuild_arch *a = elfbuild_arch(arch);
	struct elfbuild *b = elfbuild_new(a, ET_REL);
	size_t text = elfbuild_section(b, ".text", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR,
				       "0123456789abcdef0123456789abcdef", 32, 16);
	size_t bss = elfbuild_section(b, ".bss", SHT_NOBITS, SHF_ALLOC | SHF_WRITE, NULL, 4096, 8);
	size_t local = elfbuild_symbol(b, "local", STB_LOCAL, STT_OBJECT, bss, 8);
	size_t global = elfbuild_symbol(b, "global", STB_GLOBAL, STT_FUNC, text, 16);
	size_t undefined = elfbuild_symbol(b, "undefined", STB_WEAK, STT_NOTYPE, SHN_UNDEF, 0);

	elfbuild_reloc(b, text, 24, undefined, a->reloc_word, -4);
	elfbuild_reloc(b, text, 0, global, a->reloc_word, 7);
	elfbuild_reloc(b, text, 16, local, a->reloc_word, 0);
	return b;
}

static int open_copy(const struct elfbuild_bytes *bytes, unsigned char **copy, struct elf_file *f,
		     struct arena *arena, struct ksa_error *err)
{
	*copy = malloc(bytes->size ? bytes->size : 1);
	assert_non_null(*copy);
	if (bytes->size)
		memcpy(*copy, bytes->data, bytes->size);
	return elf_open(f, *copy, bytes->size, "a.o", arena, err);
}

static void check_symbols(const struct elf_file *f)
{
	struct elf_symtab symtab;
	struct elf_symbol symbol;
	struct ksa_error err = {0};

	assert_int_equal(elf_symtab_open(f, &symtab, &err), 0);
	assert_int_equal(symtab.count, 4);
	assert_int_equal(elf_symtab_get(f, &symtab, 1, &symbol, &err), 0);
	assert_string_equal(symbol.name, "local");
	assert_int_equal(symbol.bind, STB_LOCAL);
	assert_int_equal(symbol.type, STT_OBJECT);
	assert_int_equal(symbol.value, 8);
	assert_string_equal(f->sections[symbol.section].name, ".bss");
	assert_int_equal(elf_symtab_get(f, &symtab, 2, &symbol, &err), 0);
	assert_string_equal(symbol.name, "global");
	assert_string_equal(f->sections[symbol.section].name, ".text");
	assert_int_equal(elf_symtab_get(f, &symtab, 3, &symbol, &err), 0);
	assert_string_equal(symbol.name, "undefined");
	assert_int_equal(symbol.section, SHN_UNDEF);
	assert_int_equal(symbol.bind, STB_WEAK);
	assert_int_equal(elf_symtab_get(f, &symtab, 4, &symbol, &err), KSA_EFORMAT);
	assert_string_equal(err.text, "symbol 4 is asked for, '.symtab' holds 4");
}

static void check_relocs(const struct elf_file *f, const struct elfbuild_arch *a)
{
	static const struct {
		uint64_t offset;
		uint32_t symbol;
		int64_t addend;
	} want[] = {{0, 2, 7}, {16, 1, 0}, {24, 3, -4}};
	struct arena arena = {NULL, 0};
	struct elf_reloc *relocs;
	size_t count;
	bool has_addend;

	assert_int_equal(elf_relocs(f, 1, &arena, &relocs, &count, &has_addend, NULL), 0);
	assert_int_equal(count, 3);
	assert_int_equal(has_addend, a->rela);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(relocs[i].offset, want[i].offset);
		assert_int_equal(relocs[i].symbol, want[i].symbol);
		assert_int_equal(relocs[i].type, a->reloc_word);
		assert_true(relocs[i].addend == (a->rela ? want[i].addend : 0));
	}
	assert_int_equal(elf_relocs(f, 2, &arena, &relocs, &count, &has_addend, NULL), 0);
	assert_int_equal(count, 0);
	arena_release(&arena);
}

static void reads_every_class_and_order(void **state)
{
	(void)state;
	for (const struct elfbuild_arch *a = elfbuild_archs; a->name; a++) {
		for (int extended = 0; extended < 2; extended++) {
			struct elfbuild *b = small(a->name);
			struct elfbuild_bytes bytes;
			struct arena arena = {NULL, 0};
			struct ksa_error err = {0};
			struct elf_file f;
			unsigned char *copy;

			if (extended)
				elfbuild_extended_indices(b);
			bytes = elfbuild_finish(b, true);
			assert_int_equal(open_copy(&bytes, &copy, &f, &arena, &err), 0);
			assert_string_equal(elf_arch(&f), a->name);
			assert_int_equal(f.is_64, a->is_64);
			assert_int_equal(f.is_be, a->is_be);
			assert_int_equal(elf_section(&f, ".text")->size, 32);
			assert_memory_equal(elf_section(&f, ".text")->data + 10, "abcdef", 6);
			assert_null(elf_section(&f, ".bss")->data);
			assert_int_equal(elf_section(&f, ".bss")->size, 4096);
			assert_null(elf_section(&f, ".none"));
			check_symbols(&f);
			check_relocs(&f, a);
			free(copy);
			arena_release(&arena);
			elfbuild_bytes_release(&bytes);
		}
	}
}

static void strings_end_inside_their_section(void **state)
{
	static const unsigned char data[] = "one\0two";
	struct elf_section s = {.name = "s", .data = data, .size = 7};
	unsigned char *big = malloc(ELF_MAX_STRING + 1);

	(void)state;
	assert_string_equal(elf_string(&s, 0), "one");
	assert_string_equal(elf_string(&s, 2), "e");
	assert_string_equal(elf_string(&s, 3), "");
	assert_null(elf_string(&s, 4)); /* "two" without its NUL */
	assert_null(elf_string(&s, 7));
	assert_null(elf_string(&s, UINT64_MAX));
	s.data = NULL;
	assert_null(elf_string(&s, 0));
	assert_non_null(big);
	memset(big, 'x', ELF_MAX_STRING);
	big[ELF_MAX_STRING] = '\0';
	s.data = big;
	s.size = ELF_MAX_STRING + 1;
	assert_null(elf_string(&s, 0));
	assert_int_equal(strlen(elf_string(&s, 1)), ELF_MAX_STRING - 1);
	free(big);
}

/* More sections than the header's 16 bits can count: the numbers move to section 0. */
static void many_sections(void **state)
{
	const size_t many = 65300;
	struct elfbuild *b = elfbuild_new(elfbuild_arch("x86_64"), ET_REL);
	struct elfbuild_bytes bytes;
	struct arena arena = {NULL, 0};
	struct ksa_error err = {0};
	struct elf_symtab symtab;
	struct elf_symbol symbol;
	struct elf_file f;
	unsigned char *copy;
	size_t last = 0;

	(void)state;
	for (size_t i = 0; i < many; i++)
		last = elfbuild_section(b, ".s", SHT_PROGBITS, SHF_ALLOC, NULL, 0, 1);
	elfbuild_symbol(b, "x", STB_GLOBAL, STT_OBJECT, last, 0);
	elfbuild_extended_indices(b);
	bytes = elfbuild_finish(b, true);
	assert_int_equal(open_copy(&bytes, &copy, &f, &arena, &err), 0);
	assert_int_equal(f.section_count, many + 5); /* null, .symtab, .strtab, index, names */
	assert_string_equal(f.sections[last].name, ".s");
	assert_int_equal(elf_symtab_open(&f, &symtab, &err), 0);
	assert_int_equal(elf_symtab_get(&f, &symtab, 1, &symbol, &err), 0);
	assert_int_equal(symbol.section, last);
	arena_release(&arena);
	/* The count in section 0 claims more than the file holds. */
	elfbuild_put(&bytes, elfbuild_section_field(&bytes, 0, ELFBUILD_SH_SIZE), 8, many + 6);
	free(copy);
	assert_int_equal(open_copy(&bytes, &copy, &f, &arena, &err), KSA_EFORMAT);
	assert_string_equal(err.text, "ELF header: the section headers have no count, or one that "
				      "the 4375592 bytes of the file cannot hold");
	arena_release(&arena);
	free(copy);
	elfbuild_bytes_release(&bytes);
}

static void not_elf(void **state)
{
	static const struct {
		const char *bytes;
		size_t size;
		const char *text;
	} cases[] = {
		{"", 0, "is not an ELF file"},
		{"\x7f", 1, "is not an ELF file"},
		{"\x7f"
		 "ELF",
		 4, "ELF header: class is neither 32 nor 64 bit"},
		{"\x7f"
		 "ELF\0\1\1\0\0\0\0\0\0\0\0\0",
		 16, "ELF header: class is neither 32 nor 64 bit"},
		{"\x7f"
		 "ELF\3\1\1\0\0\0\0\0\0\0\0\0",
		 16, "ELF header: class is neither 32 nor 64 bit"},
		{"\x7f"
		 "ELF\2\0\1\0\0\0\0\0\0\0\0\0",
		 16, "ELF header: byte order is neither little nor big endian"},
		{"\x7f"
		 "ELF\2\1\1\0\0\0\0\0\0\0\0\0",
		 16, "is cut short: 16 bytes, the ELF header alone has 64"},
		{"\x7f"
		 "ELF\1\2\1\0\0\0\0\0\0\0\0\0",
		 16, "is cut short: 16 bytes, the ELF header alone has 52"},
		{"#!/bin/sh\necho not a module\n", 28, "is not an ELF file"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct elfbuild_bytes bytes = {NULL, cases[i].size};
		struct arena arena = {NULL, 0};
		struct ksa_error err = {0};
		struct elf_file f;
		unsigned char *copy;

		bytes.data = malloc(cases[i].size + 1);
		assert_non_null(bytes.data);
		memcpy(bytes.data, cases[i].bytes, cases[i].size);
		assert_int_equal(open_copy(&bytes, &copy, &f, &arena, &err), KSA_EFORMAT);
		assert_string_equal(err.text, cases[i].text);
		assert_string_equal(err.source, "a.o");
		free(copy);
		arena_release(&arena);
		elfbuild_bytes_release(&bytes);
	}
}

/* Damage: one field a case, and the line that the user then reads */

static const struct damage cases[] = {
	{"good", .at = DAMAGE_NONE},
	{"e_shoff 0", DAMAGE_HEADER, .field = ELFBUILD_E_SHOFF, .value = 0, .code = KSA_EFORMAT,
	 .text = "ELF header: 7 section headers, but no offset where they are"},
	{"e_shoff past the end", DAMAGE_HEADER, .field = ELFBUILD_E_SHOFF, .value = 0x10000,
	 .code = KSA_EFORMAT,
	 .text = "is cut short or damaged: the section headers at offset 65536 end past the 792 "
		 "bytes of the file"},
	{"e_shoff at the end", DAMAGE_HEADER, .field = ELFBUILD_E_SHOFF, .value = 0x400,
	 .code = KSA_EFORMAT,
	 .text = "is cut short or damaged: the section headers at offset 1024 end past the 792 "
		 "bytes of the file"},
	{"e_shoff huge", DAMAGE_HEADER, .field = ELFBUILD_E_SHOFF, .value = UINT64_MAX,
	 .code = KSA_EFORMAT,
	 .text = "is cut short or damaged: the section headers at offset 18446744073709551615 end "
		 "past the 792 bytes of the file"},
	{"e_shoff with e_shnum overflows", DAMAGE_HEADER, .field = ELFBUILD_E_SHOFF,
	 .value = UINT64_MAX - 255, .code = KSA_EFORMAT,
	 .text = "is cut short or damaged: the section headers at offset 18446744073709551360 end "
		 "past the 792 bytes of the file"},
	{"e_shoff unaligned", DAMAGE_HEADER, .field = ELFBUILD_E_SHOFF, .value = 0x41,
	 .code = KSA_EFORMAT,
	 .text = "section 0 at offset 28821929463013689 with 0 bytes ends past the 792 bytes of "
		 "the file"},
	{"e_shentsize 0", DAMAGE_HEADER, .field = ELFBUILD_E_SHENTSIZE, .value = 0,
	 .code = KSA_EFORMAT, .text = "ELF header: section header size is 0, expected 64"},
	{"e_shentsize of the other class", DAMAGE_HEADER, .field = ELFBUILD_E_SHENTSIZE,
	 .value = 40, .code = KSA_EFORMAT,
	 .text = "ELF header: section header size is 40, expected 64"},
	{"e_shentsize 65535", DAMAGE_HEADER, .field = ELFBUILD_E_SHENTSIZE, .value = 65535,
	 .code = KSA_EFORMAT, .text = "ELF header: section header size is 65535, expected 64"},
	{"e_shnum too large", DAMAGE_HEADER, .field = ELFBUILD_E_SHNUM, .value = 5000,
	 .code = KSA_EFORMAT,
	 .text = "is cut short or damaged: the section headers at offset 344 end past the 792 "
		 "bytes of the file"},
	{"e_shnum 0 and no count in section 0", DAMAGE_HEADER, .field = ELFBUILD_E_SHNUM,
	 .value = 0, .code = KSA_EFORMAT,
	 .text = "ELF header: the section headers have no count, or one that the 792 bytes of the "
		 "file cannot hold"},
	{"e_shstrndx 0", DAMAGE_HEADER, .field = ELFBUILD_E_SHSTRNDX, .value = 0,
	 .code = KSA_EFORMAT, .text = "ELF header: section name table is section 0 of 7"},
	{"e_shstrndx out of range", DAMAGE_HEADER, .field = ELFBUILD_E_SHSTRNDX, .value = 200,
	 .code = KSA_EFORMAT, .text = "ELF header: section name table is section 200 of 7"},
	{"e_shstrndx is NOBITS", DAMAGE_HEADER, .field = ELFBUILD_E_SHSTRNDX, .value = 2,
	 .code = KSA_EFORMAT, .text = "ELF header: section name table 2 has no strings"},
	{"e_shstrndx is code", DAMAGE_HEADER, .field = ELFBUILD_E_SHSTRNDX, .value = 1,
	 .code = KSA_EFORMAT, .text = "ELF header: section name table 1 has no strings"},
	{"e_shstrndx 0xffff, section 0 says 0", DAMAGE_HEADER, .field = ELFBUILD_E_SHSTRNDX,
	 .value = 0xffff, .code = KSA_EFORMAT,
	 .text = "ELF header: section name table is section 0 of 7"},
	{"section past the end", DAMAGE_SECTION, ".text", .field = ELFBUILD_SH_SIZE,
	 .value = 0x10000, .code = KSA_EFORMAT,
	 .text = "section 1 at offset 64 with 65536 bytes ends past the 792 bytes of the file"},
	{"section size overflows", DAMAGE_SECTION, ".text", .field = ELFBUILD_SH_SIZE,
	 .value = UINT64_MAX - 8, .code = KSA_EFORMAT,
	 .text = "section 1 at offset 64 with 18446744073709551607 bytes ends past the 792 bytes "
		 "of the file"},
	{"section name outside", DAMAGE_SECTION, ".text", .field = ELFBUILD_SH_NAME,
	 .value = 0xfffffff0, .code = KSA_EFORMAT,
	 .text = "section 1 has its name at 4294967280, outside the name table of 49 bytes"},
	{"section names not ended", DAMAGE_SECTION, ".shstrtab", .field = ELFBUILD_SH_SIZE,
	 .value = 9, .code = KSA_EFORMAT,
	 .text = "ELF header: section name table 6: the last string does not end"},
	{"section names empty", DAMAGE_SECTION, ".shstrtab", .field = ELFBUILD_SH_SIZE, .value = 0,
	 .code = KSA_EFORMAT, .text = "ELF header: section name table 6 has no strings"},
	{"NOBITS section larger than all memory", DAMAGE_SECTION, ".bss", .field = ELFBUILD_SH_SIZE,
	 .value = UINT64_MAX},
	{"sections overlap", DAMAGE_SECTION, ".text", .field = ELFBUILD_SH_OFFSET, .value = 0},
};

static void damaged_headers(void **state)
{
	size_t bad = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct elfbuild_bytes bytes = elfbuild_finish(small("x86_64"), true);
		struct arena arena = {NULL, 0};
		struct ksa_error err = {0};
		struct elf_file f;
		unsigned char *copy;
		int r;

		damage_apply(&cases[i], &bytes);
		r = open_copy(&bytes, &copy, &f, &arena, &err);
		bad += damage_check(&cases[i], r, &err, "a.o");
		free(copy);
		arena_release(&arena);
		elfbuild_bytes_release(&bytes);
	}
	assert_int_equal(bad, 0);
}

/* A name table in section 0's sh_link is used when e_shstrndx says so. */
static void names_by_section_zero(void **state)
{
	struct elfbuild_bytes bytes = elfbuild_finish(small("s390x"), true);
	size_t names = elfbuild_section_index(&bytes, ".shstrtab");
	struct arena arena = {NULL, 0};
	struct ksa_error err = {0};
	struct elf_file f;
	unsigned char *copy;

	(void)state;
	elfbuild_put(&bytes, elfbuild_section_field(&bytes, 0, ELFBUILD_SH_LINK), 4, names);
	elfbuild_set_header(&bytes, ELFBUILD_E_SHSTRNDX, SHN_XINDEX);
	assert_int_equal(open_copy(&bytes, &copy, &f, &arena, &err), 0);
	assert_non_null(elf_section(&f, ".text"));
	free(copy);
	arena_release(&arena);
	elfbuild_bytes_release(&bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_every_class_and_order),
		cmocka_unit_test(strings_end_inside_their_section),
		cmocka_unit_test(many_sections),
		cmocka_unit_test(not_elf),
		cmocka_unit_test(damaged_headers),
		cmocka_unit_test(names_by_section_zero),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
