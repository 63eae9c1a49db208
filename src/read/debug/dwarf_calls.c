// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/debug/dwarf_calls.h"

#include <stdlib.h>
#include <string.h>

#include <dwarf.h>
#include <libdwarf.h>

#include "base/workers.h"
#include "read/debug/dwarf_walk.h"

/* Concrete function, abstract function, its declaration: no more are needed. */
#define MAX_HOPS 8

#define NO_FUNCTION UINT32_MAX

/* What one thread has read. */
struct walker {
	struct debuginfo_reader reader;
	struct call_builder calls;
	struct dwarf_origins origins; /* which function an entry of the unit at hand is */
	size_t sites; /* calls seen, of any kind */
	bool has_nested; /* the unit's language has functions in types and namespaces */
	bool is_open;
	struct dwarf_walk walk;
};

struct pool {
	struct debuginfo file;
	struct walker *walkers;
};

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
	uint64_t at = offset;
	int r = 0;

	if (dwarf_origins_find(&w->origins, offset, function))
		return 0;
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
	return r ? r : dwarf_origins_keep(&w->origins, offset, *function, err);
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
 * Take one entry: what is in it is called by its function. Types, variables and declarations, of
 * which most of the debug information is made, are passed over.
 */
static int visit(void *ctx, struct dwarf_entry *entry, struct ksa_error *err)
{
	struct walker *w = ctx;
	int r;

	if (entry->tag == DW_TAG_subprogram) {
		entry->down = has_code(w, entry->die);
		if (!entry->down)
			return 0;
		r = function_at(w, entry->offset, &entry->inner, err);
		if (!r && entry->inner != NO_FUNCTION)
			w->calls.functions.items[entry->inner].has_code = true;
		return r;
	}
	if (entry->outer == NO_FUNCTION) {
		entry->down = w->has_nested && is_container(entry->tag);
		return 0;
	}
	if (entry->tag == DW_TAG_call_site || entry->tag == DW_TAG_GNU_call_site)
		return take_call(w, entry->outer, entry->die, entry->tag, err);
	entry->down = is_scope(entry->tag);
	return 0;
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
	dwarf_origins_reset(&w->origins);
	/* C has functions at the top only; everything else may have them in namespaces and types.
	 */
	w->has_nested = !debuginfo_is_c(debuginfo_language(&w->reader));
	return dwarf_walk_unit(&w->walk, &w->reader, NO_FUNCTION, visit, w, err);
}

static void release_pool(struct pool *pool, unsigned int workers)
{
	for (unsigned int i = 0; pool->walkers && i < workers; i++) {
		debuginfo_reader_close(&pool->walkers[i].reader);
		call_builder_release(&pool->walkers[i].calls);
		free(pool->walkers[i].origins.slots);
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
