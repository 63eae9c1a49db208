/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TUI_OSC52_H
#define TUI_OSC52_H

#include "base/strbuf.h"

/* Append the sequence that puts the text into the clipboard of the terminal (xterm's OSC 52). */
void osc52_copy(struct strbuf *out, const char *text);

#endif
