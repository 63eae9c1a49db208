// SPDX-License-Identifier: GPL-2.0-or-later
/* Exports by macros that the file defines, and by those that stand in other files. */
#include "read/source/source.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "unit/sourcetext.h"

#define EXPECT(text, expected) expect_in("drivers/a.c", text, expected)

static void test_bodies_export_nothing(void **state)
{
	(void)state;
	EXPECT("#define X(x) EXPORT_SYMBOL(x)\n#define Y \\\n EXPORT_SYMBOL(y); /* \\\n */ "
	       "EXPORT_SYMBOL(z)\nEXPORT_SYMBOL(a);",
	       "a plain -@5 d");
	EXPECT("#define X /* \n EXPORT_SYMBOL(b); */ EXPORT_SYMBOL(c)\nEXPORT_SYMBOL(a);",
	       "a plain -@3 d");
	/* 2.6.38: include/linux/module.h */
	expect_in("include/linux/module.h",
		  "#define EXPORT_SYMBOL(sym) __EXPORT_SYMBOL(sym, \"\")\n"
		  "#define EXPORT_SYMBOL_GPL(sym) __EXPORT_SYMBOL(sym, \"_gpl\")\n",
		  "");
}

static void test_generators(void **state)
{
	(void)state;
	/* 6.1: kernel/params.c */
	EXPECT("#define STANDARD_PARAM_DEF(name, type, format, strtolfn)      \t\t\\\n"
	       "\tint param_set_##name(const char *val, const struct kernel_param *kp) \\\n"
	       "\t{ return strtolfn(val, 0, (type *)kp->arg); }\t\t\t\\\n"
	       "\tEXPORT_SYMBOL(param_set_##name);\t\t\t\\\n"
	       "\tEXPORT_SYMBOL(param_ops_##name)\n\n"
	       "STANDARD_PARAM_DEF(byte,\tunsigned char, \"%hhu\", kstrtou8);\n"
	       "STANDARD_PARAM_DEF(short,short,\"%hi\", kstrtos16);",
	       "param_set_byte plain -@7 dp; param_ops_byte plain -@7 dp; "
	       "param_set_short plain -@8 dp; param_ops_short plain -@8 dp");
	/* 6.1: lib/kstrtox.c: the name is an argument */
	EXPECT("#define kstrto_from_user(f, g, type) int f(void) {} EXPORT_SYMBOL(f)\n\n"
	       "kstrto_from_user(kstrtoull_from_user,\tkstrtoull,\tunsigned long long);",
	       "kstrtoull_from_user plain -@3 d");
	/* 7.2: drivers/gpu/drm/xe/xe_sriov_vfio.c */
	EXPECT("#define DEF(_type, _func, _impl) \\\n"
	       "EXPORT_SYMBOL_FOR_MODULES(xe_sriov_vfio_##_func, \"xe-vfio-pci\")\n"
	       "DEF(int, error, control_stop_vf);",
	       "xe_sriov_vfio_error gpl module:xe-vfio-pci@3 p");
	/* 6.1: drivers/acpi/property.c exports what it is given, without a semicolon */
	EXPECT("#define D(ops) \\\n const struct x ops = {}; \\\n "
	       "EXPORT_SYMBOL_GPL(ops)\nD(a)\nD(b);",
	       "a gpl -@4 d; b gpl -@5 d");
	/* 6.1: arch/sh/kernel/sh_ksyms_32.c */
	EXPECT("#define DECLARE_EXPORT(name)\t\t\\\n\textern void name(void);EXPORT_SYMBOL(name)\n"
	       "DECLARE_EXPORT(__udivsi3);",
	       "__udivsi3 plain -@3 d");
}

