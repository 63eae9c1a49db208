// SPDX-License-Identifier: GPL-2.0
#include <linux/dma-buf.h>
#include <linux/module.h>

static const void *const uses[] __used = {dma_buf_get};

MODULE_DESCRIPTION("denied by license and by namespace");
MODULE_LICENSE("Proprietary");
