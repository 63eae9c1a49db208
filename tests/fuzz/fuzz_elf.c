// SPDX-License-Identifier: GPL-2.0-or-later
/* An ELF file, read as a vmlinux into a sealed kernel and as a module's exports. */
#include "fuzz.h"

#include <stdlib.h>

#include "read/kernel/elf_kernel.h"
#include "read/kernel/elf_module.h"

static void read_kernel(const uint8_t *data, size_t size)
{
	struct ksa_kernel *kernel = NULL;
	uint32_t source;

	if (kernel_new("fuzz", &kernel, NULL))
		return;
	if (kernel_add_source(kernel, "input", SOURCE_IMAGE, &source, NULL) == 0 &&
	    elf_kernel_read(kernel, data, size, source, "input", NULL) == 0 &&
	    kernel_seal(kernel, NULL) == 0)
		kernel_has_crcs(kernel);
	ksa_kernel_free(kernel);
}

static void read_module(const uint8_t *data, size_t size)
{
	struct ksa_module **modules = calloc(1, sizeof(*modules));

	if (!modules)
		return;
	if (module_new(&modules[0], NULL) == 0 &&
	    elf_module_read(modules[0], data, size, "input.ko", ELF_MODULE_EXPORTS, NULL) == 0 &&
	    modules[0]->export_count && modules[0]->exports[0].name[0] == '\0')
		abort(); /* no export without a name */
	ksa_modules_free(modules, 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	read_kernel(data, size);
	read_module(data, size);
	return 0;
}
