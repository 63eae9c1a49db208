// SPDX-License-Identifier: GPL-2.0
/* ld sorts by a hash of the names: absent_c comes after dma_buf_get in .symtab. */
#include <linux/dma-buf.h>
#include <linux/module.h>

void absent_c(void);

static const void *const uses[] __used = {absent_c, dma_buf_get};

MODULE_DESCRIPTION("fails last for a symbol");
MODULE_LICENSE("GPL");
