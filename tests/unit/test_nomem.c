// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Out of memory at every allocation in turn: the first fails, then the second, until the whole task
 * succeeds. Each failure must come back as an error, without a crash and (under ASan) a leak. The
 * program is linked with --wrap for malloc, calloc and realloc; what shared libraries allocate for
 * themselves is not counted.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "audit/results/baseline.h"
#include "audit/diff/diff.h"
#include "audit/check/pending.h"
#include "audit/review/pending.h"
#include "audit/review/review.h"
#include "model/kernel.h"
#include "model/module.h"
#include "model/shipped.h"
#include "read/rules/baseline.h"
#include "read/debug/btf.h"
#include "read/debug/dwarf_declare.h"
#include "read/debug/dwarf_named.h"
#include "read/kernel/elf_kernel.h"
#include "read/kernel/elf_module.h"
#include "read/patch/patch.h"
#include "read/review/review.h"
#include "read/kernel/snapshot.h"
#include "read/source/source.h"
#include "read/source/makefile.h"
#include "read/source/module_source_internal.h"
#include "read/source/typed_declare.h"
#include "read/kernel/symvers.h"
#include "read/kernel/sysmap.h"
#include "unit/btfbuild.h"
#include "unit/ccbuild.h"
#include "unit/elfbuild.h"
#include "unit/lists.h"
#include "write/diff.h"
#include "write/results.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))
/* More than any task here allocates: a task that does not end is a bug of its own. */
#define MAX_ALLOCATIONS 20000

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *p, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *p, size_t size);

/* Allocations left until one fails; negative: none fails. Set around the task under test only. */
static long left = -1;
static bool failed;

static bool fails(void)
{
	if (left < 0)
		return false;
	if (left-- > 0)
		return false;
	failed = true;
	return true;
}

void *__wrap_malloc(size_t size)
{
	return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *p, size_t size)
{
	return fails() ? NULL : __real_realloc(p, size);
}

/* A task: 0 on success, else an error. It must release all that it made. */
typedef int (*task)(const void *input, size_t size, struct ksa_error *err);

/* Run the task with the nth allocation failing, for n from 0 until none fails. */
static void exhaust(task run, const void *input, size_t size, long at_least)
{
	long n = 0;

	for (; n < MAX_ALLOCATIONS; n++) {
		struct ksa_error err = {0};
		int r;

		left = n;
		failed = false;
		r = run(input, size, &err);
		left = -1;
		if (!failed) {
			if (r)
				fail_msg("after %ld allocations: %s", n, err.text);
			break;
		}
		if (r != KSA_ENOMEM || err.code != KSA_ENOMEM)
			fail_msg("allocation %ld failed: %d '%s', expected 'out of memory'", n, r,
				 err.text);
	}
	assert_true(n >= at_least && n < MAX_ALLOCATIONS);
}

typedef int (*kernel_reader)(struct ksa_kernel *kernel, const unsigned char *data, size_t size,
			     uint32_t source, const char *name, struct ksa_error *err);

static int read_kernel(kernel_reader reader, enum source_kind kind, const void *input, size_t size,
		       struct ksa_error *err)
{
	struct ksa_kernel *kernel = NULL;
	uint32_t source;
	int r = kernel_new("k", &kernel, err);

	if (r)
		return r;
	r = kernel_add_source(kernel, "input", kind, &source, err);
	if (!r)
		r = reader(kernel, input, size, source, "input", err);
	if (!r)
		r = kernel_seal(kernel, err);
	ksa_kernel_free(kernel);
	return r;
}

static int elf_task(const void *input, size_t size, struct ksa_error *err)
{
	return read_kernel(elf_kernel_read, SOURCE_IMAGE, input, size, err);
}

static int symvers_task(const void *input, size_t size, struct ksa_error *err)
{
	return read_kernel(symvers_read, SOURCE_SYMVERS, input, size, err);
}

