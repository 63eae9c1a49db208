// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ksa_check() on models made by hand, against what modpost and the loader of 5.10 to 7.2 do: which
 * rule fires, who objects, and the verdict. The expectations are the kernel's rules written out,
 * not what the program answers.
 */
#include "unit/checkbuild.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define BOTH (KSA_AT_BUILD | KSA_AT_LOAD)

static struct ksa_report *check(struct ksa_kernel **kernels, size_t kernel_count,
				struct ksa_module **modules, size_t module_count,
				const struct ksa_check_options *options)
{
	struct ksa_report *report;

	assert_int_equal(
		ksa_check(kernels, kernel_count, modules, module_count, options, &report, NULL), 0);
	return report;
}

static struct ksa_report *check_one(struct ksa_kernel *k, struct ksa_module *m)
{
	static struct ksa_kernel *kernels[1];
	static struct ksa_module *modules[1];

	kernels[0] = k;
	modules[0] = m;
	return check(kernels, 1, modules, 1, NULL);
}

/* The findings of a module on the first kernel as "KSA001:bl KSA014:l", in the report's order. */
static void describe(const struct ksa_report *report, size_t module, char *out, size_t size)
{
	size_t used = 0;

	*out = '\0';
	for (size_t i = 0; i < ksa_report_finding_count(report); i++) {
		const struct ksa_finding *f = ksa_report_finding_at(report, i);
		unsigned int at = ksa_finding_at(f);

		if (ksa_finding_module(f) != module || ksa_finding_kernel(f) != 0)
			continue;
		used += (size_t)snprintf(out + used, size - used, "%s%s:%s%s", used ? " " : "",
					 ksa_finding_rule(f), at & KSA_AT_BUILD ? "b" : "",
					 at & KSA_AT_LOAD ? "l" : "");
		assert_true(used < size);
	}
}

static void expect(const struct ksa_report *report, size_t module, enum ksa_verdict verdict,
		   const char *findings)
{
	char text[512];

	describe(report, module, text, sizeof(text));
	assert_string_equal(text, findings);
	assert_int_equal(ksa_report_verdict(report, module, 0), verdict);
}

/* Check one module on one kernel, and be done with both. */
static void expect_one(struct ksa_kernel *k, struct ksa_module *m, enum ksa_verdict verdict,
		       const char *findings)
{
	struct ksa_report *report = check_one(k, m);

	expect(report, 0, verdict, findings);
	ksa_report_free(report);
	ksa_kernel_free(k);
}

#define OK	KSA_VERDICT_OK
#define WARNING KSA_VERDICT_WARNING
#define REBUILD KSA_VERDICT_REBUILD
#define FAILS	KSA_VERDICT_FAILS
#define UNKNOWN KSA_VERDICT_UNKNOWN

/* Which license may use which class: the columns are plain, gpl, gpl-future, unused, unused-gpl. */
static void test_license_by_class(void **state)
{
	static const enum ksa_class classes[] = {KSA_CLASS_PLAIN, KSA_CLASS_GPL,
						 KSA_CLASS_GPL_FUTURE, KSA_CLASS_UNUSED,
						 KSA_CLASS_UNUSED_GPL};
	static const struct {
		const char *licenses[2];
		struct {
			enum ksa_verdict verdict;
			const char *findings;
		} by_class[COUNT(classes)];
	} rows[] = {
		{{"GPL"},
		 {{OK, ""}, {OK, ""}, {OK, ""}, {WARNING, "KSA020:bl"}, {WARNING, "KSA020:bl"}}},
		{{"Dual BSD/GPL"},
		 {{OK, ""}, {OK, ""}, {OK, ""}, {WARNING, "KSA020:bl"}, {WARNING, "KSA020:bl"}}},
		{{"Proprietary"},
		 {{OK, ""},
		  {FAILS, "KSA001:bl"},
		  {WARNING, "KSA019:bl"},
		  {WARNING, "KSA020:bl"},
		  {FAILS, "KSA001:bl KSA020:bl"}}},
		{{"GPLv2"},
		 {{WARNING, "KSA010:bl"},
		  {FAILS, "KSA001:bl KSA010:bl"},
		  {WARNING, "KSA010:bl KSA019:bl"},
		  {WARNING, "KSA010:bl KSA020:bl"},
		  {FAILS, "KSA001:bl KSA010:bl KSA020:bl"}}},
		/* modpost lets a module without a license pass here, it refuses it as such */
		{{NULL},
		 {{FAILS, "KSA009:b"},
		  {FAILS, "KSA001:l KSA009:b"},
		  {FAILS, "KSA009:b KSA019:l"},
		  {FAILS, "KSA009:b KSA020:bl"},
		  {FAILS, "KSA001:l KSA009:b KSA020:bl"}}},
		/* the loader reads the first string, modpost all of them */
		{{"GPL", "Proprietary"},
		 {{WARNING, "KSA011:b"},
		  {FAILS, "KSA001:b KSA011:b"},
		  {WARNING, "KSA011:b KSA019:b"},
		  {WARNING, "KSA011:b KSA020:bl"},
		  {FAILS, "KSA001:b KSA011:b KSA020:bl"}}},
		{{"Proprietary", "GPL"},
		 {{OK, ""},
		  {FAILS, "KSA001:bl"},
		  {WARNING, "KSA019:bl"},
		  {WARNING, "KSA020:bl"},
		  {FAILS, "KSA001:bl KSA020:bl"}}},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		for (size_t c = 0; c < COUNT(classes); c++) {
			struct ksa_module *m = MODULE("m", IMPORTS({.name = "s"}));

			m->licenses.items =
				(const char *[]){rows[i].licenses[0], rows[i].licenses[1]};
			m->licenses.count = rows[i].licenses[1] ? 2 : rows[i].licenses[0] != NULL;
			expect_one(KERNEL("k", {.name = "s", .cls = classes[c]}), m,
				   rows[i].by_class[c].verdict, rows[i].by_class[c].findings);
		}
	}
}

