// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/unpack/codec.h"

#include <string.h>

/* A file that claims more than this in its lzma header is taken for other data. */
#define LZMA_MAX_SIZE ((uint64_t)1 << 30)
/* What 8 MiB of a legacy lz4 block can take: LZ4_COMPRESSBOUND. */
#define LZ4_LEGACY_MAX ((8u << 20) + (8u << 20) / 255 + 16)

static const struct codec codecs[] = {
	{"gzip", CODEC_GZIP, {0x1f, 0x8b, 0x08}, 3},
	{"bzip2", CODEC_BZIP2, {'B', 'Z', 'h'}, 3},
	{"xz", CODEC_XZ, {0xfd, '7', 'z', 'X', 'Z', 0}, 6},
	{"lzma", CODEC_LZMA, {0x5d, 0, 0}, 3},
	{"zstd", CODEC_ZSTD, {0x28, 0xb5, 0x2f, 0xfd}, 4},
	{"lz4", CODEC_LZ4, {0x04, 0x22, 0x4d, 0x18}, 4},
	{"lz4", CODEC_LZ4, {0x02, 0x21, 0x4c, 0x18}, 4},
};

/* LZMA-alone: properties, u32 dictionary, u64 size (all ones: not known). */
static bool is_lzma(const unsigned char *data, size_t size)
{
	uint32_t dictionary;
	uint64_t length;

	if (size < 14 || data[13] != 0) /* the range coder's first byte is always 0 */
		return false;
	dictionary = get_le32(data + 1);
	length = get_le64(data + 5);
	if (dictionary < 4096 || dictionary > (uint32_t)1 << 30 || dictionary & (dictionary - 1))
		return false;
	return length == UINT64_MAX || (length && length <= LZMA_MAX_SIZE);
}

const struct codec *codec_of(const unsigned char *data, size_t size)
{
	for (size_t i = 0; i < sizeof(codecs) / sizeof(codecs[0]); i++) {
		const struct codec *c = &codecs[i];

		if (size < c->magic_length || memcmp(data, c->magic, c->magic_length))
			continue;
		if (c->kind == CODEC_LZMA && !is_lzma(data, size))
			return NULL;
		/* Reserved flag bits (RFC 1952). */
		if (c->kind == CODEC_GZIP && size > 3 && data[3] & 0xe0)
			return NULL;
		if (c->kind == CODEC_BZIP2 && size > 3 && (data[3] < '1' || data[3] > '9'))
			return NULL;
		return c;
	}
	return NULL;
}

