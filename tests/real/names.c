// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Print what a module names, to be held against what its .ko imports; see tests/real/names.sh.
 *
 *   names source DIR MODULE|- RELEASE ARCH [NAME...]
 *   names debug-info MODULE.ko [NAME...]
 *
 * "NAME CERTAINTY FILE:LINE KIND CONDITION", tab separated, a line for each site. Of debug
 * information also what only headers name, without a site.
 *
 *   names explain DIR MODULE RELEASE ARCH HEADERS IMPORT...
 *
 * "IMPORT named FILE:LINE", "IMPORT brought CHAIN" where a helper of the kernel's headers that the
 * source names leads to it, or "IMPORT unexplained".
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "read/debug/dwarf_named.h"
#include "read/headers/config.h"
#include "read/headers/headers.h"
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

static int read_source(const char *dir, const struct module_source_question *question,
		       struct ksa_named *named, struct ksa_error *err)
{
	struct module_source *source;
	int r = module_source_open(dir, &source, err);

	if (r)
		return r;
	r = module_source_named(source, question, named, err);
	module_source_free(source);
	return r;
}

static int read_debug_info(const char *path, struct ksa_named *named, struct ksa_error *err)
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

static void print_all(const struct ksa_named *named, char **names)
{
	for (size_t i = 0; i < named->notice_count; i++)
		fprintf(stderr, "names: %s\n", named->notices[i]);
	for (size_t i = 0; i < named->name_count; i++) {
		bool wanted = !*names;

		for (char **name = names; *name; name++)
			wanted |= strcmp(*name, named->names[i].name) == 0;
		if (wanted)
			print(&named->names[i]);
	}
}

/* What is known of the kernel, from its headers. */
struct facts {
	struct helpers *helpers;
	struct header_config config;
	struct bytes autoconf;
};

static enum kernel_tristate has_macro(void *ctx, const char *name)
{
	const struct facts *facts = ctx;
	const struct helper *helper = helpers_find(facts->helpers, name);

	if (!helper || helper->kind == HELPER_INLINE || helper->kind == HELPER_GENERATED)
		return TRI_NO;
	return helper->maybe ? TRI_UNKNOWN : TRI_YES;
}

static enum kernel_tristate has_option(void *ctx, const char *name)
{
	const struct facts *facts = ctx;
	const struct expr_names names = header_config_names(&facts->config);
	const unsigned char *at = (const unsigned char *)name;
	enum cond_value value = names.defined(names.ctx, (struct span){at, at + strlen(name)});

	return value == COND_TRUE ? TRI_YES : value == COND_FALSE ? TRI_NO : TRI_UNKNOWN;
}

static int read_facts(const char *dir, struct facts *facts, struct ksa_error *err)
{
	_cleanup_(header_set_release) struct header_set set = {.items = NULL};
	struct header_options options = {.jobs = 2};
	_cleanup_free_ char *path = NULL;
	struct span text;
	int r = header_set_add_directory(&set, dir, err);

	if (!r)
		r = header_set_read(&set, &options, &facts->helpers, err);
	if (!r && asprintf(&path, "%s/include/generated/autoconf.h", dir) < 0)
		r = ksa_fail_nomem(err);
	if (!r)
		r = bytes_map_file(&facts->autoconf, path, 0, err);
	if (r)
		return r;
	text = (struct span){facts->autoconf.data, facts->autoconf.data + facts->autoconf.size};
	return header_config_init(&facts->config, &text, NULL, err);
}

/* Any way from a name of the source's to the import. */
static bool find_way(const struct helpers *h, const struct ksa_named *named, const char *import,
		     struct strbuf *chain)
{
	static struct helper_reach reach;
	uint32_t number = helpers_number(h, import);

	for (size_t i = 0; i < named->name_count; i++) {
		const struct helper *helper = helpers_find(h, named->names[i].name);

		if (!helper || named->names[i].certainty == NAMED_NO ||
		    helpers_reach(h, helper, &reach, NULL))
			continue;
		for (size_t k = 1; k < reach.count; k++) {
			if (reach.steps[k].name != number)
				continue;
			helper_reach_chain(h, &reach, k, chain);
			return true;
		}
	}
	return false;
}

static int explain(char **argv, struct ksa_error *err)
{
	struct facts facts = {.helpers = NULL};
	struct module_source_question question = {.module = argv[3],
						  .kernel = {.release = argv[4],
							     .arch = argv[5],
							     .ctx = &facts,
							     .macro = has_macro,
							     .option = has_option}};
	struct ksa_named named = {.names = NULL};
	int r = read_facts(argv[6], &facts, err);

	if (!r)
		r = read_source(argv[2], &question, &named, err);
	for (char **import = argv + 7; *import && !r; import++) {
		const struct named_name *name = named_find(&named, *import);
		struct strbuf chain = {.data = NULL};

		if (name && name->certainty != NAMED_NO)
			printf("%s\tnamed\t%s:%u\n", *import, name->sites[0].file,
			       name->sites[0].line);
		else if (find_way(facts.helpers, &named, *import, &chain))
			printf("%s\tbrought\t%s\n", *import, strbuf_string(&chain));
		else
			printf("%s\tunexplained\t\n", *import);
		strbuf_release(&chain);
	}
	named_release(&named);
	helpers_free(facts.helpers);
	header_config_release(&facts.config);
	bytes_release(&facts.autoconf);
	return r;
}

int main(int argc, char **argv)
{
	const char *mode = argc > 1 ? argv[1] : "";
	struct ksa_error err = {.code = 0};
	struct ksa_named named = {.names = NULL};
	int r = KSA_EUSAGE;

	if (strcmp(mode, "source") == 0 && argc >= 6) {
		struct module_source_question question = {
			.module = strcmp(argv[3], "-") == 0 ? NULL : argv[3],
			.kernel = {.release = argv[4], .arch = argv[5]}};

		r = read_source(argv[2], &question, &named, &err);
		print_all(&named, argv + (r ? argc : 6));
	} else if (strcmp(mode, "debug-info") == 0 && argc >= 3) {
		r = read_debug_info(argv[2], &named, &err);
		print_all(&named, argv + (r ? argc : 3));
	} else if (strcmp(mode, "explain") == 0 && argc >= 8) {
		r = explain(argv, &err);
	} else {
		ksa_fail(&err, KSA_EUSAGE, "see the head of tests/real/names.c for its use");
	}
	if (r)
		fprintf(stderr, "names: %s: %s\n", err.source, err.text);
	named_release(&named);
	return r ? 2 : 0;
}
