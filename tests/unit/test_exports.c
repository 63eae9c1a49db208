// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/exports.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "read/kernel/symvers.h"
#include "write/exports.h"
#include "unit/lists.h"

static const char symvers[] =
	"0x00000002\tbeta_get\tvmlinux\tEXPORT_SYMBOL_GPL\t\n"
	"0x00000001\talpha\tvmlinux\tEXPORT_SYMBOL\t\n"
	"0x00000000\tkvm_x\tvmlinux\tEXPORT_SYMBOL_GPL\tmodule:kvm,kvm-amd\n"
	"0xdeadbeef\tnvme_get\tdrivers/nvme/host/nvme-core\tEXPORT_SYMBOL_GPL\tNVME\n"
	"0x00000005\tnvme_put\tdrivers/nvme/host/nvme-core\tEXPORT_SYMBOL\tNVME\n";

static struct ksa_kernel *make_kernel(const char *text)
{
	struct ksa_kernel *kernel;
	uint32_t source;

	assert_int_equal(kernel_new("k", &kernel, NULL), 0);
	assert_int_equal(kernel_add_source(kernel, "Module.symvers", SOURCE_SYMVERS, &source, NULL),
			 0);
	assert_int_equal(symvers_read(kernel, (const unsigned char *)text, strlen(text), source,
				      "Module.symvers", NULL),
			 0);
	assert_int_equal(kernel_seal(kernel, NULL), 0);
	return kernel;
}

static int setup(void **state)
{
	*state = make_kernel(symvers);
	return 0;
}

static int teardown(void **state)
{
	ksa_kernel_free(*state);
	return 0;
}

/* names: the symbols that must pass, in order, blanks between. */
static void expect_view(const struct ksa_kernel *kernel, struct export_filter filter,
			const char *names)
{
	struct export_view view;
	struct strbuf got = {0};

	assert_int_equal(export_view_make(kernel, &filter, &view, NULL), 0);
	for (size_t i = 0; i < view.count; i++) {
		strbuf_adds(&got, i ? " " : "");
		strbuf_adds(&got, view.items[i]->name);
	}
	assert_string_equal(strbuf_string(&got), names);
	strbuf_release(&got);
	assert_true(view.filtered);
	export_view_release(&view);
}

static void test_filters(void **state)
{
	const struct ksa_kernel *k = *state;

	expect_view(k, (struct export_filter){.classes = 1u << KSA_CLASS_PLAIN}, "alpha nvme_put");
	expect_view(k,
		    (struct export_filter){.classes = 1u << KSA_CLASS_PLAIN | 1u << KSA_CLASS_GPL,
					   .grep = LIST("*_get")},
		    "beta_get nvme_get");
	expect_view(k, (struct export_filter){.ns = LIST("")}, "alpha beta_get");
	expect_view(k, (struct export_filter){.ns = LIST("NV*")}, "nvme_get nvme_put");
	expect_view(k, (struct export_filter){.ns = LIST("module:*")}, "kvm_x");
	expect_view(k, (struct export_filter){.ns = LIST("*")}, "kvm_x nvme_get nvme_put");
	expect_view(k, (struct export_filter){.owner = LIST("nvme_core")}, "nvme_get nvme_put");
	expect_view(k, (struct export_filter){.owner = LIST("nvme-core")}, "nvme_get nvme_put");
	expect_view(k, (struct export_filter){.owner = LIST("drivers/*")}, "nvme_get nvme_put");
	expect_view(k, (struct export_filter){.owner = LIST("nvme[-_]core")}, "nvme_get nvme_put");
	expect_view(k, (struct export_filter){.owner = LIST("nvme[a-z]core")}, "");
	expect_view(k, (struct export_filter){.owner = LIST("host")}, "");
	expect_view(k, (struct export_filter){.defined_in = DEFINED_IN_VMLINUX},
		    "alpha beta_get kvm_x");
	expect_view(k, (struct export_filter){.defined_in = DEFINED_IN_MODULES},
		    "nvme_get nvme_put");
	expect_view(k, (struct export_filter){.grep = LIST("nothing")}, "");
	/* Of several patterns one must match. */
	expect_view(k, (struct export_filter){.grep = LIST("kvm_*", "alpha")}, "alpha kvm_x");
	expect_view(k, (struct export_filter){.owner = LIST("none", "nvme-core", "a-b")},
		    "nvme_get nvme_put");
	expect_view(k, (struct export_filter){.ns = LIST("", "module:*")}, "alpha beta_get kvm_x");
	expect_view(k, (struct export_filter){.grep = LIST("nvme_get", "alpha"), .ns = LIST("NV*")},
		    "nvme_get");
}

