// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Files of severities, and which changes they let pass. What is expected is what suse-kabi-tools(5)
 * says of the one form, and Debian's buildcheck.py of the other.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/diff/diff.h"
#include "audit/diff/tolerate.h"
#include "model/kernel.h"
#include "read/rules/severities.h"
#include "unit/diffbuild.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))
#define ALL	 (AXIS_MARK(AXIS_COUNT) - 1)

static const struct diffbuild_module no_modules[] = {{NULL, NULL}};

static int read_text(struct severities *s, const char *text, size_t size, struct ksa_error *err)
{
	memset(err, 0, sizeof(*err));
	return severities_read_text("f", (const unsigned char *)text, size, s, err);
}

static void read_rules(struct severities *s, const char *text)
{
	struct ksa_error err;

	if (read_text(s, text, strlen(text), &err))
		fail_msg("line %u: %s", err.line, err.text);
}

static void reads_rules(void **state)
{
	static const struct {
		const char *line, *pattern;
		enum severity_subject subject;
		bool pass;
		unsigned int axes;
	} cases[] = {
		{"lib/important*  FAIL", "lib/important*", SEVERITY_OF_MODULE, false, ALL},
		{"TEST_IMPORTANT\tFAIL", "TEST_IMPORTANT", SEVERITY_OF_NAMESPACE, false, ALL},
		{"*not_stable* PASS# x", "*not_stable*", SEVERITY_OF_SYMBOL, true, ALL},
		{"  NAMESPACE local PASS\r", "local", SEVERITY_OF_NAMESPACE, true, ALL},
		{"vmlinux PASS", "vmlinux", SEVERITY_OF_MODULE, true, ALL},
		{"vmlinux2 PASS", "vmlinux2", SEVERITY_OF_SYMBOL, true, ALL},
		{"* PASS", "*", SEVERITY_OF_NAMESPACE, true, ALL},
		{"__1 PASS", "__1", SEVERITY_OF_NAMESPACE, true, ALL},
		{"MODULE PASS PASS", "PASS", SEVERITY_OF_MODULE, true, ALL},
		{"SYMBOL FAIL", "SYMBOL", SEVERITY_OF_NAMESPACE, false, ALL},
		{"a-b/c-[x-z] PASS", "a_b/c_[x-z]", SEVERITY_OF_MODULE, true, ALL},
		{"sym-x PASS", "sym-x", SEVERITY_OF_SYMBOL, true, ALL},
		{"a PASS crc", "a", SEVERITY_OF_SYMBOL, true, AXIS_MARK(AXIS_CRC)},
		{"MODULE a FAIL class,crc", "a", SEVERITY_OF_MODULE, false,
		 AXIS_MARK(AXIS_CLASS) | AXIS_MARK(AXIS_CRC)},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct severities s = {.file = NULL};

		read_rules(&s, cases[i].line);
		assert_int_equal(s.count, 1);
		assert_string_equal(s.items[0].pattern, cases[i].pattern);
		assert_int_equal(s.items[0].subject, cases[i].subject);
		assert_int_equal(s.items[0].pass, cases[i].pass);
		assert_int_equal(s.items[0].axes, cases[i].axes);
		severities_release(&s);
	}
}

/* '*' and '**' are one byte or more, all else is itself, and comments are whole lines. */
static void reads_defines(void **state)
{
	static const char text[] = "# c\n[abi]\nabiname: 1\nignore-changes:\n a_*\n# x\n"
				   " module:drivers/x-y/** name:b[c\nignore-changes-not: d\n e\n"
				   "[abi_x]\nignore-changes = f?\n\n g\n[base]\n h\n";
	static const struct {
		const char *pattern;
		enum severity_subject subject;
	} expected[] = {{"a_?*", SEVERITY_OF_SYMBOL},
			{"drivers/x_y/?*", SEVERITY_OF_MODULE},
			{"b\\[c", SEVERITY_OF_SYMBOL},
			{"f\\?", SEVERITY_OF_SYMBOL},
			{"g", SEVERITY_OF_SYMBOL}};
	struct severities s = {.file = NULL};

	(void)state;
	read_rules(&s, text);
	assert_int_equal(s.count, COUNT(expected));
	for (size_t i = 0; i < s.count; i++) {
		assert_string_equal(s.items[i].pattern, expected[i].pattern);
		assert_int_equal(s.items[i].subject, expected[i].subject);
		assert_true(s.items[i].pass && s.items[i].axes == ALL);
	}
	assert_string_equal(s.items[1].text, "f:7: ignore-changes module:drivers/x-y/**");
	severities_release(&s);
}

