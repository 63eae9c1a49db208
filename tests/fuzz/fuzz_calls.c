// SPDX-License-Identifier: GPL-2.0-or-later
/* An ELF file, read for what its functions call: by libdwarf, and from its code. */
#include "fuzz.h"

#include <stdlib.h>

#include "read/debug/calls.h"
#include "read/elf/users.h"

static void read_calls(const struct elf_file *f, enum calls_want want, struct arena *arena)
{
	const struct calls_options options = {.want = want, .workers = 1};
	struct call_graph graph;

	if (calls_read(f, &options, arena, &graph, NULL, NULL))
		return;
	for (uint32_t i = 0; i < graph.function_count; i++)
		for (uint32_t k = 0; k < graph.functions[i].count; k++)
			if (graph.edges[graph.functions[i].first + k].to >= graph.function_count)
				abort(); /* no call of nothing */
}

/* What uses two symbols that the seeds have. */
static void read_users(const struct elf_file *f, struct arena *arena)
{
	struct strmap names = {NULL, 0, 0};
	struct elf_uses uses = {NULL, 0, 0};
	const struct calls_options options = {.workers = 1};
	struct call_graph graph;
	bool complete;

	if (strmap_set(&names, "a", 0) == 0 && strmap_set(&names, "b", 1) == 0 &&
	    elf_users_read(f, &names, &uses, &complete, NULL) == 0 &&
	    calls_read(f, &options, arena, &graph, NULL, NULL) == 0 &&
	    elf_users_of_calls(&graph, &names, &uses, NULL) == 0)
		for (size_t i = 0; i < uses.count; i++)
			if (uses.items[i].symbol > 1 || !uses.items[i].user)
				abort(); /* no use of what was not asked for */
	strmap_release(&names);
	free(uses.items);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {NULL, 0};
	struct elf_file f;

	if (elf_open(&f, data, size, "input", &arena, NULL) == 0) {
		read_calls(&f, CALLS_WANT_DWARF, &arena);
		read_calls(&f, CALLS_WANT_CODE, &arena);
		read_calls(&f, CALLS_WANT_BOTH, &arena);
		read_users(&f, &arena);
	}
	arena_release(&arena);
	return 0;
}
