/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_KERNEL_IMAGE_H
#define READ_KERNEL_IMAGE_H

#include "base/bytes.h"
#include "model/kernel.h"

/* What an image is, by its bytes. */
enum image_kind {
	IMAGE_NONE, /* not a kernel image that is known here */
	IMAGE_ELF, /* vmlinux */
	IMAGE_BZIMAGE, /* x86: HdrS at 0x202 */
	IMAGE_ZBOOT, /* EFI zboot: "zimg" at 4 */
	IMAGE_ARM64, /* raw Image, "ARMd" at 0x38 */
	IMAGE_RISCV, /* raw Image, "RSC\5" at 0x38 */
	IMAGE_ARM, /* zImage, 0x016f2818 at 0x24 */
	IMAGE_S390 /* IPL record and no ELF */
};

enum image_kind image_kind(const unsigned char *data, size_t size);

/* True if an image has given vmlinux's exports. */
bool image_is_given(const struct ksa_kernel *kernel);

/*
 * Read the exports of a kernel image in any packing: an ELF vmlinux, a bzImage by its header, an
 * EFI zboot, a compressed or raw Image, or any other file by trying every codec magic in it. source
 * is the registered source's index, name what messages call it. Fills exports (owner "vmlinux"),
 * and release, arch, vermagic and reserves where the image holds them. A second image of the same
 * exports adds none, only what was not known of its code.
 */
int image_read(struct ksa_kernel *kernel, const unsigned char *data, size_t size, uint32_t source,
	       const char *name, struct ksa_error *err) _must_check_;

#endif
