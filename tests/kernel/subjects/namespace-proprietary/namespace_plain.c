// SPDX-License-Identifier: GPL-2.0
#include <linux/bpf.h>
#include <linux/module.h>
#include <linux/version.h>

static const void *const uses[] __used = {bpf_map_get};

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)
MODULE_IMPORT_NS(BPF_INTERNAL);
#else
MODULE_IMPORT_NS("BPF_INTERNAL");
#endif
MODULE_DESCRIPTION("imports the namespace of a plain symbol");
MODULE_LICENSE("Proprietary");
