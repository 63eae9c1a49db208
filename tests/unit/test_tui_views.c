// SPDX-License-Identifier: GPL-2.0-or-later
/* What the interactive diff shows: keys go in, and whole screens are compared. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <locale.h>
#include <string.h>

#include "tui/detail.h"
#include "tui/keys.h"
#include "tui/viewtest.h"

/* The first cell of line y, for its style. */
static uint8_t style_at(const struct fixture *f, unsigned int x, unsigned int y)
{
	return f->cells.items[(size_t)y * f->cells.width + x].style;
}

static void first_screen(void **state)
{
	struct fixture *f = *state;

	viewtest_expect(
		f, 0,
		" ksymaudit diff old-6.1 → new-6.12                                       ? help\n"
		" 1 removed 2  2 class 1  3 reserved 1  5 namespace 1  6 owner 1  7 eased 1\n"
		" 8 crc 1  9 added 1  0 rust 1\n"
		"  SYMBOL                 OLD   NEW   NAMESPACE  OWNER                  IMPORTERS\n"
		"▾ removed: 2  gone from the API: sources that name these have to change\n"
		"  follow_pfn             plain -     -          vmlinux                        2\n"
		"  old_helper             plain -     -          old-helper                     0\n"
		"▾ class: 1  fewer modules may use these\n"
		"  set_memory_x           plain gpl   -          vmlinux                      1→0\n"
		"▾ reserved: 1  only the modules that the namespace names may use these\n"
		"  kvm_get_kvm            gpl   gpl   →module:k… arch/x86/kvm/kvm               0\n"
		"▾ namespace: 1  modules that use these have to import a namespace\n"
		"  dma_buf_get            gpl   gpl   →DMA_BUF   vmlinux                        0\n"
		"▾ owner: 1  moved: another module may have to be loaded\n"
		"  nvme_init_ctrl         gpl   gpl   -          nvme-core→vmlinux              1\n"
		"▾ eased: 1  more modules may use these than before\n"
		"  page_mapcount          gpl   plain -          vmlinux                        0\n"
		"▸ crc: 1  nothing but the CRC: modules have to be rebuilt\n"
		"▾ added: 1  new here\n"
		"  follow_pfnmap_start    -     gpl   -          vmlinux                        1\n"
		"▸ rust: 1  names with a hash of the crate, which every build makes anew\n"
		"\n"
		"\n"
		"                                                               10 of 10 "
		"symbols\n");
	/* the selected line is reversed, what changed is tinted */
	assert_int_equal(style_at(f, 0, 4), CELL_BOLD | CELL_REVERSE);
	assert_int_equal(style_at(f, 0, 5), TINT_NONE);
	assert_int_equal(style_at(f, 31, 5), TINT_BAD);
	assert_int_equal(style_at(f, 31, 8), TINT_BAD);
	assert_int_equal(style_at(f, 37, 10), TINT_WARN);
	assert_int_equal(style_at(f, 31, 16), TINT_GOOD);
}

static void ascii_screen(void **state)
{
	struct fixture *f = *state;

	f->cells.utf8 = false;
	viewtest_type(f, "j");
	viewtest_expect(
		f, 0,
		" ksymaudit diff old-6.1 > new-6.12                                       ? "
		"help\n");
	viewtest_expect(
		f, 4,
		"v removed: 2  gone from the API: sources that name these have to change\n"
		"  follow_pfn             plain -     -          vmlinux                      "
		"  2\n");
	viewtest_expect(
		f, 8,
		"  set_memory_x           plain gpl   -          vmlinux                      1>0\n"
		"v reserved: 1  only the modules that the namespace names may use these\n"
		"  kvm_get_kvm            gpl   gpl   >module:k~ arch/x86/kvm/kvm               "
		"0\n");
	viewtest_expect(f, 17, "> crc: 1  nothing but the CRC: modules have to be rebuilt\n");
	viewtest_type(f, "o?f");
	for (size_t i = 0; i < (size_t)f->cells.width * f->cells.height; i++)
		assert_true(f->cells.items[i].code >= ' ' && f->cells.items[i].code <= '~');
}

/* What is tolerated stands in its place, and the detail says who does so. */
static void tolerated_is_marked(void **state)
{
	struct fixture *f = *state;
	uint32_t row = diff_find(f->diff, "follow_pfn");
	struct lines lines = {.items = NULL};
	size_t at = 0;

	assert_int_equal(diff_let_pass(f->diff, row, AXIS_MARK(AXIS_REMOVED), "f:1: x", NULL), 0);
	diff_count_tolerated(f->diff);
	viewtest_expect(
		f, 5,
		"~ follow_pfn             plain -     -          vmlinux                      "
		"  2\n"
		"  old_helper             plain -     -          old-helper                   "
		"  0\n");
	detail_lines(f->diff, row, 78, &lines);
	while (at < lines.count && lines.items[at].text[0] != '~')
		at++;
	assert_true(at < lines.count);
	assert_string_equal(lines.items[at].text, "~ tolerated   removed by f:1: x");
	lines_release(&lines);
}

