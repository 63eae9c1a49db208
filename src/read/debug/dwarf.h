/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_DEBUG_DWARF_H
#define READ_DEBUG_DWARF_H

#include "read/debug/sections.h"

/* Dwarf_Debug, Dwarf_Die and Dwarf_Error of libdwarf, whose header only read/dwarf*.c include. */
struct Dwarf_Debug_s;
struct Dwarf_Die_s;
struct Dwarf_Error_s;

/* The debug information of one ELF file, shared by the threads that read it. Zero-initialize. */
struct debuginfo {
	const char *source; /* for messages */
	struct elf_debug sections;
	uint64_t info_size; /* of .debug_info: every offset of a DIE is below */
	size_t unit_count; /* compilation units (and, of DWARF 5, type units) */
};

/*
 * Find the debug information of f, whose bytes must outlive d. KSA_ENODATA: it has none (or only
 * line tables). KSA_EFORMAT: it cannot be unpacked, or its units do not fill .debug_info.
 */
int debuginfo_open(struct debuginfo *d, const struct elf_file *f,
		   struct ksa_error *err) _must_check_;
void debuginfo_release(struct debuginfo *d);

/* One thread's way through the units of a file, which several threads may share. */
struct debuginfo_reader {
	const struct debuginfo *file;
	struct Dwarf_Debug_s *dbg;
	struct Dwarf_Die_s *unit; /* the DIE of the current unit, or NULL; the reader's */
	struct debuginfo_object *object;
	size_t next; /* the unit that libdwarf gives next */
	uint16_t version; /* of the current unit: 2 to 5 */
};

int debuginfo_reader_open(struct debuginfo_reader *reader, const struct debuginfo *file,
			  struct ksa_error *err) _must_check_;
void debuginfo_reader_close(struct debuginfo_reader *reader);

/* Go to unit index < unit_count, which must not lie behind: units are read in order. */
int debuginfo_reader_seek(struct debuginfo_reader *reader, size_t index,
			  struct ksa_error *err) _must_check_;

/*
 * Record what libdwarf says (r is what its function returned, *error its error, which is freed and
 * reset) as "debug information: what: ...". Returns KSA_EFORMAT, or KSA_ENOMEM.
 */
int debuginfo_fail(const struct debuginfo_reader *reader, int r, struct Dwarf_Error_s **error,
		   const char *what, struct ksa_error *err);

/* The DIE at an offset of .debug_info, which is checked before libdwarf sees it. The caller's. */
int debuginfo_die_at(const struct debuginfo_reader *reader, uint64_t offset,
		     struct Dwarf_Die_s **out, struct ksa_error *err) _must_check_;

/*
 * Attributes of a DIE. _text: its string (of .debug_str or the like; lives as long as the reader),
 * or NULL. _reference: the offset in .debug_info that it refers to; false if it has none. _flag:
 * true if it is there and set. _number: a constant or an offset into another section, which is not
 * negative. _has: true if it is there. An attribute that cannot be read counts as absent.
 */
const char *debuginfo_text(const struct debuginfo_reader *reader, struct Dwarf_Die_s *die,
			   uint16_t attribute);
bool debuginfo_reference(const struct debuginfo_reader *reader, struct Dwarf_Die_s *die,
			 uint16_t attribute, uint64_t *offset);
bool debuginfo_flag(const struct debuginfo_reader *reader, struct Dwarf_Die_s *die,
		    uint16_t attribute);
bool debuginfo_number(const struct debuginfo_reader *reader, struct Dwarf_Die_s *die,
		      uint16_t attribute, uint64_t *value);
bool debuginfo_has(const struct debuginfo_reader *reader, struct Dwarf_Die_s *die,
		   uint16_t attribute);

/* The files that the current unit's line table names, as full paths. Returns how many; 0, also
 * where it is damaged. _free: before the reader goes on to the next unit. */
int64_t debuginfo_files(const struct debuginfo_reader *reader, char ***files);
void debuginfo_files_free(const struct debuginfo_reader *reader, char **files, int64_t count);

/* A row of a line table: the code from address on, up to the next row's, is of that line. */
struct debuginfo_line {
	uint64_t address;
	uint64_t file; /* as in DW_AT_decl_file */
	uint32_t line;
	bool ends; /* the end of a sequence: no code begins here */
};

/* The line table of the current unit, *count rows, malloc'd; none where it is damaged. Rows of one
 * sequence stand together. KSA_ENOMEM. */
int debuginfo_lines(const struct debuginfo_reader *reader, struct debuginfo_line **rows,
		    size_t *count, struct ksa_error *err) _must_check_;

/* An attribute that is an address; false if it has none. */
bool debuginfo_address(const struct debuginfo_reader *reader, struct Dwarf_Die_s *die,
		       uint16_t attribute, uint64_t *address);

/* DW_AT_language of the current unit, or 0. _is_c: it is C, or assembly, which has its functions at
 * the top of a unit too. */
uint64_t debuginfo_language(const struct debuginfo_reader *reader);
bool debuginfo_is_c(uint64_t language);

#endif
