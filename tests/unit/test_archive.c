// SPDX-License-Identifier: GPL-2.0-or-later
/* archive_walk(): tar, .deb and .rpm, in every packing, damaged and hostile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "read/unpack/archive.h"
#include "unit/pack.h"

static const unsigned char *bytes_of(const struct strbuf *buf)
{
	return (const unsigned char *)buf->data;
}

static void check_error(const struct ksa_error *err, int code, const char *source, const char *text)
{
	assert_string_equal(err->text, text);
	assert_string_equal(err->source, source);
	assert_int_equal(err->code, code);
}

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
	struct archive *a = pack_writer(filter, out, true);

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
	for (size_t i = 0; i <= PACK_FILTERS; i++) {
		struct strbuf tar = {0}, listing = {0};
		struct ksa_error err;

		make_tar(i < PACK_FILTERS ? pack_filters[i] : ARCHIVE_FILTER_NONE, &tar);
		assert_true(archive_holds_package(bytes_of(&tar), tar.length));
		assert_int_equal(i == PACK_FILTERS, archive_is_package(bytes_of(&tar), tar.length));
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

	pack_bytes(ARCHIVE_FILTER_GZIP, "control", 7, &control);
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
	a = pack_writer(ARCHIVE_FILTER_GZIP, &outer, true);
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

static struct archive *cpio_writer(int filter, struct strbuf *out)
{
	struct archive *a = archive_write_new();

	assert_int_equal(archive_write_add_filter(a, filter), ARCHIVE_OK);
	archive_write_set_format_cpio_newc(a);
	archive_write_set_bytes_in_last_block(a, 1);
	assert_int_equal(archive_write_open(a, out, NULL, pack_append, NULL), ARCHIVE_OK);
	return a;
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
	a = cpio_writer(ARCHIVE_FILTER_XZ, rpm);
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

/* One segment of an initrd: an archive of one member, with zeros behind it. */
static void add_segment(int filter, const char *path, size_t zeros, struct strbuf *out)
{
	struct archive *a = cpio_writer(filter, out);

	add_member(a, path, AE_IFREG, NULL, path, strlen(path));
	close_writer(a);
	while (zeros--)
		strbuf_addc(out, '\0');
}

/* Early microcode first, then archives in every packing, some of several streams; then options. */
static void initrd_of_segments(void **state)
{
	struct strbuf file = {0}, listing = {0}, expected = {0}, plain = {0};
	struct ksa_error err;
	char path[32];

	(void)state;
	add_segment(ARCHIVE_FILTER_NONE, "kernel/x86/microcode/x.bin", 512, &file);
	strbuf_adds(&expected, "f kernel/x86/microcode/x.bin 26\n");
	for (int i = 0; i < 2 * PACK_FILTERS; i++) {
		const char *name = pack_names[i % PACK_FILTERS];

		snprintf(path, sizeof(path), "%s-%d.ko", name, i);
		add_segment(pack_filters[i % PACK_FILTERS], path, i < PACK_FILTERS ? 4 : 0, &file);
		strbuf_printf(&expected, "f %s %zu [%s]\n", path, strlen(path), path);
		snprintf(path, sizeof(path), "plain-%d.ko", i);
		add_segment(ARCHIVE_FILTER_NONE, path, (size_t)i, &file);
		strbuf_printf(&expected, "f %s %zu [%s]\n", path, strlen(path), path);
	}
	/* Two archives packed as one; one archive packed in pieces. */
	for (int i = 0; i < PACK_FILTERS; i++) {
		strbuf_reset(&plain);
		add_segment(ARCHIVE_FILTER_NONE, "one.ko", 100, &plain);
		add_segment(ARCHIVE_FILTER_NONE, "two.ko", 0, &plain);
		pack_bytes(pack_filters[i], plain.data, 90, &file);
		pack_bytes(pack_filters[i], plain.data + 90, plain.length - 90, &file);
		strbuf_adds(&expected, "f one.ko 6 [one.ko]\nf two.ko 6 [two.ko]\n");
	}
	assert_int_equal(walk(&file, "initrd.img", &listing, &err), 0);
	assert_string_equal(strbuf_string(&listing), strbuf_string(&expected));
	strbuf_add(&file, "x=1\n\4\0\0\0\0\0\0\0#BOOTCONFIG\n", 24);
	strbuf_reset(&listing);
	assert_int_equal(walk(&file, "initrd.img", &listing, &err), 0);
	assert_string_equal(strbuf_string(&listing), strbuf_string(&expected));
	file.length -= 3;
	assert_int_equal(walk(&file, "initrd.img", NULL, &err), KSA_EFORMAT);
	check_error(&err, KSA_EFORMAT, "initrd.img",
		    "21 bytes that are neither cpio nor packed follow the member 'two.ko'; "
		    "fetch the file again");
	file.length -= 21 + 40;
	assert_int_equal(walk(&file, "initrd.img", NULL, &err), KSA_EFORMAT);
	strbuf_release(&file);
	strbuf_release(&listing);
	strbuf_release(&expected);
	strbuf_release(&plain);
}

static void initrd_cut_anywhere(void **state)
{
	struct strbuf file = {0};
	size_t whole;

	(void)state;
	add_segment(ARCHIVE_FILTER_NONE, "early", 0, &file);
	whole = file.length;
	add_segment(ARCHIVE_FILTER_ZSTD, "main", 0, &file);
	while (--file.length > whole) {
		struct ksa_error err;

		assert_int_not_equal(walk(&file, "initrd", NULL, &err), 0);
		assert_int_not_equal(err.code, 0);
	}
	strbuf_release(&file);
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
	struct archive *a = pack_writer(ARCHIVE_FILTER_NONE, &file, true);

	(void)state;
	pack_sample(&text, 100);
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
		struct archive *a = pack_writer(ARCHIVE_FILTER_NONE, &file, true);

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
	struct archive *a = pack_writer(ARCHIVE_FILTER_ZSTD, &file, true);

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
		struct archive *a = pack_writer(ARCHIVE_FILTER_NONE, &file, true);
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
	struct archive *a = pack_writer(ARCHIVE_FILTER_NONE, &file, true);

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
		cmocka_unit_test(tar_in_any_packing), cmocka_unit_test(deb),
		cmocka_unit_test(archive_in_archive), cmocka_unit_test(rpm),
		cmocka_unit_test(initrd_of_segments), cmocka_unit_test(initrd_cut_anywhere),
		cmocka_unit_test(deb_cut_anywhere),   cmocka_unit_test(damaged_archives),
		cmocka_unit_test(member_cut_short),   cmocka_unit_test(claimed_size),
		cmocka_unit_test(archive_bomb),	      cmocka_unit_test(path_that_leads_out),
		cmocka_unit_test(path_in_utf8),	      cmocka_unit_test(visitor_stops),
		cmocka_unit_test(refused_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