static void wider_screen_shows_all(void **state)
{
	struct fixture *f = *state;

	viewtest_resize(f, 132, 40);
	viewtest_expect(
		f, 1,
		" 1 removed 2  2 class 1  3 reserved 1  5 namespace 1  6 owner 1  7 eased 1  8 crc "
		"1  9 added 1  0 rust 1\n"
		"  SYMBOL                  OLD    NEW    NAMESPACE                  OWNER          "
		" "
		"                     IMPORTERS\n"
		"▾ removed: 2  gone from the API: sources that name these have to change\n"
		"  follow_pfn              plain  -      -                          vmlinux        "
		" "
		"                             2\n");
	viewtest_expect(f, 9,
			"  kvm_get_kvm             gpl    gpl    →module:kvm-intel,kvm-amd  "
			"arch/x86/kvm/kvm                             0\n");
	viewtest_expect(f, 13,
			"  nvme_init_ctrl          gpl    gpl    -                          "
			"drivers/nvme/host/nvme-core→vmlinux          1\n");
}

static void small_screen_says_so(void **state)
{
	static const struct {
		unsigned int width, height;
		const char *text;
	} sizes[] = {
		{79, 24, "79x24 is too small: 80x24 is needed (q quits)\n"},
		{80, 23, "80x23 is too small: 80x24 is needed (q quits)\n"},
		{20, 2, "20x2 is too small: …\n"},
		{1, 1, "…\n"},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		viewtest_resize(f, sizes[i].width, sizes[i].height);
		viewtest_expect(f, 0, sizes[i].text);
		for (unsigned int y = 1; y < sizes[i].height; y++)
			assert_string_equal(viewtest_line(&f->cells, y), "");
		/* keys are taken all the same, and none runs into what is not there */
		viewtest_type(f, "jjkGgo?z\033\033o");
	}
	assert_int_equal(viewtest_type(f, "q"), TUI_QUIT);
}

static void keys_move(void **state)
{
	static const struct {
		int key;
		const char *selected;
	} steps[] = {
		{'j', "follow_pfn"},
		{KEYS_DOWN, "old_helper"},
		{'j', "[class]"},
		{KEYS_UP, "old_helper"},
		{'k', "follow_pfn"},
		{'k', "[removed]"},
		{'k', "[removed]"},
		{'G', "[rust]"},
		{'j', "[rust]"},
		{KEYS_HOME, "[removed]"},
		{KEYS_END, "[rust]"},
		{'g', "[removed]"},
		{KEYS_PAGE_DOWN, "[rust]"},
		{KEYS_PAGE_UP, "[removed]"},
		{' ', "[rust]"},
		{'b', "[removed]"},
		{KEYS_HALF_DOWN, "[owner]"},
		{KEYS_HALF_UP, "[removed]"},
		{'5', "[namespace]"},
		{'9', "[added]"},
		{'1', "[removed]"},
		{'4', "[removed]"},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		assert_int_equal(tui_key(&f->tui, steps[i].key), TUI_STAY);
		viewtest_expect_selected(f, steps[i].selected);
	}
	viewtest_expect_last(f, "no symbol is shown under 'prototype'", "10 of 10 symbols");
	viewtest_type(f, "x");
	viewtest_expect_last(f, "this key means nothing here: ? lists those that do",
			     "10 of 10 symbols");
	viewtest_type(f, "j");
	viewtest_expect_last(f, "", "10 of 10 symbols");
}

static void groups_fold(void **state)
{
	struct fixture *f = *state;

	viewtest_type(f, "jj");
	tui_key(&f->tui, KEYS_LEFT);
	viewtest_expect_selected(f, "[removed]");
	viewtest_expect(f, 4,
			"▸ removed: 2  gone from the API: sources that name these have to change\n"
			"▾ class: 1  fewer modules may use these\n");
	tui_key(&f->tui, KEYS_RIGHT);
	viewtest_type(f, "j");
	viewtest_expect_selected(f, "follow_pfn");
	viewtest_type(f, "hj");
	viewtest_expect_selected(f, "[class]");
	viewtest_type(f, "klj");
	viewtest_expect_selected(f, "follow_pfn");
	viewtest_type(f, "g\rj");
	viewtest_expect_selected(f, "[class]");
	viewtest_type(f, "g\rj");
	viewtest_expect_selected(f, "follow_pfn");
	/* a jump opens what is folded */
	viewtest_type(f, "8j");
	viewtest_expect_selected(f, "__kmalloc");
	viewtest_type(f, "0j");
	viewtest_expect_selected(f, "_RNvCs1234_6kernel3new");
}

