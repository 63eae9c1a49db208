// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/elf/calls.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "base/search.h"
#include "base/strmap.h"
#include "base/vec.h"
#include "read/elf/branch.h"

/* A function as .symtab has it. */
struct place {
	uint64_t value, size;
	uint32_t section; /* of the file */
	uint32_t function; /* in the builder */
	bool is_global, is_part; /* foo.cold: not where the function begins */
	bool is_init; /* init_module, cleanup_module: module_init() makes them aliases */
};

/* The relocations of one section, by rising offset. */
struct section_relocs {
	struct elf_reloc *items;
	size_t count;
	bool has_addend; /* SHT_RELA */
};

struct reader {
	const struct elf_file *f;
	const struct elf_symtab *symtab;
	struct call_builder *builder;
	bool seen; /* any call */
	bool with_data; /* objects count too, and whatever refers to something */
	bool has_thunks; /* x86: indirect calls are calls of thunks */
	struct arena arena; /* keys of statics */
	struct strmap statics; /* the file in eight letters, and the name -> number */
	struct strmap globals; /* names of the global functions that are defined here */
	uint32_t *targets; /* of each symbol that was called: its function's index and 1, or 0 */
	struct {
		struct place *items;
		size_t count, capacity;
	} places; /* sorted by section and value */

	/* The section at hand. */
	const struct elf_section *section;
	uint32_t index;
	uint64_t base; /* what its offsets are counted from */
	struct section_relocs relocs;
};

bool elf_calls_is_function(const struct elf_file *f, const struct elf_symbol *symbol)
{
	return symbol->type == STT_FUNC && symbol->section && symbol->section < f->section_count &&
	       (f->sections[symbol->section].flags & SHF_EXECINSTR) && *symbol->name &&
	       strnlen(symbol->name, ELF_MAX_STRING) < ELF_MAX_STRING;
}

/* The name without what a compiler adds to parts and copies of a function: ".cold", ".part.0".
 * ppc64 ELFv1's entry points begin with a dot. */
static const char *stem(struct reader *reader, const char *name, bool *is_part)
{
	const char *dot;

	if (reader->f->machine == EM_PPC64 && *name == '.')
		name++;
	dot = *name ? strchr(name + 1, '.') : NULL;
	*is_part = dot;
	return dot ? arena_strndup(&reader->arena, name, (size_t)(dot - name)) : name;
}

/* What tells a static function from those of its name in other files; 0: out of memory. */
static uint64_t static_number(struct reader *reader, uint32_t file, const char *name, bool add,
			      bool *found)
{
	size_t length = strlen(name) + 1;
	char *key = arena_alloc(&reader->arena, 8 + length);
	uint32_t number = (uint32_t)reader->statics.count + 1;
	int added;

	if (!key)
		return 0;
	for (int i = 0; i < 8; i++)
		key[i] = (char)('a' + (file >> (4 * i) & 15));
	memcpy(key + 8, name, length);
	*found = strmap_get(&reader->statics, key, &number);
	if (*found || !add)
		return number;
	added = strmap_add(&reader->statics, key, &number, NULL);
	return added < 0 ? 0 : number;
}

static int add_place(struct reader *reader, const struct elf_symbol *symbol, uint32_t file,
		     struct ksa_error *err)
{
	bool is_part, found = false, is_global = symbol->bind != STB_LOCAL;
	const char *name = stem(reader, symbol->name, &is_part);
	struct place *place;
	uint64_t number = 0;
	int r;

	if (!name)
		return ksa_fail_nomem(err);
	/* A part is local, whatever it is a part of: the static function of that name in the same
	 * file, else the global one. */
	if (!is_global) {
		bool of_global = is_part && strmap_get(&reader->globals, name, NULL);

		number = static_number(reader, file, name, !of_global, &found);
		if (!number)
			return ksa_fail_nomem(err);
		if (of_global && !found)
			number = 0;
	}
	r = VEC_PUSH_ROOM(&reader->places, err);
	if (r)
		return r;
	place = &reader->places.items[reader->places.count];
	*place = (struct place){.value = symbol->value,
				.size = symbol->size,
				.section = symbol->section,
				.is_global = is_global,
				.is_part = is_part,
				.is_init = is_global && (strcmp(name, "init_module") == 0 ||
							 strcmp(name, "cleanup_module") == 0)};
	r = call_builder_function(reader->builder, name, number, &place->function, err);
	if (!r)
		reader->places.count++;
	return r;
}

