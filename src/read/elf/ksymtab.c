// SPDX-License-Identifier: GPL-2.0-or-later
/* The export tables of a linked image. */
#include "read/elf/ksymtab.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "base/search.h"

const struct ksymtab_name ksymtab_names[] = {
	{"__ksymtab", "__kcrctab", KSA_CLASS_PLAIN},
	{"__ksymtab_gpl", "__kcrctab_gpl", KSA_CLASS_GPL},
	/* 2.6.17 to 5.11 */
	{"__ksymtab_gpl_future", "__kcrctab_gpl_future", KSA_CLASS_GPL_FUTURE},
	/* f71d20e96147 "Add EXPORT_UNUSED_SYMBOL and EXPORT_UNUSED_SYMBOL_GPL", 2.6.18 to 5.11 */
	{"__ksymtab_unused", "__kcrctab_unused", KSA_CLASS_UNUSED},
	{"__ksymtab_unused_gpl", "__kcrctab_unused_gpl", KSA_CLASS_UNUSED_GPL},
	{NULL, NULL, KSA_CLASS_UNKNOWN},
};

/* A form of struct kernel_symbol: fields of width bytes; relative to themselves or absolute. */
struct layout {
	unsigned int width, fields;
	bool prel;
};

/* A linked image with its sections by address. */
struct image {
	const struct elf_file *f;
	const struct elf_section **by_address;
	size_t count;
	const struct elf_section *strings;
	uint64_t mask; /* of an address: modulo 2^32 or 2^64 */
};

/* One table, with its bytes after relocation where that is needed. */
struct table {
	const struct elf_section *section;
	const unsigned char *data;
	struct layout layout;
	size_t entries;
};

int ksymtab_section(const struct elf_file *f, const char *name, const struct elf_section **out,
		    struct ksa_error *err)
{
	*out = NULL;
	for (size_t i = 1; i < f->section_count; i++) {
		const struct elf_section *s = &f->sections[i];

		if (strcmp(s->name, name) != 0)
			continue;
		if (*out)
			return ksa_fail_at(err, KSA_EFORMAT, f->source, 0,
					   "has two '%s' sections, expected one", name);
		if (s->flags & SHF_COMPRESSED)
			return ksa_fail_at(err, KSA_EFORMAT, f->source, 0,
					   "'%s' is a compressed section, which the kernel never "
					   "makes",
					   name);
		*out = s;
	}
	return 0;
}

int ksymtab_flags(const struct elf_file *f, size_t entries, const struct elf_section **flags,
		  struct ksa_error *err)
{
	int r = ksymtab_section(f, "__kflagstab", flags, err);

	if (r || !*flags)
		return r;
	if ((*flags)->size && !(*flags)->data)
		return ksa_fail_at(err, KSA_EFORMAT, f->source, 0,
				   "'__kflagstab' has no content (NOBITS), expected %zu flags",
				   entries);
	if ((*flags)->size != entries)
		return ksa_fail_at(err, KSA_EFORMAT, f->source, 0,
				   "'__kflagstab' holds %llu flags for the %zu entries of "
				   "'__ksymtab'",
				   (unsigned long long)(*flags)->size, entries);
	return 0;
}

int ksymtab_check_obsolete(const struct elf_file *f, const struct ksymtab_name *name,
			   struct ksa_error *err)
{
	const struct elf_section *flags;
	int r = ksymtab_section(f, "__kflagstab", &flags, err);

	if (!r && flags && flags->size && name->cls != KSA_CLASS_PLAIN)
		r = ksa_fail_at(err, KSA_EFORMAT, f->source, 0,
				"has both '__kflagstab' (7.1 and later) and '%s' (before), which "
				"no kernel makes; the loader of 7.1 ignores the latter",
				name->table);
	return r;
}

int ksymtab_check_absent(const struct elf_file *f, const struct ksymtab_name *name,
			 struct ksa_error *err)
{
	const char *const partners[] = {name->crcs,
					name->cls == KSA_CLASS_PLAIN ? "__kflagstab" : NULL};

