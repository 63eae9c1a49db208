// SPDX-License-Identifier: GPL-2.0-or-later
/* The parts of the interactive diff that know nothing of its views: cells, prompt, lines, list. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <limits.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "audit/diff/diff.h"
#include "tui/cells.h"
#include "tui/detail.h"
#include "tui/keys.h"
#include "tui/lines.h"
#include "tui/list.h"
#include "tui/osc52.h"
#include "tui/prompt.h"
#include "unit/diffbuild.h"

static int use_utf8(void **state)
{
	(void)state;
	/* wcwidth() knows the widths of what is beyond ASCII only in such a locale */
	return setlocale(LC_CTYPE, "C.UTF-8") ? 0 : -1;
}

/* What is put at the start of a line of 12 cells, with that much room. */
static void expect_put(bool utf8, unsigned int room, const char *text, const char *expected)
{
	struct cells cells = {.utf8 = utf8};
	struct strbuf got = {0};

	assert_int_equal(cells_resize(&cells, 12, 1, NULL), 0);
	cells_put(&cells, 0, 0, room, 0, text);
	for (unsigned int x = 0; x < 12; x++) {
		char bytes[MB_LEN_MAX + 1] = "";

		assert_true(wctomb(bytes, (wchar_t)cells.items[x].code) > 0);
		strbuf_adds(&got, bytes);
	}
	assert_string_equal(strbuf_string(&got), expected);
	strbuf_release(&got);
	cells_release(&cells);
}

static void cells_hold_what_fits(void **state)
{
	(void)state;
	expect_put(true, 12, "", "            ");
	expect_put(true, 12, "kfree", "kfree       ");
	expect_put(true, 12, "twelve_chars", "twelve_chars");
	expect_put(true, 12, "thirteen_char", "thirteen_ch…");
	expect_put(false, 12, "thirteen_char", "thirteen_ch~");
	expect_put(true, 4, "kfree", "kfr…        ");
	expect_put(true, 0, "kfree", "            ");
	expect_put(true, 100, "kfree_sensitive", "kfree_sensi…");
}

static void cells_show_every_byte_as_something_harmless(void **state)
{
	(void)state;
	expect_put(true, 12, "a\033[1mb", "a\\x1b[1mb   ");
	expect_put(true, 12, "a\nb\177", "a\\x0ab\\x7f  ");
	expect_put(true, 12, "a\xff", "a\\xff       ");
	expect_put(true, 12, "\xc2\x9b", "\\xc2\\x9b    ");
	expect_put(true, 12, "grün", "grün        ");
	expect_put(false, 12, "grün", "gr?n        ");
	/* two columns wide, and none at all */
	expect_put(true, 12, "a漢b", "a?b         ");
	expect_put(true, 12, "a\xcc\x81", "a?          ");
	/* right to left marks would turn the line around */
	expect_put(true, 12, "\xe2\x80\xae", "\\xe2\\x80\\xae");
	expect_put(true, 12, GLYPH_OPEN GLYPH_FOLDED GLYPH_ARROW GLYPH_CUT, "▾▸→…        ");
	expect_put(false, 12, GLYPH_OPEN GLYPH_FOLDED GLYPH_ARROW GLYPH_CUT, "v>>~        ");
}

static void cells_outside_are_left_alone(void **state)
{
	struct cells cells = {.utf8 = true};
	struct ksa_error err = {0};

	(void)state;
	assert_int_equal(cells_resize(&cells, 3, 2, NULL), 0);
	assert_int_equal(cells_put(&cells, 0, 2, 3, 0, "abc"), 0);
	assert_int_equal(cells_put(&cells, 3, 1, 3, 0, "abc"), 0);
	assert_int_equal(cells_put(&cells, 2, 1, 3, 0, "abc"), 1);
	assert_int_equal(cells.items[5].code, 0x2026);
	cells_add_style(&cells, 2, 1, 7, CELL_BOLD);
	cells_add_style(&cells, 0, 2, 7, CELL_BOLD);
	for (int i = 0; i < 6; i++)
		assert_int_equal(cells.items[i].style, i == 5 ? CELL_BOLD : 0);
	assert_int_equal(cells_resize(&cells, 0, 2, &err), KSA_ELIMIT);
	assert_int_equal(cells_resize(&cells, 20000, 2, NULL), KSA_ELIMIT);
	assert_int_equal(cells.width, 3);
	cells_release(&cells);
}