/* The six strings, and near misses. */
static void test_license_strings(void **state)
{
	static const char *const accepted[] = {
		"GPL",		"GPL v2",	"GPL and additional rights",
		"Dual BSD/GPL", "Dual MIT/GPL", "Dual MPL/GPL"};
	static const char *const refused[] = {
		"Proprietary",	"gpl", "GPL ", " GPL", "GPLv2", "GPL-2.0", "GPL v3",	"GPL V2",
		"Dual GPL/BSD", "BSD", "MIT",  "LGPL", "",	"GPL v2+", "Apache-2.0"};

	(void)state;
	for (size_t i = 0; i < COUNT(accepted) + COUNT(refused); i++) {
		bool good = i < COUNT(accepted);
		const char *license = good ? accepted[i] : refused[i - COUNT(accepted)];
		struct ksa_module *m =
			MODULE("m", IMPORTS({.name = "s"}), .licenses = LIST(license));
		struct ksa_kernel *k = KERNEL("k", {.name = "s", .cls = KSA_CLASS_GPL});
		struct ksa_report *report = check_one(k, m);

		assert_int_equal(ksa_report_verdict(report, 0, 0), good ? OK : FAILS);
		ksa_report_free(report);
		ksa_kernel_free(k);
	}
}

static void test_weak(void **state)
{
	struct ksa_module *denied =
		MODULE("m", .licenses = LIST("Proprietary"), IMPORTS({.name = "s", .weak = true}));
	struct ksa_module *wrong =
		MODULE("m", .licenses = LIST("GPL"), .has_versions = true,
		       IMPORTS({.name = "s", .weak = true, .has_crc = true, .crc = 2}));
	struct ksa_module *open =
		MODULE("m", .licenses = LIST("GPL"), IMPORTS({.name = "s", .weak = true}));

	(void)state;
	/* NULL at load, refused by modpost */
	expect_one(KERNEL("k", {.name = "s", .cls = KSA_CLASS_GPL}), denied, FAILS,
		   "KSA001:b KSA014:l");
	/* absent is what weak is for; a wrong CRC and a missing namespace are not excused */
	expect_one(KERNEL("k", {.name = "x", .cls = KSA_CLASS_GPL}), denied, OK, "");
	expect_one(KERNEL("k", {.name = "s", .cls = KSA_CLASS_GPL, .crc = 1}), wrong, REBUILD,
		   "KSA003:l");
	expect_one(KERNEL("k", {.name = "s", .ns = "NS", .cls = KSA_CLASS_GPL}), open, FAILS,
		   "KSA004:bl");
}

/* A denied symbol is not found: the loader compares neither its CRC nor its namespace. */
static void test_denied_before_crc(void **state)
{
	struct ksa_module *m = MODULE("m", .licenses = LIST("Proprietary"), .has_versions = true,
				      IMPORTS({.name = "s", .has_crc = true, .crc = 2}));

	(void)state;
	expect_one(KERNEL("k", {.name = "s", .cls = KSA_CLASS_GPL, .crc = 1}), m, FAILS,
		   "KSA001:bl");
}

