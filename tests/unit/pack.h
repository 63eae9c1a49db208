/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_UNIT_PACK_H
#define TESTS_UNIT_PACK_H

#include <archive.h>
#include <archive_entry.h>

#include "base/strbuf.h"

/* The packings that are read: libarchive's number and our name of each. */
#define PACK_FILTERS 6
extern const int pack_filters[PACK_FILTERS];
extern const char *const pack_names[PACK_FILTERS];

/* The write callback of libarchive: appends to ctx, a struct strbuf. */
la_ssize_t pack_append(struct archive *a, void *ctx, const void *block, size_t length);

/* A libarchive writer that appends to out, of a tar or of one bare stream. The caller closes and
 * frees it. Fails the test if libarchive does. */
struct archive *pack_writer(int filter, struct strbuf *out, bool is_tar);

/* Append the bytes, packed as one stream. */
void pack_bytes(int filter, const void *data, size_t size, struct strbuf *out);

/* Append text that packs, but not to nothing; 20,000 lines are more than one output block of every
 * decoder. */
void pack_sample(struct strbuf *out, size_t lines);

#endif
