/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_KERNEL_MISSING_H
#define READ_KERNEL_MISSING_H

#include "model/kernel.h"
#include "read/kernel/modules.h"

/* What tells of a module that has to be among those that are read. */
enum expected_by {
	EXPECTED_BY_DEP, /* modules.dep: depmod saw it there */
	EXPECTED_BY_ORDER, /* modules.order: the build made it; packages may be split */
	EXPECTED_BY_LINK /* a link in a package: what it names */
};

struct expected {
	const char *owner; /* in the kernel's arena; a base name where only that is known */
	const char *target; /* of a link: where it leads; else NULL */
	enum expected_by by;
};

/* The modules that there should be; zeros are an empty one. The items are the reader's to free. */
struct missing {
	struct expected *items;
	size_t count, capacity;
	bool has_dep; /* a modules.dep was read: a modules.order then says nothing more */
};

/*
 * One line of modules.dep: "kernel/fs/ext4/ext4.ko: kernel/fs/jbd2/jbd2.ko ...". Absolute paths are
 * of other trees and passed over; of a flat directory they are where Android will mount it, so that
 * their base names count. KSA_ENOMEM.
 */
int missing_expect_dep(struct missing *missing, struct ksa_kernel *kernel, const char *line,
		       bool flat, struct ksa_error *err) _must_check_;

/* One line of modules.order: "kernel/fs/ext4/ext4.ko". KSA_ENOMEM. */
int missing_expect_order(struct missing *missing, struct ksa_kernel *kernel, const char *line,
			 struct ksa_error *err) _must_check_;

/* A member of a package that is a link to target, or (target NULL) no file. KSA_ENOMEM. */
int missing_expect_link(struct missing *missing, struct ksa_kernel *kernel, const char *path,
			const char *target, struct ksa_error *err) _must_check_;

/*
 * All modules were read: give the kernel a gap for each that is missing. What modules.order alone
 * lists may be in a package that this machine does not have: that is a notice, and *partial then
 * says that these are not all of the kernel's modules.
 */
int missing_find(const struct missing *missing, const struct module_set *modules,
		 struct ksa_kernel *kernel, bool *partial, struct ksa_error *err) _must_check_;

#endif
