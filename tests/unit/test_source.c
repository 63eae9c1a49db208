// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/source/source.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/strbuf.h"
#include "unit/sourcetext.h"

#define EXPECT(text, expected) expect_in("drivers/a.c", text, expected)

static void test_base_forms(void **state)
{
	(void)state;
	EXPECT("EXPORT_SYMBOL(a);\nEXPORT_SYMBOL_GPL(b);\n", "a plain -@1 d; b gpl -@2 d");
	/* 2.6.24: drivers/usb/core/driver.c, fs/open.c; 2.6.18: fs/libfs.c */
	EXPECT("EXPORT_SYMBOL_GPL_FUTURE(usb_match_id);", "usb_match_id gpl-future -@1 d");
	EXPECT("EXPORT_UNUSED_SYMBOL(a);\nEXPORT_UNUSED_SYMBOL_GPL(sys_open); /* for 2.6.25 */",
	       "a unused -@1 d; sys_open unused-gpl -@2 d");
	/* staging of 2.6.32: defined nowhere */
	EXPECT("EXPORT_SYMBOL_NOVERS(ieee80211_rx);", "");
}

static void test_namespaces(void **state)
{
	(void)state;
	/* bare from 5.4 to 6.12, quoted since 6.13 */
	EXPECT("EXPORT_SYMBOL_NS(a, NS);\nEXPORT_SYMBOL_NS_GPL(b, \"NS\");",
	       "a plain NS@1 ; b gpl NS@2 ");
	EXPECT("EXPORT_SYMBOL_NS(a, \"N\" /* and */\n \"S\");", "a plain NS@1 ");
	EXPECT("EXPORT_SYMBOL_NS(a, );EXPORT_SYMBOL_NS(b, \"\");EXPORT_SYMBOL_NS(c);",
	       "a plain -@1 ; b plain -@1 ; c plain -@1 ");
	EXPECT("#define NS \"FOO\"\nEXPORT_SYMBOL_NS(a, NS);", "a plain FOO@2 ");
	EXPECT("#define NS FOO\nEXPORT_SYMBOL_NS(a, NS);", "a plain FOO@2 ");
	EXPECT("EXPORT_SYMBOL_NS_GPL(a, __stringify(X) \"_Y\");", "a gpl X_Y@1 ");
}

static void test_reserved(void **state)
{
	(void)state;
	/* 6.16: fs/anon_inodes.c; 6.17 renamed it */
	EXPECT("EXPORT_SYMBOL_GPL_FOR_MODULES(anon_inode_make_secure_inode, \"kvm\");",
	       "anon_inode_make_secure_inode gpl module:kvm@1 ");
	EXPECT("EXPORT_SYMBOL_FOR_MODULES(a, \"kvm,b-*\");", "a gpl module:kvm,b-*@1 ");
	EXPECT("EXPORT_SYMBOL_FOR_EXT4_TEST(ext4_x);", "ext4_x gpl module:ext4-test@1 ");
	/* 7.2: include/linux/kvm_types.h and arch/.../asm/kvm_types.h */
	expect_in("virt/kvm/kvm_main.c", "EXPORT_SYMBOL_FOR_KVM_INTERNAL(kvm_get_dirty_log);",
		  "kvm_get_dirty_log gpl module:kvm-amd,kvm-intel@1 ");
	expect_in("arch/x86/kernel/a.c", "EXPORT_SYMBOL_FOR_KVM(a);",
		  "a gpl module:kvm,kvm-amd,kvm-intel@1 ");
	expect_in("arch/powerpc/kvm/a.c", "EXPORT_SYMBOL_FOR_KVM_INTERNAL(a);",
		  "a gpl module:kvm-pr,kvm-hv@1 ");
	expect_in("arch/loongarch/kvm/switch.S", "EXPORT_SYMBOL_FOR_KVM(kvm_enter_guest)",
		  "kvm_enter_guest gpl module:kvm@1 ");
}

