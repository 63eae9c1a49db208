// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/debug/dwarf_named.h"

#include <stdlib.h>
#include <string.h>

#include <dwarf.h>
#include <libdwarf.h>

#include "base/cleanup.h"
#include "base/strmap.h"
#include "base/vec.h"
#include "read/debug/dwarf_paths.h"
#include "read/debug/dwarf_walk.h"

#define MAX_HOPS  8 /* concrete function, abstract function, its declaration */
#define MAX_ROOTS 4 /* of kernel trees in one unit: Debian has two */

#define NO_FUNCTION UINT32_MAX

/* Whose file declares a function. */
enum owner { OWNER_UNKNOWN = 0, OWNER_MODULE, OWNER_HEADER };

struct function {
	const char *name; /* NULL: not known */
	const char *file;
	uint32_t line;
	enum owner owner;
	bool has_body; /* an inline function or one that is compiled along, no declaration */
};

/* A name that was found, before names are sorted. */
struct found {
	const char *name;
	uint8_t by;
	bool is_helper;
	uint32_t first_site, last_site; /* index + 1 in sites; 0: none */
};

struct found_site {
	const char *file;
	uint32_t line, count;
	uint32_t next; /* index + 1 of the next of this name */
	bool is_call;
};

struct reader {
	struct debuginfo file;
	struct debuginfo_reader reader;
	struct dwarf_walk walk;
	struct dwarf_origins origins;
	struct dwarf_paths paths;
	struct debuginfo_line *lines; /* of the unit */
	size_t line_count;
	const char *roots[MAX_ROOTS]; /* of the kernel's trees, with '/' at the end, or "" */
	size_t root_count, rooted; /* rooted: units that have any */
	bool has_flat_calls; /* the unit's calls stand in the function, not in what is inlined */
	bool any_flat; /* some unit's do */
	const char *common; /* the directory of all sources, with '/' at the end; NULL: none yet */
	struct arena arena; /* of names and paths while it is read */
	struct intern intern;
	struct strmap by_name; /* index in found */
	struct {
		struct function *items;
		size_t count, capacity;
	} functions;
	struct {
		struct found *items;
		size_t count, capacity;
	} found;
	struct {
		struct found_site *items;
		size_t count, capacity;
	} sites;
};

static bool starts_with(const char *text, const char *start)
{
	return strncmp(text, start, strlen(start)) == 0;
}

/* The tree that the file shows to be a kernel's: the length of its path, or -1. */
static long root_of(const char *path)
{
	static const char *const marks[] = {"include/linux/types.h",
					    "include/asm-generic/int-ll64.h",
					    "include/uapi/asm-generic/int-ll64.h"};
	const char *generated = strstr(path, "include/generated/");
	size_t length = strlen(path);

	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
		size_t n = strlen(marks[i]);

		if (length >= n && strcmp(path + length - n, marks[i]) == 0 &&
		    (length == n || path[length - n - 1] == '/'))
			return (long)(length - n);
	}
	if (generated) {
		const char *arch = strstr(path, "arch/");

		return (arch && arch < generated ? arch : generated) - path;
	}
	return -1;
}

/* Look for the kernel's trees among the files of the unit. */
static int find_roots(struct reader *r, struct ksa_error *err)
{
	size_t common;

	r->root_count = 0;
	/* One read makes the list. */
	dwarf_paths_get(&r->paths, &r->reader, 0, false, &common);
	for (int64_t i = 0; i <= r->paths.count && r->root_count < MAX_ROOTS; i++) {
		const char *path =
			dwarf_paths_get(&r->paths, &r->reader, (uint64_t)i, false, &common);
		long length = path ? root_of(path) : -1;
		char *root;
		bool known = false;

		if (length < 0)
			continue;
		for (size_t k = 0; k < r->root_count; k++)
			known |= strncmp(r->roots[k], path, (size_t)length) == 0 &&
				 strlen(r->roots[k]) == (size_t)length;
		if (known)
			continue;
		root = arena_strndup(&r->arena, path, (size_t)length);
		if (!root)
			return ksa_fail_nomem(err);
		r->roots[r->root_count++] = root;
	}
	r->rooted += r->root_count > 0;
	return 0;
}

