// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/debug/dwarf.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#if defined(__has_include) && !__has_include(<libdwarf.h>)
#error libdwarf is not here: 'tests/deps.sh build' installs it; or make DWARF_CFLAGS=-I... DWARF_LIBS=...
#endif
#include <dwarf.h>
#include <libdwarf.h>

#include "read/debug/dwarf_lines.h"

/*
 * Two forms of libdwarf are about: that of 2021-05 and before (Debian 12), and that of 0.3 and
 * later, which names its version in libdwarf.h, gave the structures of an object file an "_a" and
 * their members a prefix, and took the error from the functions that cannot fail.
 */
#ifdef DW_LIBDWARF_VERSION
typedef Dwarf_Obj_Access_Interface_a object_interface;
typedef Dwarf_Obj_Access_Methods_a object_methods;
typedef Dwarf_Obj_Access_Section_a object_section;
typedef Dwarf_Unsigned section_index;
typedef Dwarf_Small byte_order;
#define INTERFACE(m)   ai_##m
#define METHOD(m)      om_##m
#define SECTION(m)     as_##m
#define FINISH(dbg)    dwarf_object_finish(dbg)
#define LITTLE_ENDIAN_ DW_END_little
#define BIG_ENDIAN_    DW_END_big
#else
typedef Dwarf_Obj_Access_Interface object_interface;
typedef Dwarf_Obj_Access_Methods object_methods;
typedef Dwarf_Obj_Access_Section object_section;
typedef Dwarf_Half section_index;
typedef Dwarf_Endianness byte_order;
#define INTERFACE(m)   m
#define METHOD(m)      m
#define SECTION(m)     m
#define FINISH(dbg)    dwarf_object_finish(dbg, NULL)
#define LITTLE_ENDIAN_ DW_OBJECT_LSB
#define BIG_ENDIAN_    DW_OBJECT_MSB
#endif

/* Of one file; nothing real has more units (a large kernel has 5,000). */
#define MAX_UNITS 4000000

/* What libdwarf reads the sections through: no file, no relocation, no decompression of its own. */
struct debuginfo_object {
	object_interface interface;
	const struct elf_debug *sections;
};

/* Section 0 is the empty one that ELF has there. */
static int section_info(void *object, section_index index, object_section *out, int *error)
{
	const struct debuginfo_object *o = object;

	(void)error;
	memset(out, 0, sizeof(*out));
	out->SECTION(name) = "";
	if (index > o->sections->count)
		return DW_DLV_NO_ENTRY;
	if (!index)
		return DW_DLV_OK;
	out->SECTION(name) = o->sections->items[index - 1].name;
	out->SECTION(type) = 1; /* SHT_PROGBITS */
	out->SECTION(addr) = o->sections->items[index - 1].address;
	out->SECTION(size) = o->sections->items[index - 1].size;
	return DW_DLV_OK;
}

static byte_order order(void *object)
{
	const struct debuginfo_object *o = object;

	return o->sections->is_be ? BIG_ENDIAN_ : LITTLE_ENDIAN_;
}

static Dwarf_Small word_size(void *object)
{
	const struct debuginfo_object *o = object;

	return o->sections->is_64 ? 8 : 4;
}

static Dwarf_Unsigned section_count(void *object)
{
	const struct debuginfo_object *o = object;

	return o->sections->count + 1;
}

#ifdef DW_LIBDWARF_VERSION
/* Offsets in sections are held against it: unpacked, they may be larger than the file. */
static Dwarf_Unsigned file_size(void *object)
{
	const struct debuginfo_object *o = object;
	Dwarf_Unsigned size = 0;

	for (size_t i = 0; i < o->sections->count; i++)
		size += o->sections->items[i].size;
	return size;
}
#endif

