/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AUDIT_CHECK_REPLACES_H
#define AUDIT_CHECK_REPLACES_H

#include "model/kernel.h"
#include "model/module.h"

/*
 * Does the module take the place of one of the kernel's, and lack one of its exports or have it
 * with another CRC? Which of the kernel's modules that breaks is known where their imports were
 * read.
 */
bool check_loses_exports(const struct ksa_kernel *kernel, const struct ksa_module *module);

#endif
