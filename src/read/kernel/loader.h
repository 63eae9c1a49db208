/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_KERNEL_LOADER_H
#define READ_KERNEL_LOADER_H

#include "model/kernel.h"
#include "read/unpack/archive.h"
#include "read/kernel/missing.h"
#include "read/kernel/modules.h"
#include "read/kernel/vermagic.h"

/* A text source that is read only if nothing better gives vmlinux's exports. */
struct loader_fallback {
	char *path; /* display name; NULL: none */
	struct bytes data;
};

/* The reading of one kernel, part after part. */
struct loader {
	struct ksa_kernel *kernel;
	const struct ksa_read_options *options;
	const struct kernel_readers *readers; /* of forms that are no files, and of other files */
	struct module_set modules; /* all modules read; kept until the kernel is sealed */
	size_t modules_taken; /* how many of them the kernel already has */
	uint32_t module_source; /* NO_INDEX: not registered yet */
	struct loader_fallback system_map;
	struct missing missing; /* modules that there should be */
	struct ksa_error no_image; /* the first image that turned out to have no exports */
	struct ksa_error unread; /* why a named image cannot be read */
	char release[128]; /* of the lib/modules/RELEASE paths seen; "" if none */
	const char *flat; /* a directory of modules that is no tree of a release, or an initrd; or
			     NULL */
	bool has_tree; /* some part is a tree of a release: that has all its modules */
	struct build_facts build; /* of a .config */
	bool is_running; /* no kernel was named: the running one */
	bool is_labeled; /* the kernel has its label: a shipped snapshot's name, a revision */
};

/*
 * Read the exports of one file's bytes, whatever it is: an image, a module, Module.symvers,
 * System.map, a snapshot, any of these compressed. name is for messages, base for the list of
 * sources.
 */
int loader_take_bytes(struct loader *loader, const unsigned char *data, size_t size,
		      const char *name, struct ksa_error *err) _must_check_;

/* The same for a file that the user named: if it is an image of a form that cannot be read, another
 * part may give vmlinux's exports; loader_finish() says it. */
int loader_take_named(struct loader *loader, const unsigned char *data, size_t size,
		      const char *name, struct ksa_error *err) _must_check_;

/* What a file of a kernel's tree or package is for us, by its path. */
enum tree_role {
	ROLE_NONE,
	ROLE_MODULE,
	ROLE_IMAGE,
	ROLE_SYMVERS,
	ROLE_SYSTEM_MAP,
	ROLE_BUILTIN, /* modules.builtin */
	ROLE_DEP, /* modules.dep */
	ROLE_ORDER, /* modules.order */
	ROLE_RELEASE, /* include/generated/utsrelease.h */
	ROLE_CONFIG /* .config */
};
enum tree_role tree_role(const char *path);

/* The owner as Module.symvers writes it: "kernel/fs/ext4/ext4.ko.xz" -> "fs/ext4/ext4". malloc'd.
 */
char *tree_owner(const char *rest);

/* Bytes of a file with that role (not ROLE_MODULE). */
int loader_take_role(struct loader *loader, enum tree_role role, const unsigned char *data,
		     size_t size, const char *name, struct ksa_error *err) _must_check_;

/* Queue one module of the kernel (bytes are moved; or a file when data is NULL). */
int loader_take_module(struct loader *loader, const char *path, const char *rest,
		       struct bytes *data, struct ksa_error *err) _must_check_;

/* Read the queued modules and give them to the kernel. */
int loader_run_modules(struct loader *loader, struct ksa_error *err) _must_check_;

/*
 * All parts are read: fall back on a System.map where no image gave exports, say what is missing,
 * and seal the kernel.
 */
int loader_finish(struct loader *loader, struct ksa_error *err) _must_check_;

/* A directory: a /lib/modules/RELEASE tree, a build or headers directory, or the root of one. */
int loader_take_directory(struct loader *loader, const char *dir,
			  struct ksa_error *err) _must_check_;

/* A .deb, .rpm or tar, in place. */
int loader_take_package(struct loader *loader, const char *path,
			struct ksa_error *err) _must_check_;

#endif
