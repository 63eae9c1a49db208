/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

#include "model/kernel.h"

/* What libFuzzer calls for every input; standalone.c calls it for every file of a corpus. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Read the input with one source reader into a sealed kernel. */
static inline void fuzz_source(enum source_kind kind,
			       int (*read)(struct ksa_kernel *kernel, const unsigned char *data,
					   size_t size, uint32_t source, const char *name,
					   struct ksa_error *err),
			       const uint8_t *data, size_t size)
{
	struct ksa_kernel *kernel = NULL;
	struct ksa_error err = {0};
	uint32_t source;

	if (kernel_new("fuzz", &kernel, &err))
		return;
	kernel->want_helpers = true;
	if (kernel_add_source(kernel, "input", kind, &source, &err) == 0 &&
	    read(kernel, data, size, source, "input", &err) == 0 && kernel_seal(kernel, &err) == 0)
		kernel_find_module(kernel, "input");
	ksa_kernel_free(kernel);
}

#endif