	for (size_t i = 0; i < 2; i++) {
		const struct elf_section *s = NULL;
		int r = partners[i] ? ksymtab_section(f, partners[i], &s, err) : 0;

		if (r)
			return r;
		if (s && s->size)
			return ksa_fail_at(err, KSA_EFORMAT, f->source, 0,
					   "'%s' holds %llu bytes, but '%s' has no entries",
					   partners[i], (unsigned long long)s->size, name->table);
	}
	return 0;
}

/* KSYM_FLAG_GPL_ONLY is bit 0, the only one defined in 7.1 to 7.3; the byte is kept as it is. */
void ksymtab_set_class(struct ksa_export *e, enum ksa_class cls, const struct elf_section *flags,
		       size_t i)
{
	e->cls = (uint8_t)cls;
	if (!flags)
		return;
	e->kflags = flags->data[i];
	e->cls = e->kflags & 1 ? KSA_CLASS_GPL : KSA_CLASS_PLAIN;
}

static int compare_address(const void *a, const void *b)
{
	const struct elf_section *const *x = a, *const *y = b;

	return (*x)->address < (*y)->address ? -1 : (*x)->address > (*y)->address;
}

static int image_init(struct image *image, const struct elf_file *f, struct arena *arena,
		      struct ksa_error *err)
{
	memset(image, 0, sizeof(*image));
	image->f = f;
	image->mask = f->is_64 ? UINT64_MAX : UINT32_MAX;
	image->by_address = arena_calloc(arena, f->section_count + 1, sizeof(*image->by_address));
	if (!image->by_address)
		return ksa_fail_nomem(err);
	for (size_t i = 1; i < f->section_count; i++)
		if ((f->sections[i].flags & SHF_ALLOC) && !(f->sections[i].flags & SHF_TLS) &&
		    f->sections[i].address && f->sections[i].size)
			image->by_address[image->count++] = &f->sections[i];
	qsort(image->by_address, image->count, sizeof(*image->by_address), compare_address);
	return ksymtab_section(f, "__ksymtab_strings", &image->strings, err);
}

/* The section that holds the address, or NULL. */
static const struct elf_section *section_at(const struct image *image, uint64_t address)
{
	const struct elf_section *const *list = image->by_address;
	size_t behind = SEARCH_FIRST(i, image->count, list[i]->address <= address);

	if (!behind || address - list[behind - 1]->address >= list[behind - 1]->size)
		return NULL;
	return list[behind - 1];
}

/* The string at an address: in __ksymtab_strings, or wherever the image keeps it. */
static const char *string_at(const struct image *image, uint64_t address)
{
	const struct elf_section *s = image->strings;

	if (!s || address < s->address || address - s->address >= s->size)
		s = section_at(image, address);
	return s ? elf_string(s, address - s->address) : NULL;
}

