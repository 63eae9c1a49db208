// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Print what the functions of vmlinux or of a module call, as `ksymaudit wrappers` reads it, to be
 * held against other readings; see tests/real/wrappers.sh.
 *
 *   callgraph dwarf|code|both FILE      "CALLER CALLEE CALLS", tab separated, unsorted
 *
 * A static function's name ends in '@'; what a pointer holds is '*'.
 */
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "read/debug/calls.h"

static const char *mark(const struct call_function *f)
{
	return f->local ? "@" : "";
}

static void print(const struct call_graph *graph)
{
	for (uint32_t i = 0; i < graph->function_count; i++) {
		const struct call_function *f = &graph->functions[i];

		for (uint32_t k = 0; k < f->count; k++) {
			const struct call_edge *edge = &graph->edges[f->first + k];
			const struct call_function *to = &graph->functions[edge->to];

			printf("%s%s\t%s%s\t%u\n", f->name, mark(f), to->name, mark(to),
			       edge->calls);
		}
		if (f->indirect)
			printf("%s%s\t*\t%u\n", f->name, mark(f), f->indirect);
	}
}

int main(int argc, char **argv)
{
	static const char *const wants[] = {"both", "dwarf", "code"};
	struct calls_options options = {.workers = 2};
	struct ksa_error err = {.code = 0};
	struct arena arena = {NULL, 0};
	struct bytes file = {NULL, 0, BYTES_BORROWED};
	struct call_graph graph;
	struct elf_file f;
	int want = 0;

	while (argc == 3 && want < 3 && strcmp(argv[1], wants[want]) != 0)
		want++;
	if (argc != 3 || want == 3) {
		fputs("usage: callgraph dwarf|code|both FILE\n", stderr);
		return 2;
	}
	options.want = (enum calls_want)want;
	if (bytes_map_file(&file, argv[2], 0, &err) ||
	    elf_open(&f, file.data, file.size, argv[2], &arena, &err) ||
	    calls_read(&f, &options, &arena, &graph, NULL, &err)) {
		fprintf(stderr, "callgraph: %s: %s\n", argv[2], err.text);
		return err.code == KSA_ENODATA ? 3 : 2;
	}
	print(&graph);
	arena_release(&arena);
	bytes_release(&file);
	return 0;
}
