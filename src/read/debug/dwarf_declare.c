// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/debug/dwarf_declare.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <dwarf.h>
#include <libdwarf.h>

#include "base/workers.h"
#include "read/debug/dwarf.h"
#include "read/debug/dwarf_paths.h"
#include "read/debug/dwarf_types.h"

/* Concrete function, abstract function, its declaration: no more are needed. */
#define MAX_HOPS 4

/* How much a definition counts, best last. */
enum rank {
	RANK_NONE = 0,
	RANK_FOLDED, /* without code of its own: that of another function, which is the same */
	RANK_DEFINED,
	RANK_PLACED /* where the symbol is */
};

/* Where what is kept of a symbol comes from. */
struct found {
	enum rank rank;
	uint32_t unit; /* of the definition */
	uint32_t common; /* as of dwarf_paths_get() */
};

/* What one thread reads. */
struct walker {
	struct debuginfo_reader reader;
	struct dwarf_paths paths;
	struct strbuf text; /* scratch */
	uint32_t unit;
	bool is_c, is_assembly, is_open;
};

struct pool {
	struct debuginfo file;
	struct walker *walkers;
	struct dwarf_wanted *wanted;
	struct found *found; /* of each of wanted->items */
	pthread_mutex_t lock; /* of wanted and found */
};

/* What the entries of one function or variable say together. */
struct entry {
	uint32_t index; /* of wanted->items */
	Dwarf_Half tag;
	enum rank rank;
	uint64_t id; /* the entry with the parameters */
	uint64_t type; /* 0: void */
	uint64_t file, line;
	bool has_type, has_line, has_file;
};

/* The C of it into w->text, which stays empty if it cannot be written. */
static void spell(struct walker *w, const char *name, const struct entry *e)
{
	const struct declare_types types = dwarf_types_of(&w->reader);
	uint64_t id = e->tag == DW_TAG_subprogram ? e->id : e->type;

	if (!declare_write(&types, id, name, &w->text) && !w->text.failed)
		strbuf_reset(&w->text);
}

static int keep_better(struct pool *pool, struct walker *w, const struct entry *e, const char *file,
		       size_t common, struct ksa_error *err)
{
	struct dwarf_declared *to = &pool->wanted->items[e->index];
	struct found *found = &pool->found[e->index];

	if (e->rank < found->rank || (e->rank == found->rank && found->unit <= w->unit))
		return 0;
	*found = (struct found){e->rank, w->unit, (uint32_t)common};
	to->text = w->text.length ? arena_strdup(pool->wanted->arena, w->text.data) : NULL;
	to->file = file ? arena_strdup(pool->wanted->arena, file) : NULL;
	to->line = file && e->has_line && e->line <= UINT32_MAX ? (uint32_t)e->line : 0;
	to->kind = e->tag == DW_TAG_subprogram ? KSA_KIND_FUNCTION : KSA_KIND_OBJECT;
	if ((w->text.length && !to->text) || (file && !to->file))
		return ksa_fail_nomem(err);
	return 0;
}

static int keep(struct pool *pool, struct walker *w, const char *name, const struct entry *e,
		struct ksa_error *err)
{
	const char *file = NULL;
	size_t common = 0;
	int r;

	strbuf_reset(&w->text);
	if (w->is_c)
		spell(w, name, e);
	if (e->has_file || w->is_assembly)
		file = dwarf_paths_get(&w->paths, &w->reader, e->file, w->is_assembly, &common);
	if (w->text.failed || w->paths.path.failed)
		return ksa_fail_nomem(err);
	pthread_mutex_lock(&pool->lock);
	r = keep_better(pool, w, e, file, common, err);
	pthread_mutex_unlock(&pool->lock);
	return r;
}

static bool is_of_unit(const struct walker *w, Dwarf_Die die)
{
	Dwarf_Off of_die = 0, of_unit = 0;
	Dwarf_Error error = NULL;
	int r = dwarf_CU_dieoffset_given_die(die, &of_die, &error);

	if (r == DW_DLV_OK)
		r = dwarf_dieoffset(w->reader.unit, &of_unit, &error);
	if (r == DW_DLV_ERROR)
		dwarf_dealloc_error(w->reader.dbg, error);
	return r == DW_DLV_OK && of_die == of_unit;
}

/* What die says and the entries before it did not. */
static const char *take(struct walker *w, Dwarf_Die die, struct entry *e)
{
	const char *name = debuginfo_text(&w->reader, die, DW_AT_linkage_name);

	if (!e->has_type)
		e->has_type = dwarf_types_id(&w->reader, die, &e->type);
	/* A definition has no file of its own where that is the one of its declaration. */
	if (!is_of_unit(w, die))
		return name ? name : debuginfo_text(&w->reader, die, DW_AT_name);
	if (!e->has_line)
		e->has_line = debuginfo_number(&w->reader, die, DW_AT_decl_line, &e->line);
	if (!e->has_file)
		e->has_file = debuginfo_number(&w->reader, die, DW_AT_decl_file, &e->file);
	return name ? name : debuginfo_text(&w->reader, die, DW_AT_name);
}

