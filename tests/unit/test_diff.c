// SPDX-License-Identifier: GPL-2.0-or-later
/* diff_make() on kernels made by hand; what is expected is written out beside each. */
#include "audit/diff/diff.h"
#include "unit/lists.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/helper.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

struct kexport {
	const char *name, *owner, *ns; /* owner NULL: vmlinux; ns "?": not known */
	enum ksa_class cls;
	uint32_t crc; /* 0: none */
	const char *importers; /* "ab": the modules a and b; NULL: none */
};

/* Modules a to f, or those of them that are given. */
static void add_modules(struct ksa_kernel *k, const char *names)
{
	for (; *names; names++) {
		char name[] = {'m', '/', *names, '\0'};
		const struct kernel_module m = {.name = name, .in_tree = true};

		assert_int_equal(kernel_add_module(k, &m, NULL), 0);
	}
}

static struct ksa_kernel *make_kernel_of(const char *label, const char *modules,
					 const struct kexport *exports, size_t count)
{
	struct ksa_kernel *k;
	uint32_t source;

	assert_int_equal(kernel_new(label, &k, NULL), 0);
	assert_int_equal(kernel_add_source(k, "s", SOURCE_SYMVERS, &source, NULL), 0);
	k->has_image = k->has_modules = k->has_imports = true;
	add_modules(k, modules);
	for (size_t i = 0; i < count; i++) {
		bool known = !exports[i].ns || strcmp(exports[i].ns, "?") != 0;
		const char *at = exports[i].importers ? exports[i].importers : "";
		uint32_t importers[8], importer_count = 0;
		struct ksa_export e = {.name = exports[i].name,
				       .owner = exports[i].owner ? exports[i].owner : "vmlinux",
				       .ns = known ? exports[i].ns : NULL,
				       .ns_known = known,
				       .cls = (uint8_t)exports[i].cls,
				       .crc = exports[i].crc,
				       .has_crc = exports[i].crc != 0,
				       .importers = importers,
				       .source = source};

		for (; *at; at++)
			importers[importer_count++] = (uint32_t)(strchr(modules, *at) - modules);
		e.importer_count = importer_count;
		assert_int_equal(kernel_add_export(k, &e, NULL), 0);
	}
	/* headers that define nothing */
	assert_int_equal(helpers_new(&k->helpers, NULL), 0);
	assert_int_equal(helpers_seal(k->helpers, NULL), 0);
	assert_int_equal(kernel_seal(k, NULL), 0);
	return k;
}

static struct ksa_kernel *make_kernel(const char *label, const struct kexport *exports,
				      size_t count)
{
	return make_kernel_of(label, "abcdef", exports, count);
}

#define KERNEL(label, ...)                                                                         \
	make_kernel(label, (const struct kexport[]){__VA_ARGS__},                                  \
		    COUNT(((const struct kexport[]){__VA_ARGS__})))

static struct diff *compare(struct ksa_kernel *old, struct ksa_kernel *new_)
{
	struct diff_input input = {.kernels = {old, new_}, .successors = true};
	struct diff *diff;

	assert_int_equal(diff_make(&input, &diff, NULL), 0);
	return diff;
}

static void release(struct diff *diff)
{
	struct ksa_kernel *old = diff->kernels[DIFF_OLD], *new_ = diff->kernels[DIFF_NEW];

	diff_free(diff);
	ksa_kernel_free(old);
	ksa_kernel_free(new_);
}

/* A row as "severity: axis(old>new) axis(old>new)"; what could not be compared as "axis?". */
static void expect_row(const struct diff *diff, const char *name, const char *expected)
{
	struct strbuf text = {0};
	uint32_t at = diff_find(diff, name);
	const struct diff_row *row = &diff->rows[at];

	assert_int_not_equal(at, NO_INDEX);
	strbuf_printf(&text, "%s:", diff_severity_name((enum diff_severity)row->severity));
	for (int axis = 0; axis < AXIS_COUNT; axis++) {
		assert_false(row->marks & row->uncompared & AXIS_MARK(axis));
		if (row->uncompared & AXIS_MARK(axis))
			strbuf_printf(&text, " %s?", diff_axis_name((enum diff_axis)axis));
		if (!(row->marks & AXIS_MARK(axis)))
			continue;
		strbuf_printf(&text, " %s(", diff_axis_name((enum diff_axis)axis));
		diff_value(row, (enum diff_axis)axis, DIFF_OLD, &text);
		strbuf_addc(&text, '>');
		diff_value(row, (enum diff_axis)axis, DIFF_NEW, &text);
		strbuf_addc(&text, ')');
	}
	assert_string_equal(strbuf_string(&text), expected);
	strbuf_release(&text);
}

#define PLAIN KSA_CLASS_PLAIN
#define GPL   KSA_CLASS_GPL

