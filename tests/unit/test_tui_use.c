// SPDX-License-Identifier: GPL-2.0-or-later
/* What the interactive diff does: modules, files, the clipboard, strange kernels, and how fast. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tui/keys.h"
#include "tui/viewtest.h"

static int setup_modules(void **state)
{
	*state = viewtest_start(viewtest_old, viewtest_new, true);
	return 0;
}

static void modules_are_judged(void **state)
{
	struct fixture *f = *state;

	viewtest_expect(
		f, 0,
		" ksymaudit diff old-6.1 → new-6.12          2 modules: warning 1, ok 1   ? "
		"help\n");
	viewtest_type(f, "/follow_pfn\rz");
	viewtest_expect(
		f, 13,
		"   used by     pfn_user: warning: gone from the API: follow_pfn\n"
		"   findings    KSA062 warning: 'follow_pfn' is gone from the API: the source\n");
}

static void only_what_modules_use(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(list_row_count(&f->tui.list), 10);
	viewtest_type(f, "m8");
	viewtest_expect(
		f, 4,
		"▾ removed: 1  gone from the API: sources that name these have to change\n"
		"  follow_pfn             plain -     -          vmlinux                        2\n"
		"▾ crc: 1  nothing but the CRC: modules have to be rebuilt\n"
		"  __kmalloc              plain plain -          vmlinux                      2→1\n"
		"\n");
	viewtest_expect_last(f, "what the modules use", "2 of 10 symbols");
	viewtest_type(f, "m");
	assert_int_equal(list_row_count(&f->tui.list), 10);
}

static void m_needs_modules(void **state)
{
	struct fixture *f = *state;

	viewtest_type(f, "m");
	viewtest_expect_last(f, "no modules were given (--module)", "10 of 10 symbols");
}

static void export_writes_what_is_shown(void **state)
{
	struct fixture *f = *state;

	viewtest_type(f, "1");
	tui_key(&f->tui, KEYS_LEFT);
	viewtest_type(f, "e");
	viewtest_expect_last(
		f, "write 6 symbols (4 folded ones not) as (j)son, (t)sv or (m)arkdown?", "");
	viewtest_type(f, "t/nowhere/x.tsv");
	viewtest_expect_last(f, "write tsv to the file: /nowhere/x.tsv", "");
	assert_int_equal(f->exported.calls, 0);
	viewtest_type(f, "\r");
	assert_int_equal(f->exported.calls, 1);
	assert_string_equal(f->exported.format, "tsv");
	assert_string_equal(f->exported.path, "/nowhere/x.tsv");
	assert_string_equal(f->exported.names,
			    "dma_buf_get follow_pfnmap_start kvm_get_kvm nvme_init_ctrl "
			    "page_mapcount set_memory_x");
	viewtest_expect_last(f, "wrote 6 symbols to /nowhere/x.tsv", "10 of 10 symbols");
	f->exported.fail = true;
	viewtest_type(f, "em/nowhere/y\r");
	assert_string_equal(f->exported.format, "markdown");
	viewtest_expect_last(f, "/nowhere/y: cannot write: disk full", "10 of 10 symbols");
}

static void export_is_left_undone(void **state)
{
	struct fixture *f = *state;

	viewtest_type(f, "ex");
	viewtest_expect_last(f, "", "10 of 10 symbols");
	viewtest_type(f, "ej\r");
	viewtest_type(f, "ejname\033");
	viewtest_type(f, "/nothing\re");
	viewtest_expect_last(f, "no symbol is shown that could be written", "0 of 10 symbols");
	assert_int_equal(f->exported.calls, 0);
}

static void export_asks_before_it_overwrites(void **state)
{
	struct fixture *f = *state;
	char path[] = "/tmp/test_tui_views.XXXXXX", keys[64], text[128];
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	close(fd);
	snprintf(keys, sizeof(keys), "ej%s\r", path);
	snprintf(text, sizeof(text), "this file exists, overwrite it (y/n)? %s", path);
	viewtest_type(f, keys);
	viewtest_expect_last(f, text, "");
	viewtest_type(f, "n");
	assert_int_equal(f->exported.calls, 0);
	viewtest_type(f, keys);
	viewtest_type(f, "y");
	assert_int_equal(f->exported.calls, 1);
	assert_string_equal(f->exported.path, path);
	unlink(path);
}

static void y_copies_a_symbol(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(viewtest_type(f, "y"), TUI_STAY);
	viewtest_expect_last(f, "no symbol is selected", "10 of 10 symbols");
	assert_int_equal(viewtest_type(f, "jy"), TUI_COPY);
	viewtest_expect_last(f, "copied: follow_pfn", "10 of 10 symbols");
	assert_int_equal(tui_key(&f->tui, KEYS_REDRAW), TUI_REDRAW);
}

static const struct diffbuild_export hostile_exports[] = {
	{"evil\033[31m\nname", KSA_CLASS_PLAIN, "drivers/\033c/a\tb", "N\bS", 0},
	{"\xff\xc3\x28", KSA_CLASS_UNKNOWN, NULL, NULL, 0},
	{"漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字", KSA_CLASS_GPL, NULL, NULL, 0},
	{NULL, KSA_CLASS_UNKNOWN, NULL, NULL, 0},
};

static int setup_hostile(void **state)
{
	*state = viewtest_start(hostile_exports, viewtest_new, false);
	return 0;
}

static void names_cannot_reach_the_terminal(void **state)
{
	struct fixture *f = *state;

	for (const char *k = "joz/evil\rez\033\033?fy"; *k; k++) {
		tui_key(&f->tui, *k);
		tui_render(&f->tui, &f->cells);
		for (size_t i = 0; i < (size_t)f->cells.width * f->cells.height; i++) {
			uint32_t code = f->cells.items[i].code;

			assert_true(code >= ' ' && (code < 0x7f || code >= 0xa0));
		}
	}
	viewtest_type(f, "q\033g/evil\r");
	viewtest_expect(
		f, 4,
		"  evil\\x1b[31m\\x0aname       plain -     N\\x08S     a\\x09b               "
		"      0\n");
	viewtest_expect(f, 13, " evil\\x1b[31m\\x0aname: removed\n");
	viewtest_expect(f, 17, "   owner       drivers/\\x1bc/a\\x09b           (gone too)\n");
}

/* No classes for one symbol, and no CRCs at all. */
static const struct diffbuild_export vague_exports[] = {
	{"__kmalloc", KSA_CLASS_PLAIN, NULL, NULL, 0},
	{"set_memory_x", KSA_CLASS_UNKNOWN, NULL, "MEMORY", 0},
	{NULL, KSA_CLASS_UNKNOWN, NULL, NULL, 0},
};

