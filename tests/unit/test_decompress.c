// SPDX-License-Identifier: GPL-2.0-or-later
/* decompress_bytes(): one compressed file, whole, cut, damaged and hostile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "read/unpack/archive.h"
#include "read/unpack/decompress.h"
#include "unit/pack.h"

static const unsigned char *bytes_of(const struct strbuf *buf)
{
	return (const unsigned char *)buf->data;
}

static int unpack(const struct strbuf *packed, bool lax, struct bytes *out, struct ksa_error *err)
{
	memset(err, 0, sizeof(*err));
	return decompress_bytes(bytes_of(packed), packed->length, "x", 0, lax, out, err);
}

static void check_bytes(const struct bytes *bytes, const struct strbuf *expected)
{
	assert_int_equal(bytes->size, expected->length);
	assert_memory_equal(bytes->data, expected->data, expected->length);
}

static void check_error(const struct ksa_error *err, int code, const char *source, const char *text)
{
	assert_string_equal(err->text, text);
	assert_string_equal(err->source, source);
	assert_int_equal(err->code, code);
}

static void every_codec(void **state)
{
	struct strbuf text = {0};

	(void)state;
	pack_sample(&text, 20000);
	for (size_t i = 0; i < PACK_FILTERS; i++) {
		struct strbuf packed = {0};
		struct ksa_error err;
		struct bytes out;

		pack_bytes(pack_filters[i], text.data, text.length, &packed);
		assert_true(decompress_knows(bytes_of(&packed), packed.length));
		assert_false(archive_is_package(bytes_of(&packed), packed.length));
		assert_false(archive_holds_package(bytes_of(&packed), packed.length));
		assert_int_equal(unpack(&packed, false, &out, &err), 0);
		check_bytes(&out, &text);
		bytes_release(&out);
		strbuf_release(&packed);
	}
	strbuf_release(&text);
}

/* The kernel's own lz4 images: frames of u32 size and block, no end mark. */
static void lz4_legacy(void **state)
{
	static const unsigned char stream[] = {0x02, 0x21, 0x4c, 0x18, 6,   0,	 0,  0,
					       0x50, 'h',  'e',	 'l',  'l', 'o', 'x'};
	struct ksa_error err = {0};
	struct bytes out;

	(void)state;
	assert_true(decompress_knows(stream, sizeof(stream) - 1));
	assert_int_equal(decompress_bytes(stream, sizeof(stream) - 1, "x", 0, false, &out, &err),
			 0);
	assert_int_equal(out.size, 5);
	assert_memory_equal(out.data, "hello", 5);
	bytes_release(&out);
}

/* Like zcat: streams that follow each other are one file. */
static void streams_in_a_row(void **state)
{
	(void)state;
	for (size_t i = 0; i < PACK_FILTERS; i++) {
		struct strbuf packed = {0}, text = {0};
		struct ksa_error err;
		struct bytes out;

		if (pack_filters[i] == ARCHIVE_FILTER_LZMA) /* has no end, and so no second one */
			continue;
		pack_bytes(pack_filters[i], "first ", 6, &packed);
		pack_bytes(pack_filters[i], "second", 6, &packed);
		assert_int_equal(unpack(&packed, false, &out, &err), 0);
		strbuf_adds(&text, "first second");
		check_bytes(&out, &text);
		bytes_release(&out);
		strbuf_release(&packed);
		strbuf_release(&text);
	}
}

static void bytes_behind_the_stream(void **state)
{
	static const char *const lines[] = {
		"11 bytes that are no gzip data follow the stream; fetch the file again",
		"11 bytes that are no bzip2 data follow the stream; fetch the file again",
		"xz data is damaged or cut short after 0 unpacked bytes; fetch the file again",
		"11 bytes that are no lzma data follow the stream; fetch the file again",
		"zstd data is damaged or cut short after 0 unpacked bytes; fetch the file again",
		"7 bytes that are no lz4 data follow the stream; fetch the file again",
	};
	struct strbuf text = {0};

	(void)state;
	pack_sample(&text, 1000);
	for (size_t i = 0; i < PACK_FILTERS; i++) {
		struct strbuf packed = {0};
		struct ksa_error err;
		struct bytes out;

		pack_bytes(pack_filters[i], text.data, text.length, &packed);
		strbuf_add(&packed, "garbage 123", 11);
		assert_int_equal(unpack(&packed, false, &out, &err), KSA_EFORMAT);
		check_error(&err, KSA_EFORMAT, "x", lines[i]);
		assert_null(out.data);
		/* Kernel images append a size and relocations: with lax nothing is lost. */
		assert_int_equal(unpack(&packed, true, &out, &err), 0);
		check_bytes(&out, &text);
		bytes_release(&out);
		strbuf_release(&packed);
	}
	strbuf_release(&text);
}

