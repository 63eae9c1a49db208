/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_DEBUG_DWARF_PATHS_H
#define READ_DEBUG_DWARF_PATHS_H

#include "base/strbuf.h"
#include "read/debug/dwarf.h"

/* The files of one unit, as debug information names them. Zero-initialize. */
struct dwarf_paths {
	char **files; /* libdwarf's */
	int64_t count;
	unsigned int first; /* what the first one is called: 0 or 1 */
	bool is_read;
	struct strbuf path; /* what was found last */
};

/* Forget what was of the unit, before the reader goes on to the next one. */
void dwarf_paths_reset(struct dwarf_paths *paths, const struct debuginfo_reader *reader);
void dwarf_paths_release(struct dwarf_paths *paths, const struct debuginfo_reader *reader);

/*
 * A file of the reader's unit by its number in DW_AT_decl_file, or with is_unit the unit's own
 * source; without "." and "..", below the directory of compilation where it is there, else
 * absolute, and then *common says how many leading bytes are directories of both. NULL: none, or
 * path has failed for lack of memory.
 */
const char *dwarf_paths_get(struct dwarf_paths *paths, const struct debuginfo_reader *reader,
			    uint64_t number, bool is_unit, size_t *common);

#endif