static void filter_follows_each_key(void **state)
{
	struct fixture *f = *state;

	viewtest_type(f, "/pfn");
	viewtest_expect(
		f, 0,
		" ksymaudit diff old-6.1 → new-6.12                                       ? help\n"
		" 1 removed 1  2 class 0  3 reserved 0  5 namespace 0  6 owner 0  7 eased 0\n"
		" 8 crc 0  9 added 1  0 rust 0\n"
		"  SYMBOL                 OLD   NEW   NAMESPACE  OWNER                  IMPORTERS\n"
		"▾ removed: 1  gone from the API: sources that name these have to change\n"
		"  follow_pfn             plain -     -          vmlinux                        2\n"
		"▾ added: 1  new here\n"
		"  follow_pfnmap_start    -     gpl   -          vmlinux                        1\n"
		"\n");
	viewtest_expect_last(f, "/pfn", "2 of 10 symbols");
	assert_int_equal(f->cells.cursor_x, 4);
	assert_int_equal(f->cells.cursor_y, 23);
	viewtest_expect_selected(f, "follow_pfn");
	viewtest_type(f, "m");
	viewtest_expect_last(f, "/pfnm", "1 of 10 symbols");
	viewtest_expect_selected(f, "follow_pfnmap_start");
	viewtest_type(f, "\177");
	viewtest_expect_last(f, "/pfn", "2 of 10 symbols");
	/* the arrows move in what is found while one types */
	tui_key(&f->tui, KEYS_HOME);
	viewtest_expect_selected(f, "[removed]");
	viewtest_type(f, "x");
	viewtest_expect(f, 4, "  no symbol passes the filter\n");
	viewtest_type(f, "\177\r");
	viewtest_expect_last(f, "/pfn", "2 of 10 symbols");
	assert_int_equal(f->cells.cursor_x, f->cells.width);
}

static void filter_is_taken_back(void **state)
{
	struct fixture *f = *state;

	viewtest_type(f, "2j/pfn\033");
	viewtest_expect_selected(f, "set_memory_x");
	assert_int_equal(list_row_count(&f->tui.list), 10);
	viewtest_type(f, "/pfn\r/_start\033");
	viewtest_expect_last(f, "/pfn", "2 of 10 symbols");
	/* Esc in the list shows all; n and N still go from match to match */
	viewtest_type(f, "\033");
	assert_int_equal(list_row_count(&f->tui.list), 10);
	viewtest_type(f, "gn");
	viewtest_expect_selected(f, "follow_pfn");
	viewtest_type(f, "n");
	viewtest_expect_selected(f, "follow_pfnmap_start");
	viewtest_type(f, "n");
	viewtest_expect_selected(f, "follow_pfn");
	viewtest_type(f, "N");
	viewtest_expect_selected(f, "follow_pfnmap_start");
	viewtest_type(f, "/*malloc\r\033gn");
	viewtest_expect_selected(f, "__kmalloc");
	viewtest_type(f, "/nothing\r\033n");
	viewtest_expect_last(f, "no symbol matches 'nothing'", "10 of 10 symbols");
}

static void n_needs_a_pattern(void **state)
{
	struct fixture *f = *state;

	viewtest_type(f, "n");
	viewtest_expect_last(f, "nothing to look for: / starts a filter", "10 of 10 symbols");
}

static void families_are_chosen(void **state)
{
	struct fixture *f = *state;

	viewtest_type(f, "f");
	viewtest_expect(
		f, 1,
		" families of symbols                                            Enter shows "
		"one\n* all symbols\n");
	viewtest_type(f, "G");
	viewtest_expect(f, 12,
			"  pfn               2 of 2 changed        page frames behind a mapping\n");
	viewtest_type(f, "\r");
	viewtest_expect(
		f, 4,
		"▾ removed: 1  gone from the API: sources that name these have to change\n"
		"  follow_pfn             plain -     -          vmlinux                        2\n"
		"▾ added: 1  new here\n"
		"  follow_pfnmap_start    -     gpl   -          vmlinux                        1\n"
		"\n");
	viewtest_expect_last(f, "family pfn", "2 of 10 symbols");
	viewtest_type(f, "f");
	viewtest_expect(f, 12,
			"* pfn               2 of 2 changed        page frames behind a mapping\n");
	viewtest_type(f, "g\r");
	assert_int_equal(list_row_count(&f->tui.list), 10);
	/* left without a choice */
	viewtest_type(f, "fjq");
	assert_int_equal(list_row_count(&f->tui.list), 10);
	viewtest_expect_selected(f, "[removed]");
}

