// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/elf/object.h"

#include <string.h>

#include "base/strmap.h"

/* Where the exports of one file go. */
struct reader {
	const struct elf_file *f;
	const struct elf_symtab *symtab;
	struct strmap namespaces; /* symbol -> index of its __kstrtabns_ label */
	ksymtab_sink sink;
	void *ctx;
};

/* What follows prefix in s, or NULL. */
static const char *after(const char *s, const char *prefix)
{
	size_t length = strlen(prefix);

	return strncmp(s, prefix, length) == 0 && s[length] ? s + length : NULL;
}

/* Names may overlap: long ones would cost their length for each symbol. */
static bool is_short(const char *name)
{
	return strnlen(name, ELF_MAX_STRING) < ELF_MAX_STRING;
}

static const struct elf_section *section_of(const struct elf_file *f,
					    const struct elf_symbol *symbol)
{
	return symbol->section && symbol->section < f->section_count ? &f->sections[symbol->section]
								     : NULL;
}

static int no_string(const struct elf_file *f, const struct elf_symbol *label,
		     struct ksa_error *err)
{
	return ksa_fail_at(err, KSA_EFORMAT, f->source, 0,
			   "label '%.64s' points to no string (offset %llu of section %u)",
			   label->name, (unsigned long long)label->value, label->section);
}

/* .export_symbol: the license, "GPL" or empty, and the namespace stand at the label. */
static int from_label(struct reader *reader, const struct elf_symbol *label, const char *name,
		      struct ksa_error *err)
{
	const struct elf_section *s = section_of(reader->f, label);
	const char *license = s ? elf_string(s, label->value) : NULL;
	const char *ns = license ? elf_string(s, label->value + strlen(license) + 1) : NULL;
	struct ksa_export e = {.name = name, .cls = KSA_CLASS_PLAIN, .ns_known = true};

	if (!ns)
		return no_string(reader->f, label, err);
	if (strcmp(license, "GPL") == 0)
		e.cls = KSA_CLASS_GPL;
	else if (*license)
		return ksa_fail_at(err, KSA_EFORMAT, reader->f->source, 0,
				   "'.export_symbol' gives '%.64s' the license '%.64s', expected "
				   "'GPL' or none",
				   name, license);
	e.ns = *ns ? ns : NULL;
	return reader->sink(reader->ctx, &e, err);
}

/* The class that a section "___ksymtab[_gpl...]+NAME" gives; false: it is none. */
static bool class_of(const struct elf_section *s, uint8_t *cls)
{
	const char *table = after(s->name, "_");
	size_t length = table ? strcspn(table, "+") : 0;

	for (const struct ksymtab_name *n = ksymtab_names; table && table[length] && n->table;
	     n++) {
		if (strlen(n->table) == length && memcmp(n->table, table, length) == 0) {
			*cls = (uint8_t)n->cls;
			return true;
		}
	}
	return false;
}

static int from_ksymtab(struct reader *reader, const struct elf_symbol *label, const char *name,
			struct ksa_error *err)
{
	const struct elf_section *s = section_of(reader->f, label);
	struct ksa_export e = {.name = name, .ns_known = true};
	struct elf_symbol ns;
	uint32_t at;
	int r;

	class_of(s, &e.cls); /* the caller knows that it gives one */
	if (strmap_get(&reader->namespaces, name, &at)) {
		r = elf_symtab_get(reader->f, reader->symtab, at, &ns, err);
		if (r)
			return r;
		s = section_of(reader->f, &ns);
		e.ns = s ? elf_string(s, ns.value) : NULL;
		if (!e.ns)
			return no_string(reader->f, &ns, err);
		e.ns = *e.ns ? e.ns : NULL;
	}
	return reader->sink(reader->ctx, &e, err);
}

static int index_namespaces(struct reader *reader, struct ksa_error *err)
{
	struct elf_symbol symbol;

	for (size_t i = 1; i < reader->symtab->count; i++) {
		uint32_t index = (uint32_t)i;
		const char *name;
		int r = elf_symtab_get(reader->f, reader->symtab, i, &symbol, err);

		if (r)
			return r;
		name = after(symbol.name, "__kstrtabns_");
		if (name && is_short(name) &&
		    strmap_add(&reader->namespaces, name, &index, NULL) < 0)
			return ksa_fail_nomem(err);
	}
	return 0;
}

static int read_label(struct reader *reader, const struct elf_symbol *label, struct ksa_error *err)
{
	const struct elf_section *s = section_of(reader->f, label);
	const char *name = after(label->name, "__export_symbol_");
	bool is_new = name && s && strcmp(s->name, ".export_symbol") == 0;
	uint8_t unused;

	if (!is_new) {
		name = after(label->name, "__ksymtab_");
		if (!name || !s || !class_of(s, &unused))
			return 0;
	}
	if (!is_short(name))
		return ksa_fail_at(err, KSA_EFORMAT, reader->f->source, 0,
				   "exports a symbol with a name of over %d bytes", ELF_MAX_STRING);
	return is_new ? from_label(reader, label, name, err)
		      : from_ksymtab(reader, label, name, err);
}

int elf_object_exports(const struct elf_file *f, const struct elf_symtab *symtab, ksymtab_sink sink,
		       void *ctx, struct ksa_error *err)
{
	struct reader reader = {.f = f, .symtab = symtab, .sink = sink, .ctx = ctx};
	struct elf_symbol symbol;
	int r = index_namespaces(&reader, err);

	for (size_t i = 1; i < symtab->count && !r; i++) {
		r = elf_symtab_get(f, symtab, i, &symbol, err);
		if (!r)
			r = read_label(&reader, &symbol, err);
	}
	strmap_release(&reader.namespaces);
	return r;
}
