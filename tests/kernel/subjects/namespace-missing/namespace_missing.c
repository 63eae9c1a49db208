// SPDX-License-Identifier: GPL-2.0
#include <linux/dma-buf.h>
#include <linux/ktime.h>
#include <linux/module.h>

static const void *const uses[] __used = {dma_buf_get, dma_buf_put, ktime_get};

MODULE_DESCRIPTION("does not import the namespace that it uses");
MODULE_LICENSE("GPL");
