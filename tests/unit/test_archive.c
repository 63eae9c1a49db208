// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <archive.h>
#include <archive_entry.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "read/archive.h"

static const int filters[] = {ARCHIVE_FILTER_GZIP, ARCHIVE_FILTER_BZIP2, ARCHIVE_FILTER_XZ,
			      ARCHIVE_FILTER_LZMA, ARCHIVE_FILTER_ZSTD,	 ARCHIVE_FILTER_LZ4};
static const char *const names[] = {"gzip", "bzip2", "xz", "lzma", "zstd", "lz4"};

#define FILTER_COUNT (sizeof(filters) / sizeof(filters[0]))

/* --- making packed bytes --------------------------------------------------------------------- */

static la_ssize_t append(struct archive *a, void *ctx, const void *block, size_t length)
{
	(void)a;
	strbuf_add(ctx, block, length);
	return (la_ssize_t)length;
}

static struct archive *writer_of(int filter, struct strbuf *out, bool is_tar)
{
	struct archive *a = archive_write_new();

	assert_int_equal(archive_write_add_filter(a, filter), ARCHIVE_OK);
	assert_int_equal(is_tar ? archive_write_set_format_pax_restricted(a)
				: archive_write_set_format_raw(a),
			 ARCHIVE_OK);
	archive_write_set_bytes_in_last_block(a, 1);
	assert_int_equal(archive_write_open(a, out, NULL, append, NULL), ARCHIVE_OK);
	return a;
}

static void pack(int filter, const void *data, size_t size, struct strbuf *out)
{
	struct archive *a = writer_of(filter, out, false);
	struct archive_entry *entry = archive_entry_new();

	archive_entry_set_filetype(entry, AE_IFREG);
	assert_int_equal(archive_write_header(a, entry), ARCHIVE_OK);
	assert_int_equal(archive_write_data(a, data, size), size);
	assert_int_equal(archive_write_close(a), ARCHIVE_OK);
	archive_entry_free(entry);
	archive_write_free(a);
}

/* Text that packs, but not to nothing: more than one output block of every decoder. */
static void sample(struct strbuf *out, size_t lines)
{
	uint32_t x = 1;

	for (size_t i = 0; i < lines; i++) {
		x = x * 1664525 + 1013904223;
		strbuf_printf(out, "line %zu %08x\n", i, x);
	}
}

static const unsigned char *bytes_of(const struct strbuf *buf)
{
	return (const unsigned char *)buf->data;
}

