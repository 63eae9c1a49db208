/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CMD_CHECK_H
#define CMD_CHECK_H

#include "cmd/cmd.h"

/*
 * Open the shipped snapshots of the kernels' architecture of which no kernel of the list has the
 * release, and append them to *hints. One that cannot be read is left out: it is no reason to
 * withhold a verdict.
 */
int check_open_hints(struct invocation *inv, const struct kernel_list *kernels,
		     const struct module_list *modules, struct kernel_list *hints,
		     struct ksa_error *err);

/*
 * Append to the list the shipped snapshots that are newer than the newest of it, and of its
 * architecture (that of the modules, where its sources do not give one); *why is NULL, or says why
 * there is none.
 */
int check_open_newer(struct invocation *inv, struct kernel_list *kernels,
		     const struct module_list *modules, const char **why, struct ksa_error *err);

#endif
