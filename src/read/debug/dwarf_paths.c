// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/debug/dwarf_paths.h"

#include <string.h>

#include <dwarf.h>

void dwarf_paths_reset(struct dwarf_paths *paths, const struct debuginfo_reader *reader)
{
	debuginfo_files_free(reader, paths->files, paths->count);
	paths->files = NULL;
	paths->count = 0;
	paths->is_read = false;
}

void dwarf_paths_release(struct dwarf_paths *paths, const struct debuginfo_reader *reader)
{
	dwarf_paths_reset(paths, reader);
	strbuf_release(&paths->path);
}

/* Files count from 1, from version 5 of the line table (not of the unit) on from 0. */
static unsigned int first_number(const struct debuginfo_reader *reader)
{
	const struct elf_debug *sections = &reader->file->sections;
	const struct elf_debug_section *lines = elf_debug_section(sections, ".debug_line");
	uint64_t at;

	if (!debuginfo_number(reader, reader->unit, DW_AT_stmt_list, &at) || !lines ||
	    !range_ok(at, 16, lines->size))
		return 1;
	if (memcmp(lines->data + at, "\xff\xff\xff\xff", 4) == 0)
		at += 8;
	return lines->data[at + (sections->is_be ? 5 : 4)] >= 5 ? 0 : 1;
}

/* Take "." and ".." out. */
static void normalize(struct strbuf *path)
{
	size_t start = path->data[0] == '/', to = start, in = start;
	bool more = true;

	while (more) {
		char *part = path->data + in;
		size_t length = strcspn(part, "/");

		more = part[length] != '\0';
		in += length + 1;
		if (length == 2 && memcmp(part, "..", 2) == 0 && (to > start || start)) {
			to -= to > start;
			while (to > start && path->data[to - 1] != '/')
				to--;
		} else if (length && !(length == 1 && *part == '.')) {
			memmove(path->data + to, part, length);
			to += length;
			if (more)
				path->data[to++] = '/';
		}
	}
	path->data[to] = '\0';
	path->length = to;
}

/* How many leading bytes are directories that the path and dir have in common. */
static size_t count_common(const char *path, const char *dir)
{
	size_t common = 0;

	for (size_t i = 0; path[i]; i++) {
		if (path[i] == '/' && (dir[i] == '/' || !dir[i]))
			common = i + 1;
		if (path[i] != dir[i])
			break;
	}
	return common;
}

static const char *unit_text(const struct debuginfo_reader *reader, uint16_t attribute)
{
	const char *text = debuginfo_text(reader, reader->unit, attribute);

	return text && strnlen(text, ELF_MAX_STRING) < ELF_MAX_STRING ? text : "";
}

/* The path below the directory if it is there, else all of it with what both have in common; NULL:
 * it is empty, or the directory itself, which is no file. */
static const char *below(const struct strbuf *path, const char *dir, size_t *common)
{
	const char *file = path->data;

	*common = count_common(path->data, dir);
	if (*common > strlen(dir)) {
		file += *common;
		*common = 0;
	}
	return *file ? file : NULL;
}

const char *dwarf_paths_get(struct dwarf_paths *paths, const struct debuginfo_reader *reader,
			    uint64_t number, bool is_unit, size_t *common)
{
	const char *dir = unit_text(reader, DW_AT_comp_dir), *file = NULL;
	struct strbuf *path = &paths->path;

	*common = 0;
	if (is_unit) {
		file = unit_text(reader, DW_AT_name);
	} else {
		if (!paths->is_read) {
			paths->count = debuginfo_files(reader, &paths->files);
			paths->first = first_number(reader);
			paths->is_read = true;
		}
		if (number >= paths->first && number - paths->first < (uint64_t)paths->count)
			file = paths->files[number - paths->first];
	}
	if (!file || !*file || *file == '<' || strnlen(file, ELF_MAX_STRING) == ELF_MAX_STRING)
		return NULL;
	strbuf_reset(path);
	if (*file != '/' && *dir && is_unit)
		strbuf_printf(path, "%s/", dir);
	strbuf_adds(path, file);
	if (path->failed)
		return NULL;
	normalize(path);
	return below(path, dir, common);
}