static void starts_with_a_family(void **state)
{
	struct fixture *f = *state;

	tui_release(&f->tui);
	f->options.family = family_find("dma-buf");
	assert_non_null(f->options.family);
	assert_int_equal(tui_init(&f->tui, f->diff, &f->options, NULL), 0);
	viewtest_expect(
		f, 4,
		"▾ namespace: 1  modules that use these have to import a namespace\n"
		"  dma_buf_get            gpl   gpl   →DMA_BUF   vmlinux                        0\n"
		"\n");
	viewtest_expect_last(f, "family dma-buf", "1 of 10 symbols");
}

static const char pfn_detail[] =
	"               old-6.1                        new-6.12\n"
	"   class       plain                          -\n"
	"   namespace   -                              -\n"
	"   owner       vmlinux                        -\n"
	"   fate        gone from the API: a source that names it has to change\n"
	"   likely now  follow_pfnmap_start (gpl, vmlinux): 1 of 1 importers now use it,\n"
	"               close name, same family\n"
	"   CRC         9b8769ac                       -\n"
	"   importers   2                              -\n"
	"   rule        KSA002 module uses a symbol that the kernel does not export\n"
	"   family      pfn: page frames behind a mapping\n"
	"\n"
	" importers in old-6.1\n"
	"   vfio_iommu_type1 pfnfb\n";

static void detail_is_below_and_zooms(void **state)
{
	struct fixture *f = *state;

	viewtest_type(f, "jo");
	viewtest_expect(
		f, 13,
		" follow_pfn: removed                                            z: 5 more lines\n"
		"               old-6.1                        new-6.12\n"
		"   class       plain                          -\n");
	viewtest_type(f, "z");
	viewtest_expect(f, 1, " follow_pfn: removed\n");
	viewtest_expect(f, 2, pfn_detail);
	viewtest_type(f, "J");
	viewtest_expect(f, 1, " old_helper: removed\n");
	viewtest_expect(f, 5, "   owner       drivers/staging/old/old-helper (gone too)\n");
	/* over the head of the next group */
	viewtest_type(f, "J");
	viewtest_expect(f, 1,
			" set_memory_x: class, crc changed\n"
			"               old-6.1                        new-6.12\n"
			" * class       plain                          gpl\n"
			"   namespace   -                              -\n"
			"   owner       vmlinux                        vmlinux\n"
			" * CRC         00000009                       00000099\n"
			"   importers   1                              0\n"
			"   rule        KSA001 GPL-incompatible module uses a GPL-only symbol\n"
			"               KSA003 symbol version (CRC) of an import differs from the\n"
			"               kernel's\n");
	viewtest_type(f, "KK");
	viewtest_expect(f, 1, " follow_pfn: removed\n");
	viewtest_type(f, "z");
	viewtest_expect_selected(f, "follow_pfn");
	viewtest_expect(f, 3,
			"  SYMBOL                 OLD   NEW   NAMESPACE  OWNER                "
			"  IMPORTERS\n");
}

static struct ksa_export *source_of(struct fixture *f, enum diff_side side, const char *name)
{
	struct ksa_kernel *kernel = f->kernels[side];
	size_t count;

	return &kernel->exports[kernel_find_exports(kernel, name, &count) - kernel->exports];
}

/* Of kernels with debug information; that it moves is no change. */
static void detail_has_sources(void **state)
{
	struct fixture *f = *state;

	source_of(f, DIFF_OLD, "set_memory_x")->source_file = "mm/pat.c";
	source_of(f, DIFF_NEW, "set_memory_x")->source_file = "mm/set_memory.c";
	source_of(f, DIFF_NEW, "set_memory_x")->source_line = 1234;
	viewtest_type(f, "jjjjoz");
	viewtest_expect(f, 1, " set_memory_x: class, crc changed\n");
	viewtest_expect(f, 5,
			"   owner       vmlinux                        vmlinux\n"
			"   source      mm/pat.c                       mm/set_memory.c:1234\n"
			" * CRC         00000009                       00000099\n");
}

