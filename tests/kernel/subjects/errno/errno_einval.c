// SPDX-License-Identifier: GPL-2.0
/* ld sorts by a hash of the names: no_such_symbol comes before dma_buf_get in .symtab. */
#include <linux/dma-buf.h>
#include <linux/module.h>

void no_such_symbol(void);

static const void *const uses[] __used = {dma_buf_get, no_such_symbol};

MODULE_DESCRIPTION("fails last for a namespace");
MODULE_LICENSE("GPL");
