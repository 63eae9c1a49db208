// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/kernel/sysmap.h"

#include <limits.h>
#include <string.h>

#define MAX_NAME 1024 /* KSYM_NAME_LEN is 512 since 6.1 */

static const char label_prefix[] = "__ksymtab_";

/* The table sections that a kernel can have, and the class that being in one means. */
static const struct {
	const char *suffix;
	enum ksa_class cls;
} tables[] = {
	{"", KSA_CLASS_PLAIN},
	{"_gpl", KSA_CLASS_GPL},
	{"_gpl_future", KSA_CLASS_GPL_FUTURE},
	{"_unused", KSA_CLASS_UNUSED},
	{"_unused_gpl", KSA_CLASS_UNUSED_GPL},
};

#define TABLE_COUNT (sizeof(tables) / sizeof(*tables))

struct range {
	uint64_t start, stop;
	bool has_start, has_stop;
};

struct map {
	struct ksa_kernel *kernel;
	const char *source;
	struct ksa_error *err;
	struct range ranges[TABLE_COUNT];
	bool has_flags; /* __kflagstab: the class is in bytes that a map does not have */
	bool has_ranges;
	size_t lines, labels;
	const unsigned char
		*first_name; /* of the first line, for the message about a placeholder */
	size_t first_length;
	uint32_t source_index;
};

/* One line: address, type letter, name; the name is not NUL-terminated. */
struct entry {
	uint64_t address;
	const char *name;
	size_t length;
	unsigned int line;
	bool in_module; /* kallsyms: "[module]" follows */
};

static bool is_letter(int c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '?';
}

/* Parse the length bytes at p. False: not of this form; *column (1-based) says where. */
static bool parse_line(const unsigned char *p, size_t length, struct entry *e, size_t *column)
{
	const unsigned char *tab;
	size_t i = 0;
	int digit;

	e->address = 0;
	while (i < length && i < 17 && (digit = hex_digit(p[i])) >= 0) {
		e->address = e->address << 4 | (uint64_t)digit;
		i++;
	}
	*column = i + 1;
	if (i < 1 || i > 16 || i >= length || p[i] != ' ')
		return false;
	*column = i + 2;
	if (length - i < 4 || !is_letter(p[i + 1]) || p[i + 2] != ' ')
		return false;
	p += i + 3;
	length -= i + 3;
	tab = memchr(p, '\t', length);
	e->in_module = tab != NULL;
	e->name = (const char *)p;
	e->length = tab ? (size_t)(tab - p) : length;
	return true;
}

bool sysmap_is_sysmap(const unsigned char *data, size_t size)
{
	const unsigned char *end;
	struct entry e;
	size_t column, i = 0;

	/* Addresses are printed at full width. */
	while (i < size && i < 17 && hex_digit(data[i]) >= 0)
		i++;
	if (i != 8 && i != 16)
		return false;
	if (size > 4096)
		size = 4096;
	end = memchr(data, '\n', size);
	return parse_line(data, end ? (size_t)(end - data) : size, &e, &column);
}

static bool starts_with(const struct entry *e, const char *prefix, size_t length)
{
	return e->length > length && memcmp(e->name, prefix, length) == 0;
}

static bool name_is(const struct entry *e, size_t skip, const char *s)
{
	size_t length = strlen(s);

	return e->length == skip + length && memcmp(e->name + skip, s, length) == 0;
}

/* The suffix of "__start___ksymtab..." after skip bytes picks the table. */
static void note_boundary(struct map *map, const struct entry *e, size_t skip, bool stop)
{
	for (size_t i = 0; i < TABLE_COUNT; i++) {
		struct range *r = &map->ranges[i];

		if (!name_is(e, skip, tables[i].suffix))
			continue;
		if (stop) {
			r->stop = e->address;
			r->has_stop = true;
		} else {
			r->start = e->address;
			r->has_start = true;
		}
	}
}

static int note_entry(struct map *map, const struct entry *e)
{
	static const char start[] = "__start___ksymtab", stop[] = "__stop___ksymtab";
	static const char flags[] = "__flags_", flag_table[] = "__start___kflagstab";

	if (!map->lines++) {
		map->first_name = (const unsigned char *)e->name;
		map->first_length = e->length;
	}
	if (e->in_module || e->length < 3 || e->name[0] != '_' || e->name[1] != '_')
		return 0;
	if (starts_with(e, label_prefix, sizeof(label_prefix) - 1))
		map->labels++;
	else if (e->length >= sizeof(start) - 1 && memcmp(e->name, start, sizeof(start) - 1) == 0)
		note_boundary(map, e, sizeof(start) - 1, false);
	else if (e->length >= sizeof(stop) - 1 && memcmp(e->name, stop, sizeof(stop) - 1) == 0)
		note_boundary(map, e, sizeof(stop) - 1, true);
	else if (starts_with(e, flags, sizeof(flags) - 1) || name_is(e, 0, flag_table))
		map->has_flags = true;
	return 0;
}