static int load_section(void *object, section_index index, Dwarf_Small **data, int *error)
{
	const struct debuginfo_object *o = object;
	union {
		const unsigned char *in;
		Dwarf_Small *out; /* libdwarf does not write to what it reads */
	} bytes;

	(void)error;
	if (!index || index > o->sections->count || !o->sections->items[index - 1].size)
		return DW_DLV_NO_ENTRY;
	bytes.in = o->sections->items[index - 1].data;
	*data = bytes.out;
	return DW_DLV_OK;
}

static const object_methods methods = {
	.METHOD(get_section_info) = section_info,
	.METHOD(get_byte_order) = order,
	.METHOD(get_length_size) = word_size,
	.METHOD(get_pointer_size) = word_size,
#ifdef DW_LIBDWARF_VERSION
	.METHOD(get_filesize) = file_size,
#endif
	.METHOD(get_section_count) = section_count,
	.METHOD(load_section) = load_section,
};

/* How many units there are: each begins with the length of the rest (DWARF 5, section 7.4). */
static int count_units(struct debuginfo *d, const struct elf_file *f,
		       const struct elf_debug_section *info, struct ksa_error *err)
{
	uint64_t at = 0;

	while (at < info->size) {
		uint64_t head = 4, length = 0;

		if (range_ok(at, 4, info->size))
			length = elf_u32(f, info->data + at);
		if (length == 0xffffffff && range_ok(at, 12, info->size)) {
			head = 12;
			length = elf_u64(f, info->data + at + 4);
		}
		if (!range_ok(at, head, info->size) || !length ||
		    !range_ok(at + head, length, info->size))
			return ksa_fail_at(
				err, KSA_EFORMAT, d->source, 0,
				"debug information: the unit at offset %llu does not fit "
				"into the %llu bytes of '.debug_info'",
				(unsigned long long)at, (unsigned long long)info->size);
		if (++d->unit_count > MAX_UNITS)
			return ksa_fail_at(err, KSA_ELIMIT, d->source, 0,
					   "debug information has more than %d units", MAX_UNITS);
		at += head + length;
	}
	return 0;
}

int debuginfo_open(struct debuginfo *d, const struct elf_file *f, struct ksa_error *err)
{
	const struct elf_debug_section *info;
	int r;

	memset(d, 0, sizeof(*d));
	d->source = f->source;
	r = elf_debug_open(&d->sections, f, err);
	if (r)
		return r;
	info = elf_debug_section(&d->sections, ".debug_info");
	if (!info || !info->size || !elf_debug_section(&d->sections, ".debug_abbrev"))
		r = ksa_fail_at(err, KSA_ENODATA, d->source, 0, "has no debug information");
	if (!r)
		r = count_units(d, f, info, err);
	if (r)
		debuginfo_release(d);
	else
		d->info_size = info->size;
	return r;
}

void debuginfo_release(struct debuginfo *d)
{
	elf_debug_release(&d->sections);
	memset(d, 0, sizeof(*d));
}

/*
 * Opening and closing goes through static variables of libdwarf (dwarf_groups.c of 2021), so one
 * thread at a time does it; what is open shares nothing with others.
 */
static pthread_mutex_t opening = PTHREAD_MUTEX_INITIALIZER;

int debuginfo_reader_open(struct debuginfo_reader *reader, const struct debuginfo *file,
			  struct ksa_error *err)
{
	Dwarf_Error error = NULL;
	int r;

	memset(reader, 0, sizeof(*reader));
	reader->file = file;
	reader->object = calloc(1, sizeof(*reader->object));
	if (!reader->object)
		return ksa_fail_nomem(err);
	reader->object->sections = &file->sections;
	reader->object->interface.INTERFACE(object) = reader->object;
	reader->object->interface.INTERFACE(methods) = &methods;
	pthread_mutex_lock(&opening);
	r = dwarf_object_init_b(&reader->object->interface, NULL, NULL, DW_GROUPNUMBER_ANY,
				&reader->dbg, &error);
	pthread_mutex_unlock(&opening);
	if (r == DW_DLV_OK)
		return 0;
	reader->dbg = NULL;
	r = debuginfo_fail(reader, r, &error, "cannot be opened", err);
	debuginfo_reader_close(reader);
	return r;
}

