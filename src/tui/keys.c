// SPDX-License-Identifier: GPL-2.0-or-later
/* What each key does, where, and what the help says of it: one table. */
#include "tui/keys.h"

#include <stdlib.h>

#include "tui/ask.h"
#include "tui/state.h"

/* How far the keys that move go; backwards if negative. */
enum { BY_LINE = 1, BY_HALF, BY_PAGE, BY_ALL };

static void move(struct tui *tui, int by)
{
	struct tui_cursor to = tui->view->cursor(tui);
	const size_t steps[] = {
		[BY_LINE] = 1, [BY_HALF] = to.page / 2, [BY_PAGE] = to.page, [BY_ALL] = SIZE_MAX};
	size_t step = steps[abs(by)], room;

	/* the text may have become shorter, or the screen higher */
	if (*to.at > to.last)
		*to.at = to.last;
	room = by < 0 ? *to.at : to.last - *to.at;
	if (step > room)
		step = room;
	*to.at += by < 0 ? -step : step;
}

static void jump_to_group(struct tui *tui, int key)
{
	unsigned int g = 0;

	while (list_key(g) != key)
		g++;
	if (!tui->list.groups[g].count) {
		tui_say(tui, true, "no symbol is shown under '%s'", list_name(g));
		return;
	}
	tui->view = &view_list;
	tui->list.groups[g].folded = false;
	tui_select(tui, list_line_of(&tui->list, (struct list_place){g, NO_INDEX}));
	tui->top = tui->selected;
}

/* Unfold the group, or fold it if open is negative. */
static void unfold(struct tui *tui, int open)
{
	struct list_place place = list_at(&tui->list, tui->selected);

	if (open > 0 && place.row != NO_INDEX)
		return;
	tui->list.groups[place.group].folded = open < 0;
	place.row = NO_INDEX;
	tui_select(tui, list_line_of(&tui->list, place));
}

static void show(struct tui *tui, const struct tui_view *view)
{
	tui->view = view;
	tui->scroll = 0;
}

static void choose_family(struct tui *tui)
{
	struct list_filter filter = tui->list.filter;

	filter.family = tui->picked ? &tui->diff->families[tui->picked - 1] : NULL;
	tui_set_filter(tui, &filter);
	show(tui, &view_list);
}

static void enter(struct tui *tui)
{
	struct list_place place = list_at(&tui->list, tui->selected);

	if (tui->view == &view_families)
		choose_family(tui);
	else if (tui->view != &view_list)
		show(tui, &view_list);
	else if (place.row == NO_INDEX)
		unfold(tui, tui->list.groups[place.group].folded ? 1 : -1);
	else if (!tui->detail)
		tui->detail = true;
	else
		show(tui, &view_detail);
}

static void toggle_detail(struct tui *tui)
{
	tui->detail = tui->view != &view_list || !tui->detail;
	tui->view = &view_list;
}

static void zoom(struct tui *tui)
{
	if (tui->view == &view_list && tui_row(tui) == NO_INDEX)
		tui_say(tui, true, "no symbol is selected");
	else
		show(tui, tui->view == &view_list ? &view_detail : &view_list);
}

/* The next symbol in the list, heads aside; at the end the list stays where it is. */
static void step(struct tui *tui, int by)
{
	size_t line = tui->selected, count = list_line_count(&tui->list);

	do {
		if (by > 0 ? line + 1 >= count : !line)
			return;
		line += (size_t)by;
	} while (list_at(&tui->list, line).row == NO_INDEX);
	tui_select(tui, line);
}

static void escape(struct tui *tui)
{
	struct list_filter filter = tui->list.filter;

	*filter.pattern = '\0';
	if (tui->view == &view_list)
		tui_set_filter(tui, &filter);
	tui->view = &view_list;
}

static void find_next(struct tui *tui, int by)
{
	struct list_place place = list_at(&tui->list, tui->selected);

	if (!*tui->search) {
		tui_say(tui, true, "nothing to look for: / starts a filter");
	} else if (!list_find(&tui->list, tui->search, by > 0, &place)) {
		tui_say(tui, true, "no symbol matches '%s'", tui->search);
	} else {
		tui->list.groups[place.group].folded = false;
		tui_select(tui, list_line_of(&tui->list, place));
	}
}

