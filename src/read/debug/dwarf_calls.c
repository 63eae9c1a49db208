// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/debug/dwarf_calls.h"

#include <stdlib.h>
#include <string.h>

#include <dwarf.h>
#include <libdwarf.h>

#include "base/workers.h"
#include "read/debug/dwarf.h"

/* Scopes and inlined calls in each other: some 30 in real kernels. */
#define MAX_DEPTH 512
/* Concrete function, abstract function, its declaration: no more are needed. */
#define MAX_HOPS 8

/* Which function an entry of .debug_info is. */
struct origin {
	uint64_t offset; /* 0: free */
	uint32_t function;
};

/* An entry on the way from the unit down to the one at hand; the list it stands in is of caller. */
struct frame {
	struct Dwarf_Die_s *die;
	uint32_t caller; /* NO_FUNCTION: outside of functions */
};

#define NO_FUNCTION UINT32_MAX

/* What one thread has read. */
struct walker {
	struct debuginfo_reader reader;
	struct call_builder calls;
	struct origin *origins; /* an open hash by offset, for the unit at hand */
	size_t origin_count, origin_capacity;
	size_t sites; /* calls seen, of any kind */
	uint64_t last; /* offset of the entry that was visited last */
	bool has_nested; /* the unit's language has functions in types and namespaces */
	bool is_open;
	struct frame stack[MAX_DEPTH];
	int depth; /* of the entry at hand; -1: the unit is done */
};

struct pool {
	struct debuginfo file;
	struct walker *walkers;
};

static struct origin *find_origin(struct origin *slots, size_t capacity, uint64_t offset)
{
	size_t i = (size_t)((offset * 0x9e3779b97f4a7c15u) >> 24) & (capacity - 1);

	while (slots[i].offset && slots[i].offset != offset)
		i = (i + 1) & (capacity - 1);
	return &slots[i];
}

static int keep_origin(struct walker *w, uint64_t offset, uint32_t function, struct ksa_error *err)
{
	if (w->origin_count >= w->origin_capacity / 2) {
		size_t capacity = w->origin_capacity ? w->origin_capacity * 2 : 1024;
		struct origin *bigger = calloc(capacity, sizeof(*bigger));

		if (!bigger)
			return ksa_fail_nomem(err);
		for (size_t i = 0; i < w->origin_capacity; i++)
			if (w->origins[i].offset)
				*find_origin(bigger, capacity, w->origins[i].offset) =
					w->origins[i];
		free(w->origins);
		w->origins = bigger;
		w->origin_capacity = capacity;
	}
	*find_origin(w->origins, w->origin_capacity, offset) =
		(struct origin){.offset = offset, .function = function};
	w->origin_count++;
	return 0;
}

/* The symbol's name where it differs from the one in the source (asm labels, builtins, Rust). */
static const char *symbol_name(const struct walker *w, Dwarf_Die die)
{
	const char *name = debuginfo_text(&w->reader, die, DW_AT_linkage_name);

	if (!name)
		name = debuginfo_text(&w->reader, die, DW_AT_MIPS_linkage_name);
	return name ? name : debuginfo_text(&w->reader, die, DW_AT_name);
}

/*
 * The function that a DIE with a given offset is: the last one on its way over abstract_origin (of
 * an out-of-line copy) and specification (of a declaration) has the name, and says whether others
 * see it. *function is NO_FUNCTION where none has a name.
 */
static int function_at(struct walker *w, uint64_t offset, uint32_t *function, struct ksa_error *err)
{
	const struct origin *held;
	uint64_t at = offset;
	int r = 0;

	if (w->origin_capacity) {
		held = find_origin(w->origins, w->origin_capacity, offset);
		*function = held->function;
		if (held->offset)
			return 0;
	}
	*function = NO_FUNCTION;
	for (int hops = 0; hops < MAX_HOPS; hops++) {
		const char *name;
		Dwarf_Die die;
		uint64_t next;

		r = debuginfo_die_at(&w->reader, at, &die, err);
		if (r)
			return r;
		if (debuginfo_reference(&w->reader, die, DW_AT_abstract_origin, &next) ||
		    debuginfo_reference(&w->reader, die, DW_AT_specification, &next)) {
			dwarf_dealloc_die(die);
			at = next;
			continue;
		}
		name = symbol_name(w, die);
		if (name && strnlen(name, ELF_MAX_STRING) < ELF_MAX_STRING)
			r = call_builder_function(
				&w->calls, name,
				debuginfo_flag(&w->reader, die, DW_AT_external) ? 0 : at, function,
				err);
		dwarf_dealloc_die(die);
		break;
	}
	return r ? r : keep_origin(w, offset, *function, err);
}

