// SPDX-License-Identifier: GPL-2.0-or-later
/* Every form of KERNEL: where the readers of files and those of sources meet. */
#include "read/git/kernel.h"
#include "read/kernel/kernel.h"

int ksa_kernel_open(const char *spec, const struct ksa_read_options *options,
		    struct ksa_kernel **out, struct ksa_error *err)
{
	static const struct kernel_opener openers[] = {
		{git_kernel_is_spec, git_kernel_read},
		{NULL, NULL},
	};

	return kernel_open(spec, options, openers, out, err);
}