/* Each axis alone, and several at once: none hides another. */
static void test_axes(void **state)
{
	struct ksa_kernel *old = KERNEL(
		"old", {"gone", NULL, NULL, GPL, 1, NULL}, {"same", "a/b-c", "NS", PLAIN, 2, NULL},
		{"tighter", NULL, NULL, PLAIN, 3, NULL}, {"looser", NULL, NULL, GPL, 4, NULL},
		{"moved", NULL, NULL, GPL, 5, NULL},
		{"directory", "drivers/staging/x", NULL, GPL, 6, NULL},
		{"crc", NULL, NULL, GPL, 7, NULL}, {"all", "a/b", "OLD", PLAIN, 8, NULL});
	struct ksa_kernel *new_ = KERNEL(
		"new", {"fresh", NULL, NULL, PLAIN, 1, NULL},
		{"same", "a/b_c", "NS", PLAIN, 2, NULL}, {"tighter", NULL, NULL, GPL, 3, NULL},
		{"looser", NULL, NULL, PLAIN, 0x44, NULL}, {"moved", "lib/m", NULL, GPL, 5, NULL},
		{"directory", "drivers/x", NULL, GPL, 6, NULL},
		{"crc", NULL, NULL, GPL, 0xabcdef01, NULL},
		{"all", "a/d", "module:kvm", GPL, 9, NULL});
	struct diff *diff = compare(old, new_);

	(void)state;
	assert_int_equal(diff->row_count, 9);
	expect_row(diff, "gone", "removed: removed(gpl>)");
	expect_row(diff, "fresh", "added: added(>plain)");
	expect_row(diff, "same", "unchanged:");
	expect_row(diff, "tighter", "class: class(plain>gpl)");
	expect_row(diff, "looser", "eased: class(gpl>plain) crc(00000004>00000044)");
	expect_row(diff, "moved", "owner: owner(vmlinux>lib/m)");
	expect_row(diff, "directory", "owner: owner(drivers/staging/x>drivers/x)");
	expect_row(diff, "crc", "crc: crc(00000007>abcdef01)");
	expect_row(diff, "all",
		   "class: class(plain>gpl) namespace(OLD>module:kvm) owner(a/b>a/d) "
		   "crc(00000008>00000009)");
	assert_int_equal(diff->counts.marked[AXIS_CLASS], 3);
	assert_int_equal(diff->counts.class_moves[PLAIN][GPL], 2);
	assert_int_equal(diff->counts.class_reserved[PLAIN][GPL], 1);
	assert_int_equal(diff->counts.class_moves[GPL][PLAIN], 1);
	assert_int_equal(diff->counts.marked[AXIS_NAMESPACE], 1);
	assert_int_equal(diff->counts.ns[NS_RESERVED], 1);
	assert_int_equal(diff->counts.marked[AXIS_OWNER], 3);
	assert_int_equal(diff->counts.owner[OWNER_TO_MODULE], 1);
	assert_int_equal(diff->counts.owner[OWNER_DIRECTORY], 1);
	assert_int_equal(diff->counts.owner[OWNER_BETWEEN_MODULES], 1);
	assert_int_equal(diff->counts.marked[AXIS_CRC], 3);
	assert_int_equal(diff->counts.compared[AXIS_CRC], 7);
	assert_int_equal(diff->counts.marked[AXIS_REMOVED], 1);
	assert_int_equal(diff->counts.marked[AXIS_ADDED], 1);
	assert_int_equal(diff->gap_count, 0);
	release(diff);
}

/* Two owners of one symbol: compared as sets; a CRC with that of the same module. */
static void test_several_owners(void **state)
{
	struct ksa_kernel *old = KERNEL(
		"old", {"same", "a/x", NULL, PLAIN, 1, NULL}, {"same", "a/y", NULL, GPL, 2, NULL},
		{"crc", "a/x", NULL, PLAIN, 1, NULL}, {"crc", "a/y", NULL, PLAIN, 2, NULL},
		{"fewer", "a/x", NULL, PLAIN, 1, NULL}, {"fewer", "a/y", NULL, GPL, 2, NULL});
	struct ksa_kernel *new_ =
		KERNEL("new", {"same", "a/x", NULL, PLAIN, 1, NULL},
		       {"same", "a/y", NULL, GPL, 2, NULL}, {"crc", "a/x", NULL, PLAIN, 1, NULL},
		       {"crc", "a/y", NULL, PLAIN, 3, NULL}, {"fewer", "a/y", NULL, GPL, 2, NULL});
	struct diff *diff = compare(old, new_);
	bool mixed;

	(void)state;
	assert_int_equal(diff->row_count, 3);
	expect_row(diff, "same", "unchanged:");
	expect_row(diff, "crc", "crc: crc(00000001;00000002>00000001;00000003)");
	expect_row(diff, "fewer", "owner: class(plain;gpl>gpl) owner(a/x;a/y>a/y)");
	assert_int_equal(diff_class(&diff->rows[diff_find(diff, "same")], DIFF_OLD, &mixed), GPL);
	assert_true(mixed);
	assert_int_equal(diff_class(&diff->rows[diff_find(diff, "fewer")], DIFF_NEW, &mixed), GPL);
	assert_false(mixed);
	release(diff);
}