static void cut_anywhere(void **state)
{
	struct strbuf text = {0};

	(void)state;
	pack_sample(&text, 40);
	for (size_t i = 0; i < PACK_FILTERS; i++) {
		struct strbuf packed = {0};
		struct ksa_error err;
		struct bytes out;

		pack_bytes(pack_filters[i], text.data, text.length, &packed);
		for (size_t length = 0; length < packed.length; length++) {
			/* A copy of that size, so that a sanitizer sees reads behind it. */
			struct strbuf cut = {.data = malloc(length + !length), .length = length};

			memcpy(cut.data, packed.data, length);
			assert_int_equal(unpack(&cut, false, &out, &err), KSA_EFORMAT);
			assert_null(out.data);
			if (unpack(&cut, true, &out, &err) == 0)
				bytes_release(&out);
			free(cut.data);
		}
		strbuf_release(&packed);
	}
	strbuf_release(&text);
}

static void cut_short_says_where(void **state)
{
	static const char *const lines[] = {
		"gzip data is damaged or cut short after 0 unpacked bytes; fetch the file again",
		"bzip2 data is damaged or cut short after 0 unpacked bytes; fetch the file again",
		"xz data is damaged or cut short after 0 unpacked bytes; fetch the file again",
		"lzma data is damaged or cut short after 0 unpacked bytes; fetch the file again",
		"zstd data is damaged or cut short after 0 unpacked bytes; fetch the file again",
		NULL, /* counts a block */
	};
	struct strbuf text = {0};

	(void)state;
	pack_sample(&text, 500);
	for (size_t i = 0; i < PACK_FILTERS; i++) {
		struct strbuf packed = {0};
		struct ksa_error err;
		struct bytes out;
		char line[128];

		pack_bytes(pack_filters[i], text.data, text.length, &packed);
		packed.length -= 2;
		assert_int_equal(unpack(&packed, false, &out, &err), KSA_EFORMAT);
		snprintf(line, sizeof(line),
			 "%s data is damaged or cut short after %zu unpacked bytes; "
			 "fetch the file again",
			 pack_names[i], text.length);
		/* libarchive takes such a gzip for an empty one before 3.8. */
		if (strcmp(err.text, "gzip data unpacks to nothing: it is empty or cut short") != 0)
			check_error(&err, KSA_EFORMAT, "x", lines[i] ? lines[i] : line);
		strbuf_release(&packed);
	}
	strbuf_release(&text);
}

static void damaged_content(void **state)
{
	struct strbuf text = {0}, packed = {0};
	struct ksa_error err;
	struct bytes out;

	(void)state;
	pack_sample(&text, 500);
	pack_bytes(ARCHIVE_FILTER_XZ, text.data, text.length, &packed);
	packed.data[packed.length / 2] ^= 0x10;
	assert_int_equal(unpack(&packed, false, &out, &err), KSA_EFORMAT);
	check_error(&err, KSA_EFORMAT, "x",
		    "xz data is damaged or cut short after 0 unpacked bytes; fetch the file again");
	strbuf_release(&packed);
	strbuf_release(&text);
}

static void unpacks_to_nothing(void **state)
{
	/* gzip of an empty file */
	static const unsigned char empty[] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3,
					      3,    0,	  0, 0, 0, 0, 0, 0, 0, 0};
	struct ksa_error err = {0};
	struct bytes out;

	(void)state;
	assert_int_equal(decompress_bytes(empty, sizeof(empty), "m.ko.gz", 0, false, &out, &err),
			 KSA_EFORMAT);
	check_error(&err, KSA_EFORMAT, "m.ko.gz",
		    "gzip data unpacks to nothing: it is empty or cut short");
}

static void not_compressed(void **state)
{
	static const unsigned char lzma_magic[16] = {0x5d, 0, 0, 0, 0};
	static const unsigned char gzip_magic[] = {0x1f, 0x8b, 8, 0xff, 0};
	struct ksa_error err = {0};
	struct bytes out;

	(void)state;
	assert_int_equal(
		decompress_bytes((const unsigned char *)"text", 4, "a", 0, false, &out, &err),
		KSA_EFORMAT);
	check_error(&err, KSA_EFORMAT, "a",
		    "is not compressed by gzip, bzip2, xz, lzma, zstd or lz4");
	assert_false(decompress_knows(lzma_magic, sizeof(lzma_magic)));
	assert_false(decompress_knows(gzip_magic, sizeof(gzip_magic)));
	assert_false(decompress_knows((const unsigned char *)"BZhello", 7));
	assert_false(decompress_knows(gzip_magic, 1));
	assert_false(decompress_knows(gzip_magic, 0));
}