static void test_nested_macros(void **state)
{
	(void)state;
	/* 6.1: kernel/trace/bpf_trace.c */
	EXPECT("#define UNPACK(...) __VA_ARGS__\n#define REPEAT_1(FN, DL, X, ...) FN(X)\n"
	       "#define REPEAT_2(FN, DL, X, ...) FN(X) UNPACK DL REPEAT_1(FN, DL, __VA_ARGS__)\n"
	       "#define REPEAT(X, FN, DL, ...) REPEAT_##X(FN, DL, __VA_ARGS__)\n"
	       "#define SARG(X) u64 arg##X\n#define __DL_COM (,)\n"
	       "#define BPF_TRACE_DEFN_x(x) \\\n"
	       " void bpf_trace_run##x(REPEAT(x, SARG, __DL_COM, 0, 1)) {} \\\n"
	       " EXPORT_SYMBOL_GPL(bpf_trace_run##x)\n"
	       "BPF_TRACE_DEFN_x(1);\nBPF_TRACE_DEFN_x(2);\n",
	       "bpf_trace_run1 gpl -@10 dp; bpf_trace_run2 gpl -@11 dp");
	/* the argument's macros are expanded first, where they are not pasted */
	EXPECT("#define CAT_(a, b) a##b\n#define CAT(a, b) CAT_(a, b)\n#define PRE foo_\n"
	       "#define GEN(x) EXPORT_SYMBOL(CAT(PRE, x))\nGEN(bar);\nEXPORT_SYMBOL(CAT(PRE, "
	       "baz));",
	       "foo_bar plain -@5 dp; foo_baz plain -@6 dp");
	EXPECT("#define A(x) B(x)\n#define B(x) C(x)\n#define C(x) EXPORT_SYMBOL_GPL(x)\nA(foo);",
	       "foo gpl -@4 d");
	EXPECT("#define A(x) B(x)\nA(x)\n#define B(x) EXPORT_SYMBOL(x)\nA(foo);",
	       "foo plain -@4 d");
	EXPECT("#define A(x, y...) EXPORT_SYMBOL(x##_a); B(y)\n#define B(x, ...) "
	       "EXPORT_SYMBOL(x##_b)\nA(p, q, r)",
	       "p_a plain -@3 dp; q_b plain -@3 dp");
	/* itself inside of itself is not expanded again */
	EXPECT("#define A(x) A(x) EXPORT_SYMBOL(x)\nA(foo)", "foo plain -@2 d");
	EXPECT("#define foo foo\nEXPORT_SYMBOL(foo);", "foo plain -@2 d");
	EXPECT("#define A(x) #x EXPORT_SYMBOL(x)\nA(\")\")", "?EXPORT_SYMBOL@2");
}

static void test_aliases(void **state)
{
	(void)state;
	EXPECT("#define ATOMIC64_EXPORT EXPORT_SYMBOL\nATOMIC64_EXPORT(a);\n"
	       "#define B C\n#define C EXPORT_SYMBOL_GPL\nB(b)",
	       "a plain -@2 d; b gpl -@5 d");
	EXPECT("#define A B\n#define B A\nEXPORT_SYMBOL(x);A(x)", "x plain -@3 d");
	EXPECT("#define ALL EXPORT_SYMBOL(a); EXPORT_SYMBOL_GPL(b)\nALL;",
	       "a plain -@2 dp; b gpl -@2 dp");
}

/* A file's own macro of a known name counts, in each branch that defines it. */
static void test_redefined(void **state)
{
	(void)state;
	EXPECT("#undef EXPORT_SYMBOL\n#define EXPORT_SYMBOL(x)\nEXPORT_SYMBOL(a);", "");
	/* 2.6.38: drivers/mtd/nand/nand_ecc.c */
	EXPECT("#ifndef STANDALONE\n#include <linux/module.h>\n#else\n"
	       "#define EXPORT_SYMBOL(x)  /* x */\n#endif\nEXPORT_SYMBOL(a);",
	       "a plain -@6 d");
	EXPECT("#ifdef A\n#define MY(x) EXPORT_SYMBOL_GPL(x)\n#else\n#define MY(x)\n#endif\nMY(a);",
	       "a gpl -@6 d");
	EXPECT("#ifdef A\n#define MY(x) EXPORT_SYMBOL_GPL(x)\n#else\n"
	       "#define MY(x) EXPORT_SYMBOL(x)\n#endif\nMY(a);",
	       "a plain -@6 d; a gpl -@6 d");
	EXPECT("#ifdef A\n#define MY(x) EXPORT_SYMBOL(x)\n#else\n"
	       "#define MY(x) int y; EXPORT_SYMBOL(x)\n#endif\nMY(a);",
	       "a plain -@6 d");
	EXPECT("#define MY(x) EXPORT_SYMBOL(x)\nMY(a)\n#undef MY\nMY(b)\n"
	       "#define MY(x) EXPORT_SYMBOL_GPL(x)\nMY(c)",
	       "a plain -@2 d; c gpl -@6 d");
	/* 2.6.12: arch/arm/kernel/armksyms.c makes the table's entry by hand */
	expect_in("arch/arm/kernel/armksyms.c",
		  "#define EXPORT_SYMBOL_ALIAS(sym,orig) const struct kernel_symbol x\n"
		  "EXPORT_SYMBOL_ALIAS(fp_printk,printk);",
		  "fp_printk plain -@2 ");
}