/* Kernel headers are below include/ and arch/ARCH/include/ of a kernel's tree. */
static enum owner owner_of(const struct reader *r, const char *path)
{
	if (!r->root_count)
		return OWNER_UNKNOWN;
	for (size_t i = 0; i < r->root_count; i++) {
		const char *rest = path + strlen(r->roots[i]);

		if (!starts_with(path, r->roots[i]))
			continue;
		if (starts_with(rest, "include/"))
			return OWNER_HEADER;
		rest = starts_with(rest, "arch/") ? strchr(rest + 5, '/') : NULL;
		if (rest && starts_with(rest, "/include/"))
			return OWNER_HEADER;
	}
	return OWNER_MODULE;
}

/* Whether the entry is of the unit at hand, whose files its numbers mean. */
static bool is_of_unit(const struct reader *r, Dwarf_Die die)
{
	Dwarf_Error error = NULL;
	Dwarf_Off mine = 0, other = 0;
	bool same = dwarf_CU_dieoffset_given_die(die, &other, &error) == DW_DLV_OK &&
		    dwarf_CU_dieoffset_given_die(r->reader.unit, &mine, &error) == DW_DLV_OK;

	return same && mine == other;
}

/* What the entry itself says of a function. */
static int describe(struct reader *r, Dwarf_Die die, struct function *f, struct ksa_error *err)
{
	const char *name = debuginfo_text(&r->reader, die, DW_AT_linkage_name), *path = NULL;
	uint64_t number, line = 0;
	size_t common;

	if (!name)
		name = debuginfo_text(&r->reader, die, DW_AT_name);
	if (!name || strnlen(name, ELF_MAX_STRING) == ELF_MAX_STRING)
		return 0;
	f->name = intern_string(&r->intern, name);
	if (!f->name)
		return ksa_fail_nomem(err);
	f->has_body = !debuginfo_flag(&r->reader, die, DW_AT_declaration);
	if (is_of_unit(r, die) && debuginfo_number(&r->reader, die, DW_AT_decl_file, &number))
		path = dwarf_paths_get(&r->paths, &r->reader, number, false, &common);
	if (!path)
		return 0;
	f->owner = owner_of(r, path);
	f->file = intern_string(&r->intern, path);
	if (debuginfo_number(&r->reader, die, DW_AT_decl_line, &line) && line <= UINT32_MAX)
		f->line = (uint32_t)line;
	return f->file ? 0 : ksa_fail_nomem(err);
}

/* The function that the entry at an offset is, by what it refers to in the end. */
static int function_at(struct reader *r, uint64_t offset, uint32_t *number, struct ksa_error *err)
{
	struct function f = {.name = NULL};
	uint64_t at = offset, next;
	bool more = true;
	int result = 0;

	if (dwarf_origins_find(&r->origins, offset, number))
		return 0;
	for (int hops = 0; hops < MAX_HOPS && more && !result; hops++, at = next) {
		Dwarf_Die die;

		result = debuginfo_die_at(&r->reader, at, &die, err);
		if (result)
			return result;
		more = debuginfo_reference(&r->reader, die, DW_AT_abstract_origin, &next) ||
		       debuginfo_reference(&r->reader, die, DW_AT_specification, &next);
		if (!more)
			result = describe(r, die, &f, err);
		dwarf_dealloc_die(die);
	}
	if (!result)
		result = VEC_PUSH_ROOM(&r->functions, err);
	if (result)
		return result;
	*number = (uint32_t)r->functions.count;
	r->functions.items[r->functions.count++] = f;
	return dwarf_origins_keep(&r->origins, offset, *number, err);
}

/* The line of the code at an address, in the file and behind the line that a function begins at:
 * addresses in a .ko are those of several sections, which all begin at 0. 0: not known. */
static uint32_t line_at(struct reader *r, uint64_t address, const struct function *f)
{
	uint32_t best = 0;

	for (size_t i = 0; r->lines && i + 1 < r->line_count; i++) {
		const struct debuginfo_line *row = &r->lines[i];
		const char *path;
		size_t common;

		if (row->ends || row->address > address || row[1].address <= address ||
		    row->line < f->line || (best && row->line >= best))
			continue;
		path = dwarf_paths_get(&r->paths, &r->reader, row->file, false, &common);
		if (path && f->file && strcmp(path, f->file) == 0)
			best = row->line;
	}
	return best;
}

static int add_site(struct reader *r, struct found *found, struct found_site site,
		    struct ksa_error *err)
{
	int result;

