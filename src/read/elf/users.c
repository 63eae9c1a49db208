// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/elf/users.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "base/search.h"
#include "base/vec.h"

/* What an image's symbols refer to each other: bounds what a hostile file can cost. */
#define MAX_USES 20000000

/* A function or object, by where it is. */
struct place {
	uint64_t value, size;
	const char *name;
};

struct reader {
	const struct elf_file *f;
	struct elf_symtab symtab;
	const struct strmap *names;
	struct elf_uses *out;
	struct {
		struct place *items;
		size_t count, capacity;
	} places; /* sorted by value */
	size_t relocs; /* of symbols in names, that were seen */
};

static int add_use(struct elf_uses *out, uint32_t symbol, const char *user, struct ksa_error *err)
{
	int r = 0;

	if (out->count >= MAX_USES)
		return ksa_fail(err, KSA_ELIMIT, "has more than %d references to exports",
				MAX_USES);
	r = VEC_PUSH_ROOM(out, err);
	if (!r)
		out->items[out->count++] = (struct elf_use){.symbol = symbol, .user = user};
	return r;
}

static int compare_uses(const void *a, const void *b)
{
	const struct elf_use *x = a, *y = b;

	if (x->symbol != y->symbol)
		return x->symbol < y->symbol ? -1 : 1;
	return x->user == y->user ? 0 : strcmp(x->user, y->user);
}

static void sort_uses(struct elf_uses *uses)
{
	size_t kept = 0;

	if (uses->count)
		qsort(uses->items, uses->count, sizeof(*uses->items), compare_uses);
	for (size_t i = 0; i < uses->count; i++)
		if (!kept || compare_uses(&uses->items[kept - 1], &uses->items[i]) != 0)
			uses->items[kept++] = uses->items[i];
	uses->count = kept;
}

static int compare_places(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->value != y->value)
		return x->value < y->value ? -1 : 1;
	return strcmp(x->name, y->name);
}

/* Functions and objects; the labels of the export tables are neither. */
static int index_places(struct reader *reader, struct ksa_error *err)
{
	for (size_t i = 1; i < reader->symtab.count; i++) {
		struct elf_symbol symbol;
		int r = elf_symtab_get(reader->f, &reader->symtab, i, &symbol, err);

		if (r)
			return r;
		if ((symbol.type != STT_FUNC && symbol.type != STT_OBJECT) || !symbol.size ||
		    !symbol.section || symbol.section >= reader->f->section_count ||
		    strnlen(symbol.name, ELF_MAX_STRING) >= ELF_MAX_STRING)
			continue;
		r = VEC_PUSH_ROOM(&reader->places, err);
		if (r)
			return r;
		reader->places.items[reader->places.count++] = (struct place){
			.value = symbol.value, .size = symbol.size, .name = symbol.name};
	}
	if (reader->places.count)
		qsort(reader->places.items, reader->places.count, sizeof(struct place),
		      compare_places);
	return 0;
}

/* The function or object that holds an address, or NULL. */
static const struct place *place_at(const struct reader *reader, uint64_t address)
{
	const struct place *items = reader->places.items, *place;
	size_t behind = SEARCH_FIRST(i, reader->places.count, items[i].value <= address);

	if (!behind)
		return NULL;
	place = &items[behind - 1];
	return address - place->value < place->size ? place : NULL;
}

/* Sections whose references are no use: what makes the exports, and the debug information. */
static bool is_counted(const struct elf_section *s)
{
	return (s->flags & SHF_ALLOC) && strncmp(s->name, "__ksymtab", 9) != 0 &&
	       strncmp(s->name, "__kcrctab", 9) != 0 && strncmp(s->name, "__kflagstab", 11) != 0;
}

/* Code and data that no symbol covers, such as replacements of alternatives, goes by its section;
 * tables of places in the code are no users. */
static bool stands_for_itself(const struct elf_section *s)
{
	return (s->flags & SHF_EXECINSTR) || strncmp(s->name, ".data", 5) == 0 ||
	       strncmp(s->name, ".rodata", 7) == 0 || strcmp(s->name, ".init.data") == 0;
}

static int take_reloc(struct reader *reader, const struct elf_section *s,
		      const struct elf_reloc *reloc, struct ksa_error *err)
{
	const struct place *place;
	struct elf_symbol symbol;
	uint32_t index;
	int r = elf_symtab_get(reader->f, &reader->symtab, reloc->symbol, &symbol, err);

	if (r || symbol.bind == STB_LOCAL || !strmap_get(reader->names, symbol.name, &index))
		return r;
	reader->relocs++;
	place = place_at(reader, reloc->offset);
	if (!place)
		return stands_for_itself(s) ? add_use(reader->out, index, s->name, err) : 0;
	/* A function that calls itself is no user of it. */
	if (strcmp(place->name, symbol.name) == 0)
		return 0;
	return add_use(reader->out, index, place->name, err);
}

static int take_relocs(struct reader *reader, struct ksa_error *err)
{
	int r = 0;

	for (size_t i = 1; i < reader->f->section_count && !r; i++) {
		const struct elf_section *s = &reader->f->sections[i], *target;
		bool rela = s->type == SHT_RELA;
		size_t entry = (rela ? 3 : 2) * (reader->f->is_64 ? 8u : 4u);

		if ((!rela && s->type != SHT_REL) || !s->data || !s->info ||
		    s->info >= reader->f->section_count)
			continue;
		target = &reader->f->sections[s->info];
		if (!is_counted(target))
			continue;
		for (uint64_t at = 0; at + entry <= s->size && !r; at += entry) {
			struct elf_reloc reloc;

			elf_reloc_decode(reader->f, s->data + at, rela, &reloc);
			if (reloc.symbol < reader->symtab.count)
				r = take_reloc(reader, target, &reloc, err);
		}
	}
	return r;
}

int elf_users_of_calls(const struct call_graph *graph, const struct strmap *names,
		       struct elf_uses *out, struct ksa_error *err)
{
	int r = 0;

	for (uint32_t i = 0; i < graph->function_count; i++) {
		const struct call_function *f = &graph->functions[i];

		for (uint32_t k = 0; k < f->count && !r; k++) {
			const struct call_function *to =
				&graph->functions[graph->edges[f->first + k].to];
			uint32_t index;

			if (!to->local && strmap_get(names, to->name, &index))
				r = add_use(out, index, f->name, err);
		}
	}
	if (!r)
		sort_uses(out);
	return r;
}

int elf_users_read(const struct elf_file *f, const struct strmap *names, struct elf_uses *out,
		   bool *complete, struct ksa_error *err)
{
	struct reader reader = {.f = f, .names = names, .out = out};
	int r = elf_symtab_open(f, &reader.symtab, err);

	if (!r && !reader.symtab.section)
		r = ksa_fail_at(err, KSA_ENODATA, f->source, 0, "has no symbols");
	if (!r)
		r = index_places(&reader, err);
	if (!r)
		r = take_relocs(&reader, err);
	*complete = reader.relocs > 0;
	free(reader.places.items);
	if (!r)
		sort_uses(out);
	return r;
}