/* The gap of that axis, or NULL; there is at most one. */
static const struct diff_gap *gap_of(const struct diff *diff, enum diff_axis axis)
{
	const struct diff_gap *found = NULL;

	for (size_t i = 0; i < diff->gap_count; i++) {
		if (diff->gaps[i].axis != axis)
			continue;
		assert_null(found);
		found = &diff->gaps[i];
	}
	return found;
}

static void expect_gap(const struct diff *diff, enum diff_axis axis, size_t count, bool remark,
		       const char *text)
{
	const struct diff_gap *gap = gap_of(diff, axis);

	assert_non_null(gap);
	assert_int_equal(gap->count, count);
	assert_int_equal(gap->remark, remark);
	assert_string_equal(gap->text, text);
}

/* What a side does not know is said, and is never a change. */
static void test_unknown_facts(void **state)
{
	struct ksa_kernel *old = KERNEL("old", {"a", NULL, "?", KSA_CLASS_UNKNOWN, 0, NULL},
					{"b", NULL, NULL, PLAIN, 2, NULL},
					{"c", NULL, "NS", KSA_CLASS_UNKNOWN, 3, NULL});
	struct ksa_kernel *new_ =
		KERNEL("new", {"a", NULL, "NS", GPL, 1, NULL}, {"b", NULL, "?", GPL, 2, NULL},
		       {"c", NULL, NULL, KSA_CLASS_UNKNOWN, 4, NULL});
	struct diff *diff = compare(old, new_);

	(void)state;
	expect_row(diff, "a", "unchanged: class? namespace? crc?");
	expect_row(diff, "b", "class: class(plain>gpl) namespace?");
	expect_row(diff, "c", "eased: class? namespace(NS>) crc(00000003>00000004)");
	assert_int_equal(diff->counts.uncompared[AXIS_CLASS], 2);
	assert_int_equal(diff->counts.compared[AXIS_CLASS], 1);
	assert_int_equal(diff->counts.marked[AXIS_NAMESPACE], 1);
	assert_int_equal(diff->counts.uncompared[AXIS_NAMESPACE], 2);
	/* a and c of old, c of new; a of old, b of new */
	assert_int_equal(diff->gap_count, 5);
	expect_gap(diff, AXIS_CRC, 1, true, "not compared for 1 symbol without one");
	release(diff);
}

static void test_no_crcs(void **state)
{
	struct ksa_kernel *old = KERNEL("old", {"a", NULL, NULL, PLAIN, 1, NULL});
	struct ksa_kernel *new_ = KERNEL("new", {"a", NULL, NULL, PLAIN, 0, NULL});
	struct diff *diff = compare(old, new_);

	(void)state;
	expect_gap(diff, AXIS_CRC, 1, false, "not compared: the sources of new have none");
	diff_free(diff);
	new_->vermagic = "7.2 SMP preempt mod_unload ";
	diff = compare(old, new_);
	expect_row(diff, "a", "unchanged: crc?");
	expect_gap(diff, AXIS_CRC, 1, true, "not compared: new is built without them");
	release(diff);
}

/* A side without its modules: what only the other has may be in them; moves are known where both
 * ends are. */
static void test_unread_modules(void **state)
{
	struct ksa_kernel *old = KERNEL("old", {"gone", NULL, NULL, PLAIN, 1, NULL},
					{"of_module", "a/x", NULL, PLAIN, 1, NULL},
					{"moved", "a/x", NULL, PLAIN, 1, NULL});
	struct ksa_kernel *new_ = KERNEL("new", {"moved", NULL, NULL, PLAIN, 1, NULL});
	struct diff *diff;

	(void)state;
	new_->has_modules = false;
	diff = compare(old, new_);
	expect_row(diff, "gone", "unchanged: removed?");
	expect_row(diff, "of_module", "unchanged: removed?");
	expect_row(diff, "moved", "owner: owner(a/x>vmlinux)");
	expect_gap(diff, AXIS_REMOVED, 2, false,
		   "not all modules of new were read: the 2 symbols that only old has are not "
		   "compared");
	diff_free(diff);
	diff = compare(new_, old);
	expect_row(diff, "of_module", "unchanged: added?");
	expect_row(diff, "gone", "unchanged: added?");
	expect_gap(diff, AXIS_ADDED, 2, false,
		   "not all modules of new were read: the 2 symbols that only old has are not "
		   "compared");
	diff_free(diff);
	old->has_modules = false;
	diff = compare(new_, old);
	expect_row(diff, "gone", "added: added(>plain)");
	expect_gap(
		diff, AXIS_ADDED, 1, false,
		"not all modules of new were read: a symbol that moved from there shows as added");
	assert_int_equal(diff->gap_count, 2);
	diff_free(diff);
	ksa_kernel_free(old);
	ksa_kernel_free(new_);
}