static void show_families(struct tui *tui)
{
	const struct diff_family *family = tui->list.filter.family;

	tui->picked = family ? (size_t)(family - tui->diff->families) + 1 : 0;
	show(tui, &view_families);
}

static void toggle_modules(struct tui *tui)
{
	struct list_filter filter = tui->list.filter;

	tui->view = &view_list;
	if (!tui->diff->module_count) {
		tui_say(tui, true, "no modules were given (--module)");
		return;
	}
	filter.only_modules = !filter.only_modules;
	tui_set_filter(tui, &filter);
}

static void copy(struct tui *tui)
{
	uint32_t row = tui_row(tui);

	if (row == NO_INDEX) {
		tui_say(tui, true, "no symbol is selected");
		return;
	}
	tui_say(tui, false, "copied: %s", tui->diff->rows[row].name);
	tui->action = TUI_COPY;
}

static void show_help(struct tui *tui)
{
	show(tui, tui->view == &view_help ? &view_list : &view_help);
}

static void redraw(struct tui *tui)
{
	tui->action = TUI_REDRAW;
}

/* What is shown goes away bit by bit, at last the program; or that at once if back is negative. */
static void leave(struct tui *tui, int back)
{
	if (back < 0 || (tui->view == &view_list && !tui->detail))
		tui->action = TUI_QUIT;
	else if (tui->view == &view_list)
		tui->detail = false;
	tui->view = &view_list;
}

#define ON_LIST	 (IN_LIST | IN_DETAIL) /* other views hide the list and do not move in it */
#define ANYWHERE (ON_LIST | IN_FAMILIES | IN_HELP)
#define MOVES	 (ANYWHERE | IN_FILTER)
#define MOST	 11
#define KEYS(...)                                                                                  \
	{                                                                                          \
		__VA_ARGS__                                                                        \
	}
#define DO(action)     0, action, NULL
#define BY(action, by) by, NULL, action

/* A key that is not here does nothing: what it does, it does with its help. */
static const struct {
	int keys[MOST], back[MOST]; /* back: the same with -by */
	unsigned int where; /* mask of enum tui_where */
	int by; /* 0: the key */
	void (*run)(struct tui *tui); /* or run_by */
	void (*run_by)(struct tui *tui, int by);
	const char *help;
} table[] = {
	{KEYS('j', KEYS_DOWN), KEYS('k', KEYS_UP), MOVES, BY(move, BY_LINE), "down, up"},
	{KEYS(KEYS_PAGE_DOWN, ' '), KEYS(KEYS_PAGE_UP, 'b'), MOVES, BY(move, BY_PAGE),
	 "a page down, up"},
	{KEYS(KEYS_HALF_DOWN), KEYS(KEYS_HALF_UP), MOVES, BY(move, BY_HALF),
	 "half a page down, up"},
	{KEYS('G', KEYS_END), KEYS('g', KEYS_HOME), MOVES, BY(move, BY_ALL),
	 "to the end, to the start"},
	{KEYS('1', '2', '3', '4', '5', '6', '7', '8', '9', '0', '-'), KEYS(0), ON_LIST,
	 BY(jump_to_group, 0), "to a group; 0: the Rust names, -: behind the headers"},
	{KEYS('l', KEYS_RIGHT), KEYS('h', KEYS_LEFT), IN_LIST | IN_FILTER, BY(unfold, 1),
	 "unfold, fold the group"},
	{KEYS(KEYS_ENTER), KEYS(0), ANYWHERE, DO(enter),
	 "fold or unfold a group; open, then zoom the detail"},
	{KEYS('o'), KEYS(0), ON_LIST, DO(toggle_detail), "open or close the detail of the symbol"},
	{KEYS('z'), KEYS(0), ON_LIST, DO(zoom), "zoom the detail, and back"},
	{KEYS('J'), KEYS('K'), IN_DETAIL, BY(step, 1),
	 "in the zoomed detail: next, previous symbol"},
	{KEYS('/'), KEYS(0), ON_LIST, DO(ask_filter),
	 "show only names that contain this, or match this glob"},
	{KEYS(KEYS_ESCAPE), KEYS(0), ANYWHERE, DO(escape), "show all names again"},
	{KEYS('n'), KEYS('N'), ON_LIST, BY(find_next, 1),
	 "next, previous name that matches what was last typed"},
	{KEYS('f'), KEYS(0), ANYWHERE, DO(show_families), "show only one family of symbols"},
	{KEYS('m'), KEYS(0), ON_LIST, DO(toggle_modules),
	 "show only what the given modules use, and back"},
	{KEYS('e'), KEYS(0), ON_LIST, DO(ask_export),
	 "write what is shown, so no folded group, to a file"},
	{KEYS('y'), KEYS(0), ON_LIST, DO(copy), "copy the symbol's name (OSC 52)"},
	{KEYS('?'), KEYS(0), ANYWHERE, DO(show_help), "this help"},
	{KEYS(KEYS_REDRAW), KEYS(0), ANYWHERE, DO(redraw), "draw the screen again"},
	{KEYS('q'), KEYS('Q'), ANYWHERE, BY(leave, 1), "back, then quit; quit at once"},
};

