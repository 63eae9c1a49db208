// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Print what the source of a module names, to be held against what its .ko imports; see
 * tests/real/names.sh.
 *
 *   names DIR MODULE|- RELEASE ARCH [NAME...]
 *   names --debug-info MODULE.ko [NAME...]
 *
 * "NAME CERTAINTY FILE:LINE KIND CONDITION", tab separated, a line for each site. Of debug
 * information also what only headers name, without a site.
 */
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "read/debug/dwarf_named.h"
#include "read/source/module_source.h"

static void print(const struct named_name *name)
{
	static const char *const certainties[] = {"no", "maybe", "yes"};
	const char *helper = name->is_helper ? " helper" : "";

	for (uint32_t i = 0; i < name->site_count; i++) {
		const struct named_site *site = &name->sites[i];

		printf("%s\t%s\t%s:%u\t%s%s%s\t%s\n", name->name, certainties[site->certainty],
		       site->file, site->line, site->is_call ? "call" : "name",
		       site->in_macro ? " in macro" : "", helper,
		       site->condition ? site->condition : "");
	}
	if (!name->site_count)
		printf("%s\t%s\t-\theader%s\t\n", name->name, certainties[name->certainty], helper);
}

static int read_source(char **argv, struct named *named, struct ksa_error *err)
{
	struct module_source_question question = {.module = strcmp(argv[2], "-") == 0 ? NULL
										      : argv[2],
						  .kernel = {.release = argv[3], .arch = argv[4]}};
	struct module_source *source;
	int r = module_source_open(argv[1], &source, err);

	if (r)
		return r;
	r = module_source_named(source, &question, named, err);
	module_source_free(source);
	return r;
}

static int read_debug_info(const char *path, struct named *named, struct ksa_error *err)
{
	struct arena arena = {NULL, 0};
	struct bytes file = {NULL, 0, BYTES_BORROWED};
	struct elf_file f;
	int r = bytes_map_file(&file, path, 0, err);

	if (!r)
		r = elf_open(&f, file.data, file.size, path, &arena, err);
	if (!r)
		r = dwarf_named_read(&f, named, err);
	bytes_release(&file);
	arena_release(&arena);
	return r;
}

int main(int argc, char **argv)
{
	bool debug = argc > 1 && strcmp(argv[1], "--debug-info") == 0;
	struct ksa_error err = {.code = 0};
	struct named named = {.names = NULL};
	int first = debug ? 3 : 5;

	if (argc < first) {
		fputs("usage: names DIR MODULE|- RELEASE ARCH [NAME...]\n"
		      "       names --debug-info MODULE.ko [NAME...]\n",
		      stderr);
		return 2;
	}
	if (debug ? read_debug_info(argv[2], &named, &err) : read_source(argv, &named, &err)) {
		fprintf(stderr, "names: %s: %s\n", err.source, err.text);
		return 2;
	}
	for (size_t i = 0; i < named.notice_count; i++)
		fprintf(stderr, "names: %s\n", named.notices[i]);
	for (size_t i = 0; i < named.name_count; i++) {
		bool wanted = argc == first;

		for (int k = first; k < argc; k++)
			wanted |= strcmp(argv[k], named.names[i].name) == 0;
		if (wanted)
			print(&named.names[i]);
	}
	named_release(&named);
	return 0;
}
