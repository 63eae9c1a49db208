// SPDX-License-Identifier: GPL-2.0-or-later
/* A snapshot (JSON), read into a sealed kernel. */
#include "fuzz.h"

#include "read/snapshot.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ksa_kernel *kernel = NULL;
	struct ksa_error err = {0};
	uint32_t source;

	if (kernel_new("fuzz", &kernel, &err))
		return 0;
	if (kernel_add_source(kernel, "input", SOURCE_SNAPSHOT, &source, &err) == 0 &&
	    snapshot_read(kernel, data, size, source, "input", &err) == 0 &&
	    kernel_seal(kernel, &err) == 0)
		kernel_find_module(kernel, "input");
	ksa_kernel_free(kernel);
	return 0;
}