static void test_numbers(void **state)
{
	struct export_view view;

	assert_int_equal(export_view_make(*state, NULL, &view, NULL), 0);
	assert_int_equal(view.count, 5);
	assert_false(view.filtered);
	assert_int_equal(view.by_class[KSA_CLASS_PLAIN], 2);
	assert_int_equal(view.by_class[KSA_CLASS_GPL], 3);
	assert_int_equal(view.by_class[KSA_CLASS_UNKNOWN], 0);
	assert_int_equal(view.in_vmlinux, 3);
	assert_int_equal(view.namespaces, 2);
	assert_int_equal(view.namespaced, 3);
	assert_int_equal(view.reserved, 1);
	assert_int_equal(view.with_crc, 4);
	export_view_release(&view);
}

/* A view as text of one of the formats; the caller frees it. */
static char *write_format(const struct ksa_kernel *kernel, const struct export_filter *filter,
			  const char *format, bool color)
{
	struct export_view view;
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	int status;

	assert_non_null(out);
	assert_int_equal(export_view_make(kernel, filter, &view, NULL), 0);
	if (strcmp(format, "text") == 0)
		status = write_exports_text(&view, false, color, out, NULL);
	else if (strcmp(format, "tsv") == 0)
		status = write_exports_tsv(&view, out, NULL);
	else if (strcmp(format, "json") == 0)
		status = write_exports_json(&view, out, NULL);
	else
		status = write_exports_symvers(&view, out, NULL);
	assert_int_equal(status, 0);
	assert_int_equal(fclose(out), 0);
	export_view_release(&view);
	return text;
}

static void expect_format(const struct ksa_kernel *kernel, const struct export_filter *filter,
			  const char *format, const char *expected)
{
	char *text = write_format(kernel, filter, format, false);

	assert_string_equal(text, expected);
	free(text);
}

static void test_text(void **state)
{
	expect_format(
		*state, NULL, "text",
		"k: 5 exports: 2 plain, 3 gpl; 2 namespaces (3 exports, 1 reserved for named "
		"modules); CRCs available for 4\n"
		"read from: Module.symvers (symvers, 5)\n"
		"\n"
		"SYMBOL    CLASS  OWNER                        NAMESPACE           CRC\n"
		"alpha     plain  vmlinux                      -                   00000001\n"
		"beta_get  gpl    vmlinux                      -                   00000002\n"
		"kvm_x     gpl    vmlinux                      module:kvm,kvm-amd  -\n"
		"nvme_get  gpl    drivers/nvme/host/nvme-core  NVME                deadbeef\n"
		"nvme_put  plain  drivers/nvme/host/nvme-core  NVME                00000005\n");
}

static void test_text_filtered(void **state)
{
	struct export_filter filter = {.grep = LIST("alpha")}, none = {.grep = LIST("x")};
	char *colored;

	expect_format(*state, &filter, "text",
		      "k: 1 of 5 exports shown: 1 plain; no namespaces; CRCs available\n"
		      "read from: Module.symvers (symvers, 5)\n"
		      "\n"
		      "SYMBOL  CLASS  OWNER    NAMESPACE  CRC\n"
		      "alpha   plain  vmlinux  -          00000001\n");
	expect_format(*state, &none, "text",
		      "k: 0 of 5 exports shown\n"
		      "read from: Module.symvers (symvers, 5)\n");
	colored = write_format(*state, NULL, "text", true);
	assert_non_null(strstr(colored, "\033[33mgpl\033[0m    vmlinux"));
	assert_non_null(strstr(colored, "\033[31mmodule:kvm,kvm-amd\033[0m  -\n"));
	assert_null(strstr(colored, "\033[33mplain"));
	free(colored);
}

static void test_tsv(void **state)
{
	expect_format(*state, NULL, "tsv",
		      "#symbol\tclass\towner\tnamespace\tcrc\n"
		      "alpha\tplain\tvmlinux\t\t00000001\n"
		      "beta_get\tgpl\tvmlinux\t\t00000002\n"
		      "kvm_x\tgpl\tvmlinux\tmodule:kvm,kvm-amd\t\n"
		      "nvme_get\tgpl\tdrivers/nvme/host/nvme-core\tNVME\tdeadbeef\n"
		      "nvme_put\tplain\tdrivers/nvme/host/nvme-core\tNVME\t00000005\n");
}