#define PROP_P                                                                                     \
	MODULE("prop_p", .licenses = LIST("Proprietary"),                                          \
	       EXPORTS({.name = "prop_fn", .cls = KSA_CLASS_PLAIN, .ns_known = true},              \
		       {.name = "prop_gplfn", .cls = KSA_CLASS_GPL, .ns_known = true}))

/* The five modules of the referee, in the order of the command line and reversed. */
static void test_taint(void **state)
{
	struct ksa_kernel *k = KERNEL("k", {.name = "ktime_get", .cls = KSA_CLASS_GPL});
	struct ksa_module *modules[] = {
		PROP_P,
		MODULE("inh1", .licenses = LIST("GPL"), .depends = LIST("prop_p"),
		       IMPORTS({.name = "prop_fn"}, {.name = "ktime_get"})),
		MODULE("inh2", .licenses = LIST("GPL"), .depends = LIST("prop_p"),
		       IMPORTS({.name = "ktime_get"}, {.name = "prop_fn"})),
		MODULE("inh3", .licenses = LIST("GPL"), .depends = LIST("prop_p"),
		       IMPORTS({.name = "prop_fn"}),
		       EXPORTS({.name = "inh3_fn", .cls = KSA_CLASS_PLAIN, .ns_known = true})),
		MODULE("inh4", .licenses = LIST("GPL"), .depends = LIST("inh3"),
		       IMPORTS({.name = "ktime_get"}, {.name = "inh3_fn"})),
		MODULE("inh5", .licenses = LIST("GPL"), .depends = LIST("prop_p"),
		       IMPORTS({.name = "prop_gplfn"})),
	};
	static const char *const symbols[] = {NULL, "ktime_get", "prop_fn",
					      NULL, "inh3_fn",	 "prop_gplfn"};

	(void)state;
	for (int pass = 0; pass < 2; pass++) {
		struct ksa_report *report = check(&k, 1, modules, COUNT(modules), NULL);

		for (size_t i = 0, f = 0; i < COUNT(modules); i++) {
			size_t which = pass ? COUNT(modules) - 1 - i : i;

			expect(report, i, symbols[which] ? FAILS : OK,
			       symbols[which] ? "KSA007:l" : "");
			if (symbols[which])
				assert_string_equal(
					ksa_finding_symbol(ksa_report_finding_at(report, f++)),
					symbols[which]);
		}
		ksa_report_free(report);
		for (size_t i = 0; i < COUNT(modules) / 2; i++) {
			struct ksa_module *m = modules[i];

			modules[i] = modules[COUNT(modules) - 1 - i];
			modules[COUNT(modules) - 1 - i] = m;
		}
	}
	ksa_kernel_free(k);
}

/* What inherit_taint() denies is NULL where the reference is weak: the module loads. */
static void test_weak_inheritance(void **state)
{
	struct ksa_kernel *k = KERNEL("k", {.name = "ktime_get", .cls = KSA_CLASS_GPL});
	struct ksa_module *modules[] = {
		MODULE("closed", .licenses = LIST("Proprietary"),
		       EXPORTS({.name = "f", .cls = KSA_CLASS_PLAIN, .ns_known = true})),
		MODULE("m", .licenses = LIST("GPL"), .depends = LIST("closed"),
		       IMPORTS({.name = "ktime_get"}, {.name = "f", .weak = true})),
	};
	struct ksa_report *report = check(&k, 1, modules, 2, NULL);

	(void)state;
	expect(report, 1, WARNING, "KSA014:l");
	assert_int_equal(report->outcomes[1].load, OUTCOME_ACCEPTED);
	assert_false(report->outcomes[1].tainted);
	ksa_report_free(report);
	ksa_kernel_free(k);
}

