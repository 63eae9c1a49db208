/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* The content of a file or of a decompressed stream. Zero-initialize; bytes_release frees it. */
struct bytes {
	const unsigned char *data;
	size_t size;
	enum { BYTES_BORROWED = 0, BYTES_HEAP, BYTES_MAPPED } storage;
};

void bytes_release(struct bytes *bytes);

/*
 * Where a text begins: behind the byte order mark that editors put before UTF-8 (EF BB BF), if it
 * has one; 0 or 3.
 */
size_t bytes_text_start(const void *text, size_t size);

/*
 * Map a regular file read-only. Directories, FIFOs, sockets and devices are refused without being
 * opened for reading (no hang), files over limit bytes (0: none) with KSA_ELIMIT. An empty file is
 * size 0. A file that another process truncates meanwhile raises SIGBUS on access; the command
 * line turns that into an error line.
 */
int bytes_map_file(struct bytes *bytes, const char *path, size_t limit,
		   struct ksa_error *err) _must_check_;

/*
 * The same for a file that only the user can have written: it and its directory belong to the user,
 * and nobody else may write to them; a link is not followed. KSA_EUSAGE: it is another's, or
 * others may write it; the text says which and what to do.
 */
int bytes_map_private(struct bytes *bytes, const char *path, size_t limit,
		      struct ksa_error *err) _must_check_;

/* Read a regular file, or standard input for "-", into memory; same refusals. limit is needed. */
int bytes_read_file(struct bytes *bytes, const char *path, size_t limit,
		    struct ksa_error *err) _must_check_;

/* True if [offset, offset + length) lies inside size bytes. */
static inline bool range_ok(uint64_t offset, uint64_t length, uint64_t size)
{
	return offset <= size && length <= size - offset;
}

static inline uint16_t get_le16(const unsigned char *p)
{
	return (uint16_t)(p[0] | p[1] << 8);
}

static inline uint32_t get_le32(const unsigned char *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static inline uint64_t get_le64(const unsigned char *p)
{
	return (uint64_t)get_le32(p) | (uint64_t)get_le32(p + 4) << 32;
}

static inline uint32_t get_be32(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | (uint32_t)p[3];
}

static inline uint64_t get_be64(const unsigned char *p)
{
	return (uint64_t)get_be32(p) << 32 | get_be32(p + 4);
}

static inline uint16_t get_be16(const unsigned char *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

/* The value of a hex digit of either case, or -1. */
static inline int hex_digit(int c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

#endif
