/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_HEADERS_HEADERS_H
#define READ_HEADERS_HEADERS_H

#include "base/arena.h"
#include "base/bytes.h"
#include "base/strmap.h"
#include "model/helper.h"

/* One header of a kernel. */
struct header_file {
	const char *path; /* below the tree, "include/linux/slab.h" */
	const char *disk; /* where it is, or NULL */
	struct bytes data; /* if not on disk: what was read already, or */
	uint32_t origin; /* what the one who loads it knows it by */
	uint32_t worker; /* who read it */
	size_t first, count; /* its definitions there */
	size_t macro_first, macro_count; /* macros that may make declarations */
	size_t call_first, call_count; /* and invocations of them */
	size_t place_first, place_count; /* declarations, if wanted */
	size_t include_first, include_count; /* and #includes */
};

/* The headers of one kernel, as they are found in one or more places. Zero-initialize. */
struct header_set {
	struct arena arena;
	struct header_file *items;
	size_t count, capacity;
	struct strmap paths; /* to take each once: what came first counts */
	struct bytes autoconf; /* include/generated/autoconf.h */
	struct strbuf basis; /* the names of what they are from, see header_set_add_basis() */
};

/* How to read them. Zero-initialize. */
struct header_options {
	unsigned int jobs; /* threads; 0: the number of online processors */
	bool places; /* where names are declared, and what is included, too: helpers->declared */
	bool only_types; /* of the places those of types alone */
	const char *arch; /* as kernels name it, or the directory; NULL: as autoconf.h says */
	/* The bytes of a file that is neither on disk nor read yet; may be NULL. */
	int (*load)(void *ctx, unsigned int worker, const struct header_file *file,
		    struct bytes *out, struct ksa_error *err);
	void *load_ctx;
};

void header_set_release(struct header_set *set);

/*
 * The part of a path that is below the tree of headers, if it is a header that counts for some
 * architecture, or autoconf.h: "include/linux/slab.h" of "usr/src/linux-headers-6.1/include/
 * linux/slab.h"; else NULL. Those of tools and drivers do not count.
 */
const char *header_path(const char *path);

/* Take one file, of which file has disk, data (it is the set's then) or origin; path is what
 * header_path() gave and is copied. One that is there already is dropped. */
int header_set_add(struct header_set *set, const char *path, struct header_file *file,
		   struct ksa_error *err) _must_check_;

/*
 * Take the headers of a directory: a tree of headers, a build or source tree, one half of two that
 * its Makefile joins with the other (Debian, Ubuntu), the "build" of a /lib/modules/RELEASE, or the
 * root of an unpacked package. What is below an unpacked root is searched there, never on this
 * machine. Without headers in it the set stays as it is.
 */
int header_set_add_directory(struct header_set *set, const char *dir,
			     struct ksa_error *err) _must_check_;

/* Note what the headers are from, a path; only its last part counts. KSA_ENOMEM. */
int header_set_add_basis(struct header_set *set, const char *path,
			 struct ksa_error *err) _must_check_;

/* Take the headers in a package, in place. */
int header_set_add_package(struct header_set *set, const char *path,
			   struct ksa_error *err) _must_check_;

/*
 * Read all of them. *out is sealed and the caller's. The set's data is given up. A damaged file
 * tells what it tells; KSA_ELIMIT, KSA_ENOMEM, KSA_EIO, and KSA_ENODATA for a set without files.
 */
int header_set_read(struct header_set *set, const struct header_options *options,
		    struct helpers **out, struct ksa_error *err) _must_check_;

#endif