static void test_other_architecture(void **state)
{
	struct ksa_kernel *old = KERNEL("old", {"a", NULL, NULL, PLAIN, 1, NULL});
	struct ksa_kernel *new_ = KERNEL("new", {"a", NULL, NULL, PLAIN, 1, NULL});
	struct diff *diff;

	(void)state;
	old->arch = "x86_64";
	new_->arch = "arm64";
	diff = compare(old, new_);
	expect_gap(diff, AXIS_COUNT, 0, true, "the architectures differ: x86_64 and arm64");
	release(diff);
}

/* Names of Rust symbols change with every build: they are counted apart, on every axis. */
static void test_rust(void **state)
{
	struct ksa_kernel *old =
		KERNEL("old", {"_RNvCsf7_4core3abc", NULL, NULL, GPL, 1, NULL},
		       {"_R", NULL, NULL, GPL, 1, NULL}, {"_Rx", NULL, NULL, GPL, 1, NULL},
		       {"rust_helper_x", NULL, NULL, GPL, 1, NULL});
	struct ksa_kernel *new_ = KERNEL("new", {"_RNvCsf8_4core3abc", NULL, NULL, GPL, 1, NULL});
	struct diff *diff = compare(old, new_);
	struct diff_view view;
	struct diff_filter filter = {.fold = true};

	(void)state;
	assert_int_equal(diff->counts.marked[AXIS_REMOVED], 3);
	assert_int_equal(diff->counts.rust[AXIS_REMOVED], 1);
	assert_int_equal(diff->counts.marked[AXIS_ADDED], 0);
	assert_int_equal(diff->counts.rust[AXIS_ADDED], 1);
	assert_int_equal(diff_view_make(diff, &filter, &view, NULL), 0);
	assert_int_equal(view.count, 3);
	assert_int_equal(view.folded_rust, 2);
	diff_view_release(&view);
	assert_int_equal(diff_view_make(diff, NULL, &view, NULL), 0);
	assert_int_equal(view.count, 5);
	assert_false(view.filtered);
	diff_view_release(&view);
	release(diff);
}

/* The symbols that pass, in order, blanks between. */
static void expect_view(const struct diff *diff, struct diff_filter filter, const char *names)
{
	struct strbuf got = {0};
	struct diff_view view;

	assert_int_equal(diff_view_make(diff, &filter, &view, NULL), 0);
	for (size_t i = 0; i < view.count; i++) {
		strbuf_adds(&got, i ? " " : "");
		strbuf_adds(&got, diff->rows[view.rows[i]].name);
	}
	assert_string_equal(strbuf_string(&got), names);
	strbuf_release(&got);
	diff_view_release(&view);
}

static void test_filters(void **state)
{
	struct ksa_kernel *old = KERNEL("old", {"dma_buf_a", NULL, "DMA_BUF", GPL, 1, NULL},
					{"follow_pfn", NULL, NULL, PLAIN, 2, NULL},
					{"only_crc", "a/x-y", NULL, PLAIN, 3, NULL},
					{"same", NULL, NULL, PLAIN, 4, NULL});
	struct ksa_kernel *new_ = KERNEL("new", {"dma_buf_a", NULL, NULL, GPL, 9, NULL},
					 {"follow_pfnmap_start", NULL, NULL, GPL, 2, NULL},
					 {"only_crc", "a/x-y", NULL, PLAIN, 9, NULL},
					 {"same", NULL, NULL, PLAIN, 4, NULL});
	struct diff *diff = compare(old, new_);

	(void)state;
	expect_view(diff, (struct diff_filter){.fold = false},
		    "dma_buf_a follow_pfn follow_pfnmap_start only_crc");
	expect_view(diff, (struct diff_filter){.fold = true},
		    "dma_buf_a follow_pfn follow_pfnmap_start");
	expect_view(diff, (struct diff_filter){.fold = true, .axes = AXIS_MARK(AXIS_CRC)},
		    "dma_buf_a only_crc");
	expect_view(diff,
		    (struct diff_filter){.axes = AXIS_MARK(AXIS_REMOVED) | AXIS_MARK(AXIS_ADDED)},
		    "follow_pfn follow_pfnmap_start");
	expect_view(diff, (struct diff_filter){.families = FAMILY("pfn")},
		    "follow_pfn follow_pfnmap_start");
	expect_view(diff, (struct diff_filter){.families = FAMILY("hmm")}, "");
	expect_view(diff,
		    (struct diff_filter){
			    .families = {(const struct ksa_family *[]){family_find("dma-buf"),
								       family_find("pfn")},
					 2}},
		    "dma_buf_a follow_pfn follow_pfnmap_start");
	/* Either side may pass. */
	expect_view(diff, (struct diff_filter){.exports = {.ns = LIST("DMA_BUF")}}, "dma_buf_a");
	expect_view(diff, (struct diff_filter){.exports = {.classes = 1u << GPL}},
		    "dma_buf_a follow_pfnmap_start");
	expect_view(diff, (struct diff_filter){.exports = {.owner = LIST("x_y")}}, "only_crc");
	expect_view(diff, (struct diff_filter){.exports = {.grep = LIST("sa*")}}, "");
	release(diff);
}

