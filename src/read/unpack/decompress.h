/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_UNPACK_DECOMPRESS_H
#define READ_UNPACK_DECOMPRESS_H

#include "base/bytes.h"

/* Caps for what one stream, or one member of an archive, unpacks to; beyond them KSA_ELIMIT. */
#define DECOMPRESS_MAX_OUT   ((size_t)1 << 30)
#define DECOMPRESS_MAX_RATIO 2000 /* unpacked to packed, checked once 64 MiB came out */

/*
 * True if data starts with the magic of a stream that decompress_bytes reads: gzip, bzip2, xz,
 * lzma-alone, zstd, lz4 frame and lz4 legacy (lzop is not among them). The weak magics (lzma, gzip)
 * are held against the rest of their headers, so that data that is no stream rarely passes.
 */
bool decompress_knows(const unsigned char *data, size_t size);

/*
 * Decompress one file (by magic, never by name) into memory; streams that follow each other are
 * decoded to the last, as zcat does. source is for messages only. limit caps the output (0:
 * DECOMPRESS_MAX_OUT). Bytes behind the last stream that are no device trees, a stream that is cut
 * short and an empty result are KSA_EFORMAT. With lax, only the first stream counts: bytes behind
 * it, or damage in it after something came out, are accepted (kernel images append their size, and
 * more).
 */
int decompress_bytes(const unsigned char *data, size_t size, const char *source, size_t limit,
		     bool lax, struct bytes *out, struct ksa_error *err) _must_check_;

#endif