/* Symbol names are C identifiers, and with Rust's legacy mangling also hold '$' and '.'. */
static bool is_symbol_name(const char *s)
{
	if (!*s || (*s >= '0' && *s <= '9'))
		return false;
	for (; *s; s++)
		if (!((*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z') ||
		      (*s >= '0' && *s <= '9') || *s == '_' || *s == '$' || *s == '.'))
			return false;
	return true;
}

/* The address that field number k of entry i holds; 0 stays 0 ("none"). */
static uint64_t field(const struct image *image, const struct table *t, size_t i, unsigned int k)
{
	size_t at = (i * t->layout.fields + k) * t->layout.width;
	const unsigned char *p = t->data + at;
	int32_t offset;

	if (!t->layout.prel)
		return t->layout.width == 8 ? elf_u64(image->f, p) : elf_u32(image->f, p);
	offset = (int32_t)elf_u32(image->f, p);
	if (offset == 0)
		return 0;
	return (t->section->address + at + (uint64_t)(int64_t)offset) & image->mask;
}

static bool entry_is_valid(const struct image *image, const struct table *t, size_t i,
			   const char **previous)
{
	const char *name = string_at(image, field(image, t, i, 1));
	uint64_t ns = t->layout.fields == 3 ? field(image, t, i, 2) : 0;

	if (!name || !is_symbol_name(name) || (ns && !string_at(image, ns)))
		return false;
	/* Sorted since 3.0 (f02e8a6596b7 "module: Sort exported symbols"). A layout that is not the
	 * table's own yields the same few strings in no order. */
	if (*previous && strcmp(*previous, name) == 0)
		return false;
	*previous = name;
	return true;
}

/*
 * Choose the layout by the bytes: the one under which the names of the entries are identifiers.
 * Neither version nor size tells: 12 bytes are PREL-3 on i386 and ABS-3 on armhf. The number of
 * CRCs or flags, where there are any, must fit.
 */
static int choose_layout(const struct image *image, struct table *t, size_t known_entries,
			 struct ksa_error *err)
{
	unsigned int word = image->f->is_64 ? 8 : 4;
	const struct layout forms[] = {
		{4, 3, true}, {word, 3, false}, {4, 2, true}, {word, 2, false}};
	size_t best_valid = 0;
	struct layout best = {0, 0, false};

	for (size_t k = 0; k < sizeof(forms) / sizeof(forms[0]); k++) {
		size_t stride = (size_t)forms[k].width * forms[k].fields, valid = 0, sample;
		const char *previous = NULL;

		if (t->section->size % stride ||
		    (known_entries && t->section->size / stride != known_entries))
			continue;
		t->layout = forms[k];
		t->entries = t->section->size / stride;
		sample = t->entries < 256 ? t->entries : 256;
		for (size_t i = 0; i < sample; i++)
			valid += entry_is_valid(image, t, i, &previous);
		/* Compare shares: the same bytes make more entries of a smaller form. */
		if (valid * 2 > sample &&
		    (!best.width || valid * stride > best_valid * best.width * best.fields)) {
			best = forms[k];
			best_valid = valid;
		}
	}
	if (!best.width)
		return ksa_fail_at(err, KSA_EFORMAT, image->f->source, 0,
				   "'%s': none of the four kernel_symbol layouts fits its %llu "
				   "bytes%s",
				   t->section->name, (unsigned long long)t->section->size,
				   known_entries ? " and the number of its CRCs or flags" : "");
	t->layout = best;
	t->entries = t->section->size / ((size_t)best.width * best.fields);
	return 0;
}

static bool relative_type(const struct elf_file *f, uint32_t type)
{
	switch (f->machine) {
	case EM_AARCH64:
		return type == R_AARCH64_RELATIVE;
	case EM_PPC64:
		return type == R_PPC64_RELATIVE;
	case EM_S390:
		return type == R_390_RELATIVE;
	case EM_RISCV:
		return type == R_RISCV_RELATIVE;
	case EM_X86_64:
		return type == R_X86_64_RELATIVE;
	case 258: /* EM_LOONGARCH */
		return type == 3; /* R_LARCH_RELATIVE */
	default:
		return false;
	}
}

/*
 * A relocatable kernel linked with -pie may leave absolute tables zero and the values in RELATIVE
 * relocations of .rela.dyn. Those of --emit-relocs (.rela__ksymtab) are already applied.
 */
static int apply_relative(const struct image *image, struct table *t, struct arena *arena,
			  struct ksa_error *err)
{
	const struct elf_file *f = image->f;
	unsigned char *copy;
	bool zero = true;

	t->data = t->section->data;
	for (size_t i = 0; i < t->section->size && zero; i++)
		zero = t->data[i] == 0;
	if (!zero || !f->is_64)
		return 0;
	copy = arena_calloc(arena, 1, t->section->size);
	if (!copy)
		return ksa_fail_nomem(err);
	for (size_t i = 1; i < f->section_count; i++) {
		const struct elf_section *s = &f->sections[i];

		if (s->type != SHT_RELA || !s->data || !(s->flags & SHF_ALLOC))
			continue;
		for (uint64_t at = 0; s->size - at >= sizeof(Elf64_Rela);
		     at += sizeof(Elf64_Rela)) {
			uint64_t offset = elf_u64(f, s->data + at) - t->section->address;

			if (t->section->size < 8 || offset > t->section->size - 8 ||
			    !relative_type(f, (uint32_t)elf_u64(f, s->data + at + 8)))
				continue;
			memcpy(copy + offset, s->data + at + 16, 8);
		}
	}
	t->data = copy;
	return 0;
}

/* The CRCs that go with a table: where they are and in which form. */
struct crcs {
	const struct elf_section *section; /* NULL: none */
	unsigned int width;
	bool relative; /* MODULE_REL_CRCS, 4.10 to 5.18: the slot holds the way to a u32 */
};

static bool crc_target(const struct image *image, const struct crcs *crcs, size_t i, uint32_t *crc)
{
	const unsigned char *p = crcs->section->data + i * 4;
	uint64_t address = (crcs->section->address + i * 4 +
			    (uint64_t)(int64_t)(int32_t)elf_u32(image->f, p)) &
			   image->mask;
	const struct elf_section *s = section_at(image, address);

	if (!s || !s->data || s->size < 4 || address - s->address > s->size - 4)
		return false;
	*crc = elf_u32(image->f, s->data + (address - s->address));
	return true;
}

/* A random CRC lands in a section once in a hundred times; relative ones always do. */
static bool are_relative(const struct image *image, const struct crcs *crcs, size_t entries)
{
	uint32_t crc;

	for (size_t i = 0; i < entries; i++)
		if (!crc_target(image, crcs, i, &crc))
			return false;
	return entries >= 4 || image->f->machine == EM_PPC64 || image->f->machine == EM_PPC ||
	       image->f->machine == EM_S390;
}

static int open_crcs(const struct image *image, const char *name, size_t entries, struct crcs *crcs,
		     struct ksa_error *err)
{
	int r = ksymtab_section(image->f, name, &crcs->section, err);

	if (r || !crcs->section)
		return r;
	if (!crcs->section->size || !crcs->section->data) {
		crcs->section = NULL;
		return 0;
	}
	/* Pointer-sized slots before 71810db27c1c "modversions: treat symbol CRCs as 32 bit
	 * quantities" (4.10). */
	crcs->width = crcs->section->size == entries * 8 && image->f->is_64 ? 8 : 4;
	if (crcs->section->size != entries * crcs->width)
		return ksa_fail_at(err, KSA_EFORMAT, image->f->source, 0,
				   "'%s' holds %llu bytes, expected 4 for each of %zu entries",
				   name, (unsigned long long)crcs->section->size, entries);
	crcs->relative = crcs->width == 4 && are_relative(image, crcs, entries);
	return 0;
}

static void set_crc(const struct image *image, const struct crcs *crcs, size_t i,
		    struct ksa_export *e)
{
	const unsigned char *p;

	if (!crcs->section)
		return;
	p = crcs->section->data + i * crcs->width;
	e->has_crc = true;
	if (crcs->relative)
		e->has_crc = crc_target(image, crcs, i, &e->crc);
	else
		e->crc = crcs->width == 8 ? (uint32_t)elf_u64(image->f, p) : elf_u32(image->f, p);
}

/* What the export is, by the section its address lies in; per-cpu data have none. */
static enum ksa_kind kind_at(const struct image *image, uint64_t address)
{
	const struct elf_section *s = section_at(image, address);

	return s && (s->flags & SHF_EXECINSTR) ? KSA_KIND_FUNCTION : KSA_KIND_OBJECT;
}

static int decode_entry(const struct image *image, const struct table *t, size_t i,
			struct ksa_export *e, struct ksa_error *err)
{
	uint64_t name = field(image, t, i, 1);
	uint64_t ns = t->layout.fields == 3 ? field(image, t, i, 2) : 0;

	e->address = field(image, t, i, 0);
	e->name = name ? string_at(image, name) : NULL;
	if (!e->name)
		return ksa_fail_at(err, KSA_EFORMAT, image->f->source, 0,
				   "entry %zu of '%s' has its name at 0x%llx, outside "
				   "'__ksymtab_strings'",
				   i, t->section->name, (unsigned long long)name);
	if (!*e->name)
		return ksa_fail_at(err, KSA_EFORMAT, image->f->source, 0,
				   "entry %zu of '%s' has an empty name", i, t->section->name);
	e->ns_known = true;
	e->ns = ns ? string_at(image, ns) : NULL;
	if (ns && !e->ns)
		return ksa_fail_at(err, KSA_EFORMAT, image->f->source, 0,
				   "entry %zu of '%s', '%s', has its namespace at 0x%llx, outside "
				   "'__ksymtab_strings'",
				   i, t->section->name, e->name, (unsigned long long)ns);
	if (e->ns && !*e->ns)
		e->ns = NULL;
	e->kind = (uint8_t)kind_at(image, e->address);
	return 0;
}

static int read_table(const struct image *image, const struct ksymtab_name *name,
		      const struct elf_section *section, struct arena *arena, ksymtab_sink sink,
		      void *ctx, struct ksa_error *err)
{
	struct table t = {.section = section};
	struct crcs crcs = {NULL, 0, false};
	const struct elf_section *flags = NULL, *crc_section;
	size_t known = 0;
	int r;

	if (name->cls == KSA_CLASS_PLAIN)
		r = ksymtab_section(image->f, "__kflagstab", &flags, err);
	else
		r = 0;
	if (!r)
		r = ksymtab_section(image->f, name->crcs, &crc_section, err);
	if (r)
		return r;
	if (flags)
		known = flags->size;
	r = apply_relative(image, &t, arena, err);
	if (r)
		return r;
	/* First with the number that the flags give; a table that fits no layout then, but does
	 * without, is one whose flags are damaged: say that. */
	r = choose_layout(image, &t, known, NULL);
	if (r)
		r = choose_layout(image, &t, 0, err);
	if (!r && name->cls == KSA_CLASS_PLAIN)
		r = ksymtab_flags(image->f, t.entries, &flags, err);
	if (!r)
		r = open_crcs(image, name->crcs, t.entries, &crcs, err);
	for (size_t i = 0; i < t.entries && !r; i++) {
		struct ksa_export e = {.owner = NULL};

		r = decode_entry(image, &t, i, &e, err);
		if (r)
			break;
		ksymtab_set_class(&e, name->cls, flags, i);
		set_crc(image, &crcs, i, &e);
		r = sink(ctx, &e, err);
	}
	return r;
}

int ksymtab_read_image(const struct elf_file *f, struct arena *arena, ksymtab_sink sink, void *ctx,
		       bool *found, struct ksa_error *err)
{
	struct image image;
	int r = image_init(&image, f, arena, err);

	*found = false;
	for (const struct ksymtab_name *name = ksymtab_names; name->table && !r; name++) {
		const struct elf_section *section;

		r = ksymtab_section(f, name->table, &section, err);
		if (!r && (!section || !section->size))
			r = ksymtab_check_absent(f, name, err);
		if (r || !section || !section->size)
			continue;
		if (!section->data)
			return ksa_fail_at(err, KSA_ENODATA, f->source, 0,
					   "'%s' has no content: this is the debug part of a "
					   "kernel (.debug); give the vmlinux itself",
					   section->name);
		*found = true;
		r = ksymtab_check_obsolete(f, name, err);
		if (!r)
			r = read_table(&image, name, section, arena, sink, ctx, err);
	}
	return r;
}