static void test_families(void **state)
{
	struct ksa_kernel *old = KERNEL("old", {"dma_buf_a", NULL, NULL, GPL, 1, NULL},
					{"dma_bug", NULL, NULL, GPL, 1, NULL},
					{"follow_pfn", NULL, NULL, PLAIN, 2, NULL},
					{"follow_pfnx", NULL, NULL, PLAIN, 2, NULL});
	struct ksa_kernel *new_ = KERNEL("new", {"dma_buf_a", NULL, NULL, GPL, 2, NULL},
					 {"follow_pfnmap_end", NULL, NULL, GPL, 2, NULL});
	struct diff *diff = compare(old, new_);
	size_t members = 0;

	(void)state;
	assert_int_equal(diff->family_count, families_builtin_count);
	for (size_t i = 0; i < diff->family_count; i++) {
		const struct diff_family *f = &diff->families[i];

		members += f->row_count;
		if (strcmp(f->family->name, "dma-buf") == 0) {
			assert_int_equal(f->row_count, 1);
			assert_int_equal(f->changed, 0); /* only its CRC */
			assert_true(diff_family_has(f, diff_find(diff, "dma_buf_a")));
			assert_false(diff_family_has(f, diff_find(diff, "dma_bug")));
		} else if (strcmp(f->family->name, "pfn") == 0) {
			assert_int_equal(f->row_count, 2);
			assert_int_equal(f->changed, 2);
			assert_true(diff_family_has(f, diff_find(diff, "follow_pfn")));
			assert_true(diff_family_has(f, diff_find(diff, "follow_pfnmap_end")));
			assert_false(diff_family_has(f, diff_find(diff, "follow_pfnx")));
		}
	}
	assert_int_equal(members, 3);
	release(diff);
}

/* The likely successors of a symbol as "name=importers+name, name=family". */
static void expect_successors(const struct diff *diff, const char *name, const char *expected)
{
	const struct diff_row *row = &diff->rows[diff_find(diff, name)];
	struct strbuf text = {0};

	for (uint32_t i = 0; i < row->successor_count; i++) {
		const struct diff_successor *s = &row->successors[i];

		strbuf_printf(&text, "%s%s:", i ? ", " : "", diff->rows[s->row].name);
		strbuf_adds(&text, s->evidence & EVIDENCE_IMPORTERS ? "i" : "");
		strbuf_adds(&text, s->evidence & EVIDENCE_NAME ? "n" : "");
		strbuf_adds(&text, s->evidence & EVIDENCE_FAMILY ? "f" : "");
		assert_true(s->score > 0 && s->score < 1);
		if (s->evidence & EVIDENCE_IMPORTERS)
			strbuf_printf(&text, "%u/%u", s->moved, s->of);
	}
	assert_string_equal(strbuf_string(&text), expected);
	strbuf_release(&text);
}

static void test_successors(void **state)
{
	struct ksa_kernel *old = KERNEL("old", {"class_create_old", NULL, NULL, GPL, 1, "abcd"},
					{"unrelated_thing", NULL, NULL, GPL, 1, "abcdef"},
					{"widget_frob_all", NULL, NULL, GPL, 1, NULL},
					{"follow_pte", NULL, NULL, GPL, 1, "ef"},
					{"lonely", NULL, NULL, GPL, 1, NULL},
					{"elsewhere_frob_one", "m/a", NULL, GPL, 1, NULL});
	struct ksa_kernel *new_ = KERNEL("new", {"fresh_interface", NULL, NULL, GPL, 1, "abcd"},
					 {"unrelated_thing", NULL, NULL, GPL, 1, "abcdef"},
					 {"widget_frob_all_noprof", NULL, NULL, GPL, 1, NULL},
					 {"follow_pfnmap_start", NULL, NULL, GPL, 1, "ef"},
					 {"elsewhere_frob_two", "m/b", NULL, GPL, 1, NULL},
					 {"other", NULL, NULL, GPL, 1, NULL});
	struct diff *diff = compare(old, new_);

	(void)state;
	expect_successors(diff, "class_create_old", "fresh_interface:i4/4");
	expect_successors(diff, "widget_frob_all", "widget_frob_all_noprof:n");
	expect_successors(diff, "follow_pte", "follow_pfnmap_start:if2/2");
	expect_successors(diff, "lonely", "");
	/* A close name of another owner is no evidence. */
	expect_successors(diff, "elsewhere_frob_one", "");
	expect_successors(diff, "unrelated_thing", "");
	expect_successors(diff, "other", "");
	release(diff);
}

