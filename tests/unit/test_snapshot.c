// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/kernel/snapshot.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "audit/exports.h"
#include "write/exports.h"

static int read_text(struct ksa_kernel **kernel, const char *text, size_t size,
		     struct ksa_error *err)
{
	unsigned char *copy = malloc(size ? size : 1);
	uint32_t source;
	int status;

	assert_non_null(copy);
	memcpy(copy, text, size);
	assert_int_equal(kernel_new("k", kernel, NULL), 0);
	(*kernel)->want_helpers = true;
	assert_int_equal(kernel_add_source(*kernel, "snap", SOURCE_SNAPSHOT, &source, NULL), 0);
	status = snapshot_read(*kernel, copy, size, source, "snap", err);
	free(copy);
	return status;
}

static struct ksa_kernel *read_good(const char *text)
{
	struct ksa_error err = {0};
	struct ksa_kernel *kernel;
	int status = read_text(&kernel, text, strlen(text), &err);

	assert_string_equal(err.text, "");
	assert_int_equal(status, 0);
	assert_int_equal(kernel_seal(kernel, NULL), 0);
	return kernel;
}

/* The JSON of a sealed kernel; the caller frees it. */
static char *write_json(const struct ksa_kernel *kernel)
{
	struct export_view view;
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	assert_int_equal(export_view_make(kernel, NULL, &view, NULL), 0);
	assert_int_equal(write_exports_json(&view, out, NULL), 0);
	assert_int_equal(fclose(out), 0);
	export_view_release(&view);
	return text;
}

static const char full[] =
	"{\n\"schema\": 1,\n"
	"\"tool\": {\"name\":\"ksymaudit\",\"version\":\"" KSA_VERSION "\"},\n"
	"\"command\": \"exports\",\n"
	"\"kernel\": {\"release\":\"7.2.1\",\"arch\":\"x86_64\",\"vermagic\":\"7.2.1 SMP \","
	"\"reserves\":\"yes\",\"forces\":\"no\",\"image\":true,\"modules\":true,\"imports\":true,"
	"\"incomplete\":[{\"module\":\"drivers/lost\",\"why\":\"is empty\"}],"
	"\"sources\":[{\"name\":\"vmlinuz\",\"kind\":\"image\",\"exports\":2},"
	"{\"name\":\"System.map\",\"kind\":\"system-map\",\"exports\":2}]},\n"
	"\"findings\": [],\n"
	"\"notices\": [\n\"first\",\n\"with \\\"quotes\\\" and \\u001B[31m\"\n],\n"
	"\"headers\": {\"release\":\"7.2.1\",\"basis\":\"a.deb, b.deb\",\"arch\":\"x86\","
	"\"configuration\":true,\"helpers\":["
	"{\"name\":\"free_it\",\"kind\":\"inline\",\"names\":[\"kfree\"]},"
	"{\"name\":\"kvfree\",\"kind\":\"macro\",\"maybe\":true,\"names\":[\"free_it\",\"kfree\"]}]"
	","
	"\"others\":[\"min\"]},\n"
	"\"modules\": [\n"
	"{\"name\":\"drivers/a\",\"license\":\"GPL\"},\n"
	"{\"name\":\"drivers/b\",\"license\":\"Dual \\u00E9\",\"vermagic\":\"other\"},\n"
	"{\"name\":\"drivers/c\",\"vermagic\":null},\n"
	"{\"name\":\"drivers/d\",\"builtin\":true},\n"
	"{\"name\":\"updates/e\",\"license\":\"Proprietary\",\"out_of_tree\":true}\n"
	"],\n"
	"\"exports\": [\n"
	"{\"symbol\":\"_R$odd\\u009B\",\"class\":\"gpl\",\"owner\":\"vmlinux\",\"namespace\":"
	"\"module:a,b-*\",\"kind\":\"object\",\"flags\":129,\"importers\":[]},\n"
	"{\"symbol\":\"a\",\"class\":\"plain\",\"owner\":\"drivers/a\",\"crc\":\"00000000\","
	"\"importers\":[1]},\n"
	"{\"symbol\":\"a\",\"class\":\"unknown\",\"owner\":\"drivers/b\",\"namespace\":null,"
	"\"importers\":[]},\n"
	"{\"symbol\":\"kfree\",\"class\":\"plain\",\"owner\":\"vmlinux\",\"crc\":\"93aabbcc\","
	"\"kind\":\"function\",\"importers\":[0,1,4]}\n"
	"]\n}\n";

