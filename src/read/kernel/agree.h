/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_KERNEL_AGREE_H
#define READ_KERNEL_AGREE_H

#include "model/kernel.h"

/*
 * Before kernel_seal: an image and a Module.symvers of one kernel list the same exports of vmlinux.
 * KSA_EUSAGE where more than a handful are in one of them alone: then they are of two builds, or
 * one of them was read wrong, and joining them would hide it.
 */
int agree_check(const struct ksa_kernel *kernel, struct ksa_error *err) _must_check_;

#endif