static void test_symvers(void **state)
{
	struct ksa_kernel *old = make_kernel("0x00000001\ta\tm\tEXPORT_SYMBOL_GPL_FUTURE\n"
					     "0x00000001\tb\tm\tEXPORT_UNUSED_SYMBOL\n"
					     "0x00000001\tc\tm\tEXPORT_UNUSED_SYMBOL_GPL\n");

	expect_format(*state, NULL, "symvers",
		      "0x00000001\talpha\tvmlinux\tEXPORT_SYMBOL\t\n"
		      "0x00000002\tbeta_get\tvmlinux\tEXPORT_SYMBOL_GPL\t\n"
		      "0x00000000\tkvm_x\tvmlinux\tEXPORT_SYMBOL_GPL\tmodule:kvm,kvm-amd\n"
		      "0xdeadbeef\tnvme_get\tdrivers/nvme/host/nvme-core\tEXPORT_SYMBOL_GPL\tNVME\n"
		      "0x00000005\tnvme_put\tdrivers/nvme/host/nvme-core\tEXPORT_SYMBOL\tNVME\n");
	expect_format(old, NULL, "symvers",
		      "0x00000001\ta\tm\tEXPORT_SYMBOL_GPL_FUTURE\t\n"
		      "0x00000001\tb\tm\tEXPORT_UNUSED_SYMBOL\t\n"
		      "0x00000001\tc\tm\tEXPORT_UNUSED_SYMBOL_GPL\t\n");
	ksa_kernel_free(old);
}

static void test_json_filtered(void **state)
{
	struct export_filter filter = {.grep = LIST("kvm_x")};

	expect_format(
		*state, &filter, "json",
		"{\n\"schema\": 1,\n"
		"\"tool\": {\"name\":\"ksymaudit\",\"version\":\"" KSA_VERSION "\"},\n"
		"\"command\": \"exports\",\n"
		"\"kernel\": "
		"{\"release\":\"\",\"arch\":\"\",\"reserves\":\"unknown\",\"forces\":\"unknown\","
		"\"image\":true,\"modules\":true,\"imports\":false,\"incomplete\":[],\"filtered\":"
		"true,"
		"\"sources\":[{\"name\":\"Module.symvers\",\"kind\":\"symvers\","
		"\"exports\":5}]},\n"
		"\"findings\": [],\n\"notices\": [],\n\"modules\": [],\n"
		"\"exports\": [\n"
		"{\"symbol\":\"kvm_x\",\"class\":\"gpl\",\"owner\":\"vmlinux\","
		"\"namespace\":\"module:kvm,kvm-amd\"}\n]\n}\n");
}

static void add_export(struct ksa_kernel *kernel, const char *name, enum ksa_class cls,
		       bool ns_known)
{
	const struct ksa_export init = {
		.name = name, .owner = "vmlinux", .cls = (uint8_t)cls, .ns_known = ns_known};

	assert_int_equal(kernel_add_export(kernel, &init, NULL), 0);
}

/* One export; what the formats make of it. */
static struct ksa_kernel *one_export(const char *name, enum ksa_class cls, bool ns_known)
{
	struct ksa_kernel *kernel;
	uint32_t source;

	assert_int_equal(kernel_new("k", &kernel, NULL), 0);
	assert_int_equal(kernel_add_source(kernel, "s", SOURCE_SYSTEM_MAP, &source, NULL), 0);
	add_export(kernel, name, cls, ns_known);
	assert_int_equal(kernel_seal(kernel, NULL), 0);
	return kernel;
}

static void expect_unwritable(struct ksa_kernel *kernel, const char *message)
{
	struct ksa_error err = {0};
	struct export_view view;
	FILE *out = fopen("/dev/null", "w");

	assert_non_null(out);
	assert_int_equal(export_view_make(kernel, NULL, &view, NULL), 0);
	assert_int_equal(write_exports_symvers(&view, out, &err), KSA_EUNSUPPORTED);
	assert_string_equal(err.text, message);
	export_view_release(&view);
	ksa_kernel_free(kernel);
	fclose(out);
}

