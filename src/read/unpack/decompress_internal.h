/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_UNPACK_DECOMPRESS_INTERNAL_H
#define READ_UNPACK_DECOMPRESS_INTERNAL_H

#include "read/unpack/codec.h"
#include "read/unpack/growing.h"

struct archive; /* libarchive's */

/* A reader of libarchive with this one filter, chosen by us: bidding would unpack streams within
 * streams, and could start external programs. NULL codec: none. NULL: no memory. */
struct archive *decompress_new(const struct codec *codec);
void decompress_free(struct archive **a);

/* True if so much out of so little is beyond DECOMPRESS_MAX_RATIO. */
bool decompress_over_ratio(uint64_t unpacked, uint64_t packed);

/*
 * Decode the streams of this codec at the start of data, behind what g has; g->taken is how many
 * bytes they have. source and lax as in decompress_bytes.
 */
int decompress_streams(const unsigned char *data, size_t size, const struct codec *codec,
		       const char *source, bool lax, struct growing *g,
		       struct ksa_error *err) _must_check_;

/* True if data is a stream whose first unpacked bytes are so; a little of it is unpacked to see. */
bool decompress_tells(const unsigned char *data, size_t size,
		      bool (*is)(const unsigned char *data, size_t size));

#endif