	for (uint32_t at = found->first_site; at; at = r->sites.items[at - 1].next) {
		struct found_site *old = &r->sites.items[at - 1];

		if (old->file == site.file && old->line == site.line) {
			old->count++;
			return 0;
		}
	}
	result = VEC_PUSH_ROOM(&r->sites, err);
	if (result)
		return result;
	site.count = 1;
	r->sites.items[r->sites.count++] = site;
	if (found->last_site)
		r->sites.items[found->last_site - 1].next = (uint32_t)r->sites.count;
	else
		found->first_site = (uint32_t)r->sites.count;
	found->last_site = (uint32_t)r->sites.count;
	return 0;
}

/* A function is called, or inlined, in the code of outer. */
static int add_name(struct reader *r, const struct function *f, const struct function *outer,
		    struct found_site site, struct ksa_error *err)
{
	uint32_t index = (uint32_t)r->found.count;
	struct found *found;
	int added;

	if (!f->name || outer->owner == OWNER_UNKNOWN)
		return 0;
	added = strmap_add(&r->by_name, f->name, &index, NULL);
	if (added < 0)
		return ksa_fail_nomem(err);
	if (added) {
		added = VEC_PUSH_ROOM(&r->found, err);
		if (added)
			return added;
		r->found.items[r->found.count++] = (struct found){.name = f->name};
	}
	found = &r->found.items[index];
	found->is_helper |= f->owner == OWNER_HEADER && f->has_body;
	if (outer->owner == OWNER_HEADER) {
		found->by |= NAMED_BY_HEADER;
		return 0;
	}
	found->by |= NAMED_BY_MODULE;
	return add_site(r, found, site, err);
}

static int take_inlined(struct reader *r, struct dwarf_entry *entry, struct ksa_error *err)
{
	struct found_site site = {.is_call = true};
	const struct function *f, *outer;
	uint64_t origin, file, line;
	const char *path;
	size_t common;
	int result;

	if (!debuginfo_reference(&r->reader, entry->die, DW_AT_abstract_origin, &origin))
		return 0;
	result = function_at(r, origin, &entry->inner, err);
	if (result)
		return result;
	f = &r->functions.items[entry->inner];
	outer = &r->functions.items[entry->outer];
	if (f->owner != OWNER_HEADER)
		return 0;
	site.file = outer->file;
	if (debuginfo_number(&r->reader, entry->die, DW_AT_call_file, &file)) {
		path = dwarf_paths_get(&r->paths, &r->reader, file, false, &common);
		site.file = path ? intern_string(&r->intern, path) : outer->file;
		if (!site.file)
			return ksa_fail_nomem(err);
	}
	if (debuginfo_number(&r->reader, entry->die, DW_AT_call_line, &line) && line <= UINT32_MAX)
		site.line = (uint32_t)line;
	return add_name(r, f, outer, site, err);
}

static int take_call(struct reader *r, const struct dwarf_entry *entry, struct ksa_error *err)
{
	bool gnu = entry->tag == DW_TAG_GNU_call_site;
	const struct function *f, *outer;
	struct found_site site = {.is_call = true};
	uint64_t origin, address;
	uint32_t number;
	int result;

	if (!debuginfo_reference(&r->reader, entry->die,
				 gnu ? DW_AT_abstract_origin : DW_AT_call_origin, &origin))
		return 0;
	result = function_at(r, origin, &number, err);
	if (result)
		return result;
	f = &r->functions.items[number];
	outer = &r->functions.items[entry->outer];
	if (f->owner == OWNER_MODULE)
		return 0;
	site.file = outer->file;
	/* The address behind the call. */
	if (outer->owner == OWNER_MODULE &&
	    debuginfo_address(&r->reader, entry->die, gnu ? DW_AT_low_pc : DW_AT_call_return_pc,
			      &address) &&
	    address) {
		if (!r->lines)
			result = debuginfo_lines(&r->reader, &r->lines, &r->line_count, err);
		if (result)
			return result;
		site.line = line_at(r, address - 1, outer);
	}
	return add_name(r, f, outer, site, err);
}

static int visit(void *ctx, struct dwarf_entry *entry, struct ksa_error *err)
{
	struct reader *r = ctx;

	if (entry->tag == DW_TAG_subprogram) {
		entry->down = debuginfo_has(&r->reader, entry->die, DW_AT_low_pc) ||
			      debuginfo_has(&r->reader, entry->die, DW_AT_ranges);
		return entry->down ? function_at(r, entry->offset, &entry->inner, err) : 0;
	}
	if (entry->outer == NO_FUNCTION)
		return 0;
	if (entry->tag == DW_TAG_call_site || entry->tag == DW_TAG_GNU_call_site)
		return r->has_flat_calls ? 0 : take_call(r, entry, err);
	entry->down = entry->tag == DW_TAG_lexical_block || entry->tag == DW_TAG_inlined_subroutine;
	return entry->tag == DW_TAG_inlined_subroutine ? take_inlined(r, entry, err) : 0;
}

