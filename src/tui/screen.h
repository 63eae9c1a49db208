/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TUI_SCREEN_H
#define TUI_SCREEN_H

#include "tui/cells.h"

/* The terminal: the only place that knows curses. One at a time. */
struct screen;

/* True if standard input and output are a terminal. */
bool screen_has_terminal(void);

/*
 * Take the terminal over, from standard input and output. Signals that end, stop or resize wait
 * until screen_key, so that none leaves the terminal as it is. KSA_EUNSUPPORTED: $TERM cannot do
 * it.
 */
int screen_open(struct screen **out, bool color, struct ksa_error *err) _must_check_;

/* Give the terminal back as it was; then the signal that screen_key gave, if any, ends the process.
 * NULL is fine. */
void screen_close(struct screen *screen);

/* Make the cells as large as the screen, and set utf8. */
int screen_size(struct screen *screen, struct cells *cells, struct ksa_error *err) _must_check_;

/* Show the cells; only what is different is sent. */
void screen_draw(struct screen *screen, const struct cells *cells);

/* Send everything again at the next screen_draw. */
void screen_redraw(struct screen *screen);

/*
 * Wait for a key (see tui/keys.h) and put it in *key. A resize is the key KEYS_RESIZE, as is the
 * return from having been stopped. False: a signal ends the run, or the terminal is gone.
 */
bool screen_key(struct screen *screen, int *key);

/* Put the text into the terminal's clipboard, if it has one: OSC 52. */
void screen_copy(struct screen *screen, const char *text);

#endif
