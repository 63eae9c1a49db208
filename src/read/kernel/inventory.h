/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_KERNEL_INVENTORY_H
#define READ_KERNEL_INVENTORY_H

#include "model/inventory.h"

/*
 * Read the modules at these paths: a .ko in any packing, a directory, a package, an initrd; of what
 * is built in, modules.builtin.modinfo, which is taken from trees and packages too, or an image
 * that has its .modinfo, or beside whose tree that file lies. A path that is /proc/modules or a
 * copy of it says which modules are asked for; they are looked for at the other paths, and without
 * any at /lib/modules/RELEASE of the running kernel. No paths: /proc/modules.
 *
 * What cannot be read is a gap, and the rest is read; where there is nothing else that is the
 * error. Fills sources, items (module, path, source, loaded), gaps, notices and newest; the rest is
 * for audit/modules.h. The caller releases *inventory, also after a failure. KSA_ENODATA: a path
 * holds no modules; KSA_EIO, KSA_EFORMAT, KSA_ELIMIT.
 */
int inventory_read(struct inventory *inventory, const char *const *paths, size_t count,
		   const struct ksa_read_options *options, struct ksa_error *err) _must_check_;

#endif
