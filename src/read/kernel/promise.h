/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_KERNEL_PROMISE_H
#define READ_KERNEL_PROMISE_H

#include "model/kernel.h"

/*
 * Before kernel_seal, where the kernel is one file of Module.symvers' form and nothing else: is it
 * a Module.kabi, a list of what is promised? By content where that is certain: a kernel with CRCs
 * exports module_layout (8c8ef42aee8f, 2.6.30; struct_module before), and a list of some size that
 * has CRCs, exports of vmlinux and neither of these is no kernel's. Some lists have it: they are
 * told by the file's name, and a notice says so. Sets promised, and has_image and has_modules to
 * false: of what is not there nothing is known.
 */
int promise_find(struct ksa_kernel *kernel, struct ksa_error *err) _must_check_;

#endif
