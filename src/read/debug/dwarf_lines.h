/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_DEBUG_DWARF_LINES_H
#define READ_DEBUG_DWARF_LINES_H

#include "read/debug/sections.h"

/*
 * True if the head of the line table at an offset of .debug_line can be given to libdwarf: its
 * tables of directories and files lie within it, their strings within their sections, and no file
 * is in a directory that is not there. libdwarf of 2021 (Debian 12) reads whatever lies at such
 * places.
 */
bool dwarf_lines_are_sound(const struct elf_debug *sections, uint64_t offset);

#endif
