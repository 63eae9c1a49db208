/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_DEBUG_DWARF_TYPES_H
#define READ_DEBUG_DWARF_TYPES_H

#include "model/declare.h"
#include "read/debug/dwarf.h"

/*
 * The types of debug information as model/declare.h wants them; a type's id is the offset of
 * its entry. What BTF cannot tell is left out here too, as a declaration is the same from both:
 * arrays of arrays have the product of their bounds (btf_encoder of pahole).
 */
struct declare_types dwarf_types_of(const struct debuginfo_reader *reader);

/* The id in DW_AT_type of an entry. False: it has none (of a function: void). An id that leads
 * nowhere, such as that of a type in another file, is one of no type. */
bool dwarf_types_id(const struct debuginfo_reader *reader, struct Dwarf_Die_s *die, uint64_t *id);

#endif
