/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef UNIT_SOURCETEXT_H
#define UNIT_SOURCETEXT_H

#include "read/source/source.h"

/* Scan a copy of exactly the right size, so that a sanitizer sees a read beyond it; must succeed.
 */
void scan_copy(struct source_scan *scan, const char *path, const char *text, size_t size);

/*
 * The text, read as the file at path, exports just what is expected: "name class namespace@line
 * flags" a piece, joined by "; ", with "-" for no namespace. Flags: d takes a default namespace, p
 * pasted, o object. Gaps follow as "?macro@line".
 */
void expect_in(const char *path, const char *text, const char *expected);

#endif