/*
 * From an entry to the abstract form of an inlined function, which has the name, the types and the
 * parameters, and to an earlier declaration, which has what is the same there. *name is in the
 * file's bytes; NULL: it has none. *external: others see it.
 */
static int take_all(struct walker *w, Dwarf_Die die, struct entry *e, const char **name,
		    bool *external, struct ksa_error *err)
{
	Dwarf_Die held = NULL;
	uint64_t next;
	int r = 0;

	*name = take(w, die, e);
	*external = debuginfo_flag(&w->reader, die, DW_AT_external);
	for (int hops = 0; hops < MAX_HOPS && !r; hops++) {
		const char *other;
		bool abstract = debuginfo_reference(&w->reader, die, DW_AT_abstract_origin, &next);

		if (!abstract && !debuginfo_reference(&w->reader, die, DW_AT_specification, &next))
			break;
		if (held)
			dwarf_dealloc_die(held);
		held = NULL;
		r = debuginfo_die_at(&w->reader, next, &held, err);
		if (r)
			break;
		die = held;
		if (abstract)
			e->id = next;
		other = take(w, die, e);
		*name = *name ? *name : other;
		*external = *external || debuginfo_flag(&w->reader, die, DW_AT_external);
	}
	if (held)
		dwarf_dealloc_die(held);
	return r;
}

/* Where the code of a function starts. */
static bool low_address(const struct walker *w, Dwarf_Die die, uint64_t *address)
{
	Dwarf_Error error = NULL;
	Dwarf_Addr low = 0;
	int r = dwarf_lowpc(die, &low, &error);

	if (r == DW_DLV_ERROR)
		dwarf_dealloc_error(w->reader.dbg, error);
	*address = low;
	return r == DW_DLV_OK;
}

/* A definition has code or a place. */
static enum rank rank_of(const struct walker *w, Dwarf_Die die, Dwarf_Half tag)
{
	bool variable = tag == DW_TAG_variable;

	if (debuginfo_has(&w->reader, die, variable ? DW_AT_location : DW_AT_low_pc) ||
	    (!variable && debuginfo_has(&w->reader, die, DW_AT_ranges)))
		return RANK_DEFINED;
	return variable || debuginfo_flag(&w->reader, die, DW_AT_declaration) ? RANK_NONE
									      : RANK_FOLDED;
}

/* True unless the entry has a name that nobody asked for: most have, and are done with. */
static bool may_be_wanted(const struct pool *pool, const struct walker *w, Dwarf_Die die)
{
	const char *name = debuginfo_text(&w->reader, die, DW_AT_name);

	return !name || strmap_get(pool->wanted->names, name, NULL) ||
	       debuginfo_has(&w->reader, die, DW_AT_linkage_name);
}

static int visit(struct pool *pool, struct walker *w, Dwarf_Die die, struct entry *e,
		 struct ksa_error *err)
{
	const char *name;
	uint64_t address;
	bool external;
	int r;

	if (!may_be_wanted(pool, w, die))
		return 0;
	e->rank = rank_of(w, die, e->tag);
	if (e->rank == RANK_NONE)
		return 0;
	r = take_all(w, die, e, &name, &external, err);
	if (r || !name || !strmap_get(pool->wanted->names, name, &e->index))
		return r;
	if (pool->wanted->items[e->index].address && low_address(w, die, &address) &&
	    address == pool->wanted->items[e->index].address)
		e->rank = RANK_PLACED;
	/* Another file's own function of that name. */
	if (!external && e->rank != RANK_PLACED)
		return 0;
	return keep(pool, w, name, e, err);
}

/* Functions and variables of C are at the top of a unit. */
static int walk_unit(struct pool *pool, struct walker *w, struct ksa_error *err)
{
	Dwarf_Off offset = 0, last = 0;
	Dwarf_Error error = NULL;
	Dwarf_Die die = NULL, next = NULL;
	int kept = 0, r = dwarf_child(w->reader.unit, &die, &error);

	while (r == DW_DLV_OK) {
		struct entry e = {.rank = RANK_NONE};

		r = dwarf_tag(die, &e.tag, &error);
		if (r == DW_DLV_OK)
			r = dwarf_dieoffset(die, &offset, &error);
		/* A DW_AT_sibling that leads back is never done with. */
		if (r == DW_DLV_OK && offset <= last)
			r = DW_DLV_ERROR;
		last = e.id = offset;
		if (r == DW_DLV_OK && (e.tag == DW_TAG_subprogram || e.tag == DW_TAG_variable))
			kept = visit(pool, w, die, &e, err);
		if (r == DW_DLV_OK && !kept)
			r = dwarf_siblingof_b(w->reader.dbg, die, 1, &next, &error);
		dwarf_dealloc_die(die);
		if (kept)
			return kept;
		die = next;
	}
	return r == DW_DLV_NO_ENTRY
		       ? 0
		       : debuginfo_fail(&w->reader, r, &error, "an entry cannot be read", err);
}

