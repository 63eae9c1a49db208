// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/unpack/decompress.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "read/unpack/decompress_internal.h"
#include "read/unpack/unzstd.h"

/* The ratio says nothing about small outputs: a page of zeros packs to a few bytes. */
#define RATIO_FLOOR ((uint64_t)64 << 20)

bool decompress_knows(const unsigned char *data, size_t size)
{
	return codec_of(data, size) != NULL;
}

void decompress_free(struct archive **a)
{
	if (*a)
		archive_read_free(*a);
}

static int filter_of(const struct codec *codec)
{
	static const int filters[] = {
		[CODEC_GZIP] = ARCHIVE_FILTER_GZIP, [CODEC_BZIP2] = ARCHIVE_FILTER_BZIP2,
		[CODEC_XZ] = ARCHIVE_FILTER_XZ,	    [CODEC_LZMA] = ARCHIVE_FILTER_LZMA,
		[CODEC_ZSTD] = ARCHIVE_FILTER_ZSTD, [CODEC_LZ4] = ARCHIVE_FILTER_LZ4,
	};

	return filters[codec->kind];
}

struct archive *decompress_new(const struct codec *codec)
{
	struct archive *a = archive_read_new();

	if (a && codec && archive_read_append_filter(a, filter_of(codec)) != ARCHIVE_OK) {
		archive_read_free(a);
		a = NULL;
	}
	return a;
}

bool decompress_over_ratio(uint64_t unpacked, uint64_t packed)
{
	return unpacked > RATIO_FLOOR && unpacked / DECOMPRESS_MAX_RATIO > packed;
}

static int fail_damaged(const struct archive *a, const struct codec *codec, size_t unpacked,
			const char *source, struct ksa_error *err)
{
	union {
		const struct archive *in;
		struct archive *out;
	} u = {.in = a};

	const char *why = archive_error_string(u.out);

	if (archive_errno(u.out) == ENOMEM)
		return ksa_fail_nomem(err);
	/* A filter of a newer xz, a window of zstd that is larger than its library's default. */
	if (why && (strstr(why, "nvalid options") || strstr(why, "too much memory") ||
		    strstr(why, "nsupported")))
		return ksa_fail_at(
			err, KSA_EUNSUPPORTED, source, 0,
			"%s data is packed in a way that the library of this machine does "
			"not read (%s); unpack it first",
			codec->name, why);
	return ksa_fail_at(err, KSA_EFORMAT, source, 0,
			   "%s data is damaged or cut short after %zu unpacked bytes; "
			   "fetch the file again",
			   codec->name, unpacked);
}

/* Take all blocks that the stream gives. *end is ARCHIVE_EOF or what went wrong. */
static int drain(struct archive *a, struct growing *g, const char *source, int *end,
		 struct ksa_error *err)
{
	const void *block;
	la_int64_t offset;
	size_t length;
	int r;

	while ((*end = archive_read_data_block(a, &block, &length, &offset)) == ARCHIVE_OK) {
		r = growing_put(g, g->used, block, length, source, err);
		if (r)
			return r;
		if (decompress_over_ratio(g->used, g->packed))
			return ksa_fail_at(err, KSA_ELIMIT, source, 0,
					   "unpacks to more than %d times its size",
					   DECOMPRESS_MAX_RATIO);
	}
	return 0;
}

int decompress_streams(const unsigned char *data, size_t size, const struct codec *codec,
		       const char *source, bool lax, struct growing *g, struct ksa_error *err)
{
	_cleanup_(decompress_free) struct archive *a = decompress_new(codec);
	struct archive_entry *entry;
	int end, r;

	if (!a || archive_read_support_format_raw(a) != ARCHIVE_OK ||
	    archive_read_support_format_empty(a) != ARCHIVE_OK)
		return ksa_fail_nomem(err);
	g->packed += size;
	end = archive_read_open_memory(a, data, size);
	/* A decoder that fails before its first byte looks empty to the library. */
	if (end == ARCHIVE_OK && archive_errno(a))
		end = ARCHIVE_FATAL;
	if (end == ARCHIVE_OK)
		end = archive_read_next_header(a, &entry);
	if (end == ARCHIVE_OK) {
		r = drain(a, g, source, &end, err);
		if (r)
			return r;
	}
	if (end != ARCHIVE_EOF && !(lax && g->used))
		return fail_damaged(a, codec, g->used, source, err);
	if (g->used == 0)
		return ksa_fail_at(err, KSA_EFORMAT, source, 0,
				   "%s data unpacks to nothing: it is empty or cut short",
				   codec->name);
	g->taken = (size_t)archive_filter_bytes(a, -1);
	return 0;
}