static void test_renamed(void **state)
{
	(void)state;
	/* 7.2: drivers/s390/char/tape_3490.c */
	EXPECT("#define TAPE_DBF_AREA\ttape_3490_dbf\nEXPORT_SYMBOL(TAPE_DBF_AREA);",
	       "tape_3490_dbf plain -@2 dp");
	EXPECT("#define a b\n#define b c\nEXPORT_SYMBOL(a);\n#undef a\nEXPORT_SYMBOL(a);",
	       "c plain -@3 dp; a plain -@5 d");
	EXPECT("#define a(x) b\nEXPORT_SYMBOL(a);", "a plain -@2 d");
	EXPECT("#ifdef X\n#define a(x) b\n#endif\nEXPORT_SYMBOL(a);", "a plain -@4 d");
	EXPECT("#ifdef X\n#define a(x) b\n#else\n#define a c\n#endif\nEXPORT_SYMBOL(a);",
	       "c plain -@6 dp; a plain -@6 d");
	/* in one branch only: both */
	EXPECT("#ifdef X\n#define a b\n#endif\nEXPORT_SYMBOL(a);", "b plain -@4 dp; a plain -@4 d");
	EXPECT("#ifdef X\n#define a b\nEXPORT_SYMBOL(a);\n#endif\n", "b plain -@3 dp");
	/* 7.2: arch/mips/mm/page-funcs.S */
	EXPECT("#if X\n#define f clear_page_cpu\n#else\n#define f clear_page\n#endif\n"
	       "EXPORT_SYMBOL(f)",
	       "clear_page plain -@6 dp; clear_page_cpu plain -@6 dp");
	/* 7.2: arch/sparc/lib/csum_copy.S */
	EXPECT("#ifndef FUNC_NAME\n#define FUNC_NAME csum\n#endif\nEXPORT_SYMBOL(FUNC_NAME)",
	       "csum plain -@4 dp");
}

static void test_foreign_names(void **state)
{
	(void)state;
	/* 6.1: lib/lzo, compiled twice; 6.1: kernel/locking/qspinlock.c includes itself */
	expect_in("lib/lzo/lzo1x_compress.c", "EXPORT_SYMBOL_GPL(LZO_SAFE(lzo1x_1_compress));",
		  "lzo1x_1_compress gpl -@1 d; lzo1x_1_compress_safe gpl -@1 dp");
	expect_in("kernel/locking/qspinlock.c", "EXPORT_SYMBOL(queued_spin_lock_slowpath);",
		  "queued_spin_lock_slowpath plain -@1 d; native_queued_spin_lock_slowpath plain "
		  "-@1 dp; __pv_queued_spin_lock_slowpath plain -@1 dp");
	/* 7.2: kernel/bpf/cnum_defs.h */
	expect_in("kernel/bpf/cnum_defs.h",
		  "#define FN(name) __PASTE(__PASTE(cnum, T), __PASTE(_, name))\n"
		  "EXPORT_SYMBOL_GPL(FN(umin));",
		  "cnum32_umin gpl -@2 dp; cnum64_umin gpl -@2 dp");
	EXPECT("EXPORT_SYMBOL_GPL(FN(umin));", "?EXPORT_SYMBOL_GPL@1");
	/* 6.1: drivers/staging/rtl8192u/ieee80211/ieee80211.h renames them */
	expect_in("drivers/staging/rtl8192u/ieee80211/dot11d.c",
		  "EXPORT_SYMBOL(dot11d_reset);EXPORT_SYMBOL(ieee80211_rx);",
		  "dot11d_reset plain -@1 d; ieee80211_rx_rsl plain -@1 dp");
	/* 2.6.38: arch/sparc/kernel/sparc_ksyms_32.c */
	expect_in("arch/sparc/kernel/sparc_ksyms_32.c",
		  "EXPORT_SYMBOL(BTFIXUP_CALL(mmu_lockarea));", "___f_mmu_lockarea plain -@1 dp");
	/* 5.10: arch/x86/lib/retpoline.S */
	expect_in("arch/x86/lib/retpoline.S",
		  "#define __EXPORT_THUNK(sym) _ASM_NOKPROBE(sym); EXPORT_SYMBOL(sym)\n"
		  "#define EXPORT_THUNK(reg) __EXPORT_THUNK(__x86_indirect_thunk_ ## reg)\n"
		  "#define GENERATE_THUNK(reg) THUNK reg ; EXPORT_THUNK(reg)\n"
		  "GENERATE_THUNK(_ASM_AX)\nGENERATE_THUNK(r8)",
		  "__x86_indirect_thunk_rax plain -@4 p; __x86_indirect_thunk_eax plain -@4 p; "
		  "__x86_indirect_thunk_r8 plain -@5 p");
}

