// SPDX-License-Identifier: GPL-2.0-or-later
/* A kernel image in any packing, read into a sealed kernel. */
#include "fuzz.h"

#include "read/image.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ksa_kernel *kernel = NULL;
	struct ksa_error err = {0};
	uint32_t source;

	if (kernel_new("fuzz", &kernel, &err))
		return 0;
	if (kernel_add_source(kernel, "input", SOURCE_IMAGE, &source, &err) == 0 &&
	    image_read(kernel, data, size, source, "input", &err) == 0 &&
	    kernel_seal(kernel, &err) == 0)
		kernel_find_module(kernel, "input");
	ksa_kernel_free(kernel);
	return 0;
}
