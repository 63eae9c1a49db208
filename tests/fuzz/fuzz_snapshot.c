// SPDX-License-Identifier: GPL-2.0-or-later
/* A snapshot, read into a sealed kernel. */
#include "fuzz.h"

#include "read/kernel/snapshot.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_source(SOURCE_SNAPSHOT, snapshot_read, data, size);
	return 0;
}
