// SPDX-License-Identifier: GPL-2.0-or-later
/* diff_make() on kernels made by hand; what is expected is written out beside each. */
#include "audit/diff.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

struct kexport {
	const char *name, *owner, *ns; /* owner NULL: vmlinux; ns "?": not known */
	enum ksa_class cls;
	uint32_t crc; /* 0: none */
};

static struct ksa_kernel *make_kernel(const char *label, const struct kexport *exports,
				      size_t count)
{
	struct ksa_kernel *k;
	uint32_t source;

	assert_int_equal(kernel_new(label, &k, NULL), 0);
	assert_int_equal(kernel_add_source(k, "s", SOURCE_SYMVERS, &source, NULL), 0);
	k->has_image = k->has_modules = k->has_imports = true;
	for (size_t i = 0; i < count; i++) {
		bool known = !exports[i].ns || strcmp(exports[i].ns, "?") != 0;
		struct ksa_export e = {.name = exports[i].name,
				       .owner = exports[i].owner ? exports[i].owner : "vmlinux",
				       .ns = known ? exports[i].ns : NULL,
				       .ns_known = known,
				       .cls = (uint8_t)exports[i].cls,
				       .crc = exports[i].crc,
				       .has_crc = exports[i].crc != 0,
				       .source = source};

		assert_int_equal(kernel_add_export(k, &e, NULL), 0);
	}
	assert_int_equal(kernel_seal(k, NULL), 0);
	return k;
}

#define KERNEL(label, ...)                                                                         \
	make_kernel(label, (const struct kexport[]){__VA_ARGS__},                                  \
		    COUNT(((const struct kexport[]){__VA_ARGS__})))

static struct diff *compare(struct ksa_kernel *old, struct ksa_kernel *new_)
{
	struct diff_input input = {.kernels = {old, new_}};
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
		"old", {"gone", NULL, NULL, GPL, 1}, {"same", "a/b-c", "NS", PLAIN, 2},
		{"tighter", NULL, NULL, PLAIN, 3}, {"looser", NULL, NULL, GPL, 4},
		{"moved", NULL, NULL, GPL, 5}, {"directory", "drivers/staging/x", NULL, GPL, 6},
		{"crc", NULL, NULL, GPL, 7}, {"all", "a/b", "OLD", PLAIN, 8});
	struct ksa_kernel *new_ =
		KERNEL("new", {"fresh", NULL, NULL, PLAIN, 1}, {"same", "a/b_c", "NS", PLAIN, 2},
		       {"tighter", NULL, NULL, GPL, 3}, {"looser", NULL, NULL, PLAIN, 0x44},
		       {"moved", "lib/m", NULL, GPL, 5}, {"directory", "drivers/x", NULL, GPL, 6},
		       {"crc", NULL, NULL, GPL, 0xabcdef01}, {"all", "a/d", "module:kvm", GPL, 9});
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_axes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
