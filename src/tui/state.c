// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/state.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

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
