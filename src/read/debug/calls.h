/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_DEBUG_CALLS_H
#define READ_DEBUG_CALLS_H

#include "model/calls.h"
#include "read/elf/elf.h"

/* What of a file is read; both: what debug information lacks is filled in from the code. */
enum calls_want { CALLS_WANT_BOTH = 0, CALLS_WANT_DWARF, CALLS_WANT_CODE };

struct calls_options {
	enum calls_want want;
	unsigned int workers; /* threads that read debug information; 0: one */
};

/*
 * The call graph of a vmlinux or a module, in the arena: of its debug information if it has any,
 * which knows the calls of compiled code, and of the code itself, which has those of assembly and
 * what the compiler left out. graph->source is the better of those that were read. KSA_ENODATA: it
 * has neither. Debug information that is damaged is no failure where the code can be read: *problem
 * (may be NULL) says what is wrong.
 */
int calls_read(const struct elf_file *f, const struct calls_options *options, struct arena *arena,
	       struct call_graph *graph, struct ksa_error *problem,
	       struct ksa_error *err) _must_check_;

#endif
