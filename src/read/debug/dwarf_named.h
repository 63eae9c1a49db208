/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_DEBUG_DWARF_NAMED_H
#define READ_DEBUG_DWARF_NAMED_H

#include "model/module.h"
#include "model/named.h"
#include "read/elf/elf.h"

/*
 * What a module names, from the debug information of its .ko, which one in a build directory has: a
 * call in code that a file of the module's own declares is named by the module, with file and line;
 * one in code that a kernel header declares is named by that header, and the functions of headers
 * that are inlined or compiled along are helpers. Data references, macros and what a compiler adds
 * leave no trace: named->calls_only; what a macro calls is called by whoever uses it. Of what clang
 * has compiled only helpers are told, with a notice. Kernel headers are those of the tree that
 * <linux/types.h> is of. KSA_ENODATA: no debug information, or none that tells its headers from its
 * sources.
 */
int dwarf_named_read(const struct elf_file *f, struct ksa_named *named,
		     struct ksa_error *err) _must_check_;

/*
 * The C and assembly sources that the file is compiled from, as it has their paths, without what
 * modpost adds (.mod.c); for struct module_source_question. Strings and array are in the arena. The
 * same errors.
 */
int dwarf_units_read(const struct elf_file *f, struct arena *arena, struct string_list *units,
		     struct ksa_error *err) _must_check_;

#endif
