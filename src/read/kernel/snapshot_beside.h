/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_KERNEL_SNAPSHOT_BESIDE_H
#define READ_KERNEL_SNAPSHOT_BESIDE_H

#include "model/kernel.h"
#include "read/kernel/json.h"

/* A part of a snapshot that comes in a file beside the shipped ones, as most readers do not want
 * it. */
struct snapshot_part {
	/* Read it into the kernel; *release is what it says to be of, in the kernel's arena. */
	int (*read)(struct json_reader *json, struct ksa_kernel *kernel, const char **release,
		    struct ksa_error *err);
	/* Let the kernel be without. */
	void (*drop)(struct ksa_kernel *kernel);
	const char *missing; /* what is missing then: "header facts" */
};

/* Read what stands behind "types", "declared" or "headers" in a snapshot, which has all in one
 * file, if anybody wants it. */
int snapshot_read_apart(struct json_reader *json, struct ksa_kernel *kernel, const char *key,
			struct ksa_error *err) _must_check_;

/* Read the part from its file, maybe compressed. One that is of another kernel, or damaged, is a
 * notice; a kernel of which nothing is known yet is of the part's release then. KSA_EIO,
 * KSA_ELIMIT. */
int snapshot_take_beside(struct ksa_kernel *kernel, const char *path,
			 const struct snapshot_part *part, struct ksa_error *err) _must_check_;

/*
 * Read an array of lines of text, each of which add takes; one that is KSA_EFORMAT is told with its
 * place in the file.
 */
typedef int snapshot_add_line(void *ctx, const char *line, size_t length, struct ksa_error *err);
int snapshot_read_lines(struct json_reader *json, const char *key, snapshot_add_line *add,
			void *ctx, struct ksa_error *err) _must_check_;

#endif
