// SPDX-License-Identifier: GPL-2.0
#include <linux/dma-buf.h>
#include <linux/module.h>

struct dma_buf *dma_buf_get(int fd) __weak;

static const void *const uses[] __used = {dma_buf_get};

MODULE_DESCRIPTION("refers weakly to a symbol in a namespace");
MODULE_LICENSE("GPL");