static int setup_vague(void **state)
{
	*state = viewtest_start(viewtest_old, vague_exports, false);
	return 0;
}

static void what_is_not_known_is_said(void **state)
{
	struct fixture *f = *state;

	viewtest_expect_last(f, "class: not known of 1 symbol: the sources of new-6.12 do not gi…",
			     "8 of 8 symbols");
	viewtest_type(f, "?G");
	viewtest_expect(
		f, 19,
		" not compared\n"
		" class                 not known of 1 symbol: the sources of new-6.12 do not\n"
		"                       give it\n"
		" crc                   not compared: the sources of new-6.12 have none\n");
	viewtest_type(f, "\033/set_memory\rz");
	viewtest_expect(f, 1,
			" set_memory_x: namespace changed\n"
			"               old-6.1                        new-6.12\n"
			"   class       plain                          unknown (not compared)\n"
			" * namespace   -                              MEMORY\n"
			"   owner       vmlinux                        vmlinux\n"
			"   CRC         00000009                       - (not compared)\n");
}

static void nothing_changed(void **state)
{
	struct fixture *f = *state;

	viewtest_expect(
		f, 0,
		" ksymaudit diff old-6.1 → new-6.12                                       ? "
		"help\n\n");
	viewtest_expect(f, 3, "  nothing changed\n\n");
	/* no key needs a row */
	for (int key = 0; key < 0x80; key++) {
		if (key != 'q' && key != 'Q')
			assert_int_not_equal(tui_key(&f->tui, key), TUI_QUIT);
		tui_render(&f->tui, &f->cells);
	}
}

static int setup_same(void **state)
{
	*state = viewtest_start(viewtest_old, viewtest_old, false);
	return 0;
}

/* Whatever is pressed on whatever screen: the selection is a line, the cells are characters. */
static void no_keys_get_it_stuck(void **state)
{
	struct fixture *f = *state;
	uint32_t seed = 20260101;

	for (int i = 0; i < 20000; i++) {
		int key;

		seed = seed * 1664525 + 1013904223;
		key = (int)(seed >> 8) % (0x80 + KEYS_OTHER - KEYS_UP);
		key = key < 0x80 ? key : KEYS_UP + key - 0x80;
		if (seed >> 25 == 0)
			viewtest_resize(f, 1 + (seed >> 8) % 200, 1 + (seed >> 16) % 60);
		tui_key(&f->tui, key);
		tui_render(&f->tui, &f->cells);
		assert_true(f->tui.selected == 0 ||
			    f->tui.selected < list_line_count(&f->tui.list));
		assert_true(list_row_count(&f->tui.list) <= f->view.count);
		for (size_t c = 0; c < (size_t)f->cells.width * f->cells.height; c++)
			assert_true(f->cells.items[c].code >= ' ');
	}
}

#define MANY 25000

