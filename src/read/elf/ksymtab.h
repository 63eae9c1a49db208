/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_ELF_KSYMTAB_H
#define READ_ELF_KSYMTAB_H

#include "model/export.h"
#include "read/elf/elf.h"

/* The export tables by name; the CRC table of "X" is __kcrctab with the same suffix. */
struct ksymtab_name {
	const char *table, *crcs;
	enum ksa_class cls;
};

/* __ksymtab first; NULL-terminated. */
extern const struct ksymtab_name ksymtab_names[];

/* Takes one decoded export (strings borrowed from the file; owner is set by the caller). */
typedef int (*ksymtab_sink)(void *ctx, const struct ksa_export *export_, struct ksa_error *err);

/*
 * Decode all export tables of a linked image (ET_EXEC, ET_DYN): entry layout by the bytes, CRCs in
 * all their forms, class from the section or from __kflagstab. *found is false when the file has no
 * table with content.
 */
int ksymtab_read_image(const struct elf_file *f, struct arena *arena, ksymtab_sink sink, void *ctx,
		       bool *found, struct ksa_error *err) _must_check_;

/* The same for a relocatable file (.ko), whose tables are filled by relocations. */
int ksymtab_read_module(const struct elf_file *f, const struct elf_symtab *symtab,
			struct arena *arena, ksymtab_sink sink, void *ctx,
			struct ksa_error *err) _must_check_;

/*
 * What both share: find the one section of that name (two, or a compressed one, are damage), and
 * the class and flag byte of entry i (flags is NULL before 7.1).
 */
int ksymtab_section(const struct elf_file *f, const char *name, const struct elf_section **out,
		    struct ksa_error *err) _must_check_;
int ksymtab_flags(const struct elf_file *f, size_t entries, const struct elf_section **flags,
		  struct ksa_error *err) _must_check_;
void ksymtab_set_class(struct ksa_export *e, enum ksa_class cls, const struct elf_section *flags,
		       size_t i);

/*
 * A table with content that is not __ksymtab beside a __kflagstab is KSA_EFORMAT: from 7.1 on all
 * exports are in __ksymtab.
 */
int ksymtab_check_obsolete(const struct elf_file *f, const struct ksymtab_name *name,
			   struct ksa_error *err) _must_check_;

/* A table that is absent or empty while its CRCs or flags are not is damage, not "no exports". */
int ksymtab_check_absent(const struct elf_file *f, const struct ksymtab_name *name,
			 struct ksa_error *err) _must_check_;

#endif