static void test_full(void **state)
{
	struct ksa_kernel *k = read_good(full);
	const struct ksa_export *e;

	(void)state;
	assert_string_equal(k->release, "7.2.1");
	assert_string_equal(k->arch, "x86_64");
	assert_string_equal(k->vermagic, "7.2.1 SMP ");
	assert_int_equal(k->reserves, TRI_YES);
	assert_int_equal(k->forces, TRI_NO);
	assert_true(k->has_image && k->has_modules && k->has_imports);
	assert_int_equal(k->source_count, 3);
	assert_false(k->sources[0].inherited);
	assert_int_equal(k->sources[0].exports, 4);
	assert_true(k->sources[1].inherited);
	assert_int_equal(k->sources[2].kind, SOURCE_SYSTEM_MAP);
	assert_int_equal(k->notice_count, 2);
	assert_string_equal(k->notices[1], "with \"quotes\" and \x1b[31m");
	assert_int_equal(k->module_count, 5);
	assert_string_equal(k->modules[0].vermagic, "7.2.1 SMP ");
	assert_string_equal(k->modules[1].license, "Dual \xc3\xa9");
	assert_string_equal(k->modules[1].vermagic, "other");
	assert_null(k->modules[2].license);
	assert_null(k->modules[2].vermagic);
	assert_true(k->modules[3].builtin && k->modules[3].in_tree);
	assert_null(k->modules[3].vermagic);
	assert_false(k->modules[4].in_tree);
	assert_int_equal(k->export_count, 4);
	e = &k->exports[0];
	assert_string_equal(e->name, "_R$odd\xc2\x9b");
	assert_string_equal(e->ns, "module:a,b-*");
	assert_int_equal(e->kflags, 129);
	assert_int_equal(e->kind, KSA_KIND_OBJECT);
	assert_false(e->has_crc);
	assert_true(k->exports[1].has_crc);
	assert_int_equal(k->exports[1].crc, 0);
	assert_false(k->exports[2].ns_known);
	e = &k->exports[3];
	assert_int_equal(e->crc, 0x93aabbcc);
	assert_int_equal(e->source_kind, SOURCE_SNAPSHOT);
	assert_int_equal(e->importer_count, 3);
	assert_int_equal(e->importers[2], 4);
	assert_true(e->ns_known);
	assert_null(e->ns);
	ksa_kernel_free(k);
}

static void test_headers(void **state)
{
	struct ksa_kernel *k = read_good(full);
	const struct helper *helper = helpers_find(k->helpers, "kvfree");

	(void)state;
	assert_true(k->helpers->partial && k->helpers->has_configuration);
	assert_string_equal(k->helpers->basis, "a.deb, b.deb");
	assert_string_equal(k->helpers->arch, "x86");
	assert_int_equal(helper->kind, HELPER_MACRO);
	assert_true(helper->maybe && !helper->bare);
	assert_int_equal(helper->count, 2);
	assert_true(helpers_find(k->helpers, "min")->bare);
	assert_null(helpers_find(k->helpers, "kfree"));
	ksa_kernel_free(k);
}

static void test_round_trip(void **state)
{
	struct ksa_kernel *k = read_good(full);
	char *text = write_json(k);

	(void)state;
	assert_string_equal(text, full);
	free(text);
	ksa_kernel_free(k);
}

/* Tools that sort keys put "kernel" after "exports" and before or after "modules". */
static void test_other_order(void **state)
{
	struct ksa_kernel *k = read_good(
		"{\"exports\":[{\"owner\":\"vmlinux\",\"x\":[{}],\"importers\":[0],\"class\":"
		"\"gpl\",\"symbol\":\"s\"}],\"modules\":[{\"x\":1,\"name\":\"m\"}],"
		"\"command\":\"exports\",\"kernel\":{\"vermagic\":\"v\",\"more\":null},"
		"\"schema\":1}");

	(void)state;
	assert_int_equal(k->export_count, 1);
	assert_int_equal(k->exports[0].cls, KSA_CLASS_GPL);
	assert_int_equal(k->module_count, 1);
	assert_string_equal(k->modules[0].vermagic, "v");
	assert_false(k->has_imports);
	ksa_kernel_free(k);
}