/* By place; of several names for one the whole function and the global one first. */
static int compare_places(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->section != y->section)
		return x->section < y->section ? -1 : 1;
	if (x->value != y->value)
		return x->value < y->value ? -1 : 1;
	if (x->is_part != y->is_part)
		return x->is_part ? 1 : -1;
	if (x->is_init != y->is_init)
		return x->is_init ? 1 : -1;
	if (x->is_global != y->is_global)
		return x->is_global ? -1 : 1;
	return x->function < y->function ? -1 : x->function > y->function;
}

/* Returns and indirect calls of x86 with mitigations (arch/x86/lib/retpoline.S): what they call is
 * not the thunk, and debug information knows nothing of it. */
static bool is_thunk(const struct elf_file *f, const char *name, bool *is_return)
{
	if (strncmp(name, "__x86_", 6) != 0 || (f->machine != EM_X86_64 && f->machine != EM_386))
		return false;
	*is_return = strcmp(name, "__x86_return_thunk") == 0;
	return *is_return || strncmp(name, "__x86_indirect_thunk_", 21) == 0 ||
	       strncmp(name, "__x86_indirect_call_thunk_", 26) == 0 ||
	       strncmp(name, "__x86_indirect_jump_thunk_", 26) == 0;
}

/* Tables that the loader or the build makes use of, not the module's code: what is exported, and
 * what is called first and last, which everything reaches that says THIS_MODULE. */
static bool is_table(const struct elf_section *s)
{
	return strncmp(s->name, "__", 2) == 0 || strncmp(s->name, ".gnu.linkonce.", 14) == 0 ||
	       strncmp(s->name, ".discard", 8) == 0 || strncmp(s->name, ".export_symbol", 14) == 0;
}

/* What has a place in the graph. */
static bool is_counted(const struct reader *reader, const struct elf_symbol *symbol)
{
	const struct elf_section *s;

	if (elf_calls_is_function(reader->f, symbol))
		return true;
	if (!reader->with_data || symbol->type != STT_OBJECT || !symbol->section ||
	    symbol->section >= reader->f->section_count || !*symbol->name ||
	    strnlen(symbol->name, ELF_MAX_STRING) >= ELF_MAX_STRING)
		return false;
	s = &reader->f->sections[symbol->section];
	return (s->flags & SHF_ALLOC) && !(s->flags & SHF_EXECINSTR) && !is_table(s);
}

/* Functions without dots first: what is a part of what depends on them. */
static int index_functions(struct reader *reader, struct ksa_error *err)
{
	for (int pass = 0; pass < 3; pass++) {
		uint32_t file = 0;

		for (size_t i = 1; i < reader->symtab->count; i++) {
			struct elf_symbol symbol;
			uint32_t unused = 0;
			bool is_part;
			int r = elf_symtab_get(reader->f, reader->symtab, i, &symbol, err);

			if (r)
				return r;
			if (!reader->has_thunks && pass == 0)
				reader->has_thunks = is_thunk(reader->f, symbol.name, &is_part);
			if (symbol.type == STT_FILE)
				file = (uint32_t)i;
			if (!is_counted(reader, &symbol))
				continue;
			is_part = strchr(symbol.name + 1, '.');
			if (pass == 0 && symbol.bind != STB_LOCAL &&
			    strmap_add(&reader->globals, symbol.name, &unused, NULL) < 0)
				return ksa_fail_nomem(err);
			if (pass == 1 + is_part)
				r = add_place(reader, &symbol, file, err);
			if (r)
				return r;
		}
	}
	return 0;
}