static void test_default_namespace(void **state)
{
	(void)state;
	/* 7.2: drivers/pwm/core.c */
	EXPECT("#define DEFAULT_SYMBOL_NAMESPACE \"PWM\"\n#include <linux/acpi.h>\n"
	       "EXPORT_SYMBOL_GPL(a);\nEXPORT_SYMBOL_NS(b, X);\nEXPORT_TRACEPOINT_SYMBOL(c);",
	       "a gpl PWM@3 ; b plain X@4 ; __tracepoint_c plain PWM@5 po; "
	       "__SCK__tp_func_c plain PWM@5 po; __traceiter_c plain PWM@5 p; "
	       "__SCT__tp_func_c plain PWM@5 p");
	/* 5.4 to 6.12 bare; 6.12: drivers/hwmon/nct6775-core.c undefines the Makefile's first */
	EXPECT("#undef DEFAULT_SYMBOL_NAMESPACE\n#define DEFAULT_SYMBOL_NAMESPACE A_B\n"
	       "EXPORT_SYMBOL_GPL(a);",
	       "a gpl A_B@3 ");
	/* The Makefile's is undefined, too. */
	EXPECT("#define DEFAULT_SYMBOL_NAMESPACE A\n#undef DEFAULT_SYMBOL_NAMESPACE\n"
	       "EXPORT_SYMBOL_GPL(a);",
	       "a gpl -@3 ");
	EXPECT("#undef DEFAULT_SYMBOL_NAMESPACE\n#include <a.h>\nEXPORT_SYMBOL_GPL(a);",
	       "a gpl -@3 ");
	/* Too late: where the headers were read, it was there. */
	EXPECT("#include <a.h>\n#undef DEFAULT_SYMBOL_NAMESPACE\nEXPORT_SYMBOL_GPL(a);",
	       "a gpl -@3 d");
	/* But the macros take the value that it has where they are used. */
	EXPECT("#define DEFAULT_SYMBOL_NAMESPACE \"A\"\n#include <a.h>\n"
	       "#undef DEFAULT_SYMBOL_NAMESPACE\n#define DEFAULT_SYMBOL_NAMESPACE \"B\"\n"
	       "EXPORT_SYMBOL_GPL(a);",
	       "a gpl B@5 ");
	/* 6.1: drivers/pwm/pwm-lpss.c; 7.2: libie/fwlog.c: too late, without effect */
	EXPECT("#include <linux/export.h>\n#define DEFAULT_SYMBOL_NAMESPACE \"LIBIE_FWLOG\"\n"
	       "EXPORT_SYMBOL_GPL(libie_fwlog_init);",
	       "libie_fwlog_init gpl -@3 d");
	/* 7.2: its header sets it */
	expect_in("fs/smb/smbdirect/mr.c", "#include \"internal.h\"\nEXPORT_SYMBOL_GPL(a);",
		  "a gpl SMBDIRECT@2 ");
	EXPECT("#include \"internal.h\"\nEXPORT_SYMBOL_GPL(a);", "a gpl -@2 d");
}

static void test_layout(void **state)
{
	(void)state;
	/* 7.2: fs/posix_acl.c */
	EXPECT("EXPORT_SYMBOL (posix_acl_from_xattr);", "posix_acl_from_xattr plain -@1 d");
	EXPECT("EXPORT_SYMBOL\n(\n\ta\n)\nEXPORT_SYMBOL_GPL(b)", "a plain -@1 d; b gpl -@5 d");
	EXPECT("EXPORT_SYMBOL_NS_GPL \\\n  (a, \\\n NS) \\\n;\n", "a gpl NS@1 ");
	EXPECT("\r\n\tEXPORT_SYMBOL_NS( a ,\r\n\tNS\r\n);\r\n", "a plain NS@2 ");
	EXPECT("EXPORT_SYMBOL(a); EXPORT_SYMBOL_GPL(b);EXPORT_SYMBOL(c)",
	       "a plain -@1 d; b gpl -@1 d; c plain -@1 d");
	EXPECT("EXPORT_SYMBOL(/* not */ a /* at all */);", "a plain -@1 d");
	EXPECT("EXPORT_SYMBOL /* (x) */ (a // y)\n);", "a plain -@1 d");
	/* Latin-1, as in names of authors until 2.6.26 */
	EXPECT("/* \xe9 */ char *a = \"\xff\"; EXPORT_SYMBOL(a);", "a plain -@1 d");
}