static void too_large(void **state)
{
	struct strbuf text = {0}, packed = {0};
	struct ksa_error err = {0};
	struct bytes out;

	(void)state;
	pack_sample(&text, 5000);
	pack_bytes(ARCHIVE_FILTER_ZSTD, text.data, text.length, &packed);
	assert_int_equal(decompress_bytes(bytes_of(&packed), packed.length, "m.ko.zst", 5000, false,
					  &out, &err),
			 KSA_ELIMIT);
	check_error(&err, KSA_ELIMIT, "m.ko.zst", "unpacks to more than the limit of 5000 bytes");
	/* The limit itself is allowed. */
	ksa_error_clear(&err);
	assert_int_equal(decompress_bytes(bytes_of(&packed), packed.length, "m.ko.zst", text.length,
					  false, &out, &err),
			 0);
	bytes_release(&out);
	strbuf_release(&packed);
	strbuf_release(&text);
}

static void bomb(void **state)
{
	static const int bombs[] = {ARCHIVE_FILTER_ZSTD, ARCHIVE_FILTER_XZ};
	size_t size = (size_t)80 << 20;
	char *zeros = calloc(1, size);

	(void)state;
	assert_non_null(zeros);
	for (size_t i = 0; i < 2; i++) {
		struct strbuf packed = {0};
		struct ksa_error err;
		struct bytes out;

		pack_bytes(bombs[i], zeros, size, &packed);
		assert_int_equal(unpack(&packed, false, &out, &err), KSA_ELIMIT);
		check_error(&err, KSA_ELIMIT, "x", "unpacks to more than 2000 times its size");
		assert_int_equal(unpack(&packed, true, &out, &err), KSA_ELIMIT);
		strbuf_release(&packed);
	}
	free(zeros);
}

/* A stream in a stream is unpacked once, as zcat does. */
static void one_layer(void **state)
{
	struct strbuf inner = {0}, outer = {0};
	struct ksa_error err;
	struct bytes out;

	(void)state;
	pack_bytes(ARCHIVE_FILTER_GZIP, "hello", 5, &inner);
	pack_bytes(ARCHIVE_FILTER_GZIP, inner.data, inner.length, &outer);
	assert_int_equal(unpack(&outer, false, &out, &err), 0);
	check_bytes(&out, &inner);
	bytes_release(&out);
	strbuf_release(&inner);
	strbuf_release(&outer);
}

/* A frame of zstd (RFC 8878) that says what it unpacks to: one segment, a size of one byte, one raw
 * block of three bytes, the last one. */
static const unsigned char sized_frame[] = {0x28,	0xb5, 0x2f, 0xfd, 0x20, 3,
					    3 << 3 | 1, 0,    0,    'a',  'b',	'c'};

static void frame_with_its_size(void **state)
{
	struct strbuf text = {0}, packed = {0};
	struct ksa_error err;
	struct bytes out;

	(void)state;
	strbuf_adds(&text, "abc");
	strbuf_add(&packed, (const char *)sized_frame, sizeof(sized_frame));
	assert_int_equal(unpack(&packed, false, &out, &err), 0);
	check_bytes(&out, &text);
	bytes_release(&out);
	/* Over the caller's limit, whatever there is room for. */
	assert_int_equal(
		decompress_bytes(sized_frame, sizeof(sized_frame), "x", 2, false, &out, &err),
		KSA_ELIMIT);
	/* Another frame behind it belongs to the file. */
	strbuf_add(&packed, (const char *)sized_frame, sizeof(sized_frame));
	strbuf_adds(&text, "abc");
	assert_int_equal(unpack(&packed, false, &out, &err), 0);
	check_bytes(&out, &text);
	bytes_release(&out);
	strbuf_release(&packed);
	strbuf_release(&text);
}

/* A frame that says another size than it has is damaged. */
static void frame_with_a_wrong_size(void **state)
{
	static const unsigned char sizes[] = {1, 2, 4, 255};

	(void)state;
	for (size_t i = 0; i < sizeof(sizes); i++) {
		struct strbuf packed = {0};
		struct ksa_error err;
		struct bytes out;

		strbuf_add(&packed, (const char *)sized_frame, sizeof(sized_frame));
		packed.data[5] = (char)sizes[i];
		assert_int_equal(unpack(&packed, false, &out, &err), KSA_EFORMAT);
		assert_null(out.data);
		strbuf_release(&packed);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_codec),
		cmocka_unit_test(lz4_legacy),
		cmocka_unit_test(streams_in_a_row),
		cmocka_unit_test(bytes_behind_the_stream),
		cmocka_unit_test(cut_anywhere),
		cmocka_unit_test(cut_short_says_where),
		cmocka_unit_test(damaged_content),
		cmocka_unit_test(unpacks_to_nothing),
		cmocka_unit_test(not_compressed),
		cmocka_unit_test(too_large),
		cmocka_unit_test(bomb),
		cmocka_unit_test(one_layer),
		cmocka_unit_test(frame_with_its_size),
		cmocka_unit_test(frame_with_a_wrong_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