static void width_is_what_put_uses(void **state)
{
	static const char *const texts[] = {"", "kfree", "grün", "a\nb", "\xff", GLYPH_ARROW "x"};
	struct cells cells = {.utf8 = true};

	(void)state;
	assert_int_equal(cells_resize(&cells, 40, 1, NULL), 0);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_int_equal(cells_put(&cells, 0, 0, 40, 0, texts[i]), cells_width(texts[i]));
	cells_release(&cells);
}

static void prompt_is_edited(void **state)
{
	struct prompt p = {.length = 0};

	(void)state;
	for (const char *s = "a b_c"; *s; s++)
		assert_int_equal(prompt_key(&p, *s), PROMPT_EDITED);
	assert_int_equal(prompt_key(&p, 0xfc), PROMPT_EDITED);
	assert_int_equal(prompt_key(&p, 0x6f22), PROMPT_EDITED);
	assert_int_equal(prompt_key(&p, 0x1f600), PROMPT_EDITED);
	assert_string_equal(p.text, "a b_cü漢\xf0\x9f\x98\x80");
	prompt_key(&p, KEYS_BACKSPACE);
	prompt_key(&p, KEYS_BACKSPACE);
	assert_string_equal(p.text, "a b_cü");
	prompt_key(&p, KEYS_BACKSPACE);
	assert_string_equal(p.text, "a b_c");
	assert_int_equal(prompt_key(&p, KEYS_ERASE_WORD), PROMPT_EDITED);
	assert_string_equal(p.text, "a ");
	assert_int_equal(prompt_key(&p, KEYS_ERASE_WORD), PROMPT_EDITED);
	assert_string_equal(p.text, "");
	prompt_set(&p, "again");
	assert_int_equal(prompt_key(&p, KEYS_HALF_UP), PROMPT_EDITED);
	assert_int_equal(p.length, 0);
	assert_int_equal(prompt_key(&p, KEYS_BACKSPACE), PROMPT_CANCELED);
	assert_int_equal(prompt_key(&p, KEYS_ESCAPE), PROMPT_CANCELED);
	assert_int_equal(prompt_key(&p, KEYS_ENTER), PROMPT_ENTERED);
	assert_int_equal(prompt_key(&p, KEYS_DOWN), PROMPT_IGNORED);
	assert_int_equal(prompt_key(&p, 1), PROMPT_IGNORED);
	assert_int_equal(prompt_key(&p, 0x9b), PROMPT_IGNORED);
}

static void prompt_has_an_end(void **state)
{
	struct prompt p = {.length = 0};

	(void)state;
	for (int i = 0; i < PROMPT_SIZE - 1; i++)
		assert_int_equal(prompt_key(&p, 'x'), PROMPT_EDITED);
	assert_int_equal(prompt_key(&p, 'x'), PROMPT_IGNORED);
	assert_int_equal(strlen(p.text), PROMPT_SIZE - 1);
	prompt_key(&p, KEYS_BACKSPACE);
	/* two bytes do not fit into one */
	assert_int_equal(prompt_key(&p, 0xfc), PROMPT_IGNORED);
	assert_int_equal(prompt_key(&p, 'x'), PROMPT_EDITED);
}