static void test_not_invoked(void **state)
{
	(void)state;
	EXPECT("EXPORT_SYMBOL;", "");
	EXPECT("EXPORT_SYMBOL()", "");
	EXPECT("EXPORT_SYMBOL(", "");
	EXPECT("EXPORT_SYMBOL(a", "");
	EXPECT("EXPORT_SYMBOL(a;\nEXPORT_SYMBOL(b);", "b plain -@2 d");
	EXPECT("EXPORT_SYMBOL = {\n}; x(EXPORT_SYMBOL)", "");
	EXPECT("MY_EXPORT_SYMBOLS(a) EXPORT(b) xEXPORT_", "a unknown -@1 ");
	EXPECT("EXPORT_SYMBOL", "");
	EXPECT("", "");
}

static void test_comments(void **state)
{
	(void)state;
	EXPECT("/* EXPORT_SYMBOL(a); */ // EXPORT_SYMBOL(b);\nEXPORT_SYMBOL(c);", "c plain -@2 d");
	EXPECT("// continued \\\nEXPORT_SYMBOL(a);\nEXPORT_SYMBOL(b);", "b plain -@3 d");
	EXPECT("/*/ EXPORT_SYMBOL(a); /*/ EXPORT_SYMBOL(b);", "b plain -@1 d");
	EXPECT("/* // */ EXPORT_SYMBOL(a); // /*\nEXPORT_SYMBOL(b); /**/ EXPORT_SYMBOL(c);",
	       "a plain -@1 d; b plain -@2 d; c plain -@2 d");
	EXPECT("EXPORT_SYMBOL(a);\n/* EXPORT_SYMBOL(b);", "a plain -@1 d");
	/* 2.6.12: kernel/rcupdate.c: comments lie */
	EXPECT("EXPORT_SYMBOL(call_rcu); /* WARNING: GPL-only in April 2006. */",
	       "call_rcu plain -@1 d");
}

static void test_quotes(void **state)
{
	(void)state;
	EXPECT("\"EXPORT_SYMBOL(a)\" 'EXPORT_SYMBOL(b)' \"\\\"EXPORT_SYMBOL(c)\";\n"
	       "EXPORT_SYMBOL(d);",
	       "d plain -@2 d");
	EXPECT("\"/*\" EXPORT_SYMBOL(a); '\"' EXPORT_SYMBOL(b); '\\'' EXPORT_SYMBOL(c); \"\\\\\" "
	       "EXPORT_SYMBOL(d);",
	       "a plain -@1 d; b plain -@1 d; c plain -@1 d; d plain -@1 d");
	EXPECT("\"a\\\nEXPORT_SYMBOL(a)\"\nEXPORT_SYMBOL(b);", "b plain -@3 d");
	/* an apostrophe in assembly or in dead text ends with its line */
	EXPECT("don't\nEXPORT_SYMBOL(a);\n\"\nEXPORT_SYMBOL(b);", "a plain -@2 d; b plain -@4 d");
	/* 7.2: fs/unicode/mkutf8data.c, a program that writes a source file */
	EXPECT("\tfprintf(file, \"EXPORT_SYMBOL_GPL(utf8_data_table);\");", "");
}

static void test_conditionals(void **state)
{
	(void)state;
	EXPECT("#if 0\nEXPORT_SYMBOL(a);\n#else\nEXPORT_SYMBOL(b);\n#endif\nEXPORT_SYMBOL(c);",
	       "b plain -@4 d; c plain -@6 d");
	EXPECT("#if 1\nEXPORT_SYMBOL(a);\n#elif X\nEXPORT_SYMBOL(b);\n#else\nEXPORT_SYMBOL(c);\n"
	       "#endif",
	       "a plain -@2 d");
	EXPECT("#if 0\n#ifdef X\nEXPORT_SYMBOL(a);\n#else\nEXPORT_SYMBOL(b);\n#endif\n"
	       "EXPORT_SYMBOL(c);\n#elif Y\nEXPORT_SYMBOL(d);\n#endif",
	       "d plain -@9 d");
	EXPECT("#if 0\n#if 1\nEXPORT_SYMBOL(a);\n#endif\nEXPORT_SYMBOL(b);\n#endif\n", "");
	EXPECT("#ifdef X\n#elif 0\nEXPORT_SYMBOL(a);\n#elif 1\nEXPORT_SYMBOL(b);\n#else\n"
	       "EXPORT_SYMBOL(c);\n#endif",
	       "b plain -@5 d");
	/* both branches count: 7.2: kernel/locking/mutex.c */
	EXPECT("#ifdef CONFIG_DEBUG_LOCK_ALLOC\nEXPORT_SYMBOL_GPL(ww_mutex_lock);\n#else\n"
	       "EXPORT_SYMBOL(ww_mutex_lock);\n#endif",
	       "ww_mutex_lock gpl -@2 d; ww_mutex_lock plain -@4 d");
	EXPECT(" \t# /**/ if 0 /* x\n y */ && z\nEXPORT_SYMBOL(a);\n/* c */ #endif\n"
	       "EXPORT_SYMBOL(b);",
	       "b plain -@5 d");
	EXPECT("#if 0 // don't\nEXPORT_SYMBOL(a); /* #endif */ don't\n\"#endif\n x #endif\n#endif\n"
	       "EXPORT_SYMBOL(b);",
	       "b plain -@6 d");
	EXPECT("#endif\n#else\n#if 0\n#endif\n#endif\nEXPORT_SYMBOL(a);", "a plain -@6 d");
}

