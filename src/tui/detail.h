/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TUI_DETAIL_H
#define TUI_DETAIL_H

#include "model/diff.h"
#include "tui/lines.h"

/* The symbol and what changed: "follow_pfn: removed", "kfree: class, crc changed". */
void detail_title(const struct diff_row *row, struct strbuf *out);

/*
 * All that is known of a symbol: both sides, likely successors, its rule and family, what the given
 * modules do with it, its importers. width is that of the lines.
 */
void detail_lines(const struct diff *diff, uint32_t row, unsigned int width, struct lines *out);

#endif