/* The class of a label by the table that it lies in. False: in none of them. */
static bool classify(const struct map *map, uint64_t address, enum ksa_class *cls)
{
	for (size_t i = 0; i < TABLE_COUNT; i++) {
		const struct range *r = &map->ranges[i];

		if (!r->has_start || !r->has_stop || address < r->start || address >= r->stop)
			continue;
		*cls = tables[i].cls;
		/* Since 7.1 one table holds both classes and __kflagstab tells them apart. */
		if (map->has_flags || !map->ranges[1].has_start)
			*cls = KSA_CLASS_UNKNOWN;
		return true;
	}
	return false;
}

/* The sections' own symbols look like labels where there are no ranges to tell by. */
static bool is_section_name(const char *name)
{
	static const char *const names[] = {"gpl", "gpl_future", "unused", "unused_gpl", "strings"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

static int add_entry(struct map *map, const struct entry *e)
{
	struct ksa_export init = {.owner = "vmlinux", .source = map->source_index};
	enum ksa_class cls = KSA_CLASS_UNKNOWN;
	const size_t skip = sizeof(label_prefix) - 1;
	char name[MAX_NAME + 1];

	if (e->in_module || !starts_with(e, label_prefix, skip))
		return 0;
	if (e->length - skip > MAX_NAME)
		return ksa_fail_at(map->err, KSA_EFORMAT, map->source, e->line,
				   "symbol is longer than %d bytes", MAX_NAME);
	memcpy(name, e->name + skip, e->length - skip);
	name[e->length - skip] = '\0';
	if (map->has_ranges ? !classify(map, e->address, &cls) : is_section_name(name))
		return 0;
	init.name = name;
	init.cls = (uint8_t)cls;
	return kernel_add_export(map->kernel, &init, map->err);
}

/* Call visit for every line. */
static int walk(struct map *map, const unsigned char *data, size_t size,
		int (*visit)(struct map *map, const struct entry *e))
{
	unsigned int number = 0;
	size_t at = 0;

	while (at < size) {
		const unsigned char *end = memchr(data + at, '\n', size - at);
		size_t length = end ? (size_t)(end - (data + at)) : size - at, column;
		struct entry e = {.line = ++number};
		int status;

		if (!parse_line(data + at, length, &e, &column)) {
			ksa_fail_at(map->err, KSA_EFORMAT, map->source, number,
				    "expected an address, a type letter and a symbol%s",
				    end ? "" : ": the file is cut short");
			if (map->err && !map->err->column)
				map->err->column =
					column < UINT_MAX ? (unsigned int)column : UINT_MAX;
			return KSA_EFORMAT;
		}
		status = visit(map, &e);
		if (status)
			return status;
		at += length + (end ? 1 : 0);
	}
	return 0;
}

/* No labels: say which of the usual reasons it is. */
static int fail_no_labels(const struct map *map)
{
	int shown = (int)(map->first_length < 100 ? map->first_length : 100);

	if (map->lines == 1 && memchr(map->first_name, ' ', map->first_length))
		return ksa_fail_at(map->err, KSA_ENODATA, map->source, 0,
				   "is a placeholder ('%.*s'); give the vmlinuz or Module.symvers",
				   shown, (const char *)map->first_name);
	return ksa_fail_at(map->err, KSA_ENODATA, map->source, 0,
			   "has no __ksymtab_ labels of vmlinux, so it does not say what is "
			   "exported; give the vmlinuz or Module.symvers");
}

/* Which tables there are. kallsyms shows every address as 0 to those who may not see them. */
static int find_ranges(struct map *map)
{
	for (size_t i = 0; i < TABLE_COUNT; i++) {
		const struct range *r = &map->ranges[i];

		if (r->has_start != r->has_stop)
			return ksa_fail_at(map->err, KSA_EFORMAT, map->source, 0,
					   "has __%s___ksymtab%s but not __%s___ksymtab%s: the "
					   "file is cut short",
					   r->has_start ? "start" : "stop", tables[i].suffix,
					   r->has_start ? "stop" : "start", tables[i].suffix);
		if (r->has_start && r->stop > r->start)
			map->has_ranges = true;
	}
	return 0;
}

int sysmap_read(struct ksa_kernel *kernel, const unsigned char *data, size_t size, uint32_t source,
		const char *name, struct ksa_error *err)
{
	struct map map = {.kernel = kernel, .source = name, .err = err, .source_index = source};
	size_t before = kernel->export_count;
	const unsigned char *nul;
	int status;

	if (!size)
		return ksa_fail_at(err, KSA_ENODATA, name, 0, "is empty: it lists no exports");
	nul = memchr(data, '\0', size);
	if (nul)
		return ksa_fail_at(err, KSA_EFORMAT, name, 0,
				   "NUL byte at offset %zu of a text file", (size_t)(nul - data));
	status = walk(&map, data, size, note_entry);
	if (status)
		return status;
	if (!map.labels)
		return fail_no_labels(&map);
	status = find_ranges(&map);
	if (!status)
		status = walk(&map, data, size, add_entry);
	if (status)
		return status;
	if (kernel->export_count == before)
		return fail_no_labels(&map);
	kernel->has_image = true;
	return 0;
}
