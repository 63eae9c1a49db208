/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_KERNEL_SNAPSHOT_INTERNAL_H
#define READ_KERNEL_SNAPSHOT_INTERNAL_H

#include <stddef.h>

#include "model/kernel.h"
#include "read/kernel/json.h"

#define SNAPSHOT_CLASSES     (KSA_CLASS_UNUSED_GPL + 1)
#define SNAPSHOT_KINDS	     (KSA_KIND_OBJECT + 1)
#define SNAPSHOT_SOURCES     (SOURCE_OTHER + 1)
#define SNAPSHOT_MAX_MEMBERS 16 /* of an object, that are read here */

/* A string of the file made NUL-terminated; the memory is reused for the next one. */
struct snapshot_text {
	char *data;
	size_t capacity;
};

/* A snapshot while it is read. */
struct snapshot {
	struct json_reader json;
	struct ksa_kernel *kernel;
	struct ksa_error *err;
	uint32_t source;
	uint32_t first_module; /* modules that the kernel had before: indices count from here */
	unsigned int seen; /* members of the document */
	size_t first_notice; /* that the kernel had before */
	bool tells_gaps; /* it says which modules could not be read, if any */
	size_t modules_at; /* where "modules" is, if it came before "kernel"; or 0 */
	uint32_t importer_max; /* largest index in any "importers" */
	size_t importer_max_at; /* and where it is; 0: there is none */
	struct snapshot_text
		texts[SNAPSHOT_MAX_MEMBERS]; /* of the members of the object being read */
	struct snapshot_text item; /* an element of an array of strings */
	struct json_indices importers;
	struct {
		const char **items;
		size_t count, capacity;
	} wraps; /* interned in the kernel */
	const char *classes[SNAPSHOT_CLASSES], *kinds[SNAPSHOT_KINDS],
		*source_kinds[SNAPSHOT_SOURCES];
};

/* A member of an object that is read here; the others are passed over. */
struct snapshot_member {
	const char *key;
	/* Read its value. text is kept until the object is done. */
	int (*read)(struct snapshot *s, const char *key, struct snapshot_text *text, void *field);
	size_t offset; /* of the field in what the object is read into */
	bool needed;
};

#define FIELD(type, field) offsetof(struct type, field)
#define COUNT(array)	   (sizeof(array) / sizeof(*(array)))

/*
 * Read an object, what stands after the key what (NULL: the document). *seen gets a bit for each of
 * the members, by their place; one that comes twice is refused, and so is an object without one
 * that is needed.
 */
int snapshot_read_object(struct snapshot *s, const char *what,
			 const struct snapshot_member *members, size_t count, void *out,
			 unsigned int *seen) _must_check_;

/* Read an array with one call an element. */
int snapshot_read_each(struct snapshot *s, const char *key,
		       int (*read)(struct snapshot *s)) _must_check_;

/* Read a string; one that is not empty, as an empty name matches nothing and hides damage; one that
 * must be one of names, *out being its index. */
int snapshot_take_text(struct snapshot *s, const char *what,
		       struct snapshot_text *out) _must_check_;
int snapshot_take_name(struct snapshot *s, const char *what,
		       struct snapshot_text *out) _must_check_;
int snapshot_take_enum(struct snapshot *s, const char *what, const char *const *names, int count,
		       int *out) _must_check_;

/* For members: the field is a const char *, likewise one that is not empty, a bool. */
int snapshot_read_text(struct snapshot *s, const char *key, struct snapshot_text *text,
		       void *field) _must_check_;
int snapshot_read_name(struct snapshot *s, const char *key, struct snapshot_text *text,
		       void *field) _must_check_;
int snapshot_read_flag(struct snapshot *s, const char *key, struct snapshot_text *text,
		       void *field) _must_check_;

/* Read an export into the kernel, unless it is none of those that are wanted. */
int snapshot_read_export(struct snapshot *s) _must_check_;

#endif