/* An importer that the new kernel lacks does not count; one that imported it before neither. */
static void test_successors_of_importers_that_stay(void **state)
{
	static const struct kexport old_exports[] = {
		{"gone", NULL, NULL, GPL, 1, "abcd"},
		{"known", NULL, NULL, GPL, 1, "abc"},
	};
	static const struct kexport new_exports[] = {
		{"fresh", NULL, NULL, GPL, 1, "abc"},
		{"known", NULL, NULL, GPL, 1, "abc"},
	};
	struct ksa_kernel *old = make_kernel_of("old", "abcd", old_exports, COUNT(old_exports));
	struct ksa_kernel *new_ = make_kernel_of("new", "abc", new_exports, COUNT(new_exports));
	struct diff *diff = compare(old, new_);

	(void)state;
	expect_successors(diff, "gone", "fresh:i3/3");
	release(diff);
}

/* Static calls and tracepoints only become their like. */
static void test_generated_names(void **state)
{
	struct ksa_kernel *old =
		KERNEL("old", {"__SCK__tp_func_alpha_beta", NULL, NULL, GPL, 1, NULL});
	struct ksa_kernel *new_ =
		KERNEL("new", {"__SCT__tp_func_alpha_beta2", NULL, NULL, GPL, 1, NULL},
		       {"__SCK__tp_func_alpha_beta2", NULL, NULL, GPL, 1, NULL});
	struct diff *diff = compare(old, new_);

	(void)state;
	expect_successors(diff, "__SCK__tp_func_alpha_beta", "__SCK__tp_func_alpha_beta2:n");
	release(diff);
}

/* Modules that go take their exports along; without a list of modules nobody knows. */
static void test_gone_with_module(void **state)
{
	static const struct kexport exports[] = {{"x", "m/a", NULL, GPL, 1, NULL}};
	struct ksa_kernel *old = make_kernel_of("old", "ab", exports, 1);
	struct ksa_kernel *with = make_kernel_of("new", "ab", NULL, 0);
	struct ksa_kernel *without = make_kernel_of("new", "b", NULL, 0);
	struct ksa_kernel *unlisted = make_kernel_of("new", "", NULL, 0);
	struct ksa_kernel *cases[] = {with, without, unlisted};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct diff *diff = compare(old, cases[i]);

		expect_row(diff, "x", "removed: removed(gpl>)");
		assert_int_equal(diff->rows[0].owner_gone, cases[i] == without);
		assert_int_equal(diff->counts.removed_with_owner, cases[i] == without);
		diff_free(diff);
		ksa_kernel_free(cases[i]);
	}
	ksa_kernel_free(old);
}

#define IMPORTS(...)                                                                               \
	.imports = (struct ksa_import[]){__VA_ARGS__},                                             \
	.import_count = COUNT(((struct ksa_import[]){__VA_ARGS__}))
#define MODULE(n, license, ...)                                                                    \
	(&(struct ksa_module){.name = (n),                                                         \
			      .path = (n),                                                         \
			      .arch = "",                                                          \
			      .has_modinfo = true,                                                 \
			      .licenses = {(const char *[]){license}, 1},                          \
			      __VA_ARGS__})