#define COUNT (sizeof(table) / sizeof(table[0]))

static bool is_one(const int *keys, int key)
{
	for (size_t i = 0; i < MOST && keys[i]; i++)
		if (keys[i] == key)
			return true;
	return false;
}

static bool run(struct tui *tui, int key, unsigned int where)
{
	for (size_t i = 0; i < COUNT; i++) {
		bool back = is_one(table[i].back, key);

		if (!(table[i].where & where) || !(back || is_one(table[i].keys, key)))
			continue;
		if (table[i].run)
			table[i].run(tui);
		else
			table[i].run_by(tui, back ? -table[i].by : table[i].by ? table[i].by : key);
		return true;
	}
	return false;
}

enum tui_action tui_key(struct tui *tui, int key)
{
	bool asked = tui->prompt != ASK_NOTHING;

	if (key == KEYS_RESIZE)
		return TUI_STAY;
	*tui->message = '\0';
	tui->action = TUI_STAY;
	/* What cannot be seen is not typed into: draw.c has said which key is left. */
	if (tui->width < TUI_MIN_WIDTH || tui->height < TUI_MIN_HEIGHT)
		return key == 'q' || key == 'Q' ? TUI_QUIT : TUI_STAY;
	if (!(asked && ask_key(tui, key)) && !run(tui, key, asked ? IN_FILTER : tui->view->where) &&
	    !asked)
		tui_say(tui, true, "this key means nothing here: ? lists those that do");
	return tui->action;
}

static void add_names(struct strbuf *names, const int *keys)
{
	static const char *const words[] = {"Up",   "Down", "Left", "Right",
					    "PgUp", "PgDn", "Home", "End"};

	for (size_t i = 0; i < MOST && keys[i]; i++) {
		strbuf_adds(names, i ? " " : "");
		if (keys[i] >= KEYS_UP)
			strbuf_adds(names, words[keys[i] - KEYS_UP]);
		else if (keys[i] == ' ')
			strbuf_adds(names, "Space");
		else if (keys[i] == KEYS_ENTER)
			strbuf_adds(names, "Enter");
		else if (keys[i] == KEYS_ESCAPE)
			strbuf_adds(names, "Esc");
		else if (keys[i] < ' ')
			strbuf_printf(names, "^%c", keys[i] + '@');
		else
			strbuf_printf(names, "%c", keys[i]);
	}
}

const char *tui_key_help(size_t line, struct strbuf *names)
{
	strbuf_reset(names);
	if (line >= COUNT)
		return NULL;
	add_names(names, table[line].keys);
	strbuf_adds(names, *table[line].back ? ", " : "");
	add_names(names, table[line].back);
	return table[line].help;
}
