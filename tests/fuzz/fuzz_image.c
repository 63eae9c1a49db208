// SPDX-License-Identifier: GPL-2.0-or-later
/* A kernel image in any packing, read into a sealed kernel. */
#include "fuzz.h"

#include "read/kernel/image.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_source(SOURCE_IMAGE, image_read, data, size);
	return 0;
}