static int sysmap_task(const void *input, size_t size, struct ksa_error *err)
{
	return read_kernel(sysmap_read, SOURCE_SYSTEM_MAP, input, size, err);
}

static int snapshot_task(const void *input, size_t size, struct ksa_error *err)
{
	return read_kernel(snapshot_read, SOURCE_SNAPSHOT, input, size, err);
}

static int open_module(const void *input, size_t size, struct ksa_module ***out,
		       struct ksa_error *err)
{
	struct ksa_module **modules = calloc(1, sizeof(*modules));
	int r = modules ? module_new(&modules[0], err) : ksa_fail_nomem(err);

	if (!r)
		r = elf_module_read(modules[0], input, size, "m.ko", ELF_MODULE_ALL, err);
	if (r)
		ksa_modules_free(modules, modules ? 1 : 0);
	else
		*out = modules;
	return r;
}

static int module_task(const void *input, size_t size, struct ksa_error *err)
{
	struct ksa_module **modules;
	int r = open_module(input, size, &modules, err);

	if (!r)
		ksa_modules_free(modules, 1);
	return r;
}

static int source_task(const void *input, size_t size, struct ksa_error *err)
{
	struct source_scan scan = {.license = NULL};
	int r = source_scan(&scan, "kernel/locking/qspinlock.c", input, size, err);

	source_scan_release(&scan);
	return r;
}

/* What a module's source names, for two kernels. */
static int names_task(const void *input, size_t size, struct ksa_error *err)
{
	static const unsigned char makefile[] = "obj-m := a.o\na-objs := $(addprefix ./,b.o)\n";
	struct module_source_question question = {.module = "a", .kernel = {.release = "6.12.1"}};
	struct ksa_named named = {.names = NULL};
	struct module_source *source = NULL;
	int r = module_source_new("/m", &source, err);

	if (!r)
		r = module_source_add(source, "b.c", input, size, err);
	if (!r)
		r = module_source_add(source, "Makefile", makefile, sizeof(makefile) - 1, err);
	if (!r)
		r = module_source_finish(source, err);
	if (!r)
		r = module_source_named(source, &question, &named, err);
	if (!r && !named_find(&named, "strscpy"))
		r = ksa_fail(err, KSA_EFORMAT, "a name is lost, and memory enough");
	named_release(&named);
	module_source_free(source);
	return r;
}

/* What it does with types, and a declaration. */
static int types_task(const void *input, size_t size, struct ksa_error *err)
{
	static const unsigned char text[] = "struct a *f(struct b *b, int (*c)(int))";
	struct typed_function *f = NULL;
	struct typed_reader *reader = NULL;
	struct module_source_question question = {.kernel = {.release = "6.12.1"}};
	struct ksa_typed typed = {.accesses = NULL};
	struct module_source *source = NULL;
	int r = module_source_new("/m", &source, err);

	if (!r)
		r = module_source_add(source, "b.c", input, size, err);
	if (!r)
		r = module_source_typed(source, &question, &typed, err);
	if (!r)
		r = typed_reader_new(&reader, err);
	if (!r)
		r = typed_reader_function(reader, (struct span){text, text + sizeof(text) - 1},
					  &typed.arena, &f, err);
	if (!r && (!f || typed.call_count != 1 || typed.access_count != 1 || typed.tag_count != 2 ||
		   typed.assignment_count != 1 || !typed_has_member(&typed, "dev")))
		r = ksa_fail(err, KSA_EFORMAT, "a use is lost, and memory enough");
	typed_reader_free(reader);
	typed_release(&typed);
	module_source_free(source);
	return r;
}

static int makefile_task(const void *input, size_t size, struct ksa_error *err)
{
	struct source_makefile makefile;
	struct arena arena = {0};
	int r = source_makefile_scan(&arena, input, size, &makefile, err);

	arena_release(&arena);
	return r;
}