static void test_conditions(void **state)
{
	static const struct {
		const char *text;
		bool dead;
	} cases[] = {
		{"0", true},
		{"(0)", true},
		{"!1", true},
		{"0L", true},
		{"0x0", true},
		{"0 && defined(X)", true},
		{"defined(X) && 0", true},
		{"(defined X || Y) && (0)", true},
		{"0 || 0", true},
		{"!(1 || X)", true},
		{"0 || X", false},
		{"!0", false},
		{"1", false},
		{"0 == X", false},
		{"X", false},
		{"00001", false},
		{"0 ? 0 : 1", false},
		{"-0", true},
		{"(0", false},
		{"0)", false},
		{"", false},
		{"IS_ENABLED(CONFIG_X) && 0", true},
		{"LINUX_VERSION_CODE < KERNEL_VERSION(2,6,0)", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char text[256];

		snprintf(text, sizeof(text), "#if %s\nEXPORT_SYMBOL(a);\n#endif", cases[i].text);
		EXPECT(text, cases[i].dead ? "" : "a plain -@2 d");
	}
}

static void test_deep_conditionals(void **state)
{
	struct strbuf text = {0};

	(void)state;
	for (int i = 0; i < 200; i++)
		strbuf_adds(&text, i == 100 ? "#if 0\n" : "#ifdef X\n");
	strbuf_adds(&text, "EXPORT_SYMBOL(a);\n");
	for (int i = 0; i < 200; i++)
		strbuf_adds(&text, "#endif\n");
	strbuf_adds(&text, "#if 0\nEXPORT_SYMBOL(b);\n#endif\nEXPORT_SYMBOL(c);");
	/* deeper than any kernel's: taken as alive, and the count stays right */
	EXPECT(strbuf_string(&text), "a plain -@201 d; c plain -@405 d");
	strbuf_release(&text);
}

static void test_tracepoints(void **state)
{
	(void)state;
	EXPECT("EXPORT_TRACEPOINT_SYMBOL_GPL(kvm_exit);",
	       "__tracepoint_kvm_exit gpl -@1 dpo; __SCK__tp_func_kvm_exit gpl -@1 dpo; "
	       "__traceiter_kvm_exit gpl -@1 dp; __SCT__tp_func_kvm_exit gpl -@1 dp");
	/* 6.1: net/9p/client.c: no identifier by itself */
	EXPECT("EXPORT_TRACEPOINT_SYMBOL(9p_fid_ref);",
	       "__tracepoint_9p_fid_ref plain -@1 dpo; __SCK__tp_func_9p_fid_ref plain -@1 dpo; "
	       "__traceiter_9p_fid_ref plain -@1 dp; __SCT__tp_func_9p_fid_ref plain -@1 dp");
	EXPECT("EXPORT_SYMBOL(9p);", "?EXPORT_SYMBOL@1");
}

static void test_static_calls(void **state)
{
	(void)state;
	EXPECT("EXPORT_STATIC_CALL(a);\nEXPORT_STATIC_CALL_GPL(b);\nEXPORT_STATIC_CALL_TRAMP(c);\n"
	       "EXPORT_STATIC_CALL_TRAMP_GPL(d);",
	       "__SCK__a plain -@1 dpo; __SCT__a plain -@1 dp; __SCK__b gpl -@2 dpo; "
	       "__SCT__b gpl -@2 dp; __SCT__c plain -@3 dp; __SCT__d gpl -@4 dp");
}

static void test_per_cpu(void **state)
{
	(void)state;
	EXPECT("EXPORT_PER_CPU_SYMBOL(a);\nEXPORT_PER_CPU_SYMBOL_GPL(b);\n"
	       "EXPORT_EARLY_PER_CPU_SYMBOL(x86_cpu_to_apicid);",
	       "a plain -@1 do; b gpl -@2 do; x86_cpu_to_apicid plain -@3 do");
}

static void test_pm_ops(void **state)
{
	(void)state;
	/* they do not take the default namespace: include/linux/pm.h gives "" */
	EXPECT("#define DEFAULT_SYMBOL_NAMESPACE X\nEXPORT_DEV_PM_OPS(a) = {\n};\n"
	       "EXPORT_GPL_DEV_PM_OPS(b) = {\n};",
	       "a plain -@2 o; b gpl -@4 o");
	/* 7.2: drivers/mfd/cs42l43.c: bare even where other namespaces are quoted */
	EXPECT("EXPORT_NS_GPL_DEV_PM_OPS(cs42l43_pm_ops, MFD_CS42L43) = {\n};",
	       "cs42l43_pm_ops gpl MFD_CS42L43@1 o");
	EXPECT("EXPORT_NS_DEV_SLEEP_PM_OPS(a, N);EXPORT_GPL_DEV_SLEEP_PM_OPS(b);",
	       "a plain N@1 o; b gpl -@1 o");
	/* 7.2: drivers/iio/magnetometer/hmc5843_core.c, accel/bmi088-accel-core.c */
	EXPECT("EXPORT_NS_SIMPLE_DEV_PM_OPS(hmc5843_pm_ops, hmc5843_common_suspend,\n"
	       "\t\t\t    hmc5843_common_resume, IIO_HMC5843);\n"
	       "EXPORT_NS_GPL_RUNTIME_DEV_PM_OPS(bmi088_accel_pm_ops, s,\n r, NULL,\n IIO_BMI088);",
	       "hmc5843_pm_ops plain IIO_HMC5843@1 o; bmi088_accel_pm_ops gpl IIO_BMI088@3 o");
	EXPECT("EXPORT_SIMPLE_DEV_PM_OPS(a, b, c);EXPORT_GPL_RUNTIME_DEV_PM_OPS(d, e, f, NULL);",
	       "a plain -@1 o; d gpl -@1 o");
}

static void test_test_only(void **state)
{
	(void)state;
	EXPECT("EXPORT_SYMBOL_IF_KUNIT(a);EXPORT_SYMBOL_IF_MAC80211_KUNIT(b);",
	       "a plain EXPORTED_FOR_KUNIT_TESTING@1 ; b plain EXPORTED_FOR_KUNIT_TESTING@1 ");
	EXPECT("EXPORT_SYMBOL_FOR_TESTS_ONLY(a);EXPORT_IF_KUNIT(b);",
	       "a plain -@1 d; b plain -@1 d");
}

static void test_other_names(void **state)
{
	(void)state;
	/* looks plain, is GPL-only */
	EXPECT("IWL_EXPORT_SYMBOL(iwl_read32);", "iwl_read32 gpl IWLWIFI@1 ");
	EXPECT("BRCMF_EXPORT_SYMBOL_GPL(a);", "a gpl BRCMFMAC@1 ");
	EXPECT("ACPI_EXPORT_SYMBOL(acpi_a)\nACPI_EXPORT_SYMBOL_INIT(acpi_b)",
	       "acpi_a plain -@1 d; acpi_b plain -@2 d");
	EXPECT("EXPORT_SYMBOL_ACPI_LIB(acpi_table_parse_cedt);",
	       "acpi_table_parse_cedt gpl ACPI@1 ");
	/* 2.6.32: sound/pci/hda/hda_beep.c */
	EXPECT("EXPORT_SYMBOL_HDA(snd_hda_attach_beep_device);",
	       "snd_hda_attach_beep_device gpl -@1 d");
	EXPECT("EXPORT_WEXT_HANDLER(a);EXPORT_INDIRECT_CALLABLE(b);EXPORT_IPV6_MOD(c);"
	       "EXPORT_IPV6_MOD_GPL(d);UASM_EXPORT_SYMBOL(e);EXPORT_SYMBOL_RSL(f);",
	       "a gpl -@1 d; b plain -@1 d; c plain -@1 d; d gpl -@1 d; e plain -@1 d; "
	       "f plain -@1 d");
	expect_in("net/core/filter.c", "EXPORT_SYMBOL(a);\nDEFINE_BPF_DISPATCHER(xdp)",
		  "a plain -@1 d; bpf_dispatcher_xdp_func plain -@2 dp");
	EXPECT("EXPORT_SYMBOL(a);\nDEFINE_BPF_DISPATCHER(xdp)", "a plain -@1 d");
}

/* An unknown macro is never taken as plain. */
static void test_unknown(void **state)
{
	(void)state;
	EXPECT("EXPORT_SYMBOL_NEW(a);MY_GPL_EXPORT_SYMBOL(b, \"NS\");EXPORT_NEW(c);",
	       "a unknown -@1 ; b gpl -@1 ");
	EXPECT("DEFINE_DMA_BUF_EXPORT_INFO(exp_info);PI_EXPORT_SYM(x);EXPORT_UDEV_PROP(y);"
	       "EXPORT_SYMBOL_NEW(1);",
	       "?EXPORT_SYMBOL_NEW@1");
}

/* The Makefile's flags for C do not reach it. */
static void test_assembly(void **state)
{
	(void)state;
	expect_in("arch/x86/lib/memcpy_64.S",
		  "SYM_FUNC_END(memcpy)\nEXPORT_SYMBOL(memcpy)\n# EXPORT_SYMBOL(a)\n"
		  "\tret # EXPORT_SYMBOL(b)\n.type c, @function; EXPORT_SYMBOL(c)",
		  "memcpy plain -@2 ; c plain -@5 ");
	expect_in("arch/arm/lib/a.S",
		  "mov r0, #1; EXPORT_SYMBOL(a)\n@ EXPORT_SYMBOL(b)\nEXPORT_SYMBOL(c) @ x",
		  "a plain -@1 ; c plain -@3 ");
	expect_in("arch/sparc/lib/a.S", "! EXPORT_SYMBOL(a)\nEXPORT_SYMBOL(b)", "b plain -@2 ");
	expect_in("arch/m68k/lib/a.S", "| EXPORT_SYMBOL(a)\nEXPORT_SYMBOL(b)", "b plain -@2 ");
	/* 4.9 to 6.4: arch/ia64/kernel/head.S */
	expect_in("arch/ia64/kernel/head.S", "EXPORT_DATA_SYMBOL_GPL(empty_zero_page)",
		  "empty_zero_page gpl -@1 o");
	expect_in("arch/powerpc/lib/copy_32.S", "EXPORT_SYMBOL_KASAN(memcpy)",
		  "__memcpy plain -@1 p");
	expect_in("arch/arm64/lib/memchr.S", "EXPORT_SYMBOL_NOKASAN(memchr)", "memchr plain -@1 ");
	/* MIPS' own, no exports */
	expect_in("arch/mips/kernel/genex.S", "EXPORT(a)\nFEXPORT(b)\nEXPORT_SYMBOL(c)",
		  "c plain -@3 ");
	/* 6.1: arch/parisc/kernel/parisc_ksyms.c */
	EXPECT("EXPORT_SYMBOL($$mulI);EXPORT_SYMBOL($global$);",
	       "$$mulI plain -@1 d; $global$ plain -@1 d");
	/* a macro of the assembler: 7.2, arch/s390/include/asm/nospec-insn.h */
	expect_in("a.h", ".macro X name\n\tEXPORT_SYMBOL(\\name)\n.endm", "?EXPORT_SYMBOL@2");
}

static void expect_module(const char *text, const char *license, const char *imports)
{
	struct source_scan scan = {.license = NULL};
	struct strbuf out = {0};

	scan_copy(&scan, "a.c", text, strlen(text));
	assert_string_equal(scan.license ? scan.license : "-", license);
	for (size_t i = 0; i < scan.imports.count; i++)
		strbuf_printf(&out, "%s ", scan.imports.items[i]);
	assert_string_equal(strbuf_string(&out), imports);
	strbuf_release(&out);
	source_scan_release(&scan);
}

static void test_modules(void **state)
{
	(void)state;
	expect_module("MODULE_LICENSE(\"GPL\");\nMODULE_LICENSE(\"Proprietary\");", "GPL", "");
	expect_module("MODULE_LICENSE (\"Dual \" \"BSD/GPL\")", "Dual BSD/GPL", "");
	expect_module("#define L \"GPL v2\"\nMODULE_LICENSE(L);", "GPL v2", "");
	expect_module("MODULE_IMPORT_NS(DMA_BUF);\nMODULE_IMPORT_NS(\"CXL\");", "-",
		      "DMA_BUF CXL ");
	expect_module("#if 0\nMODULE_LICENSE(\"GPL\");\n#endif\n/* MODULE_IMPORT_NS(X); */\n"
		      "MODULE_AUTHOR(\"MODULE_LICENSE(x)\");MODULE_LICENSES(\"x\");",
		      "-", "");
	expect_module("MODULE_LICENSE(\"\");MODULE_LICENSE(\"GPL\");MODULE_LICENSE(", "GPL", "");
}

static void test_reuse(void **state)
{
	struct source_scan scan = {.license = NULL};
	static const char first[] =
		"#define A(x) EXPORT_SYMBOL(x##1)\n#define DEFAULT_SYMBOL_NAMESPACE "
		"N\n#if 0\nMODULE_LICENSE(\"GPL\");\n#endif\nA(x)\nMODULE_LICENSE("
		"\"GPL\");MODULE_IMPORT_NS(X);EXPORT_SYMBOL(1);";

	(void)state;
	for (int i = 0; i < 3; i++) {
		scan_copy(&scan, "a.c", first, strlen(first));
		assert_int_equal(scan.export_count, 1);
		assert_string_equal(scan.exports[0].name, "x1");
		assert_string_equal(scan.exports[0].ns, "N");
		assert_int_equal(scan.gap_count, 1);
		assert_int_equal(scan.imports.count, 1);
		assert_string_equal(scan.license, "GPL");
		scan_copy(&scan, NULL, "EXPORT_SYMBOL(y);\nA(z)", 23);
		assert_int_equal(scan.export_count, 1);
		assert_null(scan.exports[0].ns);
		assert_int_equal(scan.gap_count, 0);
		assert_int_equal(scan.imports.count, 0);
		assert_null(scan.license);
	}
	source_scan_release(&scan);
	source_scan_release(&scan);
}

static bool may_at(const char *path, const char *text)
{
	size_t size = strlen(text);
	unsigned char *copy = malloc(size ? size : 1);
	bool result;

	assert_non_null(copy);
	memcpy(copy, text, size);
	result = source_may_export(path, copy, size);
	free(copy);
	return result;
}

static bool may(const char *text)
{
	return may_at("a.c", text);
}

static void test_may_export(void **state)
{
	(void)state;
	assert_true(may("EXPORT"));
	assert_true(may("xEXPORT"));
	assert_true(may("EEXEXPEXPORT_SYMBOL(a)"));
	assert_false(may("EXPOR"));
	assert_false(may("XPORT X EXPOR TEXPO"));
	assert_false(may("X"));
	assert_false(may(""));
	assert_false(source_may_export("a.c", NULL, 0));
	assert_true(may_at("arch/powerpc/platforms/chrp/setup.c", "\ndefine_machine(chrp) {"));
	assert_false(may_at("arch/mips/a.c", "\ndefine_machine(chrp) {"));
}

static void test_nul(void **state)
{
	struct source_scan scan = {.license = NULL};
	static const char text[] = "a\0EXPORT_SYMBOL(b);\0EXPORT_SYMBOL(c\0d);";

	(void)state;
	scan_copy(&scan, "arch/x86/a.S", text, sizeof(text));
	assert_int_equal(scan.export_count, 1);
	assert_string_equal(scan.exports[0].name, "b");
	assert_int_equal(scan.gap_count, 1);
	source_scan_release(&scan);
}

/* A name longer than KSYM_NAME_LEN is no symbol. */
static void test_long_names(void **state)
{
	struct strbuf text = {0};

	(void)state;
	strbuf_adds(&text, "EXPORT_SYMBOL(");
	for (int i = 0; i < 511; i++)
		strbuf_addc(&text, 'a');
	strbuf_adds(&text, ");\n");
	assert_true(may(strbuf_string(&text)));
	{
		struct source_scan scan = {.license = NULL};

		scan_copy(&scan, "a.c", text.data, text.length);
		assert_int_equal(scan.export_count, 1);
		assert_int_equal(strlen(scan.exports[0].name), 511);
		source_scan_release(&scan);
	}
	strbuf_reset(&text);
	strbuf_adds(&text, "EXPORT_SYMBOL(");
	for (int i = 0; i < 512; i++)
		strbuf_addc(&text, 'a');
	strbuf_adds(&text, ");\n");
	EXPECT(strbuf_string(&text), "?EXPORT_SYMBOL@1");
	strbuf_release(&text);
}

/* Macros that grow without bound end with an error, soon. */
static void test_limit(void **state)
{
	struct source_scan scan = {.license = NULL};
	struct ksa_error err = {0};
	struct strbuf text = {0};

	(void)state;
	strbuf_adds(&text, "#define M0(x) EXPORT_SYMBOL(x)\n");
	for (int i = 1; i < 8; i++) {
		strbuf_printf(&text, "#define M%d(x)", i);
		for (int k = 0; k < 8; k++)
			strbuf_printf(&text, " M%d(x)", i - 1);
		strbuf_adds(&text, "\n");
	}
	strbuf_adds(&text, "M7(a)\n");
	assert_int_equal(
		source_scan(&scan, "a.c", (const unsigned char *)text.data, text.length, &err),
		KSA_ELIMIT);
	assert_int_equal(err.code, KSA_ELIMIT);
	assert_string_equal(err.source, "a.c");
	/* and the next file is read as if nothing had been */
	scan_copy(&scan, "b.c", "EXPORT_SYMBOL(b);", 17);
	assert_int_equal(scan.export_count, 1);
	source_scan_release(&scan);
	strbuf_release(&text);
}

/* Every prefix of a text with everything in it: no read beyond the end. */
static void test_cut_short(void **state)
{
	static const char text[] =
		"/* a */ #define A(x, ...) \\\r\n EXPORT_SYMBOL(x##_a) /* b */ // c\n#if (0 && "
		"!1)\n"
		"\"\\\n\" '\\'' A(b, \"c\")\n#elif 1\nA(d, e)\nEXPORT_SYMBOL_NS /* */ (\\\n f, "
		"\"g\" "
		"__stringify(h))\n#endif\n#include <linux/cgroup_refcnt.h>\nMODULE_LICENSE(\"GPL\")"
		"\n#define f g\nEXPORT_SYMBOL(f)";
	struct source_scan scan = {.license = NULL};

	(void)state;
	for (size_t size = 0; size < sizeof(text); size++)
		scan_copy(&scan, "a.S", text, size);
	assert_int_equal(scan.export_count, 3);
	source_scan_release(&scan);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_base_forms),
		cmocka_unit_test(test_namespaces),
		cmocka_unit_test(test_reserved),
		cmocka_unit_test(test_default_namespace),
		cmocka_unit_test(test_layout),
		cmocka_unit_test(test_not_invoked),
		cmocka_unit_test(test_comments),
		cmocka_unit_test(test_quotes),
		cmocka_unit_test(test_conditionals),
		cmocka_unit_test(test_conditions),
		cmocka_unit_test(test_deep_conditionals),
		cmocka_unit_test(test_tracepoints),
		cmocka_unit_test(test_static_calls),
		cmocka_unit_test(test_per_cpu),
		cmocka_unit_test(test_pm_ops),
		cmocka_unit_test(test_test_only),
		cmocka_unit_test(test_other_names),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_assembly),
		cmocka_unit_test(test_modules),
		cmocka_unit_test(test_reuse),
		cmocka_unit_test(test_may_export),
		cmocka_unit_test(test_nul),
		cmocka_unit_test(test_long_names),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_cut_short),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