/* Keep the directory that the unit's source has in common with those before. */
static int take_directory(struct reader *r, const char *path, struct ksa_error *err)
{
	const char *slash = strrchr(path, '/');
	size_t length = slash ? (size_t)(slash + 1 - path) : 0, same = 0;

	if (r->common) {
		for (size_t i = 0; i < length && path[i] == r->common[i]; i++)
			if (path[i] == '/')
				same = i + 1;
		length = same;
	}
	r->common = arena_strndup(&r->arena, path, length);
	return r->common ? 0 : ksa_fail_nomem(err);
}

/* True for a path that ends in these parts. */
static bool ends_in_part(const char *path, const char *parts)
{
	size_t length = strlen(path), n = strlen(parts);

	return length >= n && strcmp(path + length - n, parts) == 0 &&
	       (length == n || path[length - n - 1] == '/');
}

/* The source of the reader's unit; *out is NULL for modpost's, for the kernel's
 * part in each module (6.12 and later), and for those of other languages. */
static int source_of(struct reader *r, const char **out, struct ksa_error *err)
{
	size_t common;
	const char *path = dwarf_paths_get(&r->paths, &r->reader, 0, true, &common);
	size_t length = path ? strlen(path) : 0;

	*out = path;
	if (!path || !debuginfo_is_c(debuginfo_language(&r->reader)) ||
	    (length > 6 && strcmp(path + length - 6, ".mod.c") == 0) ||
	    ends_in_part(path, "scripts/module-common.c"))
		*out = NULL;
	return r->paths.path.failed ? ksa_fail_nomem(err) : 0;
}

static int read_unit(struct reader *r, struct ksa_error *err)
{
	const char *producer = debuginfo_text(&r->reader, r->reader.unit, DW_AT_producer);
	const char *path;
	int result = source_of(r, &path, err);

	if (!result && path)
		result = take_directory(r, path, err);
	if (result || !path)
		return result;
	/* LLVM writes all calls as children of the function: which of them are of what is inlined
	 * there is not to be seen (clang 14 to 19). */
	r->has_flat_calls = producer && strnlen(producer, ELF_MAX_STRING) < ELF_MAX_STRING &&
			    strstr(producer, "clang");
	r->any_flat |= r->has_flat_calls;
	result = find_roots(r, err);
	dwarf_origins_reset(&r->origins);
	r->functions.count = 0;
	if (!result)
		result = dwarf_walk_unit(&r->walk, &r->reader, NO_FUNCTION, visit, r, err);
	free(r->lines);
	r->lines = NULL;
	r->line_count = 0;
	/* A path that was not found may be one that memory was too short for. */
	return !result && r->paths.path.failed ? ksa_fail_nomem(err) : result;
}

static void release_reader(struct reader *r)
{
	dwarf_paths_release(&r->paths, &r->reader);
	debuginfo_reader_close(&r->reader);
	debuginfo_release(&r->file);
	intern_release(&r->intern);
	strmap_release(&r->by_name);
	free(r->origins.slots);
	free(r->functions.items);
	free(r->found.items);
	free(r->sites.items);
	arena_release(&r->arena);
	free(r);
}

static int open_reader(const struct elf_file *f, struct reader **out, struct ksa_error *err)
{
	struct reader *r = calloc(1, sizeof(*r));
	int result;

	if (!r)
		return ksa_fail_nomem(err);
	r->intern.arena = &r->arena;
	result = debuginfo_open(&r->file, f, err);
	if (!result)
		result = debuginfo_reader_open(&r->reader, &r->file, err);
	if (result)
		release_reader(r);
	else
		*out = r;
	return result;
}

static int compare_found(const void *a, const void *b)
{
	return strcmp(((const struct found *)a)->name, ((const struct found *)b)->name);
}

static int compare_sites(const void *a, const void *b)
{
	const struct named_site *x = a, *y = b;
	int r = strcmp(x->file, y->file);

	return r ? r : (x->line > y->line) - (x->line < y->line);
}

/* The path as a reader of the module's directory would write it, in the answer's arena. */
static const char *shown_path(const struct reader *r, const char *path, struct arena *arena)
{
	if (!path)
		path = "";
	if (r->common && starts_with(path, r->common))
		path += strlen(r->common);
	return arena_strdup(arena, path);
}

