/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TUI_DRAW_H
#define TUI_DRAW_H

#include "tui/state.h"

/* A reversed line at y: text from the left, and what is right of it from the right. */
void draw_bar(struct cells *cells, unsigned int y, const char *left, const char *right);

#endif