/* An image has init/main.c: what stands before it is the root of the tree. */
static int find_root(struct pool *pool, struct walker *w, struct ksa_error *err)
{
	static const char tail[] = "init/main.c";
	struct dwarf_wanted *wanted = pool->wanted;
	size_t common, length, tail_length = sizeof(tail) - 1;
	const char *path;

	if (!wanted->is_image)
		return 0;
	path = dwarf_paths_get(&w->paths, &w->reader, 0, true, &common);
	if (w->paths.path.failed)
		return ksa_fail_nomem(err);
	length = path ? strlen(path) : 0;
	if (length <= tail_length + 1 || *path != '/' || path[length - tail_length - 1] != '/' ||
	    strcmp(path + length - tail_length, tail) != 0)
		return 0;
	pthread_mutex_lock(&pool->lock);
	if (!wanted->root)
		wanted->root = arena_strndup(wanted->arena, path, length - tail_length);
	pthread_mutex_unlock(&pool->lock);
	return wanted->root ? 0 : ksa_fail_nomem(err);
}

static int open_unit(struct pool *pool, struct walker *w, size_t unit, struct ksa_error *err)
{
	Dwarf_Unsigned language = 0;
	int r = 0;

	if (!w->is_open)
		r = debuginfo_reader_open(&w->reader, &pool->file, err);
	if (r)
		return r;
	w->is_open = true;
	dwarf_paths_reset(&w->paths, &w->reader);
	r = debuginfo_reader_seek(&w->reader, unit, err);
	if (r)
		return r;
	w->unit = (uint32_t)unit;
	language = debuginfo_language(&w->reader);
	w->is_assembly = language == DW_LANG_Mips_Assembler;
	w->is_c = debuginfo_is_c(language) && !w->is_assembly;
	return 0;
}

static int run_unit(void *ctx, unsigned int worker, size_t unit, struct ksa_error *err)
{
	struct pool *pool = ctx;
	struct walker *w = &pool->walkers[worker];
	int r = open_unit(pool, w, unit, err);

	if (!r)
		r = find_root(pool, w, err);
	return r || (!w->is_c && !w->is_assembly) ? r : walk_unit(pool, w, err);
}

/* What each symbol is given in the end. */
static void finish(struct pool *pool)
{
	struct dwarf_wanted *wanted = pool->wanted;
	size_t length = wanted->root ? strlen(wanted->root) : 0;

	for (size_t i = 0; i < wanted->count; i++) {
		struct dwarf_declared *d = &wanted->items[i];
		const struct found *found = &pool->found[i];

		if (!wanted->is_image || !d->file || *d->file != '/')
			continue;
		if (length && strncmp(d->file, wanted->root, length) == 0 && d->file[length])
			d->file += length;
		else if (!length && found->common > 1 && d->file[found->common])
			d->file += found->common;
	}
}

static void release_pool(struct pool *pool, unsigned int workers)
{
	for (unsigned int i = 0; pool->walkers && i < workers; i++) {
		struct walker *w = &pool->walkers[i];

		dwarf_paths_release(&w->paths, &w->reader);
		debuginfo_reader_close(&w->reader);
		strbuf_release(&w->text);
	}
	free(pool->walkers);
	free(pool->found);
	debuginfo_release(&pool->file);
}

int dwarf_declare(const struct elf_file *f, struct dwarf_wanted *wanted, struct ksa_error *err)
{
	struct pool pool = {.wanted = wanted, .lock = PTHREAD_MUTEX_INITIALIZER};
	unsigned int workers = wanted->workers ? wanted->workers : 1;
	int r = debuginfo_open(&pool.file, f, err);

	wanted->root = NULL;
	if (r)
		return r;
	pool.walkers = calloc(workers, sizeof(*pool.walkers));
	pool.found = calloc(wanted->count ? wanted->count : 1, sizeof(*pool.found));
	if (!pool.walkers || !pool.found)
		r = ksa_fail_nomem(err);
	if (!r)
		r = workers_run(workers, pool.file.unit_count, run_unit, &pool, err);
	if (!r)
		finish(&pool);
	release_pool(&pool, workers);
	return r;
}
