// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Print what the source of a module names, to be held against what its .ko imports; see
 * tests/real/names.sh.
 *
 *   names DIR MODULE|- RELEASE ARCH [NAME...]     "NAME CERTAINTY FILE:LINE CALL CONDITION", tab
 *                                                 separated, a line for each site
 */
#include <stdio.h>
#include <string.h>

#include "read/source/module_source.h"

static void print(const struct named_name *name)
{
	static const char *const certainties[] = {"no", "maybe", "yes"};

	for (uint32_t i = 0; i < name->site_count; i++) {
		const struct named_site *site = &name->sites[i];

		printf("%s\t%s\t%s:%u\t%s%s\t%s\n", name->name, certainties[site->certainty],
		       site->file, site->line, site->is_call ? "call" : "name",
		       site->in_macro ? " in macro" : "", site->condition ? site->condition : "");
	}
}

int main(int argc, char **argv)
{
	struct module_source_question question = {.module = NULL};
	struct ksa_error err = {.code = 0};
	struct named named = {.names = NULL};
	struct module_source *source;

	if (argc < 5) {
		fputs("usage: names DIR MODULE|- RELEASE ARCH [NAME...]\n", stderr);
		return 2;
	}
	question.module = strcmp(argv[2], "-") == 0 ? NULL : argv[2];
	question.kernel = (struct named_kernel){.release = argv[3], .arch = argv[4]};
	if (module_source_open(argv[1], &source, &err) ||
	    module_source_named(source, &question, &named, &err)) {
		fprintf(stderr, "names: %s: %s\n", err.source, err.text);
		return 2;
	}
	for (size_t i = 0; i < named.notice_count; i++)
		fprintf(stderr, "names: %s\n", named.notices[i]);
	for (size_t i = 0; i < named.name_count; i++) {
		bool wanted = argc == 5;

		for (int k = 5; k < argc; k++)
			wanted |= strcmp(argv[k], named.names[i].name) == 0;
		if (wanted)
			print(&named.names[i]);
	}
	named_release(&named);
	module_source_free(source);
	return 0;
}
