// SPDX-License-Identifier: GPL-2.0
#include <linux/dma-buf.h>
#include <linux/module.h>
#include <linux/version.h>

static const void *const uses[] __used = {dma_buf_get};

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)
MODULE_IMPORT_NS(DMA_BUF);
#else
MODULE_IMPORT_NS("DMA_BUF");
#endif
MODULE_DESCRIPTION("imports the namespace that it uses");
MODULE_LICENSE("GPL");