/* Taint runs along a chain of any length without recursion; circles end. */
static void test_taint_chain(void **state)
{
	enum { N = 20000 };
	struct ksa_kernel *k = KERNEL("k", {.name = "ktime_get", .cls = KSA_CLASS_GPL});
	struct ksa_module **modules = calloc(N, sizeof(struct ksa_module *));
	struct ksa_module *all = calloc(N, sizeof(*all));
	char(*names)[16] = calloc(N, sizeof(*names));
	struct ksa_import *imports = calloc((size_t)N + 1, sizeof(*imports));
	struct ksa_export *exports = calloc(N, sizeof(*exports));
	const char *gpl = "GPL", *closed = "Proprietary";
	struct ksa_report *report;

	(void)state;
	assert_true(modules && all && names && imports && exports);
	for (size_t i = 0; i < N; i++)
		snprintf(names[i], sizeof(names[i]), "m%zu", i);
	for (size_t i = 0; i < N; i++) {
		exports[i] = (struct ksa_export){
			.name = names[i], .cls = KSA_CLASS_PLAIN, .ns_known = true};
		imports[i].name = names[(i + 1) % N];
		all[i] = (struct ksa_module){.name = names[i],
					     .path = names[i],
					     .arch = "",
					     .vermagic = MAGIC,
					     .loading = {.struct_count = 1},
					     .licenses = {i == N - 1 ? &closed : &gpl, 1},
					     .imports = &imports[i],
					     .import_count = 1,
					     .exports = &exports[i],
					     .export_count = 1};
		modules[i] = &all[i];
	}
	/* the first one also uses a GPL-only symbol, before it inherits the taint of the last */
	all[0].imports = (struct ksa_import[]){{.name = "ktime_get"}, {.name = "m1"}};
	all[0].import_count = 2;
	all[N - 1].import_count = 0;
	report = check(&k, 1, modules, N, NULL);
	assert_int_equal(ksa_report_verdict(report, 0, 0), FAILS);
	assert_int_equal(ksa_report_verdict(report, N - 2, 0), OK);
	ksa_report_free(report);
	/* the last one needs the first: a circle, of which none can be loaded first */
	all[N - 1].import_count = 1;
	report = check(&k, 1, modules, N, NULL);
	assert_int_equal(ksa_report_verdict(report, 0, 0), FAILS);
	assert_int_equal(ksa_report_verdict(report, N - 2, 0), FAILS);
	ksa_report_free(report);
	free(modules);
	free(all);
	free(names);
	free(imports);
	free(exports);
	ksa_kernel_free(k);
}

static void test_shim(void **state)
{
	struct ksa_kernel *k = KERNEL("k", {.name = "g", .cls = KSA_CLASS_GPL},
				      {.name = "p", .cls = KSA_CLASS_PLAIN});
	struct ksa_module *modules[] = {
		MODULE("shim_a", .licenses = LIST("GPL"), IMPORTS({.name = "g"}),
		       EXPORTS({.name = "a_fn", .cls = KSA_CLASS_PLAIN, .ns_known = true})),
		MODULE("shim_b", .licenses = LIST("Proprietary"), .depends = LIST("shim_a"),
		       IMPORTS({.name = "a_fn"})),
	};
	struct ksa_report *report = check(&k, 1, modules, 2, NULL);

	(void)state;
	expect(report, 0, OK, "");
	expect(report, 1, WARNING, "KSA008:");
	ksa_report_free(report);
	/* what uses no GPL-only symbol hands none on */
	modules[0]->imports[0].name = "p";
	report = check(&k, 1, modules, 2, NULL);
	expect(report, 1, OK, "");
	ksa_report_free(report);
	ksa_kernel_free(k);
}

/* verify_module_namespace(): '-' is '_', '*' only at the end of an entry, name= before file name.
 */