static void refuses(void **state)
{
	static const struct {
		const char *text;
		unsigned int line;
	} cases[] = {
		{"a", 1},
		{"\n\na PASS FAIL\n", 3},
		{"a PASS\nb MAYBE\n", 2},
		{"X a PASS", 1},
		{"a PASS crc,", 1},
		{"a PASS ,", 1},
		{"a b c d e", 1},
		{"a[ PASS", 1},
		{"a[!] PASS", 1},
		{"a\\\\[b PASS", 1},
		{"a\\ PASS", 1},
		{"[a\\] PASS", 1},
		{"[\\]a PASS", 1},
		{"a PASS\n[abi]\n", 2},
		{"[abi]\nignore-changes: x:y\n", 2},
		{"[abi]\nb: c\n", 0},
		{"MODULE a crc PASS", 1},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct severities s = {.file = NULL};
		struct ksa_error err;

		if (read_text(&s, cases[i].text, strlen(cases[i].text), &err) != KSA_EFORMAT ||
		    err.line != cases[i].line)
			fail_msg("'%s': line %u: %s", cases[i].text, err.line, err.text);
		severities_release(&s);
	}
}

/* Two kernels, what is compared, and the rules. */
struct fixture {
	struct ksa_kernel *kernels[DIFF_SIDES];
	struct diff *diff;
	struct severities severities;
};

static void make(struct fixture *f, const struct diffbuild_export *old,
		 const struct diffbuild_export *new_, const char *rules)
{
	struct diff_input input = {.kernels = {diffbuild_kernel("old", old, no_modules),
					       diffbuild_kernel("new", new_, no_modules)}};

	memset(f, 0, sizeof(*f));
	memcpy(f->kernels, input.kernels, sizeof(f->kernels));
	assert_int_equal(diff_make(&input, &f->diff, NULL), 0);
	read_rules(&f->severities, rules);
	assert_int_equal(diff_tolerate(f->diff, &f->severities, NULL), 0);
}

static void drop(struct fixture *f)
{
	diff_free(f->diff);
	severities_release(&f->severities);
	for (int side = 0; side < DIFF_SIDES; side++)
		ksa_kernel_free(f->kernels[side]);
}

static const struct diff_row *row_of(const struct fixture *f, const char *name)
{
	uint32_t index = diff_find(f->diff, name);

	assert_true(index != NO_INDEX);
	return &f->diff->rows[index];
}

static void decides(void **state)
{
	static const struct diffbuild_export old[] = {
		{"both", KSA_CLASS_PLAIN, NULL, NULL, 1},
		{"gone", KSA_CLASS_PLAIN, "drivers/a-b/c-d", NULL, 1},
		{"moved", KSA_CLASS_GPL, "fs/x", NULL, 1},
		{"spaced", KSA_CLASS_GPL, NULL, "OLD", 1},
		{"twice", KSA_CLASS_PLAIN, "fs/a", NULL, 1},
		{"twice", KSA_CLASS_PLAIN, "fs/b", NULL, 1},
		{.name = NULL}};
	static const struct diffbuild_export new_[] = {{"both", KSA_CLASS_GPL, NULL, NULL, 2},
						       {"fresh", KSA_CLASS_GPL, "fs/y", "NEW", 1},
						       {"moved", KSA_CLASS_GPL, "fs/y", NULL, 1},
						       {"spaced", KSA_CLASS_GPL, NULL, "NEW", 1},
						       {"twice", KSA_CLASS_GPL, "fs/a", NULL, 1},
						       {"twice", KSA_CLASS_GPL, "fs/b", NULL, 1},
						       {.name = NULL}};
	struct fixture f;
	size_t count;

	(void)state;
	make(&f, old, new_,
	     "both PASS crc\nboth FAIL class\nboth PASS\ndrivers/a_b/* PASS\nfs/y PASS\nNEW FAIL\n"
	     "OLD PASS namespace\nfs/a PASS\nnothing PASS\n");
	/* each axis for itself, the first rule that is about it */
	assert_int_equal(row_of(&f, "both")->tolerated, AXIS_MARK(AXIS_CRC));
	assert_string_equal(diff_tolerated_by(f.diff, row_of(&f, "both"), &count)->by,
			    "f:1: SYMBOL both PASS crc");
	assert_int_equal(count, 1);
	assert_int_equal(row_of(&f, "gone")->tolerated, AXIS_MARK(AXIS_REMOVED));
	/* what the old kernel has, of an added one the new */
	assert_int_equal(row_of(&f, "moved")->tolerated, 0);
	assert_int_equal(row_of(&f, "spaced")->tolerated, AXIS_MARK(AXIS_NAMESPACE));
	assert_int_equal(row_of(&f, "fresh")->tolerated, AXIS_MARK(AXIS_ADDED));
	/* one of two owners does not speak for both */
	assert_int_equal(row_of(&f, "twice")->tolerated, 0);
	for (size_t i = 0; i < f.severities.count; i++)
		assert_int_equal(f.severities.used[i], i != 5 && i != 8);
	assert_int_equal(f.diff->counts.tolerated[AXIS_CRC], 1);
	assert_int_equal(f.diff->counts.tolerated[AXIS_CLASS], 0);
	drop(&f);
}