static struct elfbuild_bytes make_kernel(void)
{
	static const struct elfbuild_export exports[] = {
		{"kfree", KSA_CLASS_PLAIN, NULL, 1, false},
		{"gpl_only", KSA_CLASS_GPL, "NS", 2, false},
		{"reserved", KSA_CLASS_GPL, "module:kvm", 3, false},
		{"data", KSA_CLASS_PLAIN, NULL, 4, true},
	};
	const struct elfbuild_kernel spec = {.exports = exports,
					     .export_count = COUNT(exports),
					     .crcs = ELFBUILD_CRC_32,
					     .release = "6.1.0",
					     .vermagic = "6.1.0 SMP mod_unload "};

	return elfbuild_kernel(&spec);
}

static struct elfbuild_bytes make_module(void)
{
	static const char *const modinfo[] = {"license=Proprietary",
					      "depends=a,b,c",
					      "import_ns=A",
					      "import_ns=B",
					      "softdep=pre: x",
					      "vermagic=6.1.0 SMP mod_unload ",
					      "name=m"};
	static const struct elfbuild_export exports[] = {
		{"mine", KSA_CLASS_PLAIN, NULL, 1, false},
		{"mine_gpl", KSA_CLASS_GPL, "NS", 2, false},
	};
	static const struct elfbuild_import imports[] = {
		{"kfree", 9, true, false},
		{"gpl_only", 2, true, false},
		{"absent", 0, false, false},
		{"weakly", 0, false, true},
	};
	const struct elfbuild_module spec = {.name = "m",
					     .crcs = ELFBUILD_CRC_32,
					     .modinfo = modinfo,
					     .modinfo_count = COUNT(modinfo),
					     .exports = exports,
					     .export_count = COUNT(exports),
					     .imports = imports,
					     .import_count = COUNT(imports),
					     .versions = true,
					     .layout_crc = 7};

	return elfbuild_module(&spec);
}

struct pending_input {
	const char *text;
	struct ksa_kernel *kernel;
	struct ksa_module **modules;
};

/* Patches without a tree, from the mail to the findings. */
static int review_task(const void *input, size_t size, struct ksa_error *err)
{
	struct patch_set set = {.count = 0};
	struct review_input in = {.patches = NULL};
	struct review *review = NULL;
	int r = patches_read_text(&set, "mbox", input, size, err);

	if (!r)
		r = review_read_patches(&in, &set, err);
	if (!r)
		r = review_make(&in, &review, err);
	review_free(review);
	review_input_release(&in);
	patch_set_release(&set);
	return r;
}

/* What the same patches make of a kernel. */
static int pending_task(const void *input, size_t size, struct ksa_error *err)
{
	const struct pending_input *p = input;
	const struct pending_scope scope = {p->kernel, p->modules, 1};
	struct patch_set set = {.count = 0};
	struct review_input in = {.patches = NULL};
	struct ksa_pending net = {.count = 0};
	struct ksa_kernel *after = NULL;
	struct ksa_report *report = NULL;
	int r = patches_read_text(&set, "mbox", (const unsigned char *)p->text, size, err);

	if (!r)
		r = review_read_patches(&in, &set, err);
	if (!r)
		r = pending_make(&in, &scope, &net, err);
	net.name = "mbox";
	if (!r)
		r = pending_kernel(p->kernel, &net, &after, err);
	if (!r) {
		struct ksa_kernel *kernels[] = {p->kernel, after};
		const struct ksa_check_options options = {.rebuild = true, .pending = &net};

		r = ksa_check(kernels, 2, p->modules, 1, &options, &report, err);
	}
	ksa_report_free(report);
	ksa_kernel_free(after);
	pending_release(&net);
	review_input_release(&in);
	patch_set_release(&set);
	return r;
}