/* Verdicts are those of ksa_check on NEW; the counts are of what the modules import. */
static void test_modules(void **state)
{
	struct ksa_kernel *old =
		KERNEL("old", {"gone", NULL, NULL, PLAIN, 1, NULL},
		       {"tightened", NULL, NULL, PLAIN, 1, NULL},
		       {"spaced", NULL, NULL, GPL, 1, NULL}, {"reserved", NULL, NULL, GPL, 1, NULL},
		       {"unused", NULL, NULL, GPL, 1, NULL}, {"ok", NULL, NULL, GPL, 1, NULL});
	struct ksa_kernel *new_ = KERNEL("new", {"tightened", NULL, NULL, GPL, 1, NULL},
					 {"spaced", NULL, "NS", GPL, 1, NULL},
					 {"reserved", NULL, "module:kvm", GPL, 1, NULL},
					 {"ok", NULL, NULL, GPL, 1, NULL});
	struct ksa_module *modules[] = {
		MODULE("fine", "GPL", IMPORTS({.name = "ok"}, {.name = "tightened"})),
		MODULE("breaks", "GPL", IMPORTS({.name = "gone"}, {.name = "ok"})),
		MODULE("prop", "Proprietary", IMPORTS({.name = "tightened"})),
		MODULE("spaces", "GPL", IMPORTS({.name = "spaced"}, {.name = "reserved"})),
		MODULE("both", "Proprietary", IMPORTS({.name = "gone"}, {.name = "tightened"})),
		MODULE("never", "Proprietary", IMPORTS({.name = "ok"})),
	};
	static const enum diff_fate fates[] = {FATE_OK,	     FATE_WARNING, FATE_REFUSED,
					       FATE_REFUSED, FATE_REFUSED, FATE_REFUSED};
	static const char *const why[] = {
		NULL,
		"gone from the API: gone",
		"GPL-only: tightened",
		"in a namespace that it does not import: spaced; reserved for other modules: "
		"reserved",
		"GPL-only: tightened; gone from the API: gone",
		"GPL-only: ok",
	};
	struct diff_input input = {
		.kernels = {old, new_}, .modules = modules, .module_count = COUNT(modules)};
	struct ksa_check_options rebuild = {.rebuild = true, .built_for = old};
	struct ksa_report *report;
	struct diff *diff;

	(void)state;
	new_->reserves = TRI_YES;
	assert_int_equal(diff_make(&input, &diff, NULL), 0);
	assert_int_equal(ksa_check(&new_, 1, modules, COUNT(modules), &rebuild, &report, NULL), 0);
	for (size_t i = 0; i < COUNT(modules); i++) {
		const struct diff_module *m = &diff->modules[i];

		assert_int_equal(m->fate, fates[i]);
		assert_int_equal(m->verdict[DIFF_NEW], ksa_report_verdict(report, i, 0));
		if (why[i])
			assert_string_equal(m->why, why[i]);
		else
			assert_null(m->why);
	}
	assert_int_equal(diff->modules[5].verdict[DIFF_OLD], KSA_VERDICT_REFUSED);
	assert_int_equal(diff->modules[4].verdict[DIFF_OLD], KSA_VERDICT_OK);
	assert_int_equal(diff->modules[3].row_count, 2);
	assert_string_equal(diff->rows[diff->modules[3].rows[0]].name, "reserved");
	assert_int_equal(diff->rows[diff_find(diff, "tightened")].module_count, 3);
	assert_int_equal(diff->rows[diff_find(diff, "unused")].module_count, 0);
	assert_int_equal(diff->counts.marked[AXIS_REMOVED], 1); /* not unused */
	assert_int_equal(diff->counts.fates[FATE_REFUSED], 4);
	assert_int_equal(diff->counts.fates[FATE_WARNING], 1);
	expect_view(diff, (struct diff_filter){.fold = false}, "gone reserved spaced tightened");
	ksa_report_free(report);
	release(diff);
}

static void test_modules_unknown(void **state)
{
	struct ksa_kernel *old = KERNEL("old", {"a", NULL, NULL, PLAIN, 1, NULL});
	struct ksa_kernel *new_ = KERNEL("new", {"a", NULL, NULL, KSA_CLASS_UNKNOWN, 1, NULL});
	struct ksa_module *modules[] = {MODULE("m", "Proprietary", IMPORTS({.name = "a"}))};
	struct diff_input input = {.kernels = {old, new_}, .modules = modules, .module_count = 1};
	struct diff *diff;

	(void)state;
	assert_int_equal(diff_make(&input, &diff, NULL), 0);
	assert_int_equal(diff->modules[0].fate, FATE_UNKNOWN);
	assert_int_equal(diff->counts.fates[FATE_UNKNOWN], 1);
	assert_non_null(strstr(diff->modules[0].why, "a: its class is not known"));
	release(diff);
}

