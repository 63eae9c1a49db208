// SPDX-License-Identifier: GPL-2.0-or-later
#include "unit/pack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

const int pack_filters[PACK_FILTERS] = {ARCHIVE_FILTER_GZIP, ARCHIVE_FILTER_BZIP2,
					ARCHIVE_FILTER_XZ,   ARCHIVE_FILTER_LZMA,
					ARCHIVE_FILTER_ZSTD, ARCHIVE_FILTER_LZ4};
const char *const pack_names[PACK_FILTERS] = {"gzip", "bzip2", "xz", "lzma", "zstd", "lz4"};

la_ssize_t pack_append(struct archive *a, void *ctx, const void *block, size_t length)
{
	(void)a;
	strbuf_add(ctx, block, length);
	return (la_ssize_t)length;
}

struct archive *pack_writer(int filter, struct strbuf *out, bool is_tar)
{
	struct archive *a = archive_write_new();

	assert_int_equal(archive_write_add_filter(a, filter), ARCHIVE_OK);
	assert_int_equal(is_tar ? archive_write_set_format_pax_restricted(a)
				: archive_write_set_format_raw(a),
			 ARCHIVE_OK);
	archive_write_set_bytes_in_last_block(a, 1);
	assert_int_equal(archive_write_open(a, out, NULL, pack_append, NULL), ARCHIVE_OK);
	return a;
}

void pack_bytes(int filter, const void *data, size_t size, struct strbuf *out)
{
	struct archive *a = pack_writer(filter, out, false);
	struct archive_entry *entry = archive_entry_new();

	archive_entry_set_filetype(entry, AE_IFREG);
	assert_int_equal(archive_write_header(a, entry), ARCHIVE_OK);
	assert_int_equal(archive_write_data(a, data, size), size);
	assert_int_equal(archive_write_close(a), ARCHIVE_OK);
	archive_entry_free(entry);
	archive_write_free(a);
}

void pack_sample(struct strbuf *out, size_t lines)
{
	uint32_t x = 1;

	for (size_t i = 0; i < lines; i++) {
		x = x * 1664525 + 1013904223;
		strbuf_printf(out, "line %zu %08x\n", i, x);
	}
}
