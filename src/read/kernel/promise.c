// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/kernel/promise.h"

#include <string.h>

/* Fewer exports of vmlinux than that are an excerpt, of whatever. */
#define MIN_EXPORTS 64

static bool is_one_table(const struct ksa_kernel *kernel)
{
	size_t tables = 0;

	for (size_t i = 0; i < kernel->source_count; i++) {
		if (kernel->sources[i].kind == SOURCE_SYMVERS)
			tables++;
		else if (kernel->sources[i].kind != SOURCE_OTHER)
			return false;
	}
	return tables == 1 && !kernel->module_count;
}

/* Module.kabi, Module.kabi_x86_64, kabi_current. */
static bool is_called_so(const struct ksa_kernel *kernel)
{
	for (size_t i = 0; i < kernel->source_count; i++)
		if (kernel->sources[i].kind == SOURCE_SYMVERS &&
		    strstr(kernel->sources[i].name, "kabi"))
			return true;
	return false;
}

static bool lacks_layout(const struct ksa_kernel *kernel)
{
	size_t count = 0;
	bool crcs = false;

	for (size_t i = 0; i < kernel->export_count; i++) {
		const struct ksa_export *e = &kernel->exports[i];

		if (strcmp(e->name, "module_layout") == 0 || strcmp(e->name, "struct_module") == 0)
			return false;
		crcs = crcs || e->has_crc;
		count += strcmp(e->owner, "vmlinux") == 0;
	}
	return crcs && count >= MIN_EXPORTS;
}

int promise_find(struct ksa_kernel *kernel, struct ksa_error *err)
{
	const bool certain = is_one_table(kernel) && lacks_layout(kernel);

	if (!certain && !(is_one_table(kernel) && is_called_so(kernel)))
		return 0;
	kernel->promised = true;
	kernel->has_image = kernel->has_modules = false;
	return kernel_add_notice(kernel, err,
				 "%s lists what is promised%s: what is not there may be exported "
				 "all the same",
				 kernel->sources[0].name,
				 certain ? " (it has CRCs and no module_layout)" : ", by its name");
}
