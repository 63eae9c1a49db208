/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_TUI_VIEWTEST_H
#define TESTS_TUI_VIEWTEST_H

#include <limits.h>

#include "tui/state.h"
#include "unit/diffbuild.h"

/*
 * The interactive diff of two kernels made by hand, without a terminal. The functions fail the test
 * if they cannot do what they say.
 */

/* The kernels that most tests compare; they end with a NULL name. */
extern const struct diffbuild_export viewtest_old[], viewtest_new[];

/* What options.export got last. */
struct exported {
	unsigned int calls;
	char format[16], path[PATH_MAX], names[256];
	bool fail; /* let it fail */
};

struct fixture {
	struct ksa_kernel *kernels[DIFF_SIDES];
	struct ksa_module **given; /* two of them, or NULL */
	struct diff *diff;
	struct diff_view view;
	struct tui_options options;
	struct exported exported;
	struct tui tui;
	struct cells cells;
};

/* Start on a UTF-8 screen of 80x24; given: with modules that use follow_pfn and __kmalloc. */
struct fixture *viewtest_start(const struct diffbuild_export *old,
			       const struct diffbuild_export *new_, bool given);

/* The same for viewtest_old and viewtest_new, as cmocka's set-up; and the tear-down of all. */
int viewtest_setup(void **state);
int viewtest_teardown(void **state);

void viewtest_resize(struct fixture *f, unsigned int width, unsigned int height);

/* Type characters ('\r' is Enter, '\033' Esc, '\177' Backspace); all but the last must go on. */
enum tui_action viewtest_type(struct fixture *f, const char *keys);

/* A line of the screen as UTF-8, without the blanks at its end; valid until the next call. */
const char *viewtest_line(const struct cells *cells, unsigned int y);

/* Draw, and compare the screen from line y on; expected are lines with '\n' at the end of each. */
void viewtest_expect(struct fixture *f, unsigned int y, const char *expected);

/* The last line: its left, and what stands right in it. */
void viewtest_expect_last(struct fixture *f, const char *left, const char *right);

/* What is selected: a name, or the name of a group in brackets. */
void viewtest_expect_selected(const struct fixture *f, const char *expected);

#endif