/* Three kernels: each axis of a symbol where it changed first. */
static void test_walk(void **state)
{
	struct ksa_kernel *a =
		KERNEL("a", {"x", NULL, NULL, PLAIN, 1, NULL}, {"y", NULL, NULL, PLAIN, 1, NULL});
	struct ksa_kernel *b =
		KERNEL("b", {"x", NULL, NULL, GPL, 2, NULL}, {"y", NULL, NULL, PLAIN, 1, NULL});
	struct ksa_kernel *c = KERNEL("c", {"x", NULL, "NS", PLAIN, 3, NULL});
	struct diff *steps[] = {compare(a, b), compare(b, c)};
	static const struct diff_first expected[] = {
		{1, 1, AXIS_REMOVED}, {0, 0, AXIS_CLASS}, {1, 0, AXIS_NAMESPACE}};
	const struct diff_filter folded = {.fold = true},
				 in_ns = {.fold = true, .exports.ns = LIST("NS")};
	struct diff_view views[2];
	struct diff_walk walk;

	(void)state;
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(diff_view_make(steps[i], &folded, &views[i], NULL), 0);
	assert_int_equal(diff_walk_make(steps, views, 2, &walk, NULL), 0);
	assert_int_equal(walk.first_count, COUNT(expected));
	for (size_t i = 0; i < COUNT(expected); i++) {
		assert_int_equal(walk.firsts[i].axis, expected[i].axis);
		assert_int_equal(walk.firsts[i].step, expected[i].step);
		assert_int_equal(walk.firsts[i].row, expected[i].row);
	}
	diff_walk_release(&walk);
	/* A filter hides rows: what was first is another matter. */
	for (size_t i = 0; i < 2; i++) {
		diff_view_release(&views[i]);
		assert_int_equal(diff_view_make(steps[i], &in_ns, &views[i], NULL), 0);
	}
	assert_int_equal(diff_walk_make(steps, views, 2, &walk, NULL), 0);
	assert_int_equal(walk.first_count, 1);
	assert_int_equal(walk.firsts[0].axis, AXIS_NAMESPACE);
	diff_walk_release(&walk);
	/* CRCs where they are asked for. */
	for (size_t i = 0; i < 2; i++) {
		diff_view_release(&views[i]);
		assert_int_equal(diff_view_make(steps[i], NULL, &views[i], NULL), 0);
	}
	assert_int_equal(diff_walk_make(steps, views, 2, &walk, NULL), 0);
	assert_int_equal(walk.first_count, COUNT(expected) + 1);
	diff_walk_release(&walk);
	for (size_t i = 0; i < 2; i++) {
		diff_view_release(&views[i]);
		diff_free(steps[i]);
	}
	ksa_kernel_free(a);
	ksa_kernel_free(b);
	ksa_kernel_free(c);
}

/* A list of named modules that grows shuts nobody out; one that shrinks does. */
static void test_reserved_lists(void **state)
{
	struct ksa_kernel *old = KERNEL("old", {"fewer", NULL, "module:a,b", GPL, 0, NULL},
					{"more", NULL, "module:a", GPL, 0, NULL},
					{"others", NULL, "module:kvm", GPL, 0, NULL},
					{"wider", NULL, "module:kvm-amd", GPL, 0, NULL});
	struct ksa_kernel *new_ = KERNEL("new", {"fewer", NULL, "module:a", GPL, 0, NULL},
					 {"more", NULL, "module:a,b", GPL, 0, NULL},
					 {"others", NULL, "module:xe", GPL, 0, NULL},
					 {"wider", NULL, "module:kvm-*", GPL, 0, NULL});
	struct diff *diff = compare(old, new_);

	(void)state;
	assert_int_equal(diff->rows[diff_find(diff, "fewer")].ns, NS_RESERVED);
	assert_int_equal(diff->rows[diff_find(diff, "more")].ns, NS_CHANGED);
	assert_int_equal(diff->rows[diff_find(diff, "others")].ns, NS_RESERVED);
	assert_int_equal(diff->rows[diff_find(diff, "wider")].ns, NS_CHANGED);
	release(diff);
}

/* Two modules that swap the classes of what both export. */
static void test_class_by_owner(void **state)
{
	struct ksa_kernel *old =
		KERNEL("old", {"s", "m/a", NULL, PLAIN, 0, NULL}, {"s", "m/b", NULL, GPL, 0, NULL});
	struct ksa_kernel *new_ =
		KERNEL("new", {"s", "m/a", NULL, GPL, 0, NULL}, {"s", "m/b", NULL, PLAIN, 0, NULL});
	struct diff *diff = compare(old, new_);

	(void)state;
	assert_int_equal(diff->rows[diff_find(diff, "s")].marks, AXIS_MARK(AXIS_CLASS));
	release(diff);
}

/* Nothing to compare is no crash. */
static void test_empty(void **state)
{
	struct ksa_kernel *old = make_kernel("old", NULL, 0), *new_ = make_kernel("new", NULL, 0);
	struct diff *diff = compare(old, new_);

	(void)state;
	assert_int_equal(diff->row_count, 0);
	assert_int_equal(diff_find(diff, "x"), NO_INDEX);
	release(diff);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_axes),
		cmocka_unit_test(test_several_owners),
		cmocka_unit_test(test_unknown_facts),
		cmocka_unit_test(test_no_crcs),
		cmocka_unit_test(test_unread_modules),
		cmocka_unit_test(test_other_architecture),
		cmocka_unit_test(test_rust),
		cmocka_unit_test(test_filters),
		cmocka_unit_test(test_families),
		cmocka_unit_test(test_successors),
		cmocka_unit_test(test_successors_of_importers_that_stay),
		cmocka_unit_test(test_generated_names),
		cmocka_unit_test(test_gone_with_module),
		cmocka_unit_test(test_modules),
		cmocka_unit_test(test_modules_unknown),
		cmocka_unit_test(test_walk),
		cmocka_unit_test(test_reserved_lists),
		cmocka_unit_test(test_class_by_owner),
		cmocka_unit_test(test_empty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