/* True if nothing but device trees and zeros are left: what build systems put behind an Image.gz.
 */
static bool are_device_trees(const unsigned char *data, size_t size)
{
	size_t at = 0;

	while (at < size && (!data[at] || bytes_are_fdt(data + at, size - at)))
		at += data[at] ? get_be32(data + at + 4) : 1;
	return at == size && size && memmem(data, size, "\xd0\x0d\xfe\xed", 4);
}

/* size without the device trees behind the streams of a codec whose framing tells their end. */
static size_t without_device_trees(const struct codec *codec, const unsigned char *data,
				   size_t size)
{
	size_t end = codec_end(codec, data, size);

	while (end < size && codec_of(data + end, size - end) == codec)
		end += codec_end(codec, data + end, size - end);
	return are_device_trees(data + end, size - end) ? end : size;
}

/*
 * One frame that says what it unpacks to, like the shipped snapshots: straight into its place,
 * where the library's blocks would be copied there. False: it is left to the library, which says
 * what is wrong with it.
 */
static bool take_frame(const unsigned char *data, size_t size, const struct codec *codec,
		       struct growing *g)
{
	uint64_t claimed = codec_size_hint(codec, data, size);

	/* What is not plausible was not made room for. */
	if (codec->kind != CODEC_ZSTD || !claimed || claimed > g->limit || claimed > g->capacity ||
	    !unzstd_exactly(data, size, g->data, (size_t)claimed))
		return false;
	g->used = (size_t)claimed;
	g->packed = g->taken = size;
	return true;
}

int decompress_bytes(const unsigned char *data, size_t size, const char *source, size_t limit,
		     bool lax, struct bytes *out, struct ksa_error *err)
{
	const struct codec *codec = codec_of(data, size);
	_cleanup_(growing_release) struct growing g = {
		.limit = limit && limit < DECOMPRESS_MAX_OUT ? limit : DECOMPRESS_MAX_OUT};
	int r;

	memset(out, 0, sizeof(*out));
	if (!codec)
		return ksa_fail_at(err, KSA_EFORMAT, source, 0,
				   "is not compressed by gzip, bzip2, xz, lzma, zstd or lz4");
	/* The decoders drop what they hold when something else follows the stream. */
	size = lax ? codec_end(codec, data, size) : without_device_trees(codec, data, size);
	r = growing_hint(&g, codec_size_hint(codec, data, size), size, err);
	if (!r && !take_frame(data, size, codec, &g))
		r = decompress_streams(data, size, codec, source, lax, &g, err);
	if (!r && !lax && g.taken < size && !are_device_trees(data + g.taken, size - g.taken))
		r = ksa_fail_at(err, KSA_EFORMAT, source, 0,
				"%zu bytes that are no %s data follow the stream; "
				"fetch the file again",
				size - g.taken, codec->name);
	if (!r)
		growing_take(&g, out);
	return r;
}

bool decompress_tells(const unsigned char *data, size_t size,
		      bool (*is)(const unsigned char *data, size_t size))
{
	const struct codec *codec = codec_of(data, size);
	_cleanup_(decompress_free) struct archive *a = codec ? decompress_new(codec) : NULL;
	struct archive_entry *entry;
	const void *block;
	la_int64_t offset;
	size_t length;

	return a && archive_read_support_format_raw(a) == ARCHIVE_OK &&
	       archive_read_open_memory(a, data, size) == ARCHIVE_OK &&
	       archive_read_next_header(a, &entry) == ARCHIVE_OK &&
	       archive_read_data_block(a, &block, &length, &offset) == ARCHIVE_OK &&
	       is(block, length);
}