/* Every other one is removed, the rest reclassified. */
static int setup_many(void **state)
{
	struct diffbuild_export *old = calloc(MANY + 1, sizeof(*old));
	struct diffbuild_export *new_ = calloc(MANY / 2 + 1, sizeof(*new_));
	static char names[MANY][32];

	assert_non_null(old);
	assert_non_null(new_);
	for (size_t i = 0; i < MANY; i++) {
		snprintf(names[i], sizeof(names[i]), "subsystem_%05zu_function_%zu", i, i % 7);
		old[i] = (struct diffbuild_export){.name = names[i], .cls = KSA_CLASS_PLAIN};
		if (i % 2)
			new_[i / 2] =
				(struct diffbuild_export){.name = names[i], .cls = KSA_CLASS_GPL};
	}
	*state = viewtest_start(old, new_, false);
	free(old);
	free(new_);
	return 0;
}

/* The line of the screen that is reversed below the header. */
static unsigned int selected_line(const struct fixture *f)
{
	unsigned int y = 3;

	while (y < f->cells.height &&
	       !(f->cells.items[(size_t)y * f->cells.width].style & CELL_REVERSE))
		y++;
	return y;
}

/* The list is in the lines 3 to 22. */
static void selection_stays_on_the_screen(void **state)
{
	static const struct {
		const char *keys;
		unsigned int line;
	} steps[] = {
		{"", 3},   {"jjjjjjjjjj", 13}, {"jjjjjjjjj", 22}, {"jj", 22},
		{"k", 21}, {"kkkkkkkkkk", 11}, {"kkkkkkkk", 3},	  {"k", 3},
		{" ", 22}, {"G", 22},	       {"b", 3},	  {"g", 3},
		{"2", 3},  {"k", 3},	       {"1", 3},	  {"/00_\r", 4},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		viewtest_type(f, steps[i].keys);
		tui_render(&f->tui, &f->cells);
		assert_int_equal(selected_line(f), steps[i].line);
	}
	viewtest_type(f, "\033gG");
	viewtest_expect(
		f, 22,
		"  subsystem_24999_function_2  plain  gpl    -          vmlinux          0\n");
}

static double cpu_ms(void)
{
	struct timespec t;

	/* of this thread: a busy machine does not count */
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* The figures are for make bench: they decide nothing here. */
static void large_diffs_answer_every_key(void **state)
{
	static const char keys[] =
		"jGgoj9221 \x04/subsystem_1_function\025*_1*_function_3\r\033nnNz"
		"JJK\033Gb\177/5\177\033g";
	struct fixture *f = *state;
	double from, first, worst = 0;

	tui_release(&f->tui);
	from = cpu_ms();
	assert_int_equal(tui_init(&f->tui, f->diff, &f->options, NULL), 0);
	viewtest_resize(f, 200, 60);
	tui_render(&f->tui, &f->cells);
	first = cpu_ms() - from;
	assert_int_equal(list_row_count(&f->tui.list), MANY);
	for (const char *k = keys; *k; k++) {
		from = cpu_ms();
		tui_key(&f->tui, *k);
		tui_render(&f->tui, &f->cells);
		if (cpu_ms() - from > worst)
			worst = cpu_ms() - from;
	}
	print_message("%d rows: first screen %.1f ms, slowest key %.1f ms\n", MANY, first, worst);
	assert_int_equal(list_row_count(&f->tui.list), MANY);
}

#define VIEW_TEST(f) cmocka_unit_test_setup_teardown(f, viewtest_setup, viewtest_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(modules_are_judged, setup_modules,
						viewtest_teardown),
		cmocka_unit_test_setup_teardown(only_what_modules_use, setup_modules,
						viewtest_teardown),
		VIEW_TEST(m_needs_modules),
		VIEW_TEST(export_writes_what_is_shown),
		VIEW_TEST(export_is_left_undone),
		VIEW_TEST(export_asks_before_it_overwrites),
		VIEW_TEST(y_copies_a_symbol),
		cmocka_unit_test_setup_teardown(no_keys_get_it_stuck, setup_modules,
						viewtest_teardown),
		cmocka_unit_test_setup_teardown(names_cannot_reach_the_terminal, setup_hostile,
						viewtest_teardown),
		cmocka_unit_test_setup_teardown(what_is_not_known_is_said, setup_vague,
						viewtest_teardown),
		cmocka_unit_test_setup_teardown(nothing_changed, setup_same, viewtest_teardown),
		cmocka_unit_test_setup_teardown(selection_stays_on_the_screen, setup_many,
						viewtest_teardown),
		cmocka_unit_test_setup_teardown(large_diffs_answer_every_key, setup_many,
						viewtest_teardown),
	};

	return setlocale(LC_CTYPE, "C.UTF-8") ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