/* The test vectors of RFC 4648, section 10. */
static void copy_is_base64(void **state)
{
	static const char *const vectors[][2] = {
		{"", ""},
		{"f", "Zg=="},
		{"fo", "Zm8="},
		{"foo", "Zm9v"},
		{"foob", "Zm9vYg=="},
		{"fooba", "Zm9vYmE="},
		{"foobar", "Zm9vYmFy"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		struct strbuf got = {0}, expected = {0};

		osc52_copy(&got, vectors[i][0]);
		strbuf_printf(&expected, "\033]52;c;%s\a", vectors[i][1]);
		assert_string_equal(strbuf_string(&got), strbuf_string(&expected));
		strbuf_release(&got);
		strbuf_release(&expected);
	}
}

static void expect_wrapped(const char *label, unsigned int width, const char *text,
			   const char *expected)
{
	struct lines lines = {.items = NULL};
	struct strbuf got = {0};

	lines_wrap(&lines, label, 4, width, text);
	assert_false(lines.failed);
	for (size_t i = 0; i < lines.count; i++)
		strbuf_printf(&got, "%s|", lines.items[i].text);
	assert_string_equal(strbuf_string(&got), expected);
	strbuf_release(&got);
	lines_release(&lines);
}

static void lines_break_at_blanks(void **state)
{
	(void)state;
	expect_wrapped("a", 10, "bb cc dd", "a   bb cc|    dd|");
	expect_wrapped("", 10, "bb cccc", "    bb|    cccc|");
	expect_wrapped("a", 10, "bb ccc", "a   bb ccc|");
	expect_wrapped("a", 10, "toolongaword b", "a   toolongaword|    b|");
	expect_wrapped("a", 10, "", "a   |");
	expect_wrapped("label", 12, "bb cc", "label|    bb cc|");
	expect_wrapped("a", 12, "\n\n \n", "a   \n\n|    \n|");
}

static const struct diffbuild_export old_exports[] = {
	{"a_crc", KSA_CLASS_GPL, NULL, NULL, 1},    {"b_class", KSA_CLASS_PLAIN, NULL, NULL, 1},
	{"c_same", KSA_CLASS_PLAIN, NULL, NULL, 1}, {"d_gone", KSA_CLASS_PLAIN, NULL, NULL, 1},
	{"e_gone", KSA_CLASS_PLAIN, NULL, NULL, 1}, {NULL, KSA_CLASS_UNKNOWN, NULL, NULL, 0},
};

static const struct diffbuild_export new_exports[] = {
	{"_RNvCs1234_6kernel3new", KSA_CLASS_GPL, NULL, NULL, 1},
	{"a_crc", KSA_CLASS_GPL, NULL, NULL, 2},
	{"b_class", KSA_CLASS_GPL, NULL, NULL, 1},
	{"c_same", KSA_CLASS_PLAIN, NULL, NULL, 1},
	{"f_new", KSA_CLASS_GPL, NULL, NULL, 1},
	{NULL, KSA_CLASS_UNKNOWN, NULL, NULL, 0},
};

static const struct diffbuild_module no_modules[] = {{NULL, NULL}};

struct fixture {
	struct ksa_kernel *kernels[DIFF_SIDES];
	struct diff *diff;
	struct diff_view view;
	struct list list;
};

static int make_list(void **state)
{
	static struct fixture f;
	struct diff_input input;

	memset(&f, 0, sizeof(f));
	f.kernels[DIFF_OLD] = diffbuild_kernel("old", old_exports, no_modules);
	f.kernels[DIFF_NEW] = diffbuild_kernel("new", new_exports, no_modules);
	input = (struct diff_input){.kernels = {f.kernels[DIFF_OLD], f.kernels[DIFF_NEW]}};
	assert_int_equal(diff_make(&input, &f.diff, NULL), 0);
	assert_int_equal(diff_view_make(f.diff, NULL, &f.view, NULL), 0);
	assert_int_equal(list_init(&f.list, &f.view, NULL), 0);
	*state = &f;
	return 0;
}

static int free_list(void **state)
{
	struct fixture *f = *state;

	list_release(&f->list);
	diff_view_release(&f->view);
	diff_free(f->diff);
	ksa_kernel_free(f->kernels[DIFF_OLD]);
	ksa_kernel_free(f->kernels[DIFF_NEW]);
	return 0;
}

/* All lines: the heads by their names in brackets, '+' for a folded one. */
static void expect_lines(const struct list *list, const char *expected)
{
	struct strbuf got = {0};

	for (size_t i = 0; i < list_line_count(list); i++) {
		struct list_place place = list_at(list, i);

		if (place.row == NO_INDEX)
			strbuf_printf(&got, "%s[%s%s]", i ? " " : "",
				      list->groups[place.group].folded ? "+" : "",
				      list_name(place.group));
		else
			strbuf_printf(&got, " %s", list->diff->rows[place.row].name);
		assert_int_equal(list_line_of(list, place), i);
	}
	assert_string_equal(strbuf_string(&got), expected);
	strbuf_release(&got);
}

static void set_pattern(struct list *list, const char *pattern)
{
	struct list_filter filter = list->filter;

	strcpy(filter.pattern, pattern);
	list_set_filter(list, &filter);
}

static void list_has_the_worst_first(void **state)
{
	struct list *list = &((struct fixture *)*state)->list;

	expect_lines(list, "[removed] d_gone e_gone [class] b_class [+crc] [added] f_new [+rust]");
	assert_int_equal(list_row_count(list), 6);
	assert_int_equal(list_shown_count(list), 4);
	for (unsigned int g = 0; g < LIST_GROUPS; g++)
		list->groups[g].folded = false;
	expect_lines(list, "[removed] d_gone e_gone [class] b_class [crc] a_crc [added] f_new "
			   "[rust] _RNvCs1234_6kernel3new");
	assert_int_equal(list_key(0), '1');
	assert_int_equal(list_key(1), '-');
	assert_int_equal(list_key(2), '2');
	assert_int_equal(list_key(9), '9');
	assert_int_equal(list_key(10), '0');
	assert_int_equal(list_at(list, 1000).row, diff_find(list->diff, "_RNvCs1234_6kernel3new"));
}

/* e_gone() was called by a helper that is there still, d_gone by none. */
static void list_folds_what_is_behind_headers(void **state)
{
	static const struct diffbuild_helper old[] = {{"helper", "e_gone", HELPER_INLINE},
						      {NULL, NULL, 0}};
	static const struct diffbuild_helper new_[] = {{"helper", "f_new", HELPER_MACRO},
						       {NULL, NULL, 0}};
	struct fixture f = {.kernels = {diffbuild_kernel("old", old_exports, no_modules),
					diffbuild_kernel("new", new_exports, no_modules)}};
	const struct diff_input input = {.kernels = {f.kernels[0], f.kernels[1]}};
	struct diff_view shown;
	struct lines lines = {.items = NULL};

	(void)state;
	diffbuild_headers(f.kernels[DIFF_OLD], old);
	diffbuild_headers(f.kernels[DIFF_NEW], new_);
	assert_int_equal(diff_make(&input, &f.diff, NULL), 0);
	assert_int_equal(diff_view_make(f.diff, NULL, &f.view, NULL), 0);
	assert_int_equal(list_init(&f.list, &f.view, NULL), 0);
	expect_lines(&f.list,
		     "[removed] d_gone [+behind] [class] b_class [+crc] [added] f_new [+rust]");
	/* What is folded is not written, and that is said. */
	assert_int_equal(list_shown(&f.list, AXIS_MARK(AXIS_COUNT) - 1, &shown, NULL), 0);
	assert_int_equal(shown.folded_behind, 1);
	assert_int_equal(shown.count, 3);
	diff_view_release(&shown);
	detail_lines(f.diff, diff_find(f.diff, "e_gone"), 78, &lines);
	assert_string_equal(
		lines.items[4].text,
		"  fate        behind helper(): rebuilt by the headers of new; links GPL-only");
	assert_string_equal(lines.items[5].text, "              exports: helper() -> f_new");
	lines_release(&lines);
	free_list(&(void *){&f});
}

static void list_filters_by_parts_and_globs(void **state)
{
	struct list *list = &((struct fixture *)*state)->list;

	set_pattern(list, "gone");
	expect_lines(list, "[removed] d_gone e_gone");
	set_pattern(list, "e_gone");
	expect_lines(list, "[removed] e_gone");
	set_pattern(list, "e_");
	expect_lines(list, "[removed] e_gone");
	set_pattern(list, "_");
	expect_lines(list, "[removed] d_gone e_gone [class] b_class [+crc] [added] f_new [+rust]");
	set_pattern(list, "e*");
	expect_lines(list, "[removed] e_gone");
	set_pattern(list, "?_[cn]*");
	expect_lines(list, "[class] b_class [+crc] [added] f_new");
	set_pattern(list, "gon?");
	expect_lines(list, "");
	assert_int_equal(list_at(list, 0).row, NO_INDEX);
	assert_int_equal(list_line_of(list, (struct list_place){3, 1}), 0);
	set_pattern(list, "");
	assert_int_equal(list_row_count(list), 6);
}

static void list_goes_to_what_comes_next(void **state)
{
	struct fixture *f = *state;
	uint32_t d_gone = diff_find(f->diff, "d_gone"), e_gone = diff_find(f->diff, "e_gone");

	set_pattern(&f->list, "e_gone");
	assert_int_equal(list_line_of(&f->list, (struct list_place){0, d_gone}), 1);
	set_pattern(&f->list, "");
	f->list.groups[0].folded = true;
	expect_lines(&f->list, "[+removed] [class] b_class [+crc] [added] f_new [+rust]");
	assert_int_equal(list_line_of(&f->list, (struct list_place){0, e_gone}), 0);
}

static void expect_found(const struct list *list, bool forward, struct list_place *place,
			 const char *expected)
{
	assert_true(list_find(list, "_c", forward, place));
	assert_string_equal(list->diff->rows[place->row].name, expected);
}

static void list_finds_around_the_end(void **state)
{
	struct list *list = &((struct fixture *)*state)->list;
	struct list_place place = {0, NO_INDEX};

	/* folded groups are looked through too */
	expect_found(list, true, &place, "b_class");
	expect_found(list, true, &place, "a_crc");
	expect_found(list, true, &place, "b_class");
	expect_found(list, false, &place, "a_crc");
	expect_found(list, false, &place, "b_class");
	assert_false(list_find(list, "c_same", true, &place));
	assert_false(list_find(list, "c_same", false, &place));
	set_pattern(list, "nothing");
	assert_false(list_find(list, "_", true, &place));
}

static void list_shows_no_folded_rows(void **state)
{
	struct list *list = &((struct fixture *)*state)->list;
	static const char *const expected[] = {"b_class", "d_gone", "e_gone", "f_new"};
	struct diff_view view;

	assert_int_equal(list_shown(list, AXIS_MARK(AXIS_CLASS), &view, NULL), 0);
	assert_ptr_equal(view.diff, list->diff);
	assert_int_equal(view.axes, AXIS_MARK(AXIS_CLASS));
	assert_true(view.filtered);
	assert_int_equal(view.folded_crcs, 1);
	assert_int_equal(view.folded_rust, 1);
	assert_int_equal(view.count, 4);
	for (size_t i = 0; i < 4; i++)
		assert_string_equal(list->diff->rows[view.rows[i]].name, expected[i]);
	free(view.rows);
}

#define LIST_TEST(f) cmocka_unit_test_setup_teardown(f, make_list, free_list)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cells_hold_what_fits),
		cmocka_unit_test(cells_show_every_byte_as_something_harmless),
		cmocka_unit_test(cells_outside_are_left_alone),
		cmocka_unit_test(width_is_what_put_uses),
		cmocka_unit_test(prompt_is_edited),
		cmocka_unit_test(prompt_has_an_end),
		cmocka_unit_test(copy_is_base64),
		cmocka_unit_test(lines_break_at_blanks),
		LIST_TEST(list_has_the_worst_first),
		cmocka_unit_test(list_folds_what_is_behind_headers),
		LIST_TEST(list_filters_by_parts_and_globs),
		LIST_TEST(list_goes_to_what_comes_next),
		LIST_TEST(list_finds_around_the_end),
		LIST_TEST(list_shows_no_folded_rows),
	};

	return cmocka_run_group_tests(tests, use_utf8, NULL);
}