/* Names that are not UTF-8 are escaped once, and then stay as they are. */
static void test_hostile_names(void **state)
{
	struct ksa_kernel *k;
	uint32_t source;
	char *first, *second;

	(void)state;
	assert_int_equal(kernel_new("k", &k, NULL), 0);
	assert_int_equal(kernel_add_source(k, "a\xff", SOURCE_IMAGE, &source, NULL), 0);
	assert_int_equal(kernel_add_export(k,
					   &(struct ksa_export){.name = "s\xff\x1b\n",
								.owner = "\\x41",
								.cls = KSA_CLASS_GPL,
								.ns_known = true,
								.source = source},
					   NULL),
			 0);
	assert_int_equal(kernel_seal(k, NULL), 0);
	first = write_json(k);
	assert_non_null(strstr(first, "\"symbol\":\"s\\\\xff\\\\x1b\\\\x0a\""));
	assert_non_null(strstr(first, "\"owner\":\"\\\\x41\""));
	ksa_kernel_free(k);
	k = read_good(first);
	second = write_json(k);
	assert_string_equal(first, second);
	free(first);
	free(second);
	ksa_kernel_free(k);
}

static void expect_error(const char *text, int code, unsigned int line, unsigned int column,
			 const char *message)
{
	struct ksa_error err = {0};
	struct ksa_kernel *kernel;

	assert_int_equal(read_text(&kernel, text, strlen(text), &err), code);
	assert_string_equal(err.text, message);
	assert_string_equal(err.source, "snap");
	assert_int_equal(err.line, line);
	assert_int_equal(err.column, column);
	ksa_kernel_free(kernel);
}

static void test_not_a_snapshot(void **state)
{
	(void)state;
	expect_error("{}", KSA_EFORMAT, 0, 0,
		     "is JSON but not a snapshot: it has no \"schema\"; give what 'ksymaudit "
		     "exports -f json' writes");
	expect_error("{\"schema\":1,\"command\":\"exports\",\"kernel\":{}}", KSA_EFORMAT, 0, 0,
		     "is JSON but not a snapshot: it has no \"exports\"; give what 'ksymaudit "
		     "exports -f json' writes");
	expect_error("{\"schema\":2}", KSA_EUNSUPPORTED, 0, 0,
		     "is of schema 2, this version reads schema 1; write it again with this "
		     "version");
	expect_error("{\"schema\":1,\"command\":\"check\"}", KSA_EUSAGE, 0, 0,
		     "was written by 'check', not by 'exports': it is not a kernel; give what "
		     "'ksymaudit exports -f json' writes");
	expect_error("{\"schema\":1,\"kernel\":{\"filtered\":true}}", KSA_EUSAGE, 0, 0,
		     "holds only some of the kernel's exports (it was written with a filter); "
		     "write it again without one");
	expect_error("{\"schema\":1,\n\"schema\":1}", KSA_EFORMAT, 2, 10, "\"schema\" comes twice");
}

#define HEAD                                                                                       \
	"{\"schema\":1,\"command\":\"exports\",\"kernel\":{},\n\"modules\":[{\"name\":\"m\"}],\n"

static void test_bad_exports(void **state)
{
	(void)state;
	expect_error(HEAD "\"exports\":[\n{\"symbol\":1}]}", KSA_EFORMAT, 4, 11,
		     "expected a string after \"symbol\"");
	expect_error(HEAD "\"exports\":[\n{\"symbol\":\"\"}]}", KSA_EFORMAT, 4, 11,
		     "empty string after \"symbol\"");
	expect_error(HEAD "\"exports\":[\n{\"symbol\":\"a\",\"symbol\":\"b\"}]}", KSA_EFORMAT, 4,
		     24, "\"symbol\" comes twice");
	expect_error(HEAD "\"exports\":[\n{\"symbol\":\"a\",\"class\":\"gpl\"}]}", KSA_EFORMAT, 4,
		     1, "export without \"owner\"");
	expect_error(HEAD "\"exports\":[\n{\"class\":\"GPL\"}]}", KSA_EFORMAT, 4, 10,
		     "\"class\" is 'GPL', expected one of: unknown, plain, gpl, gpl-future, "
		     "unused, unused-gpl");
	expect_error(HEAD "\"exports\":[\n{\"kind\":\"data\"}]}", KSA_EFORMAT, 4, 9,
		     "\"kind\" is 'data', expected one of: unknown, function, object");
	expect_error(HEAD "\"exports\":[\n{\"crc\":\"1234567\"}]}", KSA_EFORMAT, 4, 8,
		     "expected eight lower-case hex digits after \"crc\"");
	expect_error(HEAD "\"exports\":[\n{\"crc\":\"123456789\"}]}", KSA_EFORMAT, 4, 8,
		     "expected eight lower-case hex digits after \"crc\"");
	expect_error(HEAD "\"exports\":[\n{\"crc\":\"1234567G\"}]}", KSA_EFORMAT, 4, 8,
		     "expected eight lower-case hex digits after \"crc\"");
	expect_error(HEAD "\"exports\":[\n{\"flags\":256}]}", KSA_EFORMAT, 4, 10,
		     "number after \"flags\" is larger than 255");
	expect_error(HEAD "\"exports\":[\n{\"importers\":[0,\n1,1]}]}", KSA_EFORMAT, 5, 3,
		     "numbers after \"importers\" must rise, but 1 follows 1");
	expect_error(HEAD "\"exports\":[\n{\"symbol\":\"a\",\"class\":\"gpl\",\"owner\":\"v\","
			  "\"importers\":[0,1]}]}",
		     KSA_EFORMAT, 4, 56, "importer 1 is not one of the 1 modules");
	expect_error(HEAD "\"exports\":{}}", KSA_EFORMAT, 3, 11,
		     "expected an array after \"exports\"");
}