static void test_includes(void **state)
{
	struct source_scan scan = {.license = NULL};
	static const char thunks[] =
		"#define GEN(reg) THUNK reg\n#include <asm/GEN-for-each-reg.h>\n"
		"#undef GEN\n#define GEN(reg) __EXPORT_THUNK(__x86_##reg)\n"
		"#include <asm/GEN-for-each-reg.h>\n#undef GEN\n";

	(void)state;
	/* 7.2: arch/x86/lib/retpoline.S, 24 registers of both word sizes */
	scan_copy(&scan, "arch/x86/lib/retpoline.S", thunks, strlen(thunks));
	assert_int_equal(scan.export_count, 24);
	assert_int_equal(scan.gap_count, 0);
	assert_string_equal(scan.exports[0].name, "__x86_rax");
	assert_int_equal(scan.exports[0].line, 5);
	assert_true(scan.exports[0].pasted);
	source_scan_release(&scan);
	/* 7.2: kernel/cgroup/cgroup.c */
	EXPECT("#define CGROUP_REF_EXPORT(fn)\tEXPORT_SYMBOL_GPL(fn);\n"
	       "#include <linux/cgroup_refcnt.h>",
	       "css_get gpl -@2 dp; css_get_many gpl -@2 dp; css_tryget gpl -@2 dp; "
	       "css_tryget_online gpl -@2 dp; css_put gpl -@2 dp; css_put_many gpl -@2 dp");
	EXPECT("#include <linux/cgroup_refcnt.h>\nEXPORT_SYMBOL(a);", "a plain -@2 d");
	EXPECT("#if 0\n#define CGROUP_REF_EXPORT(fn) EXPORT_SYMBOL_GPL(fn);\n#endif\n"
	       "#include <linux/cgroup_refcnt.h>",
	       "");
}

/* An export macro that only what is included can invoke, unless the file is a header itself. */
static void test_gaps(void **state)
{
	static const char rust[] =
		"#define EXPORT_SYMBOL_RUST_GPL(sym) extern int sym; EXPORT_SYMBOL_GPL(sym)\n\n"
		"#include \"exports_core_generated.h\"\n";

	(void)state;
	/* The include that the build makes is known to export, not what (rules/export-macros.yaml).
	 */
	expect_in("rust/exports.c", rust, "?EXPORT_SYMBOL_GPL@3");
	expect_in("rust/exports.h", rust, "");
	EXPECT("#define A(x) EXPORT_SYMBOL(x)\n", "");
	EXPECT("#define A(x) EXPORT_SYMBOL(x)\nint x;\n#include <y>\n", "");
	EXPECT("#define A(x) EXPORT_SYMBOL(x)\n#undef A\n#include <y>\n", "");
	EXPECT("#define A(x) EXPORT_SYMBOL(x)\n#include <y>\nA(z)\n", "z plain -@3 d");
	/* 2.6.38: fs/ocfs2/export.c: no macro of exports */
	EXPECT("#define MLOG_MASK_PREFIX ML_EXPORT\n#include <y>", "");
	EXPECT("#define A EXPORT_SYMBOL\n#include <y>", "?A@1");
}

static struct source_prelude prelude(const char *text)
{
	return (struct source_prelude){(const unsigned char *)text, strlen(text)};
}

