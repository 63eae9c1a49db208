/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_GIT_HEADERS_H
#define READ_GIT_HEADERS_H

#include "model/kernel.h"
#include "read/git/git.h"
#include "read/headers/headers.h"

/* The headers of one revision. Zero-initialize. */
struct git_headers {
	struct header_set set;
	struct {
		struct object_id *items; /* of the files of the set */
		size_t count, capacity;
	} blobs;
};

void git_headers_release(struct git_headers *headers);

/* Take the file at that path of the tree, if it is a header that counts. */
int git_headers_add(struct git_headers *headers, const char *path, const struct object_id *blob,
		    struct ksa_error *err) _must_check_;

/*
 * Read them into kernel->helpers, from the repository at path. A revision has no configuration, so
 * both branches count where that decides; nor has it an architecture. Files that the repository
 * does not have are left out: the caller says so of all files.
 */
int git_headers_read(struct git_headers *headers, struct ksa_kernel *kernel, const char *path,
		     const struct ksa_read_options *options, struct ksa_error *err) _must_check_;

#endif