static void test_bad_rest(void **state)
{
	(void)state;
	expect_error("{\"modules\":[{}],\"kernel\":{},\"schema\":1,\"command\":\"exports\","
		     "\"exports\":[]}",
		     KSA_EFORMAT, 1, 13, "module without \"name\"");
	expect_error("{\"kernel\":{\"image\":1}}", KSA_EFORMAT, 1, 20,
		     "expected true or false after \"image\"");
	expect_error("{\"kernel\":{\"reserves\":\"maybe\"}}", KSA_EFORMAT, 1, 23,
		     "\"reserves\" is 'maybe', expected one of: unknown, no, yes");
	expect_error("{\"kernel\":{\"sources\":[{\"kind\":\"image\"}]}}", KSA_EFORMAT, 1, 23,
		     "source without \"name\"");
	expect_error("{\"notices\":[null]}", KSA_EFORMAT, 1, 13,
		     "expected a string after \"notices\"");
	expect_error(HEAD "\"exports\":[]} x", KSA_EFORMAT, 3, 15, "expected the end of the file");
}

/* Cut anywhere: an error, never a smaller kernel. */
static void test_bad_headers(void **state)
{
	(void)state;
	expect_error("{\"headers\":[]}", KSA_EFORMAT, 1, 12,
		     "expected an object after \"headers\"");
	expect_error("{\"headers\":{\"helpers\":[{\"kind\":\"x\"}]}}", KSA_EFORMAT, 1, 32,
		     "\"kind\" of a helper is 'x', expected macro, constant, inline or generated");
	expect_error("{\"headers\":{\"helpers\":[{\"kind\":\"macro\"}]}}", KSA_EFORMAT, 1, 24,
		     "helper without \"name\"");
	expect_error("{\"headers\":{\"others\":[\"\"]}}", KSA_EFORMAT, 1, 23,
		     "empty string after \"others\"");
}

static void test_cut(void **state)
{
	(void)state;
	for (size_t size = 0; size < sizeof(full) - 3; size++) {
		struct ksa_error err = {0};
		struct ksa_kernel *kernel;

		assert_int_equal(read_text(&kernel, full, size, &err), KSA_EFORMAT);
		assert_true(err.text[0] != '\0');
		ksa_kernel_free(kernel);
	}
}

static void test_recognize(void **state)
{
	static const unsigned char good[] = " \n{ \"schema\"", empty[] = "{}", other[] = "{a";

	(void)state;
	assert_true(snapshot_is_snapshot(good, sizeof(good) - 1));
	assert_true(snapshot_is_snapshot(empty, 2));
	assert_false(snapshot_is_snapshot(other, 2));
	assert_false(snapshot_is_snapshot(empty, 1));
	assert_false(snapshot_is_snapshot(NULL, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_full),	       cmocka_unit_test(test_headers),
		cmocka_unit_test(test_bad_headers),    cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_other_order),    cmocka_unit_test(test_hostile_names),
		cmocka_unit_test(test_not_a_snapshot), cmocka_unit_test(test_bad_exports),
		cmocka_unit_test(test_bad_rest),       cmocka_unit_test(test_cut),
		cmocka_unit_test(test_recognize),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
