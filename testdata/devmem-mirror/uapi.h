/* SPDX-License-Identifier: GPL-2.0 */
/* The ioctls of /dev/devmem_mirror, for the driver and for user space. */
#ifndef DEVMEM_MIRROR_UAPI_H
#define DEVMEM_MIRROR_UAPI_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define DEVMEM_MIRROR_PATH "/dev/devmem_mirror"

/* What the device's memory is to the CPU. */
enum devmem_mirror_kind {
	DEVMEM_MIRROR_NONE, /* the device has none */
	DEVMEM_MIRROR_PRIVATE, /* the CPU cannot reach it, and faults the page back */
	DEVMEM_MIRROR_COHERENT, /* the CPU reads and writes it in place */
};

/**
 * struct devmem_mirror_info - what the device is and has
 * @kind: out, an enum devmem_mirror_kind
 * @reserved: out, 0
 * @pages: out, pages of device memory
 * @used: out, those of them that are in use, by whatever process
 */
struct devmem_mirror_info {
	__u32 kind;
	__u32 reserved;
	__u64 pages;
	__u64 used;
};

/**
 * struct devmem_mirror_range - a range of the opener's address space, and what to do with it
 * @address: in, where it starts
 * @length: in, in bytes
 * @buffer: in, the address of a buffer; for READ and WRITE of @length bytes, for SNAPSHOT of
 *	one byte a page; 0 for all others
 * @done: out, set on errors too; for READ and WRITE bytes, for SNAPSHOT pages, for TO_DEVICE
 *	and TO_RAM pages that were moved
 */
struct devmem_mirror_range {
	__u64 address;
	__u64 length;
	__u64 buffer;
	__u64 done;
};

/* A page in a snapshot; 0 where the CPU maps none. */
#define DEVMEM_MIRROR_PAGE_VALID  0x01
#define DEVMEM_MIRROR_PAGE_WRITE  0x02 /* writable without a fault */
#define DEVMEM_MIRROR_PAGE_DEVICE 0x04 /* in the device's memory */
#define DEVMEM_MIRROR_PAGE_ERROR  0x08 /* never reachable for the device */

/**
 * struct devmem_mirror_pfn - a page frame look-up
 * @address: in, an address within a mapping of bare page frames (VM_PFNMAP)
 * @pfn: out, the frame that is mapped there
 */
struct devmem_mirror_pfn {
	__u64 address;
	__u64 pfn;
};

/*
 * MIRROR comes first, once for an open file, with whole pages; all others but INFO and PFN take
 * ranges within what it named, SNAPSHOT, TO_DEVICE and TO_RAM whole pages. Errors of all:
 *	EINVAL		the range is empty, not aligned or outside the mirror
 *	EPERM		the caller is not the process that opened the file; a write to memory
 *			that the process may only read
 *	EFAULT		nothing readable is mapped there; the buffer is not accessible
 *	EBUSY		there is a mirror already; the address space never came to rest
 *	EOPNOTSUPP	TO_DEVICE, TO_RAM: the device has no memory
 */
#define DEVMEM_MIRROR_IOC_INFO	    _IOR('D', 0x40, struct devmem_mirror_info)
#define DEVMEM_MIRROR_IOC_MIRROR    _IOWR('D', 0x41, struct devmem_mirror_range)
#define DEVMEM_MIRROR_IOC_READ	    _IOWR('D', 0x42, struct devmem_mirror_range)
#define DEVMEM_MIRROR_IOC_WRITE	    _IOWR('D', 0x43, struct devmem_mirror_range)
#define DEVMEM_MIRROR_IOC_SNAPSHOT  _IOWR('D', 0x44, struct devmem_mirror_range)
#define DEVMEM_MIRROR_IOC_TO_DEVICE _IOWR('D', 0x45, struct devmem_mirror_range)
#define DEVMEM_MIRROR_IOC_TO_RAM    _IOWR('D', 0x46, struct devmem_mirror_range)
#define DEVMEM_MIRROR_IOC_PFN	    _IOWR('D', 0x47, struct devmem_mirror_pfn)

#endif
