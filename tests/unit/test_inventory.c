// SPDX-License-Identifier: GPL-2.0-or-later
/* What an inventory is read from, and what is made of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "audit/modules.h"
#include "base/sha256.h"
#include "read/kernel/inventory.h"
#include "read/kernel/loaded.h"
#include "read/kernel/modinfo.h"

/* FIPS 180-2, appendix B */
static void test_sha256(void **state)
{
	struct arena arena = {NULL, 0};
	static const char text[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";

	(void)state;
	assert_string_equal(sha256_hex(&arena, "abc", 3),
			    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	assert_string_equal(sha256_hex(&arena, text, strlen(text)),
			    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
	arena_release(&arena);
}

static int read_builtin(struct modinfo_builtin *b, const char *data, size_t size,
			struct ksa_error *err)
{
	return modinfo_builtin_read(b, (const unsigned char *)data, size, "builtin", err);
}

static void test_builtin(void **state)
{
	static const char data[] =
		"ext4.license=GPL\0ext4.file=fs/ext4/ext4\0\0\0printk.parm=time:a.b=c\0"
		"loop.import_ns=A\0loop.import_ns=A\0loop.import_ns=B\0ext4.softdep=pre: crc32c";
	struct modinfo_builtin b = {.items = NULL};
	struct ksa_error err = {.code = 0};

	(void)state;
	assert_true(modinfo_is_builtin((const unsigned char *)data, sizeof(data)));
	assert_int_equal(read_builtin(&b, data, sizeof(data) - 1, &err), 0);
	assert_int_equal(b.count, 3);
	assert_string_equal(b.items[0]->name, "ext4");
	assert_string_equal(b.items[0]->path, "fs/ext4/ext4");
	assert_string_equal(b.items[0]->licenses.items[0], "GPL");
	assert_string_equal(b.items[0]->softdep.items[0], "pre: crc32c");
	assert_string_equal(b.items[1]->path, "printk");
	assert_int_equal(b.items[2]->import_ns.count, 2);
	assert_true(b.items[2]->builtin && b.items[2]->in_tree);
	modinfo_builtin_release(&b);
}

static void test_builtin_damaged(void **state)
{
	static const char *const bad[] = {
		"noequals",
		"ext4.nothing",
		".license=GPL",
		"=x",
		"a b.license=GPL",
		("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		 "aaaaaaaaaaaaaaaa.license=GPL")};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct modinfo_builtin b = {.items = NULL};
		struct ksa_error err = {.code = 0};

		assert_false(modinfo_is_builtin((const unsigned char *)bad[i], strlen(bad[i]) + 1));
		assert_int_equal(read_builtin(&b, bad[i], strlen(bad[i]), &err), KSA_EFORMAT);
		assert_string_equal(err.source, "builtin");
		modinfo_builtin_release(&b);
	}
}

/* More modules than any image has, and more entries. */
static void test_builtin_limits(void **state)
{
	struct modinfo_builtin b = {.items = NULL};
	struct ksa_error err = {.code = 0};
	const size_t count = 70000, room = 24;
	char *data = calloc(count, room);
	size_t size = 0;

	(void)state;
	assert_non_null(data);
	for (size_t i = 0; i < count; i++)
		size += (size_t)snprintf(data + size, room, "m%zu.a=b", i) + 1;
	assert_int_equal(read_builtin(&b, data, size, &err), KSA_ELIMIT);
	modinfo_builtin_release(&b);
	free(data);
}

static int read_loaded(struct inventory *inventory, const char *text, struct ksa_error *err)
{
	return loaded_read(inventory, (const unsigned char *)text, strlen(text), "modules", err);
}

/* As 6.1 prints them, with and without CONFIG_MODULE_UNLOAD. */
static void test_loaded(void **state)
{
	struct inventory inventory = {.count = 0};
	struct ksa_error err = {.code = 0};

	(void)state;
	assert_int_equal(
		read_loaded(&inventory,
			    "nvidia 56823808 12 nvidia_modeset, Live 0xffffffffc0a00000 (POE)\n"
			    "ext4 999424 - - Unloading 0x0000000000000000 (-)\n"
			    "loop 32768 0 - Live 0x0000000000000000",
			    &err),
		0);
	assert_int_equal(inventory.loaded_count, 3);
	assert_string_equal(inventory.loaded[0].name, "nvidia");
	assert_string_equal(inventory.loaded[0].taints, "POE");
	assert_int_equal(inventory.loaded[0].references, 12);
	assert_false(inventory.loaded[1].has_references);
	assert_string_equal(inventory.loaded[1].taints, "");
	assert_int_equal(inventory.loaded[2].size, 32768);
	inventory_release(&inventory);
}

static void test_loaded_damaged(void **state)
{
	static const char *const bad[] = {
		"loop 32768 0 - Live\n",
		"loop -1 0 - Live 0x0\n",
		"loop 99999999999999999999 0 - Live 0x0\n",
		"loop 1 4294967296 - Live 0x0\n",
		"loop 1 0 - Live 0x0 OE\n",
		"loop 1 0 - Live 0x0 (OE) more\n",
		"lo/op 1 0 - Live 0x0\n",
		"loop 1 0 - Live 1000\n",
		"\n",
	};
	char *line = calloc(1, 20000);

	(void)state;
	assert_non_null(line);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct inventory inventory = {.count = 0};
		struct ksa_error err = {.code = 0};

		assert_false(loaded_is_list((const unsigned char *)bad[i], strlen(bad[i])));
		assert_int_equal(read_loaded(&inventory, bad[i], &err), KSA_EFORMAT);
		assert_int_equal(err.line, 1);
		inventory_release(&inventory);
	}
	memset(line, 'a', 19999);
	assert_false(loaded_is_list((const unsigned char *)line, 19999));
	assert_false(loaded_is_list((const unsigned char *)"a\0b", 3));
	assert_true(loaded_is_list((const unsigned char *)"", 0));
	free(line);
}

/* A module with that many license strings; owned by the inventory. */
static void add_module(struct inventory *inventory, const char *path, size_t licenses,
		       const char *const *strings)
{
	struct ksa_module *m = NULL;

	assert_int_equal(module_new(&m, NULL), 0);
	m->name = path;
	m->arch = "";
	m->licenses.items = arena_calloc(m->arena, licenses + 1, sizeof(char *));
	assert_non_null(m->licenses.items);
	for (size_t i = 0; i < licenses; i++)
		m->licenses.items[i] = strings ? strings[i] : arena_printf(m->arena, "L%zu", i);
	m->licenses.count = licenses;
	inventory->items =
		realloc(inventory->items, (inventory->count + 1) * sizeof(*inventory->items));
	assert_non_null(inventory->items);
	inventory->items[inventory->count++] = (struct inventory_item){.module = m, .path = path};
}

static void test_licenses(void **state)
{
	static const char *const both[] = {"Dual BSD/GPL", "GPL", "GPL"},
				 *const same[] = {"Dual BSD/GPL", "GPL"},
				 *const first[] = {"GPL", "Proprietary"},
				 *const exact[] = {"MIT", "GPL-2.0+"};
	struct inventory inventory = {.count = 0};
	const struct inventory_license *l;

	(void)state;
	add_module(&inventory, "a/x-y", 3, both);
	add_module(&inventory, "b", 2, same);
	add_module(&inventory, "a/x_y", 2, first);
	add_module(&inventory, "a-x/y", 2, exact);
	add_module(&inventory, "none", 0, NULL);
	add_module(&inventory, "many", 5000, NULL);
	assert_int_equal(modules_judge(&inventory, NULL, NULL), 0);
	assert_int_equal(inventory.license_count, 5);
	l = &inventory.licenses[inventory.items[0].license];
	assert_ptr_equal(l, &inventory.licenses[0]);
	assert_ptr_equal(l, &inventory.licenses[inventory.items[1].license]);
	assert_string_equal(l->text, "Dual BSD/GPL + GPL");
	assert_int_equal(l->modules, 2);
	l = &inventory.licenses[inventory.items[2].license];
	assert_true(l->at_load && !l->at_build);
	assert_string_equal(inventory.items[2].taints, "OE");
	l = &inventory.licenses[inventory.items[3].license];
	assert_string_equal(l->spdx, "MIT AND GPL-2.0-or-later");
	l = &inventory.licenses[inventory.items[5].license];
	assert_string_equal(l->text, "L0 + L1 + L2 + L3 + 4996 more");
	assert_null(l->spdx);
	/* ids: one for each, whatever the paths have in common */
	assert_string_equal(inventory.items[0].id, "a-x-y");
	assert_string_equal(inventory.items[2].id, "a-x-y-2");
	assert_string_equal(inventory.items[3].id, "a-x-y-3");
	inventory_release(&inventory);
}

static void test_nothing(void **state)
{
	static const char *const paths[] = {"/nonexistent/modules"};
	struct ksa_read_options read = {.jobs = 1};
	struct inventory inventory = {.count = 0};
	struct ksa_error err = {.code = 0};

	(void)state;
	assert_int_equal(inventory_read(&inventory, paths, 1, &read, &err), KSA_EIO);
	inventory_release(&inventory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sha256),		cmocka_unit_test(test_builtin),
		cmocka_unit_test(test_builtin_damaged), cmocka_unit_test(test_builtin_limits),
		cmocka_unit_test(test_loaded),		cmocka_unit_test(test_loaded_damaged),
		cmocka_unit_test(test_licenses),	cmocka_unit_test(test_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