/* Declarations from types; what libbpf allocates is its own. */
static int btf_task(const void *input, size_t size, struct ksa_error *err)
{
	struct strbuf text = {NULL, 0, 0, false};
	struct btf_info *info = NULL;
	enum ksa_kind kind;
	int r = btf_info_new(input, size, NULL, "x", &info, err);

	if (!r && !btf_info_declare(info, "f", &text, &kind) && !text.failed)
		r = ksa_fail(err, KSA_EFORMAT, "no declaration, and memory enough");
	if (!r && text.failed)
		r = ksa_fail_nomem(err);
	btf_info_free(info);
	strbuf_release(&text);
	return r;
}

/* The same from debug information; what libdwarf allocates is its own. */
static int dwarf_task(const void *input, size_t size, struct ksa_error *err)
{
	struct dwarf_declared items[2] = {{.address = 0}};
	struct arena arena = {NULL, 0};
	struct strmap names = {NULL, 0, 0};
	struct dwarf_wanted wanted = {.names = &names,
				      .items = items,
				      .count = 2,
				      .arena = &arena,
				      .workers = 1,
				      .is_image = true};
	struct elf_file f;
	int r = elf_open(&f, input, size, "x", &arena, err);

	if (!r && (strmap_set(&names, "f", 0) || strmap_set(&names, "v", 1)))
		r = ksa_fail_nomem(err);
	if (!r)
		r = dwarf_declare(&f, &wanted, err);
	if (!r && (!items[0].text || !items[0].file || !items[1].text || !items[1].file))
		r = ksa_fail(err, KSA_EFORMAT, "no declaration, and memory enough");
	strmap_release(&names);
	arena_release(&arena);
	return r;
}

/* What debug information says that a module names. */
static int dwarf_named_task(const void *input, size_t size, struct ksa_error *err)
{
	struct ksa_named named = {.names = NULL};
	struct arena arena = {NULL, 0};
	struct string_list units;
	struct elf_file f;
	int r = elf_open(&f, input, size, "m.ko", &arena, err);

	if (!r)
		r = dwarf_units_read(&f, &arena, &units, err);
	if (!r)
		r = dwarf_named_read(&f, &named, err);
	if (!r && (!named_find(&named, "helper") || !named_find(&named, "helper")->is_helper))
		r = ksa_fail(err, KSA_EFORMAT, "a name is lost, and memory enough");
	named_release(&named);
	arena_release(&arena);
	return r;
}

static void types_in_a_source(void **state)
{
	static const char text[] =
		"#define M(x) ((x) + 1)\ntypedef int (*cb)(int);\nstruct own { struct device *dev; "
		"cb f; };\nstatic int g(struct own *o)\n{\n\treturn call(M(1), "
		"o->dev->parent);\n}\n"
		"#ifdef A\nstruct driver d = { .probe = g };\n#endif\n";

	(void)state;
	exhaust(types_task, text, strlen(text), 20);
}

static void naming_in_a_source(void **state)
{
	static const char text[] =
		"#include \"x.c\"\n#define KVER(a) (LINUX_VERSION_CODE < KERNEL_VERSION(a, 8, 0))\n"
		"#if KVER(6)\n#define copy(a) strlcpy(a)\n#else\n#define copy(a) strscpy(a)\n"
		"#endif\nstatic int f(struct x *p) { int b = 1; return copy(p + b); }\n";

	(void)state;
	exhaust(names_task, text, strlen(text), 20);
}

static void naming_in_dwarf(void **state)
{
	struct ccbuild_file file = ccbuild(
		"# 1 \"/usr/src/linux/include/linux/types.h\"\n"
		"extern void beta(int);\n"
		"static inline __attribute__((always_inline)) void helper(int x) { beta(x); }\n"
		"# 1 \"/m/main.c\"\n"
		"void f(int x) { helper(x); beta(x + 1); }\n",
		"-O2 -gdwarf-4", false);

	(void)state;
	exhaust(dwarf_named_task, file.data, file.size, 10);
	ccbuild_release(&file);
}

