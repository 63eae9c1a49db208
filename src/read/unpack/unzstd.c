// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/unpack/unzstd.h"

#include <zstd.h>

bool unzstd_exactly(const unsigned char *data, size_t size, unsigned char *out, size_t out_size)
{
	/* An error is a number that is larger than any size. */
	return ZSTD_findFrameCompressedSize(data, size) == size &&
	       ZSTD_decompress(out, out_size, data, size) == out_size;
}