static uint32_t crc32_of(const unsigned char *data, size_t size)
{
	uint32_t crc = UINT32_MAX;

	for (size_t i = 0; i < size; i++) {
		crc ^= data[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return ~crc;
}

#define XZ_HEADER_SIZE 12

/* True if a footer of an xz stream ends at data + end: CRC32, u32 backward size, flags, "YZ". */
static bool is_xz_footer(const unsigned char *data, size_t end)
{
	const unsigned char *p;

	if (end < 2 * XZ_HEADER_SIZE)
		return false;
	p = data + end - XZ_HEADER_SIZE;
	return p[10] == 'Y' && p[11] == 'Z' && p[8] == data[6] && p[9] == data[7] &&
	       get_le32(p) == crc32_of(p + 4, 6);
}

/* Where the first xz stream of data ends, or size. */
static size_t xz_end(const unsigned char *data, size_t size)
{
	size_t at = XZ_HEADER_SIZE;

	while (at < size) {
		const unsigned char *hit = memmem(data + at, size - at, "YZ", 2);

		if (!hit)
			break;
		at = (size_t)(hit - data) + 2;
		if (at % 4 == 0 && is_xz_footer(data, at))
			return at;
	}
	return size;
}

/* A variable-length integer of the xz format; 0 and *at unmoved past the end. */
static uint64_t xz_number(const unsigned char *data, size_t end, size_t *at)
{
	uint64_t value = 0;

	for (unsigned int i = 0; i < 9 && *at + i < end; i++) {
		value |= (uint64_t)(data[*at + i] & 0x7f) << (7 * i);
		if (!(data[*at + i] & 0x80)) {
			*at += i + 1;
			return value;
		}
	}
	*at = end;
	return 0;
}

/* The unpacked size that the index of the (last) xz stream claims, or 0. */
static uint64_t xz_hint(const unsigned char *data, size_t size)
{
	uint64_t index, records, total = 0;
	size_t at, end;

	if (!is_xz_footer(data, size))
		return 0;
	index = ((uint64_t)get_le32(data + size - 8) + 1) * 4;
	if (index > size - 2 * XZ_HEADER_SIZE)
		return 0;
	end = size - XZ_HEADER_SIZE;
	at = end - (size_t)index;
	if (data[at++] != 0)
		return 0;
	records = xz_number(data, end, &at);
	while (records-- && at < end) {
		xz_number(data, end, &at);
		if (__builtin_add_overflow(total, xz_number(data, end, &at), &total))
			return 0;
	}
	return total;
}

/* Bytes of the zstd frame header at data (magic and descriptor included), 0 if it is cut short;
 * *content is the unpacked size, or 0 if not given. RFC 8878, 3.1.1.1. */
static size_t zstd_header(const unsigned char *data, size_t size, uint64_t *content)
{
	static const unsigned char dictionary[] = {0, 1, 2, 4};
	unsigned int descriptor, width;
	size_t at;

	*content = 0;
	if (size < 6)
		return 0;
	descriptor = data[4];
	at = 5 + (descriptor & 0x20 ? 0 : 1) + dictionary[descriptor & 3];
	width = descriptor >> 6 ? 1u << (descriptor >> 6) : (descriptor & 0x20 ? 1 : 0);
	if (size < at + width)
		return 0;
	for (unsigned int i = 0; i < width; i++)
		*content |= (uint64_t)data[at + i] << (8 * i);
	if (width == 2)
		*content += 256;
	return at + width;
}

/* Where the first zstd frame of data ends, or size. */
static size_t zstd_end(const unsigned char *data, size_t size)
{
	uint64_t content;
	size_t at = zstd_header(data, size, &content);
	bool last = at == 0;

	if (last)
		return size;
	while (!last) {
		uint32_t block;
		size_t length;

		if (size - at < 3)
			return size;
		block = (uint32_t)data[at] | (uint32_t)data[at + 1] << 8 |
			(uint32_t)data[at + 2] << 16;
		last = block & 1;
		/* Type 1 is a run: one byte, however long it gets. */
		length = (block >> 1 & 3) == 1 ? 1 : block >> 3;
		at += 3;
		if (length > size - at)
			return size;
		at += length;
	}
	if (data[4] & 4) /* content checksum */
		at += 4;
	return at < size ? at : size;
}

/* A legacy stream: blocks, each behind its size, to the end or to what is no size. */
static size_t lz4_legacy_end(const unsigned char *data, size_t size)
{
	size_t at = 4;

	while (size - at >= 4) {
		uint32_t length = get_le32(data + at);

		if (!length || length > LZ4_LEGACY_MAX)
			return at;
		if (length > size - at - 4)
			return size;
		at += 4 + (size_t)length;
	}
	return size;
}

/* A frame (lz4_Frame_format.md): blocks, each behind its size, to a size of 0. */
static size_t lz4_frame_end(const unsigned char *data, size_t size)
{
	/* Magic, flags, block size, header checksum; the content's size and a dictionary's id. */
	size_t at = 7 + (size > 4 && data[4] & 8 ? 8 : 0) + (size > 4 && data[4] & 1 ? 4 : 0);

	while (at < size && size - at >= 4) {
		uint32_t length = get_le32(data + at);
		size_t behind = data[4] & (length ? 16 : 4) ? 4 : 0; /* checksum */

		at += 4;
		length &= INT32_MAX; /* the bit above says that it is not packed */
		if (length + behind > size - at)
			return size;
		at += length + behind;
		if (!length)
			return at;
	}
	return size;
}

uint64_t codec_size_hint(const struct codec *codec, const unsigned char *data, size_t size)
{
	uint64_t hint = 0;

	if (codec->kind == CODEC_XZ)
		hint = xz_hint(data, size);
	else if (codec->kind == CODEC_ZSTD)
		zstd_header(data, size, &hint);
	else if (codec->kind == CODEC_GZIP && size >= 18)
		hint = get_le32(data + size - 4);
	return hint;
}

size_t codec_end(const struct codec *codec, const unsigned char *data, size_t size)
{
	if (codec->kind == CODEC_XZ)
		return xz_end(data, size);
	if (codec->kind == CODEC_ZSTD)
		return zstd_end(data, size);
	if (codec->kind == CODEC_LZ4)
		return data[0] == 0x02 ? lz4_legacy_end(data, size) : lz4_frame_end(data, size);
	return size;
}

const char lzo_magic[9] = {'\x89', 'L', 'Z', 'O', '\0', '\r', '\n', '\x1a', '\n'};

bool bytes_are_lzo(const unsigned char *data, size_t size)
{
	return size >= sizeof(lzo_magic) && memcmp(data, lzo_magic, sizeof(lzo_magic)) == 0;
}

/* Devicetree specification, 5.2: magic, total size, ..., version, last compatible version. */
bool bytes_are_fdt(const unsigned char *data, size_t size)
{
	return size >= 40 && get_be32(data) == 0xd00dfeed && get_be32(data + 4) >= 40 &&
	       get_be32(data + 4) <= size && get_be32(data + 24) <= get_be32(data + 20);
}

bool bytes_are_ar(const unsigned char *data, size_t size)
{
	return size >= 8 && memcmp(data, "!<arch>\n", 8) == 0;
}

bool bytes_are_rpm(const unsigned char *data, size_t size)
{
	return size >= 4 && get_be32(data) == 0xedabeedb;
}

bool bytes_are_cpio(const unsigned char *data, size_t size)
{
	return size >= 6 &&
	       (memcmp(data, "070701", 6) == 0 || memcmp(data, "070702", 6) == 0 ||
		memcmp(data, "070707", 6) == 0 || (data[0] == 0xc7 && data[1] == 0x71));
}

/* The checksum (octal at 148) is the sum of the 512 bytes, itself taken as blanks. */
bool bytes_are_tar(const unsigned char *data, size_t size)
{
	unsigned long sum = 0, claimed = 0;
	size_t i = 148;

	if (size < 512 || data[0] == 0)
		return false;
	while (i < 156 && data[i] == ' ')
		i++;
	for (; i < 156 && data[i] >= '0' && data[i] <= '7'; i++)
		claimed = claimed * 8 + (data[i] - '0');
	for (i = 0; i < 512; i++)
		sum += i >= 148 && i < 156 ? ' ' : data[i];
	return sum == claimed;
}
