/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_DEBUG_DWARF_WALK_H
#define READ_DEBUG_DWARF_WALK_H

#include "read/debug/dwarf.h"

/* Scopes and inlined calls in each other: some 30 in real kernels. */
#define DWARF_WALK_DEPTH 512

/* An entry of a unit that is visited. */
struct dwarf_entry {
	struct Dwarf_Die_s *die;
	uint64_t offset; /* in .debug_info */
	uint16_t tag;
	uint32_t outer; /* what the visit of the entry around it has set as inner */
	uint32_t inner; /* for the entries in this one; as outer unless set */
	bool down; /* to be set: visit the entries in this one too */
};

typedef int (*dwarf_visitor)(void *ctx, struct dwarf_entry *entry, struct ksa_error *err);

/* A walk through the entries of units, one after another. Zero-initialize. */
struct dwarf_walk {
	uint64_t last; /* offset of the entry that was visited last */
	struct dwarf_walk_frame {
		struct Dwarf_Die_s *die;
		uint32_t outer;
	} stack[DWARF_WALK_DEPTH];
	int depth; /* of the entry at hand; -1: the unit is done */
};

/*
 * Visit the entries of the reader's unit, and those in them that the visitor asks for; outermost is
 * the outer of those at the top. An error of the visitor's ends the walk. KSA_EFORMAT: entries that
 * do not follow each other; KSA_ELIMIT: nested too deep.
 */
int dwarf_walk_unit(struct dwarf_walk *walk, const struct debuginfo_reader *reader,
		    uint32_t outermost, dwarf_visitor visit, void *ctx,
		    struct ksa_error *err) _must_check_;

/* Numbers by an offset of .debug_info. Zero-initialize; free() slots. */
struct dwarf_origins {
	struct dwarf_origin {
		uint64_t offset; /* 0: free */
		uint32_t number;
	} * slots; /* an open hash */
	size_t count, capacity;
};

/* Forget all, keep the memory. */
void dwarf_origins_reset(struct dwarf_origins *origins);

/* False if there is none for the offset. */
bool dwarf_origins_find(const struct dwarf_origins *origins, uint64_t offset, uint32_t *number);

/* Keep a number for an offset that has none. KSA_ENOMEM. */
int dwarf_origins_keep(struct dwarf_origins *origins, uint64_t offset, uint32_t number,
		       struct ksa_error *err) _must_check_;

#endif