static void declaring_from_dwarf(void **state)
{
	struct ccbuild_file file =
		ccbuild("struct s; int (*const v[3])(struct s *) = {0};\n"
			"int *const *f(int (*cb)(struct s *const (*a)[4]), ...) { return 0; }\n",
			"-O0 -gdwarf-4", false);

	(void)state;
	exhaust(dwarf_task, file.data, file.size, 20);
	ccbuild_release(&file);
}

static void declaring_a_function(void **state)
{
	struct elfbuild_bytes bytes;
	struct btfbuild b;

	(void)state;
	btfbuild_start(&b, false, NULL);
	btfbuild_declare(&b, "f=fn *const @t(cb:*fn int(a:*[4]*const *struct s), ...)");
	bytes = btfbuild_finish(&b);
	exhaust(btf_task, bytes.data, bytes.size, 10);
	elfbuild_bytes_release(&bytes);
}

static void reading_a_vmlinux(void **state)
{
	struct elfbuild_bytes bytes = make_kernel();

	(void)state;
	exhaust(elf_task, bytes.data, bytes.size, 5);
	elfbuild_bytes_release(&bytes);
}

static void reading_a_module(void **state)
{
	struct elfbuild_bytes bytes = make_module();

	(void)state;
	exhaust(module_task, bytes.data, bytes.size, 3);
	elfbuild_bytes_release(&bytes);
}

static void reading_a_symvers(void **state)
{
	static const char text[] = "0x00000001\tkfree\tvmlinux\tEXPORT_SYMBOL\t\n"
				   "0x00000002\tx\tdrivers/a/b\tEXPORT_SYMBOL_GPL\tNS\n"
				   "0x00000002\tx\tdrivers/a/b\tEXPORT_SYMBOL_GPL\tNS\n";

	(void)state;
	exhaust(symvers_task, text, strlen(text), 3);
}

static void reading_a_system_map(void **state)
{
	static const char text[] = "ffffffff82000000 R __start___ksymtab\n"
				   "ffffffff82000000 r __ksymtab_kfree\n"
				   "ffffffff8200000c R __start___ksymtab_gpl\n"
				   "ffffffff8200000c R __stop___ksymtab\n"
				   "ffffffff8200000c r __ksymtab_foo\n"
				   "ffffffff82000018 R __stop___ksymtab_gpl\n";

	(void)state;
	exhaust(sysmap_task, text, strlen(text), 3);
}

static void reading_a_snapshot(void **state)
{
	static const char text[] =
		"{\"schema\":1,\"tool\":{\"name\":\"ksymaudit\",\"version\":\"0.1.0\"},"
		"\"command\":\"exports\",\"kernel\":{\"release\":\"6.1.0\",\"arch\":\"x86_64\","
		"\"vermagic\":\"6.1.0 SMP \",\"reserves\":\"no\",\"image\":true,\"modules\":true,"
		"\"imports\":true,\"incomplete\":[{\"module\":\"m\",\"why\":\"w\"}],\"sources\":[{"
		"\"name\":\"v\",\"kind\":\"image\",\"exports\":1}]},"
		"\"findings\":[],\"notices\":[\"one\"],\"modules\":[{\"name\":\"b\"},{\"name\":"
		"\"a\",\"license\":\"GPL\"}],\"exports\":[{\"symbol\":\"x\",\"class\":\"plain\","
		"\"owner\":\"vmlinux\",\"namespace\":\"NS\",\"crc\":\"00000001\",\"importers\":[0,"
		"1]}]}";

	(void)state;
	exhaust(snapshot_task, text, strlen(text), 3);
}

