/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TUI_STATE_H
#define TUI_STATE_H

#include "tui/columns.h"
#include "tui/lines.h"
#include "tui/list.h"
#include "tui/prompt.h"
#include "tui/tui.h"

/* Below this there is no room for the columns. */
#define TUI_MIN_WIDTH  80
#define TUI_MIN_HEIGHT 24

/* What is left to whoever has the terminal. */
enum tui_action { TUI_STAY, TUI_QUIT, TUI_REDRAW, TUI_COPY };

enum tui_prompt { ASK_NOTHING, ASK_FILTER, ASK_FORMAT, ASK_FILE, ASK_OVERWRITE };

struct tui;

/* Where a key means something: in these views, and while a filter is typed below the list. */
enum tui_where { IN_LIST = 1, IN_DETAIL = 2, IN_FAMILIES = 4, IN_HELP = 8, IN_FILTER = 16 };

/* What the keys that move change, from 0 to last, and how far a page goes. */
struct tui_cursor {
	size_t *at, last, page;
};

/* One thing that fills the screen between the title and the last line. */
struct tui_view {
	enum tui_where where;
	struct tui_cursor (*cursor)(struct tui *tui);
	void (*draw)(struct tui *tui, struct cells *cells);
};

extern const struct tui_view view_list, view_detail, view_families, view_help;

/* The interactive diff, without a terminal: keys go in, cells come out. */
struct tui {
	const struct diff *diff;
	const struct tui_options *options;
	const struct tui_view *view;
	enum tui_action action; /* that the last key asked for */
	unsigned int width, height; /* of the screen */

	struct list list;
	size_t selected, top; /* lines of the list: the selected one, the first on the screen */
	bool detail; /* below the list */
	char search[sizeof(((struct list_filter *)NULL)->pattern)]; /* what n and N look for */
	struct columns need; /* of the widest of all rows */

	struct lines lines; /* of the detail or the help */
	size_t scroll; /* of the view of lines: the first one shown */
	size_t picked; /* in the list of families; 0: all symbols */

	enum tui_prompt prompt;
	struct prompt input;
	struct list_filter before; /* the filter before the prompt, and what was selected */
	struct list_place before_place;
	const char *format; /* of the export */

	char message[1024];
	bool failed; /* the message is of a failure */
};

int tui_init(struct tui *tui, const struct diff *diff, const struct tui_options *options,
	     struct ksa_error *err) _must_check_;
void tui_release(struct tui *tui);

/* The screen has this size now. */
void tui_resize(struct tui *tui, unsigned int width, unsigned int height);

/* Take one key (see tui/keys.h). */
enum tui_action tui_key(struct tui *tui, int key);

/* Draw everything; the cells have the size of the last tui_resize. */
void tui_render(struct tui *tui, struct cells *cells);

/* For the views and the keys */

/* The lines between the title and the last line. */
static inline unsigned int tui_body_height(const struct tui *tui)
{
	return tui->height - 2;
}

/* Say something in the last line until the next key. */
void tui_say(struct tui *tui, bool failed, const char *format, ...) _printf_(3, 4);

/* The selected row, or NO_INDEX: a head, or an empty list. */
uint32_t tui_row(const struct tui *tui);

/* Select the line, the last one if there are not so many; its detail is shown from the start. */
void tui_select(struct tui *tui, size_t line);

/* Set the filter; the selection stays where it is, or goes to what comes next. */
void tui_set_filter(struct tui *tui, const struct list_filter *filter);

#endif