/* Of several names for one place the first has the calls: see elf_calls_add_aliases(). */
static void sort_places(struct reader *reader)
{
	struct place *places = reader->places.items;
	size_t kept = 0;

	if (reader->places.count)
		qsort(places, reader->places.count, sizeof(*places), compare_places);
	for (size_t i = 0; i < reader->places.count; i++) {
		if (kept && places[kept - 1].section == places[i].section &&
		    places[kept - 1].value == places[i].value)
			continue;
		places[kept++] = places[i];
		reader->builder->functions.items[places[i].function].has_code = true;
	}
	reader->places.count = kept;
	/* Functions do not overlap: a damaged size must not make code read again and again. */
	for (size_t i = 1; i < kept; i++)
		if (places[i - 1].section == places[i].section &&
		    places[i - 1].size > places[i].value - places[i - 1].value)
			places[i - 1].size = places[i].value - places[i - 1].value;
}

/* The function that holds an address of a section, or NULL. */
static const struct place *place_at(const struct reader *reader, uint32_t section, uint64_t value)
{
	const struct place *items = reader->places.items, *place;
	size_t behind = SEARCH_FIRST(i, reader->places.count,
				     items[i].section < section || (items[i].section == section &&
								    items[i].value <= value));

	if (!behind)
		return NULL;
	place = &items[behind - 1];
	if (place->section != section || (place->size && value - place->value >= place->size))
		return NULL;
	return place;
}

static bool holds(const struct elf_section *s, uint64_t address)
{
	return (s->flags & SHF_EXECINSTR) && (s->flags & SHF_ALLOC) && address >= s->address &&
	       address - s->address < s->size;
}

/* The function that begins there, or NULL. In a linked file a branch may lead to any section. */
static const struct place *place_of(const struct reader *reader, uint32_t section, uint64_t value)
{
	const struct elf_file *f = reader->f;
	const struct place *place;

	/* What was no branch leads anywhere. */
	if (f->type == ET_REL && value >= f->sections[section].size)
		return NULL;
	if (f->type != ET_REL && !holds(&f->sections[section], value))
		for (section = 1; section < f->section_count; section++)
			if (holds(&f->sections[section], value))
				break;
	place = section < f->section_count ? place_at(reader, section, value) : NULL;
	return place && place->value == value ? place : NULL;
}

/* Count a call, or what stands in for one. */
static int take_call(struct reader *reader, uint32_t from, uint32_t to, struct ksa_error *err)
{
	struct call_builder *b = reader->builder;
	bool is_return = false;

	reader->seen = true;
	if (is_thunk(reader->f, b->functions.items[to].name, &is_return)) {
		b->functions.items[from].indirect += !is_return;
		return 0;
	}
	return call_builder_call(b, from, to, err);
}

#define NO_FUNCTION UINT32_MAX

/* The function at whose beginning a branch's relocation leads; NO_FUNCTION where there is none, as
 * for a jump back from a function's part. */
static int target_of(struct reader *reader, const struct elf_reloc *reloc, uint32_t *function,
		     struct ksa_error *err)
{
	uint64_t distance = 0;
	const struct place *place;
	struct elf_symbol symbol;
	const char *name;
	bool unused, is_known;
	int r = elf_symtab_get(reader->f, reader->symtab, reloc->symbol, &symbol, err);

	*function = NO_FUNCTION;
	if (r)
		return r;
	is_known = elf_branch_addend(reader->f, reader->section, reloc->offset - reader->base,
				     reloc, reader->relocs.has_addend, &distance);
	if (symbol.bind == STB_LOCAL || symbol.type == STT_SECTION) {
		place = is_known ? place_at(reader, symbol.section, symbol.value + distance) : NULL;
		if (place && place->value == symbol.value + distance)
			*function = place->function;
		return 0;
	}
	if (distance)
		return 0;
	if (reader->targets[reloc->symbol]) {
		*function = reader->targets[reloc->symbol] - 1;
		return 0;
	}
	if (strnlen(symbol.name, ELF_MAX_STRING) >= ELF_MAX_STRING)
		return 0;
	name = stem(reader, symbol.name, &unused);
	if (!name)
		return ksa_fail_nomem(err);
	if (*name)
		r = call_builder_function(reader->builder, name, 0, function, err);
	if (!r && *function != NO_FUNCTION)
		reader->targets[reloc->symbol] = *function + 1;
	return r;
}

/* What else than a branch refers to: the function or object that is there. A distance from the
 * place itself is counted from the end of the four bytes (x86). */
