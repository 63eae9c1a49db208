/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_KERNEL_JSON_H
#define READ_KERNEL_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"

#define JSON_MAX_DEPTH 32

/*
 * A strict pull reader for JSON (RFC 8259; UTF-8 is checked, no byte order mark): the caller asks
 * for what must come next, and gets it or an error with line and column. It keeps no tree, so that
 * a snapshot of some megabytes is read in milliseconds. Initialize with json_read_begin, release
 * with json_read_release.
 *
 * The functions that take "what" use it in their error ("expected a string after "what""); they
 * return 0 or KSA_EFORMAT (KSA_ELIMIT for the depth, KSA_ENOMEM), and set the first error only.
 */
struct json_reader {
	const unsigned char *data;
	size_t size;
	size_t at; /* offset of the next byte */
	const char *source; /* for messages */
	struct ksa_error *err;
	unsigned int depth;
	bool fresh; /* just inside a '{' or '[': no comma before the first element */
	struct strbuf scratch; /* holds the last string that had escapes */
};

/* Not NUL-terminated; valid until the next string is read. Points into the input if it can. */
struct json_slice {
	const char *data;
	size_t length;
};

/* data, source and err are borrowed until json_read_release. */
void json_read_begin(struct json_reader *r, const unsigned char *data, size_t size,
		     const char *source, struct ksa_error *err);
void json_read_release(struct json_reader *r);

/* Enter '{' or '['. */
int json_read_object(struct json_reader *r, const char *what) _must_check_;
int json_read_array(struct json_reader *r, const char *what) _must_check_;

/* The next key of the open object, its ':' consumed. 1: there is one, 0: the object has ended, or
 * negative. Every key's value must be read or skipped before the next call. */
int json_read_key(struct json_reader *r, struct json_slice *key) _must_check_;

/* The same for one key, written as our writer does: true if it is the next one. Else nothing is
 * consumed, and json_read_key() says what is there. */
bool json_take_key(struct json_reader *r, const char *key);

/* 1: another element of the open array follows, 0: the array has ended, or negative. */
int json_read_item(struct json_reader *r) _must_check_;

/* A string without NULs, a number from 0 to max without sign, point or exponent, true or false. */
int json_read_string(struct json_reader *r, const char *what, struct json_slice *out) _must_check_;
int json_read_uint(struct json_reader *r, const char *what, uint64_t max,
		   uint64_t *out) _must_check_;
int json_read_bool(struct json_reader *r, const char *what, bool *out) _must_check_;

/* Offset of the next value (blanks are passed over), to point at it in an error later. */
size_t json_read_position(struct json_reader *r);

/* An array of whole numbers, each larger than the one before. Zero-initialize; the memory is reused
 * by the next call, the caller frees items. */
struct json_indices {
	uint32_t *items;
	size_t count, capacity;
	size_t last_at; /* offset of the last one, for messages */
};

int json_read_indices(struct json_reader *r, const char *what,
		      struct json_indices *out) _must_check_;

/* Consume null if it is next. */
bool json_read_null(struct json_reader *r);

/* Check and pass over one value of any kind. */
int json_read_skip(struct json_reader *r) _must_check_;

/* Only blanks may follow. */
int json_read_end(struct json_reader *r) _must_check_;

/* True if the slice equals the string. Most differ in their first byte. */
static inline bool json_slice_is(const struct json_slice *slice, const char *s)
{
	size_t i = 0;

	while (i < slice->length && s[i] && slice->data[i] == s[i])
		i++;
	return i == slice->length && !s[i];
}

/* Record an error with the line and column of offset at. Returns code. */
int json_read_fail(struct json_reader *r, enum ksa_code code, size_t at, const char *format, ...)
	_printf_(4, 5);

#endif