static void test_reserved(void **state)
{
	static const struct {
		const char *ns, *name, *modname, *findings;
	} rows[] = {
		{"module:kvm", "kvm", "kvm", ""},
		{"module:kvm", "kvm-amd", "kvm_amd", "KSA005:bl"},
		{"module:kvm", "kv", "kv", "KSA005:bl"},
		{"module:kvm", "KVM", "KVM", "KSA005:bl"},
		{"module:kvm,kvm-amd", "kvm-amd", "kvm_amd", ""},
		{"module:a,b,kvm", "kvm", "kvm", ""},
		{"module:vfio-*", "vfio-pci", "vfio_pci", ""},
		{"module:vfio-*", "vfio-", "vfio_", ""},
		{"module:vfio-*", "vfio", "vfio", "KSA005:bl"},
		{"module:*", "anything", "anything", ""},
		{"module:*fio", "vfio", "vfio", "KSA005:bl"},
		{"module:", "m", "m", "KSA005:bl"},
		/* modpost looks at the file's name, in which '-' is not '_'; the loader at name= */
		{"module:kvm-amd", "kvm_amd", "kvm_amd", "KSA005:b"},
		{"module:kvm", "renamed", "kvm", "KSA005:b"},
		{"module:kvm", "kvm", "renamed", "KSA005:l"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct ksa_kernel *k =
			KERNEL("k", {.name = "s", .cls = KSA_CLASS_GPL, .ns = rows[i].ns});
		struct ksa_module *m = MODULE("m", .licenses = LIST("GPL"), IMPORTS({.name = "s"}));

		m->name = rows[i].name;
		m->modname = rows[i].modname;
		k->reserves = TRI_YES;
		expect_one(k, m, *rows[i].findings ? FAILS : OK, rows[i].findings);
	}
}

static void test_forged_import(void **state)
{
	struct ksa_module *m = MODULE("kvm", .licenses = LIST("GPL"),
				      .import_ns = LIST("module:kvm"), IMPORTS({.name = "s"}));
	struct ksa_kernel *k = KERNEL("k", {.name = "s", .cls = KSA_CLASS_GPL, .ns = "module:kvm"});

	(void)state;
	k->reserves = TRI_YES;
	expect_one(k, m, FAILS, "KSA006:bl");
	/* before 6.16 it is a namespace as any other: with the import all is well, without not */
	k = KERNEL("k", {.name = "s", .cls = KSA_CLASS_GPL, .ns = "module:kvm"});
	k->reserves = TRI_NO;
	expect_one(k, m, OK, "");
	m->import_ns.count = 0;
	k = KERNEL("k", {.name = "s", .cls = KSA_CLASS_GPL, .ns = "module:kvm"});
	k->reserves = TRI_NO;
	expect_one(k, m, FAILS, "KSA004:bl");
}

/* same_magic(): the release is left out for a module with symbol versions. */
static void test_vermagic(void **state)
{
	static const struct {
		const char *magic;
		bool versions;
		enum ksa_verdict verdict;
	} rows[] = {
		{MAGIC, false, OK},
		{MAGIC, true, OK},
		{"6.2.0 SMP mod_unload ", false, REBUILD},
		{"6.2.0 SMP mod_unload ", true, OK},
		{"6.1.0 SMP preempt mod_unload ", true, REBUILD},
		{"6.1.0 SMP mod_unload", false, REBUILD},
		{"", false, REBUILD},
		{"", true, REBUILD},
		{NULL, false, REBUILD},
		{NULL, true, REBUILD},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct ksa_module *m = MODULE("m", .licenses = LIST("GPL"));

		m->vermagic = rows[i].magic;
		m->has_versions = true;
		m->has_basic_versions = rows[i].versions;
		m->has_extended_versions = !rows[i].versions; /* they excuse nothing */
		expect_one(KERNEL("k", {.name = "s", .cls = KSA_CLASS_PLAIN}), m, rows[i].verdict,
			   rows[i].verdict == OK ? "" : "KSA012:l");
	}
}

static void test_crcs(void **state)
{
	struct ksa_kernel *k =
		KERNEL("k", {.name = "module_layout", .cls = KSA_CLASS_PLAIN, .crc = 7},
		       {.name = "s", .cls = KSA_CLASS_PLAIN, .crc = 1},
		       {.name = "t", .cls = KSA_CLASS_PLAIN});
	struct ksa_module *m = MODULE("m", .licenses = LIST("GPL"), .has_versions = true,
				      .has_layout_crc = true, .layout_crc = 8,
				      IMPORTS({.name = "s", .has_crc = true, .crc = 2},
					      {.name = "t", .has_crc = true, .crc = 3}));
	struct ksa_report *report = check_one(k, m);

	(void)state;
	/* of module_layout too; the export without a CRC is not compared */
	expect(report, 0, REBUILD, "KSA003:l KSA003:l");
	assert_string_equal(ksa_finding_symbol(ksa_report_finding_at(report, 0)), "module_layout");
	assert_non_null(strstr(report->findings[1].evidence, "0x00000002"));
	assert_non_null(strstr(report->findings[1].evidence, "0x00000001"));
	ksa_report_free(report);
	report = check(&k, 1, &m, 1, &(struct ksa_check_options){.rebuild = true, .built_for = k});
	expect(report, 0, OK, "");
	ksa_report_free(report);
	/* no versions at all, on a kernel that has them */
	m->has_versions = m->has_layout_crc = m->imports[0].has_crc = m->imports[1].has_crc = false;
	expect_one(k, m, REBUILD, "KSA018:l");
}

/* check_version(): what __versions does not list is refused, what the extended ones do not is not.
 */
static void test_no_version_for_symbol(void **state)
{
	struct ksa_kernel *k =
		KERNEL("k", {.name = "module_layout", .cls = KSA_CLASS_PLAIN, .crc = 7},
		       {.name = "s", .cls = KSA_CLASS_PLAIN, .crc = 1},
		       {.name = "t", .cls = KSA_CLASS_PLAIN});
	struct ksa_module *m = MODULE("m", .licenses = LIST("GPL"), .has_versions = true,
				      .has_basic_versions = true, .has_layout_crc = true,
				      .layout_crc = 7, IMPORTS({.name = "s"}, {.name = "t"}));
	struct ksa_report *report = check_one(k, m);

	(void)state;
	/* not of the export that has no CRC itself */
	expect(report, 0, REBUILD, "KSA018:l");
	assert_string_equal(ksa_finding_symbol(ksa_report_finding_at(report, 0)), "s");
	ksa_report_free(report);
	m->has_extended_versions = true;
	report = check_one(k, m);
	expect(report, 0, OK, "");
	ksa_report_free(report);
	m->has_extended_versions = m->has_layout_crc = false;
	m->imports[0].has_crc = true;
	m->imports[0].crc = 1;
	report = check_one(k, m);
	expect(report, 0, REBUILD, "KSA018:l");
	assert_string_equal(ksa_finding_symbol(ksa_report_finding_at(report, 0)), "module_layout");
	ksa_report_free(report);
	m->has_layout_crc = true;
	expect_one(k, m, OK, "");
}

/* module_license_offenders: the loader does not believe these two, modpost does. */
static void test_offenders(void **state)
{
	struct ksa_kernel *k = KERNEL("k", {.name = "s", .cls = KSA_CLASS_GPL});
	struct ksa_module *m = MODULE("lve", .licenses = LIST("GPL"), IMPORTS({.name = "s"}));
	struct ksa_report *report = check_one(k, m);

	(void)state;
	expect(report, 0, FAILS, "KSA001:l");
	ksa_report_free(report);
	m->modname = "lve2";
	expect_one(k, m, OK, "");
}

static void test_missing(void **state)
{
	struct ksa_kernel *kernels[] = {
		KERNEL("new", {.name = "x", .cls = KSA_CLASS_PLAIN}),
		KERNEL("old", {.name = "s", .owner = "fs/f", .cls = KSA_CLASS_GPL})};
	struct ksa_kernel *hint =
		KERNEL("hint", {.name = "s", .owner = "fs/f", .cls = KSA_CLASS_GPL});
	const struct ksa_check_options options = {.hints = &hint, .hint_count = 1};
	struct ksa_module *m =
		MODULE("m", .licenses = LIST("GPL"), .depends = LIST("f"), IMPORTS({.name = "s"}));
	struct ksa_report *report = check(kernels, 2, &m, 1, &options);

	(void)state;
	expect(report, 0, FAILS, "KSA002:bl");
	assert_int_equal(ksa_report_verdict(report, 0, 1), OK);
	assert_string_equal(ksa_finding_message(ksa_report_finding_at(report, 0)),
			    "\"s\" [m.ko] undefined!");
	assert_string_equal(report->findings[0].evidence,
			    "exported elsewhere: old, hint: gpl in fs/f");
	ksa_report_free(report);
	/* a kernel of which only a part was read cannot say that a symbol is missing */
	kernels[0]->has_modules = false;
	report = check(kernels, 1, &m, 1, NULL);
	expect(report, 0, UNKNOWN, "");
	assert_int_equal(report->unchecked_count, 1);
	ksa_report_free(report);
	for (size_t i = 0; i < 2; i++)
		ksa_kernel_free(kernels[i]);
	ksa_kernel_free(hint);
}

static void test_unknown_class(void **state)
{
	struct ksa_module *gpl = MODULE("m", .licenses = LIST("GPL"), IMPORTS({.name = "s"}));
	struct ksa_module *closed =
		MODULE("m", .licenses = LIST("Proprietary"), IMPORTS({.name = "s"}));
	struct ksa_module *both =
		MODULE("m", .licenses = LIST("Proprietary"), IMPORTS({.name = "g"}, {.name = "s"}));
	struct ksa_module *tainted[] = {
		PROP_P,
		MODULE("before", .licenses = LIST("GPL"), .depends = LIST("prop_p"),
		       IMPORTS({.name = "s"}, {.name = "prop_fn"})),
		MODULE("behind", .licenses = LIST("GPL"), .depends = LIST("prop_p"),
		       IMPORTS({.name = "prop_fn"}, {.name = "s"})),
	};
	struct ksa_kernel *k = KERNEL("k", {.name = "s"}, {.name = "g", .cls = KSA_CLASS_GPL});
	struct ksa_report *report;

	(void)state;
	expect_one(KERNEL("k", {.name = "s"}), gpl, OK, "");
	expect_one(KERNEL("k", {.name = "s"}), closed, UNKNOWN, "");
	/* what is known to fail fails */
	expect_one(KERNEL("k", {.name = "s"}, {.name = "g", .cls = KSA_CLASS_GPL}), both, FAILS,
		   "KSA001:bl");
	/* "before" has perhaps used a GPL-only symbol when it would inherit the taint */
	report = check(&k, 1, tainted, 3, NULL);
	expect(report, 0, OK, "");
	expect(report, 1, UNKNOWN, "");
	expect(report, 2, UNKNOWN, "");
	ksa_report_free(report);
	ksa_kernel_free(k);
}

static void test_depends(void **state)
{
	struct ksa_kernel *k = open_kernel("k");
	const struct kernel_module builtin = {
		.name = "fs/built-in", .in_tree = true, .builtin = true};
	const struct ksa_export e[] = {
		{.name = "a", .owner = "fs/built-in", .ns_known = true, .cls = KSA_CLASS_PLAIN},
		{.name = "b", .owner = "fs/the-mod", .ns_known = true, .cls = KSA_CLASS_PLAIN}};
	struct ksa_module *m =
		MODULE("m", .licenses = LIST("GPL"), IMPORTS({.name = "a"}, {.name = "b"}));
	struct ksa_report *report;
	uint32_t source;

	(void)state;
	assert_int_equal(kernel_add_source(k, "s", SOURCE_SYMVERS, &source, NULL), 0);
	assert_int_equal(kernel_add_module(k, &builtin, NULL), 0);
	for (size_t i = 0; i < COUNT(e); i++)
		assert_int_equal(kernel_add_export(k, &e[i], NULL), 0);
	assert_int_equal(kernel_seal(k, NULL), 0);
	/* what is built in is always there */
	report = check_one(k, m);
	expect(report, 0, WARNING, "KSA013:l");
	assert_string_equal(ksa_finding_symbol(ksa_report_finding_at(report, 0)), "b");
	ksa_report_free(report);
	m->depends = (struct string_list)LIST("other", "the_mod");
	expect_one(k, m, OK, "");
}

static void test_duplicates(void **state)
{
	struct ksa_kernel *k = KERNEL("k", {.name = "v", .cls = KSA_CLASS_PLAIN},
				      {.name = "f", .owner = "fs/fs-mod", .cls = KSA_CLASS_PLAIN});
	const struct ksa_export v = {.name = "v", .cls = KSA_CLASS_PLAIN, .ns_known = true};
	const struct ksa_export f = {.name = "f", .cls = KSA_CLASS_PLAIN, .ns_known = true};
	struct ksa_module *modules[] = {
		MODULE("one", .licenses = LIST("GPL"), EXPORTS(v)),
		MODULE("two", .licenses = LIST("GPL"), EXPORTS(f)),
		MODULE("three", .licenses = LIST("GPL"), EXPORTS(f)),
		MODULE("fs_mod", .licenses = LIST("GPL"), EXPORTS(f)),
		MODULE("fs-mod", .licenses = LIST("GPL"), EXPORTS(f)),
	};
	struct ksa_report *report = check(&k, 1, modules, 3, NULL);

	(void)state;
	/* of vmlinux: modpost objects as well; of the set: the loader; of a module of the kernel's
	 * tree: the loader, if that one is loaded */
	expect(report, 0, FAILS, "KSA015:bl");
	expect(report, 1, WARNING, "KSA015:l");
	expect(report, 2, FAILS, "KSA015:l KSA015:l");
	ksa_report_free(report);
	/* two builds of the kernel's own module: either takes its place */
	report = check(&k, 1, modules + 3, 2, NULL);
	expect(report, 0, OK, "");
	expect(report, 1, OK, "");
	ksa_report_free(report);
	ksa_kernel_free(k);
}

static void test_architecture(void **state)
{
	struct ksa_kernel *k = KERNEL("k", {.name = "s", .cls = KSA_CLASS_PLAIN});
	struct ksa_module *m = MODULE("m", .licenses = LIST("GPL"), IMPORTS({.name = "missing"}));

	(void)state;
	k->arch = "x86_64";
	m->arch = "arm64";
	/* and no word about the rest, which would be wrong in its own way */
	expect_one(k, m, FAILS, "KSA021:l");
}

/* Module, then level (the worst first), rule, symbol, kernel. */
static void test_order(void **state)
{
	struct ksa_kernel *kernels[] = {KERNEL("a", {.name = "s", .cls = KSA_CLASS_GPL},
					       {.name = "t", .cls = KSA_CLASS_GPL}),
					KERNEL("b", {.name = "s", .cls = KSA_CLASS_GPL},
					       {.name = "t", .cls = KSA_CLASS_GPL})};
	struct ksa_module *modules[] = {
		MODULE("z", .licenses = LIST("GPLv2"), IMPORTS({.name = "t"}, {.name = "s"})),
		MODULE("y", .licenses = LIST("GPL"), .import_ns = LIST("NS"),
		       IMPORTS({.name = "gone"})),
	};
	struct ksa_report *report = check(kernels, 2, modules, 2, NULL);
	static const char *const expected[] = {
		"0 KSA001 s 0",	    "0 KSA001 s 1",	"0 KSA001 t 0",	   "0 KSA001 t 1",
		"0 KSA010 GPLv2 0", "0 KSA010 GPLv2 1", "1 KSA002 gone 0", "1 KSA002 gone 1"};

	(void)state;
	assert_int_equal(ksa_report_finding_count(report), COUNT(expected));
	for (size_t i = 0; i < COUNT(expected); i++) {
		const struct ksa_finding *f = ksa_report_finding_at(report, i);
		char text[64];

		snprintf(text, sizeof(text), "%zu %s %s %zu", ksa_finding_module(f),
			 ksa_finding_rule(f), ksa_finding_symbol(f), ksa_finding_kernel(f));
		assert_string_equal(text, expected[i]);
	}
	/* three imports, each looked up on two kernels */
	assert_int_equal(report->reference_count, 6);
	ksa_report_free(report);
	for (size_t i = 0; i < 2; i++)
		ksa_kernel_free(kernels[i]);
}

static void test_assumed_license(void **state)
{
	const struct ksa_check_options closed = {.assume_license = "Proprietary"};
	const struct ksa_check_options open = {.assume_license = "GPL"};
	struct ksa_kernel *k = KERNEL("k", {.name = "s", .cls = KSA_CLASS_GPL});
	struct ksa_module *gpl = MODULE("m", .licenses = LIST("GPL"), IMPORTS({.name = "s"}));
	struct ksa_module *none = MODULE("m", IMPORTS({.name = "s"}));
	struct ksa_report *report = check(&k, 1, &gpl, 1, &closed);

	(void)state;
	expect(report, 0, FAILS, "KSA001:bl");
	ksa_report_free(report);
	report = check(&k, 1, &none, 1, &open);
	expect(report, 0, OK, "");
	ksa_report_free(report);
	ksa_kernel_free(k);
}

static void test_nothing(void **state)
{
	struct ksa_kernel *k = KERNEL("k", {.name = "s", .cls = KSA_CLASS_GPL});
	struct ksa_report *report = check(&k, 1, NULL, 0, NULL);

	(void)state;
	assert_int_equal(ksa_report_finding_count(report), 0);
	assert_int_equal(report->reference_count, 0);
	ksa_report_free(report);
	ksa_kernel_free(k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_license_by_class),
		cmocka_unit_test(test_license_strings),
		cmocka_unit_test(test_weak),
		cmocka_unit_test(test_denied_before_crc),
		cmocka_unit_test(test_taint),
		cmocka_unit_test(test_weak_inheritance),
		cmocka_unit_test(test_taint_chain),
		cmocka_unit_test(test_shim),
		cmocka_unit_test(test_reserved),
		cmocka_unit_test(test_forged_import),
		cmocka_unit_test(test_vermagic),
		cmocka_unit_test(test_crcs),
		cmocka_unit_test(test_no_version_for_symbol),
		cmocka_unit_test(test_offenders),
		cmocka_unit_test(test_missing),
		cmocka_unit_test(test_unknown_class),
		cmocka_unit_test(test_depends),
		cmocka_unit_test(test_duplicates),
		cmocka_unit_test(test_architecture),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_assumed_license),
		cmocka_unit_test(test_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
