// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/state.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tui/keys.h"
#include "tui/ask.h"

/* What could not be compared is said at once, not only on request. That assembly and most variables
 * have no prototype can wait until then. */
static void say_gaps(struct tui *tui)
{
	const struct diff_gap *gap = tui->diff->gaps, *end = gap + tui->diff->gap_count;

	while (gap < end && gap->axis == AXIS_PROTOTYPE && gap->remark)
		gap++;
	if (gap == end)
		return;
	tui_say(tui, !gap->remark, "%s%s%s%s",
		gap->axis < AXIS_COUNT ? diff_axis_name(gap->axis) : "",
		gap->axis < AXIS_COUNT ? ": " : "", gap->text,
		tui->diff->gap_count > 1 ? " (more: ?)" : "");
}

int tui_init(struct tui *tui, const struct diff *diff, const struct tui_options *options,
	     struct ksa_error *err)
{
	struct list_filter filter = {.only_modules = options->only_modules};

	*tui = (struct tui){.diff = diff, .options = options, .view = &view_list};
	tui_resize(tui, TUI_MIN_WIDTH, TUI_MIN_HEIGHT);
	if (list_init(&tui->list, options->rows, err) ||
	    columns_measure(options->rows, &tui->need, err))
		return err ? err->code : KSA_ENOMEM;
	say_gaps(tui);
	if (options->family) {
		filter.family = diff_family_of(diff, options->family);
		if (!filter.family)
			tui_say(tui, true, "neither kernel has a symbol of the family '%s'",
				options->family->name);
	}
	list_set_filter(&tui->list, &filter);
	return 0;
}

void tui_release(struct tui *tui)
{
	list_release(&tui->list);
	lines_release(&tui->lines);
}

void tui_say(struct tui *tui, bool failed, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(tui->message, sizeof(tui->message), format, ap);
	va_end(ap);
	tui->failed = failed;
}

uint32_t tui_row(const struct tui *tui)
{
	return list_line_count(&tui->list) ? list_at(&tui->list, tui->selected).row : NO_INDEX;
}

void tui_select(struct tui *tui, size_t line)
{
	size_t count = list_line_count(&tui->list);

	tui->selected = line < count ? line : count ? count - 1 : 0;
	tui->scroll = 0;
}

/* Select a place; its group is unfolded if it is a row. */
static void go_to(struct tui *tui, struct list_place place)
{
	if (place.row != NO_INDEX)
		tui->list.groups[place.group].folded = false;
	tui_select(tui, list_line_of(&tui->list, place));
}

void tui_set_filter(struct tui *tui, const struct list_filter *filter)
{
	struct list_place place = list_at(&tui->list, tui->selected);

	list_set_filter(&tui->list, filter);
	tui_select(tui, list_line_of(&tui->list, place));
	/* who looks for a name wants a symbol, not the head above it */
	if (*filter->pattern && tui_row(tui) == NO_INDEX &&
	    list_at(&tui->list, tui->selected + 1).row != NO_INDEX)
		tui_select(tui, tui->selected + 1);
}

void tui_resize(struct tui *tui, unsigned int width, unsigned int height)
{
	tui->width = width;
	tui->height = height;
}

static void find_next(struct tui *tui, bool forward)
{
	struct list_place place = list_at(&tui->list, tui->selected);

	if (!*tui->search)
		tui_say(tui, true, "nothing to look for: / starts a filter");
	else if (list_find(&tui->list, tui->search, forward, &place))
		go_to(tui, place);
	else
		tui_say(tui, true, "no symbol matches '%s'", tui->search);
}

static void toggle_modules(struct tui *tui)
{
	struct list_filter filter = tui->list.filter;

	if (!tui->diff->module_count) {
		tui_say(tui, true, "no modules were given (--module)");
		return;
	}
	filter.only_modules = !filter.only_modules;
	tui_set_filter(tui, &filter);
}

static void jump_to_group(struct tui *tui, int key)
{
	unsigned int g = 0;

	while (list_digit(g) != key)
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

/* What is shown goes away bit by bit; at last the program. */
static enum tui_action step_back(struct tui *tui)
{
	if (tui->view == &view_list && !tui->detail)
		return TUI_QUIT;
	if (tui->view == &view_list)
		tui->detail = false;
	tui->view = &view_list;
	return TUI_STAY;
}

static void zoom(struct tui *tui)
{
	bool zoomed = tui->view == &view_detail;

	if (!zoomed && tui_row(tui) == NO_INDEX) {
		tui_say(tui, true, "no symbol is selected");
		return;
	}
	tui->view = zoomed ? &view_list : &view_detail;
	tui->scroll = 0;
}

static void choose_family(struct tui *tui)
{
	const struct diff_family *family = tui->list.filter.family;

	tui->picked = family ? (size_t)(family - tui->diff->families) + 1 : 0;
	tui->view = &view_families;
	tui->scroll = 0;
}

static void escape(struct tui *tui)
{
	struct list_filter filter = tui->list.filter;

	if (tui->view != &view_list) {
		tui->view = &view_list;
		return;
	}
	*filter.pattern = '\0';
	tui_set_filter(tui, &filter);
}

/* Views that hide the list do not move in it. */
static bool shows_list(const struct tui *tui)
{
	return tui->view == &view_list || tui->view == &view_detail;
}

static void list_command(struct tui *tui, int key)
{
	if (key == '/')
		ask_filter(tui);
	else if (key == 'e')
		ask_export(tui);
	else if (key == 'n' || key == 'N')
		find_next(tui, key == 'n');
	else if (key == 'm')
		toggle_modules(tui);
	else if (key == 'z')
		zoom(tui);
	else if (key == 'o')
		tui->detail = tui->view == &view_list ? !tui->detail : true;
	else if (key >= '0' && key <= '9')
		jump_to_group(tui, key);
	else
		tui_say(tui, true, "this key means nothing here: ? lists those that do");
	if (key == '/' || key == 'o' || key == 'm')
		tui->view = &view_list;
}

static enum tui_action common_key(struct tui *tui, int key)
{
	switch (key) {
	case 'q':
		return step_back(tui);
	case 'Q':
		return TUI_QUIT;
	case KEYS_REDRAW:
		return TUI_REDRAW;
	case KEYS_ESCAPE:
		escape(tui);
		break;
	case '?':
		tui->view = &view_help;
		tui->scroll = 0;
		break;
	case 'f':
		choose_family(tui);
		break;
	case 'y':
		if (shows_list(tui) && tui_row(tui) != NO_INDEX) {
			tui_say(tui, false, "copied: %s", tui->diff->rows[tui_row(tui)].name);
			return TUI_COPY;
		}
		tui_say(tui, true, "no symbol is selected");
		break;
	default:
		if (shows_list(tui))
			list_command(tui, key);
		break;
	}
	return TUI_STAY;
}

enum tui_action tui_key(struct tui *tui, int key)
{
	if (key == KEYS_RESIZE)
		return TUI_STAY;
	*tui->message = '\0';
	/* What cannot be seen is not typed into: draw.c has said which key is left. */
	if (tui->width < TUI_MIN_WIDTH || tui->height < TUI_MIN_HEIGHT)
		return key == 'q' || key == 'Q' ? TUI_QUIT : TUI_STAY;
	if (tui->prompt != ASK_NOTHING && ask_key(tui, key))
		return TUI_STAY;
	if (tui->view->key(tui, key) || tui->prompt != ASK_NOTHING)
		return TUI_STAY;
	return common_key(tui, key);
}
