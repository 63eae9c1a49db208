/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_ARCHIVE_H
#define READ_ARCHIVE_H

#include "base/bytes.h"

/* Caps for everything that is unpacked; beyond them KSA_ELIMIT. */
#define ARCHIVE_MAX_OUT	    ((uint64_t)8 << 30) /* all bytes that one archive unpacks to */
#define ARCHIVE_MAX_MEMBER  ((size_t)1 << 30) /* one member or one compressed file */
#define ARCHIVE_MAX_RATIO   2000 /* unpacked to packed, checked once 64 MiB came out */
#define ARCHIVE_MAX_MEMBERS 1000000
#define ARCHIVE_MAX_DEPTH   2 /* a .deb holds a tar; nothing real is deeper */

/* True if data starts with the magic of a stream that archive_decompress reads (gzip, bzip2, xz,
 * lzma-alone, zstd, lz4 frame and legacy, lzop is not among them). */
bool archive_is_compressed(const unsigned char *data, size_t size);

/* True if data starts like a package or archive: ar (.deb), rpm, tar, cpio. Compressed tars are
 * seen only after decompression: use archive_is_tar on the first bytes of the stream. */
bool archive_is_package(const unsigned char *data, size_t size);

/*
 * Decompress one stream (by magic, never by name) into memory. source is for messages only. limit
 * caps the output (0: ARCHIVE_MAX_MEMBER). With lax, bytes after the end of the stream, and a
 * stream that ends in garbage, are accepted if anything came out (kernel images append their size).
 */
int archive_decompress(const unsigned char *data, size_t size, const char *source, size_t limit,
		       bool lax, struct bytes *out, struct ksa_error *err) _must_check_;

/*
 * One member of an archive. path has leading "./" and "/" removed. read_all unpacks it on demand
 * (once); a member that is not read is skipped.
 */
struct archive_member {
	const char *path;
	uint64_t size;
	const char *link; /* target of a symbolic link, or NULL */
	bool is_regular;
	struct archive_reader *reader;
};

int archive_member_read(struct archive_member *member, struct bytes *out,
			struct ksa_error *err) _must_check_;

/*
 * Walk the members of a .deb, .rpm or (compressed) tar or cpio in place, in archive order; the data
 * tar of a .deb is walked as if it were the archive. visit returns 0 to go on, or an error code to
 * stop. An archive that is cut short or damaged is an error that names the last member seen.
 */
int archive_walk(const char *path,
		 int (*visit)(void *ctx, struct archive_member *member, struct ksa_error *err),
		 void *ctx, struct ksa_error *err) _must_check_;

#endif
