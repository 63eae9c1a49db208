/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AUDIT_MODULES_H
#define AUDIT_MODULES_H

#include "model/inventory.h"

/*
 * Work out what an inventory that was read says: ids, licenses and how the kernel reads them, the
 * taints that each module brings, what it exports by class, and what it imports by the class that
 * the kernel (sealed, borrowed) exports it as; where that does not, by those of the modules
 * themselves. Without a kernel (NULL) all classes of imports are unknown. KSA_ENOMEM.
 */
int modules_judge(struct inventory *inventory, const struct ksa_kernel *kernel,
		  struct ksa_error *err) _must_check_;

#endif