void debuginfo_reader_close(struct debuginfo_reader *reader)
{
	if (reader->unit)
		dwarf_dealloc_die(reader->unit);
	if (reader->dbg) {
		pthread_mutex_lock(&opening);
		FINISH(reader->dbg);
		pthread_mutex_unlock(&opening);
	}
	free(reader->object);
	memset(reader, 0, sizeof(*reader));
}

int debuginfo_reader_seek(struct debuginfo_reader *reader, size_t index, struct ksa_error *err)
{
	Dwarf_Error error = NULL;
	Dwarf_Half version = 0;
	int r = DW_DLV_OK;

	if (reader->unit)
		dwarf_dealloc_die(reader->unit);
	reader->unit = NULL;
	while (reader->next <= index && r == DW_DLV_OK) {
		Dwarf_Unsigned length, abbrevs, type, next;
		Dwarf_Half address, offset, extension, kind;
		Dwarf_Sig8 signature;

		r = dwarf_next_cu_header_d(reader->dbg, 1, &length, &version, &abbrevs, &address,
					   &offset, &extension, &signature, &type, &next, &kind,
					   &error);
		reader->next++;
	}
	reader->version = version;
	if (r == DW_DLV_OK)
		r = dwarf_siblingof_b(reader->dbg, NULL, 1, &reader->unit, &error);
	if (r == DW_DLV_OK)
		return 0;
	reader->unit = NULL;
	return debuginfo_fail(reader, r, &error, "a unit cannot be read", err);
}

int debuginfo_fail(const struct debuginfo_reader *reader, int r, struct Dwarf_Error_s **error,
		   const char *what, struct ksa_error *err)
{
	enum ksa_code code = KSA_EFORMAT;

	if (r == DW_DLV_ERROR && *error) {
		if (dwarf_errno(*error) == DW_DLE_ALLOC_FAIL ||
		    dwarf_errno(*error) == DW_DLE_DBG_ALLOC)
			code = KSA_ENOMEM;
		ksa_fail_at(err, code, reader->file->source, 0, "debug information: %s: %s", what,
			    dwarf_errmsg(*error));
		dwarf_dealloc_error(reader->dbg, *error);
	} else {
		ksa_fail_at(err, code, reader->file->source, 0, "debug information: %s", what);
	}
	*error = NULL;
	return code;
}

int debuginfo_die_at(const struct debuginfo_reader *reader, uint64_t offset,
		     struct Dwarf_Die_s **out, struct ksa_error *err)
{
	Dwarf_Error error = NULL;
	int r = DW_DLV_NO_ENTRY;

	if (offset && offset < reader->file->info_size)
		r = dwarf_offdie_b(reader->dbg, offset, 1, out, &error);
	return r == DW_DLV_OK
		       ? 0
		       : debuginfo_fail(reader, r, &error, "a reference leads to no entry", err);
}

/* Forget an error that makes no difference. */
static void drop(const struct debuginfo_reader *reader, int r, Dwarf_Error error)
{
	if (r == DW_DLV_ERROR && error)
		dwarf_dealloc_error(reader->dbg, error);
}

static Dwarf_Attribute get_attribute(const struct debuginfo_reader *reader, Dwarf_Die die,
				     uint16_t attribute)
{
	Dwarf_Attribute a = NULL;
	Dwarf_Error error = NULL;
	int r = dwarf_attr(die, attribute, &a, &error);

	drop(reader, r, error);
	return r == DW_DLV_OK ? a : NULL;
}

