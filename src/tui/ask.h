/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TUI_ASK_H
#define TUI_ASK_H

#include "tui/state.h"

/* Ask in the last line: for the filter, or for what to export and where to. */
void ask_filter(struct tui *tui);
void ask_export(struct tui *tui);

/* Take a key while something is asked; false: it is not for the prompt (it moves in the list). */
bool ask_key(struct tui *tui, int key);

/* Draw the question and what was typed in the last line, of which room columns are free. */
void ask_draw(const struct tui *tui, struct cells *cells, unsigned int room);

#endif