static int unpack(const struct strbuf *packed, bool lax, struct bytes *out, struct ksa_error *err)
{
	memset(err, 0, sizeof(*err));
	return archive_decompress(bytes_of(packed), packed->length, "x", 0, lax, out, err);
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

/* --- one compressed file --------------------------------------------------------------------- */

static void every_codec(void **state)
{
	struct strbuf text = {0};

	(void)state;
	sample(&text, 20000);
	for (size_t i = 0; i < FILTER_COUNT; i++) {
		struct strbuf packed = {0};
		struct ksa_error err;
		struct bytes out;

		pack(filters[i], text.data, text.length, &packed);
		assert_true(archive_is_compressed(bytes_of(&packed), packed.length));
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
	assert_true(archive_is_compressed(stream, sizeof(stream) - 1));
	assert_int_equal(archive_decompress(stream, sizeof(stream) - 1, "x", 0, false, &out, &err),
			 0);
	assert_int_equal(out.size, 5);
	assert_memory_equal(out.data, "hello", 5);
	bytes_release(&out);
}

/* Like zcat: streams that follow each other are one file. */
static void streams_in_a_row(void **state)
{
	(void)state;
	for (size_t i = 0; i < FILTER_COUNT; i++) {
		struct strbuf packed = {0}, text = {0};
		struct ksa_error err;
		struct bytes out;

		if (filters[i] == ARCHIVE_FILTER_LZMA) /* has no end, and so no second one */
			continue;
		pack(filters[i], "first ", 6, &packed);
		pack(filters[i], "second", 6, &packed);
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
	sample(&text, 1000);
	for (size_t i = 0; i < FILTER_COUNT; i++) {
		struct strbuf packed = {0};
		struct ksa_error err;
		struct bytes out;

		pack(filters[i], text.data, text.length, &packed);
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
	sample(&text, 40);
	for (size_t i = 0; i < FILTER_COUNT; i++) {
		struct strbuf packed = {0};
		struct ksa_error err;
		struct bytes out;

		pack(filters[i], text.data, text.length, &packed);
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
		"gzip data unpacks to nothing: it is empty or cut short",
		"bzip2 data is damaged or cut short after 0 unpacked bytes; fetch the file again",
		"xz data is damaged or cut short after 0 unpacked bytes; fetch the file again",
		"lzma data is damaged or cut short after 0 unpacked bytes; fetch the file again",
		"zstd data is damaged or cut short after 0 unpacked bytes; fetch the file again",
		NULL, /* counts a block */
	};
	struct strbuf text = {0};

	(void)state;
	sample(&text, 500);
	for (size_t i = 0; i < FILTER_COUNT; i++) {
		struct strbuf packed = {0};
		struct ksa_error err;
		struct bytes out;
		char line[128];

		pack(filters[i], text.data, text.length, &packed);
		packed.length -= 2;
		assert_int_equal(unpack(&packed, false, &out, &err), KSA_EFORMAT);
		snprintf(line, sizeof(line),
			 "%s data is damaged or cut short after %zu unpacked bytes; "
			 "fetch the file again",
			 names[i], text.length);
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
	sample(&text, 500);
	pack(ARCHIVE_FILTER_XZ, text.data, text.length, &packed);
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
	assert_int_equal(archive_decompress(empty, sizeof(empty), "m.ko.gz", 0, false, &out, &err),
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
		archive_decompress((const unsigned char *)"text", 4, "a", 0, false, &out, &err),
		KSA_EFORMAT);
	check_error(&err, KSA_EFORMAT, "a",
		    "is not compressed by gzip, bzip2, xz, lzma, zstd or lz4");
	assert_false(archive_is_compressed(lzma_magic, sizeof(lzma_magic)));
	assert_false(archive_is_compressed(gzip_magic, sizeof(gzip_magic)));
	assert_false(archive_is_compressed((const unsigned char *)"BZhello", 7));
	assert_false(archive_is_compressed(gzip_magic, 1));
	assert_false(archive_is_compressed(gzip_magic, 0));
}

static void too_large(void **state)
{
	struct strbuf text = {0}, packed = {0};
	struct ksa_error err = {0};
	struct bytes out;

	(void)state;
	sample(&text, 5000);
	pack(ARCHIVE_FILTER_ZSTD, text.data, text.length, &packed);
	assert_int_equal(archive_decompress(bytes_of(&packed), packed.length, "m.ko.zst", 5000,
					    false, &out, &err),
			 KSA_ELIMIT);
	check_error(&err, KSA_ELIMIT, "m.ko.zst", "unpacks to more than the limit of 5000 bytes");
	/* The limit itself is allowed. */
	ksa_error_clear(&err);
	assert_int_equal(archive_decompress(bytes_of(&packed), packed.length, "m.ko.zst",
					    text.length, false, &out, &err),
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

		pack(bombs[i], zeros, size, &packed);
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
	pack(ARCHIVE_FILTER_GZIP, "hello", 5, &inner);
	pack(ARCHIVE_FILTER_GZIP, inner.data, inner.length, &outer);
	assert_int_equal(unpack(&outer, false, &out, &err), 0);
	check_bytes(&out, &inner);
	bytes_release(&out);
	strbuf_release(&inner);
	strbuf_release(&outer);
}

/* --- archives -------------------------------------------------------------------------------- */

struct place {
	char dir[64];
	char path[96];
};

static void store(struct place *place, const char *name, const void *data, size_t size)
{
	FILE *f;

	strcpy(place->dir, "/tmp/ksymaudit-test-XXXXXX");
	assert_non_null(mkdtemp(place->dir));
	snprintf(place->path, sizeof(place->path), "%s/%s", place->dir, name);
	f = fopen(place->path, "wb");
	assert_non_null(f);
	if (size)
		assert_int_equal(fwrite(data, 1, size, f), size);
	assert_int_equal(fclose(f), 0);
}

static void discard(const struct place *place)
{
	unlink(place->path);
	rmdir(place->dir);
}

static void add_member(struct archive *a, const char *path, unsigned int type, const char *link,
		       const void *data, size_t size)
{
	struct archive_entry *entry = archive_entry_new();

	archive_entry_set_pathname(entry, path);
	archive_entry_set_filetype(entry, type);
	archive_entry_set_perm(entry, 0644);
	archive_entry_set_size(entry, (la_int64_t)size);
	if (link && type == AE_IFLNK)
		archive_entry_set_symlink(entry, link);
	else if (link)
		archive_entry_set_hardlink(entry, link);
	assert_int_equal(archive_write_header(a, entry), ARCHIVE_OK);
	if (size)
		assert_int_equal(archive_write_data(a, data, size), size);
	archive_entry_free(entry);
}

static void close_writer(struct archive *a)
{
	assert_int_equal(archive_write_close(a), ARCHIVE_OK);
	archive_write_free(a);
}

/* The tree of a package in small. */
static void make_tar(int filter, struct strbuf *out)
{
	struct archive *a = writer_of(filter, out, true);

	add_member(a, "./", AE_IFDIR, NULL, NULL, 0);
	add_member(a, "./lib/", AE_IFDIR, NULL, NULL, 0);
	add_member(a, "./lib/a.ko", AE_IFREG, NULL, "module a", 8);
	add_member(a, "/lib/b.ko", AE_IFREG, NULL, "module b!", 9);
	add_member(a, "./lib/build", AE_IFLNK, "/usr/src/linux", NULL, 0);
	add_member(a, "./lib/c.ko", AE_IFREG, "./lib/a.ko", NULL, 0);
	add_member(a, "./run/fifo", AE_IFIFO, NULL, NULL, 0);
	add_member(a, "./empty", AE_IFREG, NULL, NULL, 0);
	close_writer(a);
}

/* What a walk over make_tar's archive shows: type, path, size, link, content of .ko files. */
static const char tar_listing[] = "- lib 0\n"
				  "f lib/a.ko 8 [module a]\n"
				  "f lib/b.ko 9 [module b!]\n"
				  "- lib/build 0 -> /usr/src/linux\n"
				  "- lib/c.ko 0 -> lib/a.ko\n"
				  "- run/fifo 0\n"
				  "f empty 0\n";

static int list_member(void *ctx, struct archive_member *member, struct ksa_error *err)
{
	struct strbuf *out = ctx;
	struct bytes bytes;
	int r;

	strbuf_printf(out, "%c %s %llu", member->is_regular ? 'f' : '-', member->path,
		      (unsigned long long)member->size);
	if (member->link)
		strbuf_printf(out, " -> %s", member->link);
	if (member->is_regular && strstr(member->path, ".ko")) {
		r = archive_member_read(member, &bytes, err);
		if (r)
			return r;
		strbuf_printf(out, " [%.*s]", (int)bytes.size, (const char *)bytes.data);
		bytes_release(&bytes);
	}
	strbuf_addc(out, '\n');
	return 0;
}

/* Walk the bytes as a file of that name; the listing goes to out (or nowhere). */
static int walk(const struct strbuf *archive, const char *name, struct strbuf *out,
		struct ksa_error *err)
{
	struct strbuf none = {0};
	struct place place;
	char *found;
	int r;

	memset(err, 0, sizeof(*err));
	store(&place, name, archive->data, archive->length);
	r = archive_walk(place.path, list_member, out ? out : &none, err);
	/* Errors are compared without the temporary directory. */
	found = strstr(err->source, name);
	if (found)
		memmove(err->source, found, strlen(found) + 1);
	discard(&place);
	strbuf_release(&none);
	return r;
}

static void tar_in_any_packing(void **state)
{
	(void)state;
	for (size_t i = 0; i <= FILTER_COUNT; i++) {
		struct strbuf tar = {0}, listing = {0};
		struct ksa_error err;

		make_tar(i < FILTER_COUNT ? filters[i] : ARCHIVE_FILTER_NONE, &tar);
		assert_true(archive_holds_package(bytes_of(&tar), tar.length));
		assert_int_equal(i == FILTER_COUNT, archive_is_package(bytes_of(&tar), tar.length));
		assert_int_equal(walk(&tar, "t.tar", &listing, &err), 0);
		assert_string_equal(strbuf_string(&listing), tar_listing);
		strbuf_release(&tar);
		strbuf_release(&listing);
	}
}

static void add_ar(struct strbuf *out, const char *name, const void *data, size_t size)
{
	strbuf_printf(out, "%-16s%-12d%-6d%-6d%-8s%-10zu`\n", name, 0, 0, 0, "100644", size);
	strbuf_add(out, data, size);
	if (size & 1)
		strbuf_addc(out, '\n');
}

static void start_deb(struct strbuf *deb)
{
	struct strbuf control = {0};

	pack(ARCHIVE_FILTER_GZIP, "control", 7, &control);
	strbuf_adds(deb, "!<arch>\n");
	add_ar(deb, "debian-binary", "2.0\n", 4);
	add_ar(deb, "control.tar.gz", control.data, control.length);
	strbuf_release(&control);
}

static void make_deb(int filter, const char *member, struct strbuf *deb)
{
	struct strbuf tar = {0};

	start_deb(deb);
	make_tar(filter, &tar);
	add_ar(deb, member, tar.data, tar.length);
	strbuf_release(&tar);
}

static void deb(void **state)
{
	static const struct {
		int filter;
		const char *member;
	} cases[] = {{ARCHIVE_FILTER_XZ, "data.tar.xz"},
		     {ARCHIVE_FILTER_ZSTD, "data.tar.zst/"}, /* a trailing slash is ar's own */
		     {ARCHIVE_FILTER_GZIP, "data.tar.gz"},
		     {ARCHIVE_FILTER_NONE, "data.tar"}};

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct strbuf package = {0}, listing = {0};
		struct ksa_error err;

		make_deb(cases[i].filter, cases[i].member, &package);
		assert_true(archive_is_package(bytes_of(&package), package.length));
		assert_int_equal(walk(&package, "p.deb", &listing, &err), 0);
		assert_string_equal(strbuf_string(&listing), tar_listing);
		strbuf_release(&package);
		strbuf_release(&listing);
	}
}

/* Only a .deb's data tar is entered. */
static void archive_in_archive(void **state)
{
	struct strbuf inner = {0}, package = {0}, outer = {0}, listing = {0};
	struct ksa_error err;
	struct archive *a;

	(void)state;
	make_deb(ARCHIVE_FILTER_GZIP, "data.tar.gz", &package);
	make_tar(ARCHIVE_FILTER_GZIP, &inner);
	a = writer_of(ARCHIVE_FILTER_GZIP, &outer, true);
	add_member(a, "p.deb", AE_IFREG, NULL, package.data, package.length);
	add_member(a, "t.tar.gz", AE_IFREG, NULL, inner.data, inner.length);
	close_writer(a);
	assert_int_equal(walk(&outer, "o.tar.gz", &listing, &err), 0);
	strbuf_reset(&package);
	make_deb(ARCHIVE_FILTER_GZIP, "data.tar.gz", &package);
	{
		struct strbuf expected = {0};

		strbuf_printf(&expected, "f p.deb %zu\nf t.tar.gz %zu\n", package.length,
			      inner.length);
		assert_string_equal(strbuf_string(&listing), strbuf_string(&expected));
		strbuf_release(&expected);
	}
	strbuf_release(&inner);
	strbuf_release(&package);
	strbuf_release(&outer);
	strbuf_release(&listing);
}

static void add_be32(struct strbuf *out, uint32_t value)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		strbuf_addc(out, (char)(value >> shift));
}

/* A header of one index entry and a store of size bytes. */
static void add_rpm_header(struct strbuf *out, uint32_t size)
{
	static const char zeros[64];

	add_be32(out, 0x8eade801);
	add_be32(out, 0);
	add_be32(out, 1);
	add_be32(out, size);
	strbuf_add(out, zeros, 16);
	strbuf_add(out, zeros, size);
}

static void make_rpm(struct strbuf *rpm)
{
	static const char zeros[96];
	struct archive *a;

	add_be32(rpm, 0xedabeedb);
	strbuf_add(rpm, zeros, 92);
	add_rpm_header(rpm, 5); /* ends at 133: three bytes of padding */
	strbuf_add(rpm, zeros, 3);
	add_rpm_header(rpm, 7);
	a = archive_write_new();
	archive_write_add_filter_xz(a);
	archive_write_set_format_cpio_newc(a);
	archive_write_set_bytes_in_last_block(a, 1);
	assert_int_equal(archive_write_open(a, rpm, NULL, append, NULL), ARCHIVE_OK);
	add_member(a, "./lib/a.ko", AE_IFREG, NULL, "module a", 8);
	add_member(a, "./lib/build", AE_IFLNK, "/usr/src/linux", NULL, 0);
	close_writer(a);
}

static void rpm(void **state)
{
	struct strbuf package = {0}, listing = {0};
	struct ksa_error err;

	(void)state;
	make_rpm(&package);
	assert_true(archive_is_package(bytes_of(&package), package.length));
	assert_int_equal(walk(&package, "p.rpm", &listing, &err), 0);
	assert_string_equal(strbuf_string(&listing),
			    "f lib/a.ko 8 [module a]\n- lib/build 14 -> /usr/src/linux\n");
	/* A header that claims a store of 4 GiB. */
	memset(package.data + 96 + 12, 0xff, 4);
	assert_int_equal(walk(&package, "p.rpm", NULL, &err), KSA_EFORMAT);
	check_error(&err, KSA_EFORMAT, "p.rpm",
		    "the headers of the .rpm are damaged or cut short; fetch the package again");
	strbuf_release(&package);
	strbuf_release(&listing);
}

static void deb_cut_anywhere(void **state)
{
	struct strbuf package = {0};

	(void)state;
	make_deb(ARCHIVE_FILTER_XZ, "data.tar.xz", &package);
	if (package.data[package.length - 1] == '\n') /* the padding byte may be missing */
		package.length--;
	while (package.length-- > 0) {
		struct ksa_error err;

		assert_int_not_equal(walk(&package, "p.deb", NULL, &err), 0);
		assert_int_not_equal(err.code, 0);
	}
	strbuf_release(&package);
}

static void damaged_archives(void **state)
{
	struct strbuf file = {0};
	struct ksa_error err;

	(void)state;
	assert_int_equal(walk(&file, "p.deb", NULL, &err), KSA_EFORMAT);
	check_error(&err, KSA_EFORMAT, "p.deb", "is empty, expected a .deb, .rpm, tar or cpio");
	strbuf_adds(&file, "This is some text and no archive.\n");
	assert_int_equal(walk(&file, "p.deb", NULL, &err), KSA_EFORMAT);
	check_error(&err, KSA_EFORMAT, "p.deb",
		    "is damaged, cut short, or no .deb, .rpm, tar or cpio");
	strbuf_reset(&file);
	start_deb(&file);
	assert_int_equal(walk(&file, "p.deb", NULL, &err), KSA_EFORMAT);
	check_error(&err, KSA_EFORMAT, "p.deb", "has no data.tar member; fetch the package again");
	strbuf_reset(&file);
	make_deb(ARCHIVE_FILTER_XZ, "data.tar.xz", &file);
	file.length -= 100;
	assert_int_equal(walk(&file, "p.deb", NULL, &err), KSA_EFORMAT);
	check_error(&err, KSA_EFORMAT, "p.deb",
		    "is damaged or cut short behind the member 'data.tar.xz'; "
		    "fetch the file again");
	strbuf_reset(&file);
	make_tar(ARCHIVE_FILTER_NONE, &file);
	file.length = 4 * 512 + 4; /* in the content of lib/a.ko or behind it */
	assert_int_equal(walk(&file, "t.tar", NULL, &err), KSA_EFORMAT);
	check_error(&err, KSA_EFORMAT, "t.tar",
		    "is damaged or cut short behind the member './lib/a.ko'; "
		    "fetch the file again");
	strbuf_release(&file);
}

static void member_cut_short(void **state)
{
	struct strbuf file = {0}, listing = {0}, text = {0};
	struct ksa_error err;
	struct archive *a = writer_of(ARCHIVE_FILTER_NONE, &file, true);

	(void)state;
	sample(&text, 100);
	add_member(a, "lib/big.ko", AE_IFREG, NULL, text.data, text.length);
	close_writer(a);
	file.length = 512 + 1000;
	assert_int_equal(walk(&file, "t.tar", &listing, &err), KSA_EFORMAT);
	check_error(&err, KSA_EFORMAT, "t.tar: lib/big.ko",
		    "is damaged or cut short after 1000 bytes; fetch the archive again");
	strbuf_release(&file);
	strbuf_release(&listing);
	strbuf_release(&text);
}

/* A header that claims 8 GiB - 1: the most that 11 octal digits say. */
static void claimed_size(void **state)
{
	struct strbuf file = {0};
	struct ksa_error err;
	unsigned long sum = 0;
	char digits[8];

	(void)state;
	{
		struct archive *a = writer_of(ARCHIVE_FILTER_NONE, &file, true);

		add_member(a, "lib/a.ko", AE_IFREG, NULL, "module a", 8);
		close_writer(a);
	}
	memcpy(file.data + 124, "77777777777", 11);
	memset(file.data + 148, ' ', 8);
	for (size_t i = 0; i < 512; i++)
		sum += (unsigned char)file.data[i];
	snprintf(digits, sizeof(digits), "%06lo", sum);
	memcpy(file.data + 148, digits, 7);
	assert_int_equal(walk(&file, "t.tar", NULL, &err), KSA_ELIMIT);
	check_error(&err, KSA_ELIMIT, "t.tar: lib/a.ko",
		    "unpacks to more than the limit of 1073741824 bytes");
	strbuf_release(&file);
}

static void archive_bomb(void **state)
{
	size_t size = (size_t)80 << 20;
	char *zeros = calloc(1, size);
	struct strbuf file = {0};
	struct ksa_error err;
	struct archive *a = writer_of(ARCHIVE_FILTER_ZSTD, &file, true);

	(void)state;
	assert_non_null(zeros);
	add_member(a, "zeros", AE_IFREG, NULL, zeros, size); /* skipped, not read */
	add_member(a, "lib/a.ko", AE_IFREG, NULL, "module a", 8);
	close_writer(a);
	free(zeros);
	assert_int_equal(walk(&file, "t.tar.zst", NULL, &err), KSA_ELIMIT);
	check_error(&err, KSA_ELIMIT, "t.tar.zst", "unpacks to more than 2000 times its size");
	strbuf_release(&file);
}

static void path_that_leads_out(void **state)
{
	static const char *const paths[] = {"../a.ko", "lib/../../a.ko", "lib/.."};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct strbuf file = {0};
		struct ksa_error err;
		struct archive *a = writer_of(ARCHIVE_FILTER_NONE, &file, true);
		char line[128];

		add_member(a, "lib/..b/c..", AE_IFREG, NULL, NULL, 0); /* a fine name */
		add_member(a, paths[i], AE_IFREG, NULL, NULL, 0);
		close_writer(a);
		assert_int_equal(walk(&file, "t.tar", NULL, &err), KSA_EFORMAT);
		snprintf(line, sizeof(line),
			 "the member '%s' leads out of the archive; do not trust this file",
			 paths[i]);
		check_error(&err, KSA_EFORMAT, "t.tar", line);
		strbuf_release(&file);
	}
}

/* The tests run in the C locale, where the library cannot convert these. */
static void path_in_utf8(void **state)
{
	static const char record[] = "18 path=lib/\xc3\xa4.ko\n";
	struct strbuf file = {0}, listing = {0};
	struct ksa_error err;
	struct archive *a = writer_of(ARCHIVE_FILTER_NONE, &file, true);

	(void)state;
	add_member(a, "pax", AE_IFREG, NULL, record, sizeof(record) - 1);
	add_member(a, "other", AE_IFREG, NULL, NULL, 0);
	close_writer(a);
	/* Make the first member the extended header of the second. */
	file.data[156] = 'x';
	{
		unsigned long sum = 0;
		char digits[8];

		memset(file.data + 148, ' ', 8);
		for (size_t i = 0; i < 512; i++)
			sum += (unsigned char)file.data[i];
		snprintf(digits, sizeof(digits), "%06lo", sum);
		memcpy(file.data + 148, digits, 7);
	}
	assert_int_equal(walk(&file, "t.tar", &listing, &err), 0);
	assert_string_equal(strbuf_string(&listing), "f lib/\xc3\xa4.ko 0 []\n");
	strbuf_release(&file);
	strbuf_release(&listing);
}

static int read_twice(void *ctx, struct archive_member *member, struct ksa_error *err)
{
	struct bytes bytes;

	(void)ctx;
	if (!member->is_regular)
		return 0;
	assert_int_equal(archive_member_read(member, &bytes, err), 0);
	bytes_release(&bytes);
	return archive_member_read(member, &bytes, err);
}

static int stop_at_second(void *ctx, struct archive_member *member, struct ksa_error *err)
{
	int *count = ctx;

	return ++*count == 2 ? ksa_fail(err, KSA_EUSAGE, "stop at '%s'", member->path) : 0;
}

static void visitor_stops(void **state)
{
	struct strbuf file = {0};
	struct ksa_error err = {0};
	struct place place;
	char source[128];
	int count = 0;

	(void)state;
	make_tar(ARCHIVE_FILTER_GZIP, &file);
	store(&place, "t.tar.gz", file.data, file.length);
	assert_int_equal(archive_walk(place.path, stop_at_second, &count, &err), KSA_EUSAGE);
	assert_int_equal(count, 2);
	assert_string_equal(err.text, "stop at 'lib/a.ko'");
	ksa_error_clear(&err);
	assert_int_equal(archive_walk(place.path, read_twice, NULL, &err), KSA_EUSAGE);
	snprintf(source, sizeof(source), "%s: lib/a.ko", place.path);
	check_error(&err, KSA_EUSAGE, source, "was already read");
	discard(&place);
	strbuf_release(&file);
}

static void refused_files(void **state)
{
	struct ksa_error err = {0};
	struct place place;

	(void)state;
	store(&place, "p.deb", "", 0);
	unlink(place.path);
	assert_int_equal(archive_walk(place.path, list_member, NULL, &err), KSA_EIO);
	check_error(&err, KSA_EIO, place.path, "cannot open: No such file or directory");
	ksa_error_clear(&err);
	assert_int_equal(mkfifo(place.path, 0600), 0);
	assert_int_equal(archive_walk(place.path, list_member, NULL, &err), KSA_EUSAGE);
	check_error(&err, KSA_EUSAGE, place.path, "is a FIFO, expected a regular file");
	ksa_error_clear(&err);
	assert_int_equal(archive_walk(place.dir, list_member, NULL, &err), KSA_EUSAGE);
	check_error(&err, KSA_EUSAGE, place.dir, "is a directory, expected a regular file");
	discard(&place);
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
		cmocka_unit_test(tar_in_any_packing),
		cmocka_unit_test(deb),
		cmocka_unit_test(archive_in_archive),
		cmocka_unit_test(rpm),
		cmocka_unit_test(deb_cut_anywhere),
		cmocka_unit_test(damaged_archives),
		cmocka_unit_test(member_cut_short),
		cmocka_unit_test(claimed_size),
		cmocka_unit_test(archive_bomb),
		cmocka_unit_test(path_that_leads_out),
		cmocka_unit_test(path_in_utf8),
		cmocka_unit_test(visitor_stops),
		cmocka_unit_test(refused_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
