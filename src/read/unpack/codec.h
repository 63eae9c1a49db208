/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_UNPACK_CODEC_H
#define READ_UNPACK_CODEC_H

#include "base/bytes.h"

/*
 * What packed bytes are, by their first bytes and their framing; read/unpack/decompress.c unpacks
 * them.
 */
enum codec_kind { CODEC_GZIP, CODEC_BZIP2, CODEC_XZ, CODEC_LZMA, CODEC_ZSTD, CODEC_LZ4 };

struct codec {
	const char *name; /* as messages call it: "gzip" */
	enum codec_kind kind;
	unsigned char magic[6];
	size_t magic_length;
};

/* The codec whose magic (and, for weak magics, header) data starts with, or NULL. */
const struct codec *codec_of(const unsigned char *data, size_t size);

/*
 * How many of the size bytes the first stream takes, as far as its framing tells (xz: to the first
 * footer; zstd and lz4: along the blocks); size where it does not.
 */
size_t codec_end(const struct codec *codec, const unsigned char *data, size_t size);

/* The unpacked size that the stream claims, 0 if it does not say: a hint, hostile until capped. */
uint64_t codec_size_hint(const struct codec *codec, const unsigned char *data, size_t size);

/* True if data starts like what lzop writes, which is not read here; what messages say of it. */
bool bytes_are_lzo(const unsigned char *data, size_t size);
#define LZO_NOT_READ "packed by LZO, which is not read here"
extern const char lzo_magic[9];

/* True if data starts like a flattened device tree: what some build systems put behind an image. */
bool bytes_are_fdt(const unsigned char *data, size_t size);

/* True if data starts like an archive of that format: ar (.deb), rpm, cpio, tar. */
bool bytes_are_ar(const unsigned char *data, size_t size);
bool bytes_are_rpm(const unsigned char *data, size_t size);
bool bytes_are_cpio(const unsigned char *data, size_t size);
bool bytes_are_tar(const unsigned char *data, size_t size);

#endif
