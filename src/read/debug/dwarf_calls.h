/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_DEBUG_DWARF_CALLS_H
#define READ_DEBUG_DWARF_CALLS_H

#include "model/calls.h"
#include "read/elf/elf.h"

/*
 * Read from the debug information of f which function calls which (DW_TAG_call_site with
 * DW_AT_call_origin of DWARF 5, DW_TAG_GNU_call_site with DW_AT_abstract_origin of gcc before), in
 * a function itself and in what is inlined there. workers threads share the units; each holds one
 * unit's path at a time. KSA_ENODATA: f has no debug information, or one without calls in it (a
 * build without optimization).
 */
int dwarf_calls_read(const struct elf_file *f, unsigned int workers, struct call_builder *builder,
		     struct ksa_error *err) _must_check_;

#endif
