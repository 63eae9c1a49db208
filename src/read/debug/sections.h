/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_DEBUG_SECTIONS_H
#define READ_DEBUG_SECTIONS_H

#include "read/elf/elf.h"

/* One .debug_ section as whoever reads DWARF wants it: unpacked and relocated. */
struct elf_debug_section {
	const char *name; /* ".debug_info", also where the file calls it .zdebug_info */
	const unsigned char *data;
	uint64_t size, address;
};

#define ELF_DEBUG_MAX 8

/* The debug sections of a file. Zero-initialize. */
struct elf_debug {
	struct elf_debug_section items[ELF_DEBUG_MAX];
	size_t count;
	bool is_64, is_be;
	unsigned char *copies[ELF_DEBUG_MAX]; /* unpacked or relocated; NULL: data is the file's */
};

/*
 * Find the debug sections of f that are read here: entries, names, line tables. What is compressed
 * by zlib or zstd (SHF_COMPRESSED, .zdebug_) is unpacked, up to 4 GiB together; in a relocatable
 * file (.ko) the sections that hold references into others are relocated. The rest is borrowed from
 * the bytes of f, which must outlive debug. Success with count 0: the file has none. Of several
 * sections of one name the first counts.
 */
int elf_debug_open(struct elf_debug *debug, const struct elf_file *f,
		   struct ksa_error *err) _must_check_;
void elf_debug_release(struct elf_debug *debug);

/* The section of that name, or NULL. */
const struct elf_debug_section *elf_debug_section(const struct elf_debug *debug, const char *name);

#endif