static int referred_to(struct reader *reader, const struct elf_reloc *reloc, uint32_t *function,
		       struct ksa_error *err)
{
	const struct place *place;
	struct elf_symbol symbol;
	uint64_t at = (uint64_t)reloc->addend;
	bool unused;
	const char *name;
	int r = elf_symtab_get(reader->f, reader->symtab, reloc->symbol, &symbol, err);

	*function = NO_FUNCTION;
	if (r)
		return r;
	if (reader->f->machine == EM_X86_64 && reloc->type == R_X86_64_PC32)
		at += 4;
	if (symbol.section) {
		place = symbol.section < reader->f->section_count
				? place_at(reader, symbol.section, symbol.value + at)
				: NULL;
		if (place)
			*function = place->function;
		return 0;
	}
	if (!*symbol.name || strnlen(symbol.name, ELF_MAX_STRING) >= ELF_MAX_STRING)
		return 0;
	name = stem(reader, symbol.name, &unused);
	return name ? call_builder_function(reader->builder, name, 0, function, err)
		    : ksa_fail_nomem(err);
}

/* True if the relocation is of a call or jump. */
static bool is_branch(const struct reader *reader, const struct elf_reloc *reloc, uint64_t offset)
{
	return (reader->section->flags & SHF_EXECINSTR) &&
	       range_ok(offset, 4, reader->section->size) &&
	       elf_branch_is_reloc(reader->f, reader->section, offset, reloc->type);
}

static int take_relocs(struct reader *reader, struct ksa_error *err)
{
	int r = 0;

	for (size_t i = 0; i < reader->relocs.count && !r; i++) {
		const struct elf_reloc *reloc = &reader->relocs.items[i];
		uint64_t offset = reloc->offset - reader->base;
		const struct place *from;
		bool branch = is_branch(reader, reloc, offset);
		uint32_t to;

		if (!branch && !reader->with_data)
			continue;
		from = place_at(reader, reader->index, reloc->offset);
		if (!from)
			continue;
		r = branch ? target_of(reader, reloc, &to, err)
			   : referred_to(reader, reloc, &to, err);
		if (!r && to != NO_FUNCTION)
			r = take_call(reader, from->function, to, err);
	}
	return r;
}

/* The first relocation at an address or behind. */
static size_t first_reloc(const struct section_relocs *relocs, uint64_t address)
{
	return SEARCH_FIRST(i, relocs->count, relocs->items[i].offset < address);
}

/*
 * Where the next branch may begin, from offset on; size: nowhere. On x86 most bytes begin none, and
 * passing over them is what takes the time: call, jmp and short jmp are looked for, and without
 * thunks what elf_branch_is_indirect() and elf_branch_operand() know.
 */
static uint64_t next_branch(const struct reader *reader, const unsigned char *code, uint64_t offset,
			    uint64_t size)
{
	static const bool begins[2][256] = {
		{[0xe8] = true, [0xe9] = true, [0xeb] = true, [0xff] = true, [0x0f] = true},
		{[0xe8] = true, [0xe9] = true, [0xeb] = true},
	};
	const bool *begins_branch = begins[reader->has_thunks];

	if (elf_branch_step(reader->f) != 1)
		return offset;
	while (offset < size && !begins_branch[code[offset]])
		offset++;
	return offset;
}

/* True if a relocation fills the branch at an address; *next goes on to it. */
static bool is_relocated(const struct section_relocs *relocs, size_t *next, uint64_t at,
			 unsigned int length)
{
	while (*next < relocs->count && relocs->items[*next].offset < at)
		++*next;
	return *next < relocs->count && relocs->items[*next].offset < at + length;
}

/*
 * Calls that the assembler or linker has resolved: every place in a function's code that reads as a
 * branch to the beginning of another function. On x86 a place need not begin an instruction, but
 * four bytes that are not meant hardly ever hit one.
 */