static void test_not_for_symvers(void **state)
{
	(void)state;
	expect_unwritable(one_export("s", KSA_CLASS_UNKNOWN, true),
			  "the class of 's' is not known, and a Module.symvers cannot say so "
			  "(modpost skips the symbol, or takes it for a plain one); -f tsv and "
			  "json can; or read the kernel from its image or Module.symvers");
	expect_unwritable(one_export("s", KSA_CLASS_PLAIN, false),
			  "the namespace of 's' is not known, and a Module.symvers cannot say so; "
			  "read the kernel from its image or Module.symvers");
	expect_unwritable(one_export("s\n0x0", KSA_CLASS_PLAIN, true),
			  "the names of 's\n0x0' hold a control byte, which a Module.symvers "
			  "cannot hold");
}

static void test_hostile_name(void **state)
{
	struct ksa_kernel *k = one_export("a\t\033[2J\n\xff", KSA_CLASS_UNKNOWN, false);

	(void)state;
	expect_format(k, NULL, "tsv",
		      "#symbol\tclass\towner\tnamespace\tcrc\n"
		      "a\\x09\\x1b[2J\\x0a\\xff\tunknown\tvmlinux\t?\t\n");
	expect_format(k, NULL, "text",
		      "k: 1 export: 1 of unknown class; namespaces not known; CRCs not available\n"
		      "read from: s (system-map, 1)\n"
		      "\n"
		      "SYMBOL                CLASS    OWNER    NAMESPACE  CRC\n"
		      "a\\x09\\x1b[2J\\x0a\\xff  unknown  vmlinux  ?          -\n");
	ksa_kernel_free(k);
}

/* Thousands of modules are one entry of the head; a snapshot says what it was made from. */
static void test_sources(void **state)
{
	struct ksa_kernel *kernel;
	uint32_t index;
	char *text;

	(void)state;
	assert_int_equal(kernel_new("k", &kernel, NULL), 0);
	assert_int_equal(kernel_add_source(kernel, "snap", SOURCE_SNAPSHOT, &index, NULL), 0);
	assert_int_equal(kernel_add_source(kernel, "vmlinuz", SOURCE_IMAGE, &index, NULL), 0);
	kernel->sources[index].inherited = true;
	kernel->sources[index].exports = 7;
	for (int i = 0; i < 3; i++) {
		assert_int_equal(
			kernel_add_source(kernel, i ? "a.ko" : "b.ko", SOURCE_MODULE, &index, NULL),
			0);
		kernel->sources[index].inherited = true;
		kernel->sources[index].exports = 2;
	}
	assert_int_equal(kernel_add_source(kernel, "config", SOURCE_OTHER, &index, NULL), 0);
	assert_int_equal(kernel_add_notice(kernel, NULL, "odd \033"), 0);
	assert_int_equal(kernel_seal(kernel, NULL), 0);
	text = write_format(kernel, NULL, "text", false);
	assert_string_equal(text, "k: 0 exports\n"
				  "read from: snap (snapshot, 0), config; made from: vmlinuz "
				  "(image, 7), 3 modules (6)\n"
				  "notice: odd \\x1b\n");
	free(text);
	ksa_kernel_free(kernel);
}

/* A full disk is an error in every format. */
static void test_full_disk(void **state)
{
	for (int format = 0; format < 4; format++) {
		struct ksa_error err = {0};
		struct export_view view;
		FILE *out = fopen("/dev/full", "w");
		int status;

		if (!out)
			skip();
		assert_int_equal(export_view_make(*state, NULL, &view, NULL), 0);
		if (format == 0)
			status = write_exports_text(&view, false, false, out, &err);
		else if (format == 1)
			status = write_exports_tsv(&view, out, &err);
		else if (format == 2)
			status = write_exports_json(&view, out, &err);
		else
			status = write_exports_symvers(&view, out, &err);
		assert_int_equal(status, KSA_EIO);
		assert_string_equal(err.text, "cannot write: No space left on device");
		export_view_release(&view);
		fclose(out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_filters),	      cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_text),	      cmocka_unit_test(test_text_filtered),
		cmocka_unit_test(test_tsv),	      cmocka_unit_test(test_symvers),
		cmocka_unit_test(test_json_filtered), cmocka_unit_test(test_not_for_symvers),
		cmocka_unit_test(test_hostile_name),  cmocka_unit_test(test_sources),
		cmocka_unit_test(test_full_disk),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