static int fill_sites(const struct reader *r, const struct found *found, struct named_name *name,
		      struct arena *arena, struct ksa_error *err)
{
	struct named_site *sites;
	size_t count = 0;

	for (uint32_t at = found->first_site; at; at = r->sites.items[at - 1].next)
		count++;
	sites = arena_calloc(arena, count, sizeof(*sites));
	if (!sites)
		return ksa_fail_nomem(err);
	for (uint32_t at = found->first_site; at; at = r->sites.items[at - 1].next) {
		const struct found_site *site = &r->sites.items[at - 1];
		struct named_site *out = &sites[name->site_count++];

		*out = (struct named_site){.file = shown_path(r, site->file, arena),
					   .line = site->line,
					   .count = site->count,
					   .certainty = NAMED_YES,
					   .is_call = site->is_call};
		if (!out->file)
			return ksa_fail_nomem(err);
	}
	qsort(sites, count, sizeof(*sites), compare_sites);
	name->sites = sites;
	return 0;
}

static int add_notice(struct ksa_named *named, const char *source, struct ksa_error *err)
{
	named->notices = arena_calloc(&named->arena, 1, sizeof(*named->notices));
	if (!named->notices)
		return ksa_fail_nomem(err);
	named->notices[0] =
		arena_printf(&named->arena,
			     "'%s' is compiled by clang, whose debug information does not tell "
			     "calls of its own from those of inline functions: only inline "
			     "functions are told",
			     source);
	named->notice_count = 1;
	return named->notices[0] ? 0 : ksa_fail_nomem(err);
}

static int fill(struct reader *r, struct ksa_named *named, struct ksa_error *err)
{
	int result = r->any_flat ? add_notice(named, r->file.source, err) : 0;

	named->basis = NAMED_BASIS_DEBUG_INFO;
	named->calls_only = true;
	named->names = arena_calloc(&named->arena, r->found.count, sizeof(*named->names));
	if (!named->names || result)
		return result ? result : ksa_fail_nomem(err);
	if (r->found.count)
		qsort(r->found.items, r->found.count, sizeof(*r->found.items), compare_found);
	for (size_t i = 0; i < r->found.count && !result; i++) {
		const struct found *found = &r->found.items[i];
		struct named_name *name = &named->names[named->name_count++];

		*name = (struct named_name){.name = arena_strdup(&named->arena, found->name),
					    .certainty = NAMED_YES,
					    .by = found->by,
					    .is_helper = found->is_helper};
		result = name->name ? fill_sites(r, found, name, &named->arena, err)
				    : ksa_fail_nomem(err);
	}
	return result;
}

int dwarf_named_read(const struct elf_file *f, struct ksa_named *named, struct ksa_error *err)
{
	struct reader *r = NULL;
	int result = open_reader(f, &r, err);

	if (result)
		return result;
	for (size_t i = 0; i < r->file.unit_count && !result; i++) {
		result = debuginfo_reader_seek(&r->reader, i, err);
		if (!result)
			result = read_unit(r, err);
		dwarf_paths_reset(&r->paths, &r->reader);
	}
	if (!result && !r->rooted)
		result = ksa_fail_at(err, KSA_ENODATA, f->source, 0,
				     "has debug information that does not name the kernel's "
				     "headers: what the module's own files call cannot be told");
	if (!result)
		result = fill(r, named, err);
	release_reader(r);
	if (result)
		named_release(named);
	return result;
}

int dwarf_units_read(const struct elf_file *f, struct arena *arena, struct string_list *units,
		     struct ksa_error *err)
{
	struct reader *r = NULL;
	int result = open_reader(f, &r, err);

	*units = (struct string_list){NULL, 0};
	if (result)
		return result;
	units->items = arena_calloc(arena, r->file.unit_count, sizeof(*units->items));
	if (!units->items)
		result = ksa_fail_nomem(err);
	for (size_t i = 0; i < r->file.unit_count && !result; i++) {
		const char *path = NULL;

		result = debuginfo_reader_seek(&r->reader, i, err);
		if (!result)
			result = source_of(r, &path, err);
		if (!result && path) {
			path = arena_strdup(arena, path);
			units->items[units->count++] = path;
			result = path ? 0 : ksa_fail_nomem(err);
		}
		dwarf_paths_reset(&r->paths, &r->reader);
	}
	release_reader(r);
	return result;
}