static int scan_function(struct reader *reader, const struct place *from, struct ksa_error *err)
{
	const struct section_relocs *relocs = &reader->relocs;
	const struct elf_section *s = reader->section;
	unsigned int step = elf_branch_step(reader->f), length = 0;
	const unsigned char *code;
	size_t next = first_reloc(relocs, from->value);
	uint64_t inside = 0;
	int r = 0;

	if (!s->data || !range_ok(from->value - reader->base, from->size, s->size))
		return 0;
	code = s->data + (from->value - reader->base);
	for (uint64_t offset = next_branch(reader, code, 0, from->size); offset < from->size && !r;
	     offset = next_branch(reader, code, offset + step, from->size)) {
		const unsigned char *p = code + offset;
		uint64_t at = from->value + offset, room = from->size - offset;
		const struct place *to;
		int64_t distance = 0;

		if (!reader->has_thunks && at >= inside &&
		    elf_branch_is_indirect(reader->f, p, room)) {
			reader->builder->functions.items[from->function].indirect++;
			continue;
		}
		/* A distance ends in ff wherever it is negative: it is no instruction. */
		if (!reader->has_thunks && at >= inside)
			inside = at + elf_branch_operand(reader->f, p, room);
		if (!elf_branch_decode(reader->f, p, room, &length, &distance))
			continue;
		if (is_relocated(relocs, &next, at, length))
			continue;
		to = place_of(reader, from->section, at + (uint64_t)distance);
		if (to && to->function != from->function)
			r = take_call(reader, from->function, to->function, err);
	}
	return r;
}

/* The section whose first function is places.items[first]. */
static int read_section(struct reader *reader, size_t first, struct ksa_error *err)
{
	struct arena arena = {NULL, 0};
	struct section_relocs *relocs = &reader->relocs;
	int r;

	reader->index = reader->places.items[first].section;
	reader->section = &reader->f->sections[reader->index];
	reader->base = reader->f->type == ET_REL ? 0 : reader->section->address;
	r = elf_relocs(reader->f, reader->index, &arena, &relocs->items, &relocs->count,
		       &relocs->has_addend, err);
	if (!r)
		r = take_relocs(reader, err);
	if (!(reader->section->flags & SHF_EXECINSTR)) {
		arena_release(&arena);
		return r;
	}
	for (size_t i = first; elf_branch_step(reader->f) && i < reader->places.count && !r; i++) {
		const struct place *place = &reader->places.items[i];

		if (place->section != reader->index)
			break;
		r = scan_function(reader, place, err);
	}
	arena_release(&arena);
	return r;
}

static void release(struct reader *reader)
{
	strmap_release(&reader->statics);
	strmap_release(&reader->globals);
	arena_release(&reader->arena);
	free(reader->places.items);
}

static int read_graph(const struct elf_file *f, const struct elf_symtab *symtab, bool with_data,
		      struct call_builder *builder, struct ksa_error *err)
{
	struct reader reader = {
		.f = f, .symtab = symtab, .builder = builder, .with_data = with_data};
	int r;

	/* A module may well call nothing. */
	reader.seen = with_data;

	/* objtool lists what mitigations have changed. */
	reader.has_thunks = elf_section(f, ".retpoline_sites") || elf_section(f, ".return_sites");
	reader.targets = arena_calloc(&reader.arena, symtab->count, sizeof(*reader.targets));
	r = reader.targets ? 0 : ksa_fail_nomem(err);
	if (!r && elf_branch_is_known(f))
		r = index_functions(&reader, err);
	if (!r)
		sort_places(&reader);
	for (size_t i = 0; i < reader.places.count && !r; i++)
		if (!i || reader.places.items[i].section != reader.places.items[i - 1].section)
			r = read_section(&reader, i, err);
	if (!r && !reader.seen)
		r = ksa_fail_at(err, KSA_ENODATA, f->source, 0,
				"has neither debug information nor symbols that tell what its code "
				"calls");
	release(&reader);
	return r;
}

int elf_calls_read(const struct elf_file *f, const struct elf_symtab *symtab,
		   struct call_builder *builder, struct ksa_error *err)
{
	return read_graph(f, symtab, false, builder, err);
}

int elf_references_read(const struct elf_file *f, const struct elf_symtab *symtab,
			struct call_builder *builder, struct ksa_error *err)
{
	if (f->type != ET_REL || (f->machine != EM_X86_64 && f->machine != EM_AARCH64))
		return ksa_fail_at(err, KSA_ENODATA, f->source, 0,
				   "is for a machine whose references are not read");
	return read_graph(f, symtab, true, builder, err);
}