static void keys_step_back(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(viewtest_type(f, "j\r\r"), TUI_STAY);
	assert_ptr_equal(f->tui.view, &view_detail);
	viewtest_type(f, "q");
	assert_ptr_equal(f->tui.view, &view_list);
	assert_true(f->tui.detail);
	viewtest_type(f, "q");
	assert_false(f->tui.detail);
	viewtest_type(f, "?q");
	assert_ptr_equal(f->tui.view, &view_list);
	assert_int_equal(viewtest_type(f, "q"), TUI_QUIT);
	assert_int_equal(viewtest_type(f, "jz?Q"), TUI_QUIT);
	viewtest_type(f, "\033gz");
	viewtest_expect_last(f, "no symbol is selected", "10 of 10 symbols");
}

static void detail_of_a_head(void **state)
{
	struct fixture *f = *state;

	viewtest_type(f, "o");
	viewtest_expect(
		f, 13,
		" removed\n"
		" gone from the API: sources that name these have to change\n\n\n\n\n\n\n\n\n");
}

static void long_detail_scrolls(void **state)
{
	struct fixture *f = *state;

	viewtest_type(f, "?");
	viewtest_expect(
		f, 1,
		" help                                                          lines 1-21 of "
		"27\n"
		" j Down, k Up          down, up\n");
	viewtest_type(f, "j");
	viewtest_expect(
		f, 1,
		" help                                                          lines 2-22 of "
		"27\n"
		" PgDn Space, PgUp b    a page down, up\n");
	viewtest_type(f, "G");
	viewtest_expect(f, 20,
			" kernels\n"
			" old-6.1               9 exports; read from: vmlinux (image)\n"
			" new-6.12              9 exports; read from: vmlinux (image)\n");
	viewtest_type(f, "jjjk");
	viewtest_expect(f, 21, " kernels\n");
	viewtest_type(f, "g");
	viewtest_expect(f, 2, " j Down, k Up          down, up\n");
	viewtest_type(f, "Gb");
	viewtest_expect(f, 2, " j Down, k Up          down, up\n");
}

static void help_has_each_key(void **state)
{
	static const struct tui_view *const views[] = {&view_list, &view_detail, &view_families,
						       &view_help};
	struct fixture *f = *state;
	struct strbuf names = {.data = NULL}, all = {.data = NULL};

	viewtest_type(f, "?");
	viewtest_expect(
		f, 2,
		" j Down, k Up          down, up\n"
		" PgDn Space, PgUp b    a page down, up\n"
		" ^D, ^U                half a page down, up\n"
		" G End, g Home         to the end, to the start\n"
		" 1 2 3 4 5 6 7 8 9 0 - to a group; 0: the Rust names, -: behind the headers\n"
		" l Right, h Left       unfold, fold the group\n"
		" Enter                 fold or unfold a group; open, then zoom the detail\n");
	for (size_t i = 0; tui_key_help(i, &names); i++)
		strbuf_printf(&all, " %s, ", strbuf_string(&names));
	/* what the help has not means nothing anywhere */
	for (int key = '!'; key <= '~'; key++) {
		const char word[] = {' ', (char)key, ' ', '\0'},
			   last[] = {' ', (char)key, ',', '\0'};

		if (strstr(strbuf_string(&all), word) || strstr(strbuf_string(&all), last))
			continue;
		for (size_t i = 0; i < sizeof(views) / sizeof(views[0]); i++) {
			f->tui.view = views[i];
			tui_key(&f->tui, key);
			assert_string_equal(f->tui.message,
					    "this key means nothing here: ? lists those that do");
		}
	}
	strbuf_release(&names);
	strbuf_release(&all);
}

#define VIEW_TEST(f) cmocka_unit_test_setup_teardown(f, viewtest_setup, viewtest_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		VIEW_TEST(first_screen),
		VIEW_TEST(ascii_screen),
		VIEW_TEST(tolerated_is_marked),
		VIEW_TEST(wider_screen_shows_all),
		VIEW_TEST(small_screen_says_so),
		VIEW_TEST(keys_move),
		VIEW_TEST(groups_fold),
		VIEW_TEST(filter_follows_each_key),
		VIEW_TEST(filter_is_taken_back),
		VIEW_TEST(n_needs_a_pattern),
		VIEW_TEST(families_are_chosen),
		VIEW_TEST(starts_with_a_family),
		VIEW_TEST(detail_is_below_and_zooms),
		VIEW_TEST(keys_step_back),
		VIEW_TEST(detail_has_sources),
		VIEW_TEST(detail_of_a_head),
		VIEW_TEST(long_detail_scrolls),
		VIEW_TEST(help_has_each_key),
	};

	return setlocale(LC_CTYPE, "C.UTF-8") ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
