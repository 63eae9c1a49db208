/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_KERNEL_VERSIONS_H
#define READ_KERNEL_VERSIONS_H

#include "model/kernel.h"
#include "model/module.h"

/*
 * The exports that the symbol versions of modules (__versions, or __version_ext_names and -crcs,
 * 6.14) imply: names and CRCs, of class and namespace unknown. modpost writes a version of each
 * symbol that it found, and the module that exports it into depends: the owner is one of the
 * modules that all importers depend on, or vmlinux; if not all of those are here, and could tell,
 * it is unknown. Modules that do not agree on a CRC leave it unknown, and are named in a notice.
 *
 * The kernel is sealed, owned by the caller, and calls itself by the modules' release where they
 * have one in common. KSA_ENODATA: no module has versions; KSA_EUSAGE: they are of two
 * architectures; KSA_ENOMEM.
 */
int versions_kernel(struct ksa_module *const *modules, size_t count, struct ksa_kernel **out,
		    struct ksa_error *err) _must_check_;

#endif