static int take_call(struct walker *w, uint32_t caller, Dwarf_Die die, Dwarf_Half tag,
		     struct ksa_error *err)
{
	uint16_t attribute = tag == DW_TAG_call_site ? DW_AT_call_origin : DW_AT_abstract_origin;
	uint32_t callee = NO_FUNCTION;
	uint64_t offset;
	int r = 0;

	w->sites++;
	if (debuginfo_reference(&w->reader, die, attribute, &offset))
		r = function_at(w, offset, &callee, err);
	if (r)
		return r;
	if (callee == NO_FUNCTION) {
		w->calls.functions.items[caller].indirect++;
		return 0;
	}
	return call_builder_call(&w->calls, caller, callee, err);
}

/* True for what may hold calls, or scopes with calls. */
static bool is_scope(Dwarf_Half tag)
{
	return tag == DW_TAG_lexical_block || tag == DW_TAG_inlined_subroutine ||
	       tag == DW_TAG_subprogram || tag == DW_TAG_try_block || tag == DW_TAG_catch_block ||
	       tag == DW_TAG_with_stmt;
}

/* True for what may hold functions: namespaces, and the types of Rust and C++. */
static bool is_container(Dwarf_Half tag)
{
	return tag == DW_TAG_namespace || tag == DW_TAG_module || tag == DW_TAG_structure_type ||
	       tag == DW_TAG_class_type || tag == DW_TAG_union_type ||
	       tag == DW_TAG_enumeration_type;
}

/* True if a function's code is here: no declaration, no abstract form of an inlined one. */
static bool has_code(const struct walker *w, Dwarf_Die die)
{
	return debuginfo_has(&w->reader, die, DW_AT_low_pc) ||
	       debuginfo_has(&w->reader, die, DW_AT_ranges);
}

/*
 * Take one entry. *inner is the caller for its children, *down whether to look at them: types,
 * variables and declarations, of which most of the debug information is made, are passed over.
 */
static int visit(struct walker *w, const struct frame *frame, uint32_t *inner, bool *down,
		 struct ksa_error *err)
{
	Dwarf_Error error = NULL;
	Dwarf_Half tag = 0;
	Dwarf_Off offset = 0;
	int r = dwarf_tag(frame->die, &tag, &error);

	*inner = frame->caller;
	*down = false;
	if (r == DW_DLV_OK)
		r = dwarf_dieoffset(frame->die, &offset, &error);
	if (r != DW_DLV_OK)
		return debuginfo_fail(&w->reader, r, &error, "an entry cannot be read", err);
	/* A DW_AT_sibling that leads back, or into the entry's own children, is never done with. */
	if (offset <= w->last)
		return debuginfo_fail(&w->reader, DW_DLV_NO_ENTRY, &error,
				      "entries do not follow each other", err);
	w->last = offset;
	if (tag == DW_TAG_subprogram) {
		*down = has_code(w, frame->die);
		if (!*down)
			return 0;
		r = function_at(w, offset, inner, err);
		if (!r && *inner != NO_FUNCTION)
			w->calls.functions.items[*inner].has_code = true;
		return r;
	}
	if (frame->caller == NO_FUNCTION) {
		*down = w->has_nested && is_container(tag);
		return 0;
	}
	if (tag == DW_TAG_call_site || tag == DW_TAG_GNU_call_site)
		return take_call(w, frame->caller, frame->die, tag, err);
	*down = is_scope(tag);
	return 0;
}

/* Go on to the next entry: the sibling of the deepest one that has any. */
static int advance(struct walker *w, struct ksa_error *err)
{
	Dwarf_Error error = NULL;
	int r = DW_DLV_NO_ENTRY;

	while (w->depth >= 0 && r == DW_DLV_NO_ENTRY) {
		struct frame *frame = &w->stack[w->depth];
		Dwarf_Die next = NULL;

		r = dwarf_siblingof_b(w->reader.dbg, frame->die, 1, &next, &error);
		dwarf_dealloc_die(frame->die);
		if (r == DW_DLV_OK)
			frame->die = next;
		else
			w->depth--;
	}
	return r == DW_DLV_ERROR
		       ? debuginfo_fail(&w->reader, r, &error, "an entry cannot be read", err)
		       : 0;
}

