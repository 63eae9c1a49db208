// SPDX-License-Identifier: GPL-2.0-or-later
/* A Module.symvers, read into a sealed kernel. */
#include "fuzz.h"

#include "read/kernel/symvers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_source(SOURCE_SYMVERS, symvers_read, data, size);
	return 0;
}
