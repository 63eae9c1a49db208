/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CMD_REVIEW_MODULES_H
#define CMD_REVIEW_MODULES_H

#include "cmd/changes.h"
#include "model/pending.h"

/* The modules that a review is asked about. Zero-initialize. */
struct review_modules {
	struct string_list paths; /* of the option; none: not asked */
	struct module_list modules;
	struct kernel_list kernels; /* the one without the patches, where none was given; then the
				       one with them */
	struct ksa_pending net;
};

/* Whether there will be a kernel to hold them against. 0, or EXIT_TROUBLE after saying why not. */
int review_modules_check(const struct invocation *inv, const struct review_modules *modules,
			 const struct changes *changes, const char *kernel);

/*
 * Hold them against the kernel (NULL: the sources that the patches of changes are for) without and
 * with the patches, and take that over into the review. options has the run's rules and waivers.
 */
int review_modules_hold(struct invocation *inv, struct review_modules *modules,
			struct changes *changes, struct ksa_kernel *kernel,
			const struct ksa_check_options *options, struct review *review,
			struct ksa_error *err);

void review_modules_release(struct review_modules *modules);

#endif