/* The first child of parent onto the stack; *done is false if it has none. */
static int descend(struct walker *w, Dwarf_Die parent, uint32_t caller, bool *done,
		   struct ksa_error *err)
{
	Dwarf_Error error = NULL;
	Dwarf_Die child = NULL;
	int r = dwarf_child(parent, &child, &error);

	*done = r == DW_DLV_OK;
	if (r == DW_DLV_ERROR)
		return debuginfo_fail(&w->reader, r, &error, "an entry cannot be read", err);
	if (r != DW_DLV_OK)
		return 0;
	if (w->depth + 1 >= MAX_DEPTH) {
		dwarf_dealloc_die(child);
		return ksa_fail_at(err, KSA_ELIMIT, w->reader.file->source, 0,
				   "debug information: scopes are nested more than %d deep",
				   MAX_DEPTH);
	}
	w->stack[++w->depth] = (struct frame){.die = child, .caller = caller};
	return 0;
}

static int walk_unit(struct walker *w, struct ksa_error *err)
{
	bool moved;
	int r;

	w->depth = -1;
	r = descend(w, w->reader.unit, NO_FUNCTION, &moved, err);
	while (!r && w->depth >= 0) {
		const struct frame *frame = &w->stack[w->depth];
		uint32_t inner;
		bool down;

		r = visit(w, frame, &inner, &down, err);
		moved = false;
		if (!r && down)
			r = descend(w, frame->die, inner, &moved, err);
		if (!r && !moved)
			r = advance(w, err);
	}
	for (; w->depth >= 0; w->depth--)
		dwarf_dealloc_die(w->stack[w->depth].die);
	return r;
}

static int run_unit(void *ctx, unsigned int worker, size_t unit, struct ksa_error *err)
{
	struct pool *pool = ctx;
	struct walker *w = &pool->walkers[worker];
	int r = 0;

	if (!w->is_open)
		r = debuginfo_reader_open(&w->reader, &pool->file, err);
	if (r)
		return r;
	w->is_open = true;
	r = debuginfo_reader_seek(&w->reader, unit, err);
	if (r)
		return r;
	if (w->origin_capacity)
		memset(w->origins, 0, w->origin_capacity * sizeof(*w->origins));
	w->origin_count = 0;
	w->last = 0;
	/* C has functions at the top only; everything else may have them in namespaces and types.
	 */
	w->has_nested = !debuginfo_is_c(debuginfo_language(&w->reader));
	return walk_unit(w, err);
}

static void release_pool(struct pool *pool, unsigned int workers)
{
	for (unsigned int i = 0; pool->walkers && i < workers; i++) {
		debuginfo_reader_close(&pool->walkers[i].reader);
		call_builder_release(&pool->walkers[i].calls);
		free(pool->walkers[i].origins);
	}
	free(pool->walkers);
	debuginfo_release(&pool->file);
}

int dwarf_calls_read(const struct elf_file *f, unsigned int workers, struct call_builder *builder,
		     struct ksa_error *err)
{
	struct pool pool = {.walkers = NULL};
	size_t sites = 0;
	int r = debuginfo_open(&pool.file, f, err);

	if (r)
		return r;
	workers = workers ? workers : 1;
	pool.walkers = calloc(workers, sizeof(*pool.walkers));
	if (!pool.walkers)
		r = ksa_fail_nomem(err);
	if (!r)
		r = workers_run(workers, pool.file.unit_count, run_unit, &pool, err);
	for (unsigned int i = 0; i < workers && !r; i++) {
		sites += pool.walkers[i].sites;
		r = call_builder_merge(builder, &pool.walkers[i].calls, err);
	}
	release_pool(&pool, workers);
	if (!r)
		r = call_builder_sort(builder, err);
	if (!r && !sites)
		r = ksa_fail_at(err, KSA_ENODATA, f->source, 0,
				"has debug information without calls in it (built without "
				"optimization, or by a compiler that does not write them)");
	return r;
}
