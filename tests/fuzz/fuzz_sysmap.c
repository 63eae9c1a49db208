// SPDX-License-Identifier: GPL-2.0-or-later
/* A System.map, read into a sealed kernel. */
#include "fuzz.h"

#include "read/kernel/sysmap.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_source(SOURCE_SYSTEM_MAP, sysmap_read, data, size);
	return 0;
}
