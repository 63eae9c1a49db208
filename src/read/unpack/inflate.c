// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/unpack/inflate.h"

#include <zlib.h>

bool inflate_exactly(const unsigned char *data, size_t size, unsigned char *out, size_t out_size)
{
	uLongf length = out_size;

	return uncompress(out, &length, data, size) == Z_OK && length == out_size;
}
