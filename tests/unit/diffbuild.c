// SPDX-License-Identifier: GPL-2.0-or-later
#include "unit/diffbuild.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/helper.h"

#define MAX_IMPORTS 16

/* Cut a copy of the words at blanks; *copy is to be freed once they were used. */
static uint32_t split(const char *words, char **copy, const char **items)
{
	uint32_t count = 0;
	char *save = NULL;

	*copy = strdup(words);
	assert_non_null(*copy);
	for (char *word = strtok_r(*copy, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
		assert_true(count < MAX_IMPORTS);
		items[count++] = word;
	}
	return count;
}

static void add_module(struct ksa_kernel *k, const struct diffbuild_module *module)
{
	/* borrowed until the kernel is sealed */
	const char **imports = arena_calloc(&k->arena, MAX_IMPORTS, sizeof(*imports));
	struct kernel_module init = {.name = module->name, .in_tree = true, .imports = imports};
	char *copy;

	assert_non_null(imports);
	init.import_count = split(module->imports, &copy, imports);
	for (uint32_t i = 0; i < init.import_count; i++) {
		imports[i] = kernel_string(k, imports[i]);
		assert_non_null(imports[i]);
	}
	free(copy);
	assert_int_equal(kernel_add_module(k, &init, NULL), 0);
}

struct ksa_kernel *diffbuild_kernel(const char *label, const struct diffbuild_export *exports,
				    const struct diffbuild_module *modules)
{
	struct ksa_kernel *k;
	uint32_t source;

	assert_int_equal(kernel_new(label, &k, NULL), 0);
	assert_int_equal(kernel_add_source(k, "vmlinux", SOURCE_IMAGE, &source, NULL), 0);
	k->label = kernel_string(k, label);
	k->has_image = k->has_modules = k->has_imports = true;
	for (const struct diffbuild_export *e = exports; e->name; e++) {
		struct ksa_export init = {.name = e->name,
					  .owner = e->owner ? e->owner : "vmlinux",
					  .ns = e->ns,
					  .ns_known = true,
					  .cls = (uint8_t)e->cls,
					  .crc = e->crc,
					  .has_crc = e->crc != 0,
					  .source = source};

		assert_int_equal(kernel_add_export(k, &init, NULL), 0);
	}
	for (const struct diffbuild_module *m = modules; m->name; m++)
		add_module(k, m);
	/* headers that define nothing */
	assert_int_equal(helpers_new(&k->helpers, NULL), 0);
	assert_int_equal(helpers_seal(k->helpers, NULL), 0);
	assert_int_equal(kernel_seal(k, NULL), 0);
	return k;
}

void diffbuild_headers(struct ksa_kernel *kernel, const struct diffbuild_helper *bodies)
{
	helpers_free(kernel->helpers);
	kernel->helpers = NULL;
	if (!bodies)
		return;
	assert_int_equal(helpers_new(&kernel->helpers, NULL), 0);
	for (const struct diffbuild_helper *b = bodies; b->helper; b++) {
		struct helper init = {.kind = (uint8_t)b->kind, .file = HELPER_NONE};
		uint32_t name;

		assert_int_equal(helpers_add_name(kernel->helpers, b->helper, strlen(b->helper),
						  &init.name, NULL),
				 0);
		assert_int_equal(
			helpers_add_name(kernel->helpers, b->names, strlen(b->names), &name, NULL),
			0);
		assert_int_equal(helpers_define(kernel->helpers, &init, &name, 1, NULL), 0);
	}
	assert_int_equal(helpers_seal(kernel->helpers, NULL), 0);
}

struct ksa_module *diffbuild_given(const char *name, const char *imports)
{
	static const char *gpl[] = {"GPL"};
	const char *names[MAX_IMPORTS];
	struct ksa_module *m;
	char *copy;

	assert_int_equal(module_new(&m, NULL), 0);
	m->path = m->name = arena_strdup(m->arena, name);
	m->arch = "";
	m->licenses = (struct string_list){gpl, 1};
	m->has_modinfo = true;
	m->imports = arena_calloc(m->arena, MAX_IMPORTS, sizeof(*m->imports));
	assert_non_null(m->imports);
	m->import_count = split(imports, &copy, names);
	for (size_t i = 0; i < m->import_count; i++) {
		m->imports[i].name = arena_strdup(m->arena, names[i]);
		assert_non_null(m->imports[i].name);
	}
	free(copy);
	return m;
}