const char *debuginfo_text(const struct debuginfo_reader *reader, struct Dwarf_Die_s *die,
			   uint16_t attribute)
{
	Dwarf_Attribute a = get_attribute(reader, die, attribute);
	Dwarf_Error error = NULL;
	char *text = NULL;
	int r;

	if (!a)
		return NULL;
	r = dwarf_formstring(a, &text, &error);
	drop(reader, r, error);
	dwarf_dealloc_attribute(a);
	return r == DW_DLV_OK ? text : NULL;
}

bool debuginfo_reference(const struct debuginfo_reader *reader, struct Dwarf_Die_s *die,
			 uint16_t attribute, uint64_t *offset)
{
	Dwarf_Attribute a = get_attribute(reader, die, attribute);
	Dwarf_Error error = NULL;
	Dwarf_Off target = 0;
	int r;

	if (!a)
		return false;
	r = dwarf_global_formref(a, &target, &error);
	drop(reader, r, error);
	dwarf_dealloc_attribute(a);
	*offset = target;
	return r == DW_DLV_OK;
}

bool debuginfo_flag(const struct debuginfo_reader *reader, struct Dwarf_Die_s *die,
		    uint16_t attribute)
{
	Dwarf_Attribute a = get_attribute(reader, die, attribute);
	Dwarf_Error error = NULL;
	Dwarf_Bool set = 0;
	int r;

	if (!a)
		return false;
	r = dwarf_formflag(a, &set, &error);
	drop(reader, r, error);
	dwarf_dealloc_attribute(a);
	return r == DW_DLV_OK && set;
}

bool debuginfo_number(const struct debuginfo_reader *reader, struct Dwarf_Die_s *die,
		      uint16_t attribute, uint64_t *value)
{
	Dwarf_Attribute a = get_attribute(reader, die, attribute);
	Dwarf_Error error = NULL;
	Dwarf_Unsigned number = 0;
	Dwarf_Signed signed_ = 0;
	Dwarf_Half form = 0;
	int r;

	if (!a)
		return false;
	r = dwarf_whatform(a, &form, &error);
	if (r == DW_DLV_OK && form == DW_FORM_sec_offset) {
		r = dwarf_global_formref(a, &number, &error);
	} else if (r == DW_DLV_OK && form == DW_FORM_implicit_const) {
		/* Which dwarf_formudata() of 2021 does not know. */
		r = dwarf_formsdata(a, &signed_, &error);
		number = (Dwarf_Unsigned)signed_;
		if (r == DW_DLV_OK && signed_ < 0)
			r = DW_DLV_NO_ENTRY;
	} else if (r == DW_DLV_OK) {
		r = dwarf_formudata(a, &number, &error);
	}
	drop(reader, r, error);
	dwarf_dealloc_attribute(a);
	*value = number;
	return r == DW_DLV_OK;
}

bool debuginfo_has(const struct debuginfo_reader *reader, struct Dwarf_Die_s *die,
		   uint16_t attribute)
{
	Dwarf_Error error = NULL;
	Dwarf_Bool has = 0;
	int r = dwarf_hasattr(die, attribute, &has, &error);

	drop(reader, r, error);
	return r == DW_DLV_OK && has;
}

static bool has_sound_lines(const struct debuginfo_reader *reader)
{
	uint64_t offset;

	return debuginfo_number(reader, reader->unit, DW_AT_stmt_list, &offset) &&
	       dwarf_lines_are_sound(&reader->file->sections, offset);
}

int64_t debuginfo_files(const struct debuginfo_reader *reader, char ***files)
{
	Dwarf_Error error = NULL;
	Dwarf_Signed count = 0;
	int r;

	*files = NULL;
	if (!has_sound_lines(reader))
		return 0;
	/* Reading line tables goes through static variables too. */
	pthread_mutex_lock(&opening);
	r = dwarf_srcfiles(reader->unit, files, &count, &error);
	pthread_mutex_unlock(&opening);
	drop(reader, r, error);
	if (r != DW_DLV_OK)
		*files = NULL;
	return r == DW_DLV_OK ? count : 0;
}