/* What fails the run: nothing that is tolerated, and with abi nothing that only eases. */
static void gates(void **state)
{
	static const struct diffbuild_export old[] = {{"eased", KSA_CLASS_GPL, NULL, "NS", 1},
						      {"strict", KSA_CLASS_PLAIN, NULL, NULL, 1},
						      {.name = NULL}};
	static const struct diffbuild_export new_[] = {{"eased", KSA_CLASS_PLAIN, NULL, NULL, 2},
						       {"strict", KSA_CLASS_GPL, NULL, "NS", 2},
						       {.name = NULL}};
	const unsigned int both = AXIS_MARK(AXIS_CLASS) | AXIS_MARK(AXIS_NAMESPACE);
	struct diff_filter filter = {.gate = both, .fold = true};
	struct diff_view view;
	struct fixture f;

	(void)state;
	make(&f, old, new_, "strict PASS namespace\n");
	assert_int_equal(diff_view_make(f.diff, &filter, &view, NULL), 0);
	assert_int_equal(diff_view_gated(&view, row_of(&f, "eased")), both);
	assert_int_equal(diff_view_gated(&view, row_of(&f, "strict")), AXIS_MARK(AXIS_CLASS));
	diff_view_release(&view);
	filter.ease = both;
	assert_int_equal(diff_view_make(f.diff, &filter, &view, NULL), 0);
	assert_int_equal(diff_view_gated(&view, row_of(&f, "eased")), 0);
	assert_int_equal(view.gated, 1);
	diff_view_release(&view);
	drop(&f);
}

/* The short way that most rules take gives what fnmatch(3) does. */
static void matches_as_fnmatch(void **state)
{
	static const char *const parts[] = {"a", "b", "_", "*", "?", "[ab]", "[!a]", "\\*", "ab"};
	static const char letters[] = "ab_*";

	(void)state;
	srandom(18);
	for (int i = 0; i < 2000; i++) {
		char pattern[64] = "", name[8] = "", line[96];
		struct diffbuild_export old[] = {{name, KSA_CLASS_PLAIN, NULL, NULL, 1},
						 {.name = NULL}};
		struct fixture f;

		for (long n = random() % 5 + 1; n > 0; n--)
			strcat(pattern, parts[(size_t)random() % COUNT(parts)]);
		for (size_t n = (size_t)random() % 6 + 1; n > 0; n--)
			name[n - 1] = letters[random() % 4];
		snprintf(line, sizeof(line), "SYMBOL %s PASS", pattern);
		make(&f, old, old + 1, line);
		if ((fnmatch(pattern, name, 0) == 0) != f.severities.used[0])
			fail_msg("'%s' and '%s'", pattern, name);
		assert_int_equal(row_of(&f, name)->tolerated != 0, f.severities.used[0]);
		drop(&f);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_rules), cmocka_unit_test(reads_defines),
		cmocka_unit_test(refuses),     cmocka_unit_test(decides),
		cmocka_unit_test(gates),       cmocka_unit_test(matches_as_fnmatch),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
