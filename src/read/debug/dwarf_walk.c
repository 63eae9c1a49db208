// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/debug/dwarf_walk.h"

#include <stdlib.h>
#include <string.h>

#include <dwarf.h>
#include <libdwarf.h>

static struct dwarf_origin *find_slot(struct dwarf_origin *slots, size_t capacity, uint64_t offset)
{
	size_t i = (size_t)((offset * 0x9e3779b97f4a7c15u) >> 24) & (capacity - 1);

	while (slots[i].offset && slots[i].offset != offset)
		i = (i + 1) & (capacity - 1);
	return &slots[i];
}

void dwarf_origins_reset(struct dwarf_origins *origins)
{
	if (origins->capacity)
		memset(origins->slots, 0, origins->capacity * sizeof(*origins->slots));
	origins->count = 0;
}

bool dwarf_origins_find(const struct dwarf_origins *origins, uint64_t offset, uint32_t *number)
{
	const struct dwarf_origin *held;

	if (!origins->capacity)
		return false;
	held = find_slot(origins->slots, origins->capacity, offset);
	*number = held->number;
	return held->offset;
}

int dwarf_origins_keep(struct dwarf_origins *origins, uint64_t offset, uint32_t number,
		       struct ksa_error *err)
{
	if (origins->count >= origins->capacity / 2) {
		size_t capacity = origins->capacity ? origins->capacity * 2 : 1024;
		struct dwarf_origin *bigger = calloc(capacity, sizeof(*bigger));

		if (!bigger)
			return ksa_fail_nomem(err);
		for (size_t i = 0; i < origins->capacity; i++)
			if (origins->slots[i].offset)
				*find_slot(bigger, capacity, origins->slots[i].offset) =
					origins->slots[i];
		free(origins->slots);
		origins->slots = bigger;
		origins->capacity = capacity;
	}
	*find_slot(origins->slots, origins->capacity, offset) =
		(struct dwarf_origin){.offset = offset, .number = number};
	origins->count++;
	return 0;
}

/* Go on to the next entry: the sibling of the deepest one that has any. */
static int advance(struct dwarf_walk *walk, const struct debuginfo_reader *reader,
		   struct ksa_error *err)
{
	Dwarf_Error error = NULL;
	int r = DW_DLV_NO_ENTRY;

	while (walk->depth >= 0 && r == DW_DLV_NO_ENTRY) {
		struct dwarf_walk_frame *frame = &walk->stack[walk->depth];
		Dwarf_Die next = NULL;

		r = dwarf_siblingof_b(reader->dbg, frame->die, 1, &next, &error);
		dwarf_dealloc_die(frame->die);
		if (r == DW_DLV_OK)
			frame->die = next;
		else
			walk->depth--;
	}
	return r == DW_DLV_ERROR ? debuginfo_fail(reader, r, &error, "an entry cannot be read", err)
				 : 0;
}

/* The first child of parent onto the stack; *done is false if it has none. */
static int descend(struct dwarf_walk *walk, const struct debuginfo_reader *reader,
		   struct dwarf_walk_frame parent, bool *done, struct ksa_error *err)
{
	Dwarf_Error error = NULL;
	Dwarf_Die child = NULL;
	int r = dwarf_child(parent.die, &child, &error);

	*done = r == DW_DLV_OK;
	if (r == DW_DLV_ERROR)
		return debuginfo_fail(reader, r, &error, "an entry cannot be read", err);
	if (r != DW_DLV_OK)
		return 0;
	if (walk->depth + 1 >= DWARF_WALK_DEPTH) {
		dwarf_dealloc_die(child);
		return ksa_fail_at(err, KSA_ELIMIT, reader->file->source, 0,
				   "debug information: scopes are nested more than %d deep",
				   DWARF_WALK_DEPTH);
	}
	walk->stack[++walk->depth] = (struct dwarf_walk_frame){child, parent.outer};
	return 0;
}

/* What the entry at hand is. */
static int look_at(struct dwarf_walk *walk, const struct debuginfo_reader *reader,
		   struct dwarf_entry *entry, struct ksa_error *err)
{
	const struct dwarf_walk_frame *frame = &walk->stack[walk->depth];
	Dwarf_Error error = NULL;
	Dwarf_Half tag = 0;
	Dwarf_Off offset = 0;
	int r = dwarf_tag(frame->die, &tag, &error);

	if (r == DW_DLV_OK)
		r = dwarf_dieoffset(frame->die, &offset, &error);
	if (r != DW_DLV_OK)
		return debuginfo_fail(reader, r, &error, "an entry cannot be read", err);
	/* A DW_AT_sibling that leads back, or into the entry's own children, is never done with. */
	if (offset <= walk->last)
		return debuginfo_fail(reader, DW_DLV_NO_ENTRY, &error,
				      "entries do not follow each other", err);
	walk->last = offset;
	*entry = (struct dwarf_entry){.die = frame->die,
				      .offset = offset,
				      .tag = tag,
				      .outer = frame->outer,
				      .inner = frame->outer};
	return 0;
}

int dwarf_walk_unit(struct dwarf_walk *walk, const struct debuginfo_reader *reader,
		    uint32_t outermost, dwarf_visitor visit, void *ctx, struct ksa_error *err)
{
	struct dwarf_walk_frame unit = {reader->unit, outermost};
	bool moved;
	int r;

	walk->depth = -1;
	walk->last = 0;
	r = descend(walk, reader, unit, &moved, err);
	while (!r && walk->depth >= 0) {
		struct dwarf_entry entry;

		r = look_at(walk, reader, &entry, err);
		if (!r)
			r = visit(ctx, &entry, err);
		moved = false;
		if (!r && entry.down)
			r = descend(walk, reader, (struct dwarf_walk_frame){entry.die, entry.inner},
				    &moved, err);
		if (!r && !moved)
			r = advance(walk, reader, err);
	}
	for (; walk->depth >= 0; walk->depth--)
		dwarf_dealloc_die(walk->stack[walk->depth].die);
	return r;
}