static void reading_a_source_file(void **state)
{
	static const char text[] =
		"#define DEFAULT_SYMBOL_NAMESPACE \"N\"\n#include <linux/module.h>\n"
		"#define GEN(x) EXPORT_SYMBOL_NS(get_##x, __stringify(M))\n#define a b\n"
		"EXPORT_SYMBOL(a);\nGEN(c)\nEXPORT_TRACEPOINT_SYMBOL(d);\nEXPORT_SYMBOL(1);\n"
		"EXPORT_SYMBOL_GPL(queued_spin_lock_slowpath);\nEXPORT_SYMBOL_FOR_MODULES(e, "
		"\"f\");"
		"MODULE_LICENSE(\"GPL\");\nMODULE_IMPORT_NS(X);\n";
	static const char makefile[] =
		"ccflags-y += -DDEFAULT_SYMBOL_NAMESPACE='\"A\"' \\\n -Wall\n";

	(void)state;
	exhaust(source_task, text, strlen(text), 10);
	exhaust(makefile_task, makefile, strlen(makefile), 3);
}

struct checked {
	struct ksa_kernel *kernel;
	struct ksa_module **modules;
	const char *baseline; /* its path */
	FILE *null; /* what is written is not looked at */
};

/* A baseline that has one of the findings, and what is written for other tools. */
static int tell_others(const struct checked *c, struct ksa_report *report, struct ksa_error *err)
{
	static int (*const writers[])(const struct ksa_report *, FILE *, struct ksa_error *) = {
		write_results_jsonl,	write_results_baseline, write_results_sarif,
		write_results_junit,	write_results_github,	write_results_gitlab,
		write_results_markdown, write_results_html};
	struct baseline baseline = {.file = NULL};
	int r = baseline_read(&baseline, c->baseline, err);

	if (!r)
		r = baseline_apply(&baseline, report, err);
	if (!r)
		r = report_identify(report, err);
	for (size_t i = 0; i < sizeof(writers) / sizeof(*writers) && !r; i++)
		r = writers[i](report, c->null, err);
	baseline_release(&baseline);
	return r;
}

static int check_task(const void *input, size_t size, struct ksa_error *err)
{
	const struct checked *c = input;
	struct ksa_report *report = NULL;
	struct ksa_check_options options = {.assume_license = NULL};
	int r = ksa_check(&c->kernel, 1, c->modules, size, &options, &report, err);

	if (!r)
		r = tell_others(c, report, err);
	ksa_report_free(report);
	return r;
}

static void reviewing_patches(void **state)
{
	static const char text[] =
		"From a Mon Sep 17 00:00:00 2001\nFrom: =?utf-8?Q?A?= <a@b>\n"
		"Subject: [PATCH 1/2] t\nContent-Type: multipart/mixed; boundary=b\n\n--b\n"
		"Content-Transfer-Encoding: quoted-printable\n\nFixes: 12 (=22x=22)\n"
		"commit 0123456789ab upstream.\n\n--- a/lib/Makefile\n+++ b/lib/Makefile\n"
		"@@ -1 +1,2 @@\n obj-y +=3D a.o\n+obj-$(CONFIG_B) +=3D b.o\n"
		"--- a/lib/a.c\n+++ b/lib/a.c\n@@ -1,2 +1,2 @@ int f(void)\n"
		"-EXPORT_SYMBOL(f);\n+EXPORT_SYMBOL_GPL(f);\n MODULE_LICENSE(\"GPL\");\n--b--\n\n"
		"From a Mon Sep 17 00:00:00 2001\nFrom: a\nSubject: [PATCH 2/2] t\n\n"
		"--- /dev/null\n+++ b/lib/b.c\n@@ -0,0 +1,5 @@\n"
		"+int g(void) { return f(); }\n+EXPORT_SYMBOL(g);\n"
		"+EXPORT_SYMBOL_NS_GPL(h, \"NS\");\n+MODULE_IMPORT_NS(\"OTHER\");\n"
		"+MODULE_LICENSE(\"GPL\");\n"
		"--- a/lib/c.c\n+++ b/lib/c.c\n@@ -1,2 +1,2 @@\n-EXPORT_SYMBOL(gone);\n"
		"+MODULE_LICENSE(\"X\");\n int i(void) { return f() + g() + gone(); }\n";

	(void)state;
	exhaust(review_task, text, strlen(text), 50);
}

