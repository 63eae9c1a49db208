// SPDX-License-Identifier: GPL-2.0
#include <linux/bpf.h>
#include <linux/module.h>

static const void *const uses[] __used = {bpf_map_get};

MODULE_DESCRIPTION("does not import the namespace of a plain symbol");
MODULE_LICENSE("Proprietary");