void debuginfo_files_free(const struct debuginfo_reader *reader, char **files, int64_t count)
{
	for (int64_t i = 0; i < count; i++)
		dwarf_dealloc(reader->dbg, files[i], DW_DLA_STRING);
	if (files)
		dwarf_dealloc(reader->dbg, files, DW_DLA_LIST);
}

bool debuginfo_address(const struct debuginfo_reader *reader, struct Dwarf_Die_s *die,
		       uint16_t attribute, uint64_t *address)
{
	Dwarf_Attribute a = get_attribute(reader, die, attribute);
	Dwarf_Error error = NULL;
	Dwarf_Addr value = 0;
	int r;

	if (!a)
		return false;
	r = dwarf_formaddr(a, &value, &error);
	drop(reader, r, error);
	dwarf_dealloc_attribute(a);
	*address = value;
	return r == DW_DLV_OK;
}

/* Fill the rows from libdwarf's; false if one of them cannot be read. */
static bool read_rows(const struct debuginfo_reader *reader, Dwarf_Line *from, Dwarf_Signed count,
		      struct debuginfo_line *rows)
{
	for (Dwarf_Signed i = 0; i < count; i++) {
		Dwarf_Error error = NULL;
		Dwarf_Unsigned line = 0, file = 0;
		Dwarf_Addr address = 0;
		Dwarf_Bool ends = 0;
		int r = dwarf_lineaddr(from[i], &address, &error);

		if (r == DW_DLV_OK)
			r = dwarf_lineno(from[i], &line, &error);
		if (r == DW_DLV_OK)
			r = dwarf_line_srcfileno(from[i], &file, &error);
		if (r == DW_DLV_OK)
			r = dwarf_lineendsequence(from[i], &ends, &error);
		drop(reader, r, error);
		if (r != DW_DLV_OK)
			return false;
		rows[i] = (struct debuginfo_line){address, file,
						  line > UINT32_MAX ? 0 : (uint32_t)line, ends};
	}
	return true;
}

int debuginfo_lines(const struct debuginfo_reader *reader, struct debuginfo_line **rows,
		    size_t *count, struct ksa_error *err)
{
	Dwarf_Line_Context context = NULL;
	Dwarf_Unsigned version = 0;
	Dwarf_Small tables = 0;
	Dwarf_Error error = NULL;
	Dwarf_Signed n = 0;
	Dwarf_Line *lines = NULL;
	int r;

	*rows = NULL;
	*count = 0;
	if (!has_sound_lines(reader))
		return 0;
	pthread_mutex_lock(&opening);
	r = dwarf_srclines_b(reader->unit, &version, &tables, &context, &error);
	pthread_mutex_unlock(&opening);
	drop(reader, r, error);
	if (r != DW_DLV_OK)
		return 0;
	error = NULL;
	r = dwarf_srclines_from_linecontext(context, &lines, &n, &error);
	drop(reader, r, error);
	if (r == DW_DLV_OK && n > 0) {
		*rows = calloc((size_t)n, sizeof(**rows));
		if (*rows && read_rows(reader, lines, n, *rows))
			*count = (size_t)n;
	}
	dwarf_srclines_dealloc_b(context);
	return r == DW_DLV_OK && n > 0 && !*rows ? ksa_fail_nomem(err) : 0;
}

uint64_t debuginfo_language(const struct debuginfo_reader *reader)
{
	Dwarf_Error error = NULL;
	Dwarf_Unsigned language = 0;
	int r = dwarf_srclang(reader->unit, &language, &error);

	drop(reader, r, error);
	return r == DW_DLV_OK ? language : 0;
}

bool debuginfo_is_c(uint64_t language)
{
	return language == DW_LANG_C || language == DW_LANG_C89 || language == DW_LANG_C99 ||
	       language == DW_LANG_C11 || language == 0x2c /* DW_LANG_C17 */ ||
	       language == DW_LANG_Mips_Assembler;
}