static void checking_a_module(void **state)
{
	struct elfbuild_bytes kernel = make_kernel(), module = make_module();
	struct ksa_error err = {0};
	char path[] = "/tmp/nomem-baseline.XXXXXX";
	struct checked c = {.baseline = path, .null = fopen("/dev/null", "w")};
	int fd = mkstemp(path);
	FILE *baseline = fd < 0 ? NULL : fdopen(fd, "w");
	uint32_t source;

	(void)state;
	assert_non_null(c.null);
	assert_non_null(baseline);
	fputs(BASELINE_HEAD "\nKSA002:m:gone:6.1-x86_64\nKSA002:x:gone:6.1\n", baseline);
	assert_int_equal(fclose(baseline), 0);
	assert_int_equal(kernel_new("k", &c.kernel, &err), 0);
	assert_int_equal(kernel_add_source(c.kernel, "k", SOURCE_IMAGE, &source, &err), 0);
	assert_int_equal(elf_kernel_read(c.kernel, kernel.data, kernel.size, source, "k", &err), 0);
	assert_int_equal(kernel_seal(c.kernel, &err), 0);
	assert_int_equal(open_module(module.data, module.size, &c.modules, &err), 0);
	exhaust(check_task, &c, 1, 3);
	unlink(path);
	fclose(c.null);
	ksa_modules_free(c.modules, 1);
	ksa_kernel_free(c.kernel);
	elfbuild_bytes_release(&kernel);
	elfbuild_bytes_release(&module);
}

static void checking_what_is_pending(void **state)
{
	static const char text[] =
		"From: a\nSubject: t\n\n--- a/lib/a.c\n+++ b/lib/a.c\n@@ -1,2 +1,2 @@\n"
		"-EXPORT_SYMBOL(kfree);\n+EXPORT_SYMBOL_GPL(kfree);\n"
		"-EXPORT_SYMBOL_NS_GPL(gpl_only, \"NS\");\n+EXPORT_SYMBOL(absent);\n";
	struct elfbuild_bytes kernel = make_kernel(), module = make_module();
	struct pending_input p = {.text = text};
	struct ksa_error err = {0};
	uint32_t source;

	(void)state;
	assert_int_equal(kernel_new("k", &p.kernel, &err), 0);
	assert_int_equal(kernel_add_source(p.kernel, "k", SOURCE_IMAGE, &source, &err), 0);
	assert_int_equal(elf_kernel_read(p.kernel, kernel.data, kernel.size, source, "k", &err), 0);
	assert_int_equal(kernel_seal(p.kernel, &err), 0);
	assert_int_equal(open_module(module.data, module.size, &p.modules, &err), 0);
	exhaust(pending_task, &p, strlen(text), 50);
	ksa_modules_free(p.modules, 1);
	ksa_kernel_free(p.kernel);
	elfbuild_bytes_release(&kernel);
	elfbuild_bytes_release(&module);
}

struct compared {
	struct ksa_kernel *kernels[DIFF_SIDES];
	struct ksa_module **modules;
	FILE *null; /* what is written is not looked at */
};

static int write_formats(struct diff *diff, const struct diff_view *view, FILE *out,
			 struct ksa_error *err)
{
	const struct diff_text_options text = {.verbose = true};
	struct diff_walk walk;
	int r = write_diff_text(view, &text, out, err);

	if (!r)
		r = write_diff_tsv(view, 1, out, err);
	if (!r)
		r = write_diff_markdown(view, out, err);
	if (!r)
		r = write_diff_json(view, 1, out, err);
	if (!r)
		r = diff_walk_make(&diff, view, 1, &walk, err);
	if (r)
		return r;
	r = write_diff_walk_text(&walk, &text, out, err);
	diff_walk_release(&walk);
	return r;
}

