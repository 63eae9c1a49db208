// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/tui.h"

#include "base/cleanup.h"
#include "base/escape.h"
#include "tui/screen.h"
#include "tui/state.h"

bool tui_has_terminal(void)
{
	return screen_has_terminal();
}

/* Names are bytes from the input: what would be pasted from them is text. */
static void copy_name(const struct tui *tui, struct screen *screen)
{
	_cleanup_(strbuf_release) struct strbuf name = {.data = NULL};

	escape_text(&name, tui->diff->rows[tui_row(tui)].name);
	screen_copy(screen, strbuf_string(&name));
}

static int loop(struct tui *tui, struct screen *screen, struct cells *cells, struct ksa_error *err)
{
	enum tui_action action = TUI_STAY;

	while (action != TUI_QUIT) {
		int key, r = screen_size(screen, cells, err);

		if (r)
			return r;
		tui_resize(tui, cells->width, cells->height);
		tui_render(tui, cells);
		screen_draw(screen, cells);
		if (action == TUI_COPY)
			copy_name(tui, screen);
		if (!screen_key(screen, &key))
			break;
		action = tui_key(tui, key);
		if (action == TUI_REDRAW)
			screen_redraw(screen);
	}
	return 0;
}

int tui_diff_run(const struct diff *diff, const struct tui_options *options, struct ksa_error *err)
{
	_cleanup_(cells_release) struct cells cells = {.items = NULL};
	_cleanup_(tui_release) struct tui tui;
	struct screen *screen;
	int r = tui_init(&tui, diff, options, err);

	if (!r)
		r = screen_open(&screen, options->color, err);
	if (r)
		return r;
	r = loop(&tui, screen, &cells, err);
	screen_close(screen);
	return r;
}
