/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_ELF_OBJECT_H
#define READ_ELF_OBJECT_H

#include "read/elf/elf.h"
#include "read/elf/ksymtab.h"

/*
 * The exports of a module before modpost and the final link (.o), as modpost reads them: labels
 * __export_symbol_NAME of .export_symbol, at which the license and the namespace stand
 * (ddb5cdbafaaa "kbuild: generate KSYMTAB entries by modpost", 6.5), before that labels
 * __ksymtab_NAME of sections
 * "___ksymtab[_gpl]+NAME". No CRCs: they come with the final link. A label whose strings lie
 * outside its section, or an unknown license, is KSA_EFORMAT.
 */
int elf_object_exports(const struct elf_file *f, const struct elf_symtab *symtab, ksymtab_sink sink,
		       void *ctx, struct ksa_error *err) _must_check_;

#endif
