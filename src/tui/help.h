/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TUI_HELP_H
#define TUI_HELP_H

#include "model/diff.h"
#include "tui/lines.h"

/* The keys; what the two kernels were read from; what could not be compared; the given modules.
 * width is that of the lines. */
void help_lines(const struct diff *diff, unsigned int width, struct lines *out);

#endif
