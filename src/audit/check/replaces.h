/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AUDIT_CHECK_REPLACES_H
#define AUDIT_CHECK_REPLACES_H

#include "model/kernel.h"
#include "model/module.h"

/*
 * *loses: does one of the modules take the place of one of the kernel's, and lack one of its
 * exports or have it with another CRC? Which of the kernel's modules that breaks is known where
 * their imports were read. Fails where memory ends.
 */
int check_loses_exports(const struct ksa_kernel *kernel, struct ksa_module *const *modules,
			size_t count, bool *loses, struct ksa_error *err) _must_check_;

#endif