static int diff_task(const void *input, size_t size, struct ksa_error *err)
{
	const struct compared *c = input;
	struct diff_input in = {.kernels = {c->kernels[0], c->kernels[1]},
				.modules = c->modules,
				.module_count = size,
				.successors = true};
	struct diff_filter filter = {.exports = {.owner = LIST("*")}};
	struct diff_view view;
	struct diff *diff = NULL;
	int r = diff_make(&in, &diff, err);

	if (r)
		return r;
	r = diff_view_make(diff, &filter, &view, err);
	if (!r) {
		r = write_formats(diff, &view, c->null, err);
		diff_view_release(&view);
	}
	diff_free(diff);
	return r;
}

static struct ksa_kernel *snapshot_of(const char *exports)
{
	struct ksa_error err = {0};
	struct ksa_kernel *kernel;
	char text[2048];
	uint32_t source;

	snprintf(text, sizeof(text),
		 "{\"schema\":1,\"tool\":{\"name\":\"ksymaudit\",\"version\":\"0.1.0\"},"
		 "\"command\":\"exports\",\"kernel\":{\"release\":\"6.1.0\",\"image\":true,"
		 "\"modules\":true,\"imports\":true},\"findings\":[],\"notices\":[],\"modules\":["
		 "{\"name\":\"a\"},{\"name\":\"b\"},{\"name\":\"c\"}],\"exports\":[%s]}",
		 exports);
	assert_int_equal(kernel_new("k", &kernel, &err), 0);
	assert_int_equal(kernel_add_source(kernel, "k", SOURCE_SNAPSHOT, &source, &err), 0);
	assert_int_equal(
		snapshot_read(kernel, (const unsigned char *)text, strlen(text), source, "k", &err),
		0);
	assert_int_equal(kernel_seal(kernel, &err), 0);
	return kernel;
}

static void comparing_kernels(void **state)
{
	struct elfbuild_bytes module = make_module();
	struct ksa_error err = {0};
	struct compared c = {.null = fopen("/dev/null", "w")};

	(void)state;
	assert_non_null(c.null);
	c.kernels[DIFF_OLD] =
		snapshot_of("{\"symbol\":\"follow_pfn\",\"class\":\"plain\",\"owner\":"
			    "\"vmlinux\",\"importers\":[0,1,2]},{\"symbol\":\"kfree\",\"class\":"
			    "\"plain\",\"owner\":\"vmlinux\"}");
	c.kernels[DIFF_NEW] =
		snapshot_of("{\"symbol\":\"follow_pfnmap\",\"class\":\"gpl\",\"owner\":"
			    "\"vmlinux\",\"importers\":[0,1,2]},{\"symbol\":\"kfree\",\"class\":"
			    "\"gpl\",\"owner\":\"vmlinux\"}");
	assert_int_equal(open_module(module.data, module.size, &c.modules, &err), 0);
	exhaust(diff_task, &c, 0, 10);
	exhaust(diff_task, &c, 1, 10);
	fclose(c.null);
	ksa_modules_free(c.modules, 1);
	ksa_kernel_free(c.kernels[DIFF_OLD]);
	ksa_kernel_free(c.kernels[DIFF_NEW]);
	elfbuild_bytes_release(&module);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reading_a_vmlinux),	    cmocka_unit_test(reading_a_module),
		cmocka_unit_test(reading_a_symvers),	    cmocka_unit_test(reading_a_system_map),
		cmocka_unit_test(reading_a_snapshot),	    cmocka_unit_test(checking_a_module),
		cmocka_unit_test(checking_what_is_pending), cmocka_unit_test(comparing_kernels),
		cmocka_unit_test(reading_a_source_file),    cmocka_unit_test(reviewing_patches),
		cmocka_unit_test(declaring_a_function),	    cmocka_unit_test(declaring_from_dwarf),
		cmocka_unit_test(naming_in_a_source),	    cmocka_unit_test(naming_in_dwarf),
		cmocka_unit_test(types_in_a_source),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
