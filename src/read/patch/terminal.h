/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_PATCH_TERMINAL_H
#define READ_PATCH_TERMINAL_H

#include "base/strbuf.h"

/*
 * Take off what git writes for a terminal: the escape sequences of colors, and the lines that git
 * log --graph draws before each line. Lines stay where they are. Appends to out and is true only if
 * the text has any of it; where out->failed is set memory ran out.
 */
bool terminal_clean(const char *text, size_t size, struct strbuf *out);

#endif