/* Macros of headers hold in the file; what the headers export or leave open is nothing of it. */
static void test_preludes(void **state)
{
	const struct source_prelude headers[] = {
		prelude("#if 1\n#define SECOND(s) EXPORT_SYMBOL_NS_GPL(pre_##s, \"N\")\n"
			"EXPORT_SYMBOL(of_the_header);\n#include \"x.h\"\n"),
		prelude("#ifndef H\n#define H\n#define NV_EXPORT_SYMBOL(s) SECOND(s)\n#endif\n"),
	};
	const char *text = "\n#ifdef X\nNV_EXPORT_SYMBOL(a);\n#endif\nSL_EXPORT_SYMBOL_GPL(b);";
	struct source_scan scan = {.license = NULL};
	struct ksa_error err = {0};

	(void)state;
	assert_int_equal(source_scan_with(&scan, "a.c", prelude(text), NULL, 0, &err), 0);
	assert_int_equal(scan.needs.count, 2);
	assert_string_equal(scan.needs.items[0], "NV_EXPORT_SYMBOL");
	assert_string_equal(scan.needs.items[1], "SL_EXPORT_SYMBOL_GPL");
	assert_int_equal(scan.export_count, 2);
	assert_true(scan.exports[0].guessed && scan.exports[0].cls == KSA_CLASS_UNKNOWN);
	assert_int_equal(source_scan_with(&scan, "a.c", prelude(text), headers, 2, &err), 0);
	assert_int_equal(scan.export_count, 2);
	assert_string_equal(scan.exports[0].name, "pre_a");
	assert_string_equal(scan.exports[0].ns, "N");
	assert_int_equal(scan.exports[0].cls, KSA_CLASS_GPL);
	assert_int_equal(scan.exports[0].line, 3);
	assert_false(scan.exports[0].guessed);
	assert_true(scan.exports[1].guessed && scan.exports[1].cls == KSA_CLASS_GPL);
	assert_int_equal(scan.needs.count, 1);
	assert_int_equal(scan.gap_count, 0);
	source_scan_release(&scan);
}

/* What a header says of exports is kept for the files that use it. */
static void test_definitions(void **state)
{
	struct source_scan scan = {.license = NULL};
	struct ksa_error err = {0};

	(void)state;
	assert_int_equal(
		source_scan_with(&scan, "a.h",
				 prelude("#define A(s) \\\n\tEXPORT_SYMBOL(s)\n#define B 1\n"
					 "#define MY_EXPORT(s) B2(s)\n"),
				 NULL, 0, &err),
		0);
	assert_int_equal(scan.definition_count, 2);
	assert_string_equal(scan.definitions[0].macro, "A");
	assert_string_equal(scan.definitions[0].text, "#define A(s) \\\n\tEXPORT_SYMBOL(s)");
	assert_string_equal(scan.definitions[1].macro, "MY_EXPORT");
	source_scan_release(&scan);
	/* 2.6.33 and 5.10 */
	assert_int_equal(source_forms("EXPORT_TRACEPOINT_SYMBOL",
				      "#define X(name) EXPORT_SYMBOL_GPL(__tracepoint_##name)"),
			 1);
	assert_int_equal(source_forms("EXPORT_TRACEPOINT_SYMBOL_GPL",
				      "#define X(name) EXPORT_SYMBOL_GPL(__tracepoint_##name); "
				      "EXPORT_SYMBOL_GPL(__traceiter_##name); "
				      "EXPORT_STATIC_CALL_GPL(tp_func_##name)"),
			 15);
	/* 2.6.33 */
	assert_int_equal(source_forms("define_machine",
				      "#define define_machine(name) extern struct machdep_calls "
				      "mach_##name; EXPORT_SYMBOL(mach_##name);"),
			 16);
	assert_int_equal(source_forms("define_machine", "#define define_machine(name) mach_##name"),
			 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bodies_export_nothing),
		cmocka_unit_test(test_generators),
		cmocka_unit_test(test_nested_macros),
		cmocka_unit_test(test_aliases),
		cmocka_unit_test(test_redefined),
		cmocka_unit_test(test_renamed),
		cmocka_unit_test(test_foreign_names),
		cmocka_unit_test(test_includes),
		cmocka_unit_test(test_gaps),
		cmocka_unit_test(test_preludes),
		cmocka_unit_test(test_definitions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
