// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/unpack/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "read/unpack/decompress.h"
#include "read/unpack/decompress_internal.h"

/* What a header claims is believed up to here; more is allocated as it comes. */
#define CLAIM_CAP ((size_t)16 << 20)

bool archive_is_package(const unsigned char *data, size_t size)
{
	return bytes_are_ar(data, size) || bytes_are_rpm(data, size) ||
	       bytes_are_cpio(data, size) || bytes_are_tar(data, size);
}

bool archive_holds_package(const unsigned char *data, size_t size)
{
	return archive_is_package(data, size) || decompress_tells(data, size, bytes_are_tar) ||
	       decompress_tells(data, size, bytes_are_cpio);
}

/* One walk over one file. */
struct walk {
	const char *path;
	int (*visit)(void *ctx, struct archive_member *member, struct ksa_error *err);
	void *ctx;
	size_t packed, members;
	bool is_initrd;
	uint64_t out; /* what the archives before this one unpacked to */
	char last[256]; /* the member seen last, for messages */
};

/* One archive of a walk: the file itself, or the data tar in it. */
struct archive_reader {
	struct walk *walk;
	struct archive *a;
	const struct codec *codec;
	struct archive_entry *entry;
	const char *member; /* the cleaned path of the entry */
	bool taken; /* the entry's data was read */
	/* Where the data tar comes from. */
	struct archive *outer;
	const void *pending; /* its first block, read already to see the codec */
	size_t pending_length;
};

static int fail_walk(const struct archive_reader *rd, struct ksa_error *err)
{
	const struct walk *walk = rd->walk;

	if (archive_errno(rd->a) == ENOMEM)
		return ksa_fail_nomem(err);
	if (!walk->last[0])
		return ksa_fail_at(err, KSA_EFORMAT, walk->path, 0,
				   "is damaged, cut short, or no .deb, .rpm, tar or cpio");
	return ksa_fail_at(err, KSA_EFORMAT, walk->path, 0,
			   "is damaged or cut short behind the member '%s'; fetch the file again",
			   walk->last);
}

static int check_caps(const struct archive_reader *rd, struct ksa_error *err)
{
	uint64_t out = rd->walk->out + (uint64_t)archive_filter_bytes(rd->a, 0);

	if (out > ARCHIVE_MAX_OUT)
		return ksa_fail_at(err, KSA_ELIMIT, rd->walk->path, 0,
				   "unpacks to more than the limit of %llu bytes",
				   (unsigned long long)ARCHIVE_MAX_OUT);
	if (decompress_over_ratio(out, rd->walk->packed))
		return ksa_fail_at(err, KSA_ELIMIT, rd->walk->path, 0,
				   "unpacks to more than %d times its size", DECOMPRESS_MAX_RATIO);
	return 0;
}

/* Pass over the data of the entry here and not in the library, so that the caps hold. */
static int skip_data(struct archive_reader *rd, struct ksa_error *err)
{
	const void *block;
	la_int64_t offset;
	size_t length;
	int r, end;

	while ((end = archive_read_data_block(rd->a, &block, &length, &offset)) == ARCHIVE_OK) {
		r = check_caps(rd, err);
		if (r)
			return r;
	}
	return end == ARCHIVE_EOF ? 0 : fail_walk(rd, err);
}

/* "file.deb: member" */
static void member_source(const struct archive_reader *rd, char *source, size_t size)
{
	snprintf(source, size, "%s: %s", rd->walk->path, rd->member);
}

static int read_data(struct archive_reader *rd, const char *source, struct growing *g,
		     struct ksa_error *err)
{
	const void *block;
	la_int64_t offset;
	size_t length;
	int r, end;

	while ((end = archive_read_data_block(rd->a, &block, &length, &offset)) == ARCHIVE_OK) {
		r = check_caps(rd, err);
		if (!r)
			r = growing_put(g, (uint64_t)offset, block, length, source, err);
		if (r)
			return r;
	}
	if (end == ARCHIVE_EOF)
		return 0;
	if (archive_errno(rd->a) == ENOMEM)
		return ksa_fail_nomem(err);
	return ksa_fail_at(err, KSA_EFORMAT, source, 0,
			   "is damaged or cut short after %zu bytes; fetch the archive again",
			   g->used);
}

int archive_member_read(struct archive_member *member, struct bytes *out, struct ksa_error *err)
{
	struct archive_reader *rd = member->reader;
	_cleanup_(growing_release) struct growing g = {.limit = DECOMPRESS_MAX_OUT};
	char source[512];
	int r;

	memset(out, 0, sizeof(*out));
	member_source(rd, source, sizeof(source));
	if (rd->taken)
		return ksa_fail_at(err, KSA_EUSAGE, source, 0, "was already read");
	rd->taken = true;
	if (member->size > g.limit)
		return ksa_fail_at(err, KSA_ELIMIT, source, 0,
				   "unpacks to more than the limit of %zu bytes", g.limit);
	r = growing_reserve(&g, member->size < CLAIM_CAP ? (size_t)member->size + 1 : CLAIM_CAP,
			    err);
	if (!r)
		r = read_data(rd, source, &g, err);
	/* A hole at the end of a sparse file has no block. */
	if (!r && g.used < member->size)
		r = growing_put(&g, member->size, NULL, 0, source, err);
	if (!r)
		growing_take(&g, out);
	return r;
}

/* A copy of the path without "./", "/" in front and "/" behind. */
static char *clean_path(const char *path)
{
	char *copy;
	size_t length;

	for (;;) {
		if (path[0] == '/')
			path++;
		else if (path[0] == '.' && path[1] == '/')
			path += 2;
		else
			break;
	}
	if (strcmp(path, ".") == 0)
		path = "";
	copy = strdup(path);
	if (!copy)
		return NULL;
	length = strlen(copy);
	while (length && copy[length - 1] == '/')
		copy[--length] = '\0';
	return copy;
}

static bool leads_out(const char *path)
{
	while (path) {
		if (path[0] == '.' && path[1] == '.' && (path[2] == '/' || path[2] == '\0'))
			return true;
		path = strchr(path, '/');
		if (path)
			path++;
	}
	return false;
}

/* The name of the entry, in the archive's own bytes where the library can give them. */
static const char *entry_path(struct archive_entry *entry)
{
	const char *path = archive_entry_pathname(entry);

	return path ? path : archive_entry_pathname_utf8(entry);
}

static const char *entry_link(struct archive_entry *entry, bool *hard)
{
	const char *link = archive_entry_hardlink(entry);

	if (!link)
		link = archive_entry_hardlink_utf8(entry);
	*hard = link != NULL;
	if (!link)
		link = archive_entry_symlink(entry);
	return link ? link : archive_entry_symlink_utf8(entry);
}

/* Show one entry to the visitor. */
static int visit_entry(struct archive_reader *rd, struct ksa_error *err)
{
	struct walk *walk = rd->walk;
	_cleanup_free_ char *path = NULL;
	_cleanup_free_ char *target = NULL;
	struct archive_member member = {.in_initrd = rd->walk->is_initrd, .reader = rd};
	const char *raw = entry_path(rd->entry);
	bool hard;

	if (!raw)
		return ksa_fail_at(err, KSA_EFORMAT, walk->path, 0,
				   "the member behind '%s' has a name that cannot be read",
				   walk->last);
	if (strlen(raw) >= PATH_MAX)
		return ksa_fail_at(err, KSA_ELIMIT, walk->path, 0,
				   "has a member whose name is %zu bytes long, more than any path",
				   strlen(raw));
	path = clean_path(raw);
	if (!path)
		return ksa_fail_nomem(err);
	snprintf(walk->last, sizeof(walk->last), "%.*s", (int)sizeof(walk->last) - 1, raw);
	if (leads_out(path))
		return ksa_fail_at(
			err, KSA_EFORMAT, walk->path, 0,
			"the member '%s' leads out of the archive; do not trust this file", path);
	if (!path[0])
		return 0;
	member.link = entry_link(rd->entry, &hard);
	if (hard) {
		target = clean_path(member.link);
		if (!target)
			return ksa_fail_nomem(err);
		member.link = target;
	}
	rd->member = member.path = path;
	rd->taken = false;
	member.is_directory = archive_entry_filetype(rd->entry) == AE_IFDIR;
	member.is_regular = !member.link && archive_entry_filetype(rd->entry) == AE_IFREG;
	if (archive_entry_size_is_set(rd->entry) && archive_entry_size(rd->entry) > 0)
		member.size = (uint64_t)archive_entry_size(rd->entry);
	return walk->visit(walk->ctx, &member, err);
}

/* The next entry: 1, 0 at the end, or an error. */
static int next_entry(struct archive_reader *rd, struct ksa_error *err)
{
	int end = archive_read_next_header(rd->a, &rd->entry);
	int r;

	if (end == ARCHIVE_EOF)
		return 0;
	if (end != ARCHIVE_OK && end != ARCHIVE_WARN)
		return fail_walk(rd, err);
	r = check_caps(rd, err);
	if (r)
		return r;
	if (++rd->walk->members > ARCHIVE_MAX_MEMBERS)
		return ksa_fail_at(err, KSA_ELIMIT, rd->walk->path, 0,
				   "has more than the limit of %d members", ARCHIVE_MAX_MEMBERS);
	return 1;
}

static int walk_entries(struct archive_reader *rd, struct ksa_error *err)
{
	int r;

	while ((r = next_entry(rd, err)) > 0) {
		r = visit_entry(rd, err);
		if (!r && !rd->taken)
			r = skip_data(rd, err);
		rd->taken = false;
		if (r)
			return r;
	}
	return r;
}

static bool set_up_formats(struct archive *a)
{
	return a && archive_read_support_format_tar(a) == ARCHIVE_OK &&
	       archive_read_support_format_cpio(a) == ARCHIVE_OK;
}

/* Hand the data tar's bytes from the outer archive to the inner one, block by block. */
static la_ssize_t read_outer(struct archive *a, void *ctx, const void **block)
{
	struct archive_reader *rd = ctx;
	la_int64_t offset;
	size_t length;
	int end;

	if (rd->pending) {
		*block = take_ptr(rd->pending);
		return (la_ssize_t)rd->pending_length;
	}
	end = archive_read_data_block(rd->outer, block, &length, &offset);
	if (end == ARCHIVE_EOF)
		return 0;
	if (end != ARCHIVE_OK || length > (size_t)INT64_MAX / 2) {
		archive_set_error(a, archive_errno(rd->outer), "the package is cut short");
		return -1;
	}
	return (la_ssize_t)length;
}

/* Walk the data tar at the outer archive's present member. */
static int walk_data_tar(struct archive_reader *outer, struct ksa_error *err)
{
	_cleanup_(decompress_free) struct archive *a = NULL;
	struct archive_reader rd = {.walk = outer->walk, .outer = outer->a};
	la_int64_t offset;

	if (archive_read_data_block(outer->a, &rd.pending, &rd.pending_length, &offset) !=
	    ARCHIVE_OK)
		return fail_walk(outer, err);
	rd.codec = codec_of(rd.pending, rd.pending_length);
	rd.a = a = decompress_new(rd.codec);
	if (!set_up_formats(a))
		return ksa_fail_nomem(err);
	if (archive_read_open(a, &rd, NULL, read_outer, NULL) != ARCHIVE_OK)
		return fail_walk(&rd, err);
	return walk_entries(&rd, err);
}

/* A .deb: the data tar is what is walked; control and signatures are passed over. */
static int walk_deb(struct archive_reader *rd, struct ksa_error *err)
{
	struct walk *walk = rd->walk;
	bool found = false;
	int r;

	while ((r = next_entry(rd, err)) > 0) {
		const char *name = entry_path(rd->entry);

		if (!found)
			snprintf(walk->last, sizeof(walk->last), "%s", name ? name : "?");
		if (!found && name && strncmp(name, "data.tar", 8) == 0) {
			found = true;
			r = walk_data_tar(rd, err);
			if (r)
				return r;
		}
		/* The tar may end before its member does: padding. */
		r = skip_data(rd, err);
		if (r)
			return r;
	}
	if (r < 0 || found)
		return r;
	return ksa_fail_at(err, KSA_EFORMAT, walk->path, 0,
			   "has no data.tar member; fetch the package again");
}

/*
 * Where the payload of an .rpm starts: behind the 96-byte lead and two headers (signature, padded
 * to 8, and package), each of 16 bytes, an index of 16-byte entries and a store. 0: damaged.
 */
static size_t rpm_payload(const unsigned char *data, size_t size)
{
	uint64_t at = 96;

	for (int i = 0; i < 2; i++) {
		if (!range_ok(at, 16, size) || get_be32(data + at) != 0x8eade801)
			return 0;
		at += 16 + (uint64_t)get_be32(data + at + 8) * 16 + get_be32(data + at + 12);
		if (i == 0)
			at = (at + 7) & ~(uint64_t)7;
	}
	return at < size ? (size_t)at : 0;
}

/* One cpio archive at the start of data; *used is how many bytes it has. */
static int walk_cpio(struct walk *walk, const unsigned char *data, size_t size, size_t *used,
		     struct ksa_error *err)
{
	_cleanup_(decompress_free) struct archive *a = decompress_new(NULL);
	struct archive_reader rd = {.walk = walk, .a = a};
	int r;

	if (!a || archive_read_support_format_cpio(a) != ARCHIVE_OK)
		return ksa_fail_nomem(err);
	if (archive_read_open_memory(a, data, size) != ARCHIVE_OK)
		return fail_walk(&rd, err);
	r = walk_entries(&rd, err);
	*used = (size_t)archive_filter_bytes(a, -1);
	walk->out += *used;
	return r || *used ? r : fail_walk(&rd, err);
}

/* Behind the archives there may be the kernel's boot options: their bytes, two u32, a magic
 * (Documentation/admin-guide/bootconfig.rst). */
static bool is_bootconfig(const unsigned char *data, size_t size)
{
	static const char magic[] = "#BOOTCONFIG\n";
	const size_t footer = 8 + sizeof(magic) - 1;

	return size >= footer &&
	       memcmp(data + size - (sizeof(magic) - 1), magic, sizeof(magic) - 1) == 0 &&
	       get_le32(data + size - footer) >= size - footer;
}

static int walk_segments(struct walk *walk, const unsigned char *data, size_t size, bool packed,
			 struct ksa_error *err);

/*
 * The streams at the start of data, which may hold one archive in pieces, or several; *used is how
 * many bytes they have.
 */
static int walk_streams(struct walk *walk, const unsigned char *data, size_t size, size_t *used,
			struct ksa_error *err)
{
	_cleanup_(growing_release) struct growing g = {.limit = DECOMPRESS_MAX_OUT};
	const struct codec *codec;
	int r = 0;

	*used = 0;
	while (!r && (codec = codec_of(data + *used, size - *used))) {
		size_t left = size - *used;
		size_t end = codec_end(codec, data + *used, left);

		r = decompress_streams(data + *used, end, codec, walk->path, false, &g, err);
		*used += end < left || r ? end : g.taken;
	}
	return r ? r : walk_segments(walk, g.data, g.used, false, err);
}

/*
 * An initrd: cpio archives one behind the other, each packed in its own way, zeros between them
 * (Documentation/driver-api/early-userspace/buffer-format.rst); in what a stream unpacks to, no
 * other streams are looked for.
 */
static int walk_segments(struct walk *walk, const unsigned char *data, size_t size, bool packed,
			 struct ksa_error *err)
{
	size_t at = 0, used = 0;
	int r = 0;

	for (; !r; at += used) {
		while (at < size && !data[at])
			at++;
		if (at == size || (packed && is_bootconfig(data + at, size - at)))
			return 0;
		if (bytes_are_cpio(data + at, size - at))
			r = walk_cpio(walk, data + at, size - at, &used, err);
		else if (packed && codec_of(data + at, size - at))
			r = walk_streams(walk, data + at, size - at, &used, err);
		else if (bytes_are_lzo(data + at, size - at))
			r = ksa_fail_at(err, KSA_EUNSUPPORTED, walk->path, 0,
					"what follows the member '%s' is " LZO_NOT_READ
					"; unpack it and give the directory",
					walk->last);
		else
			r = ksa_fail_at(err, KSA_EFORMAT, walk->path, 0,
					"%zu bytes that are neither cpio nor packed follow the "
					"member '%s'; fetch the file again",
					size - at, walk->last);
	}
	return r;
}

static int walk_bytes(struct walk *walk, const unsigned char *data, size_t size,
		      struct ksa_error *err)
{
	_cleanup_(decompress_free) struct archive *a = NULL;
	struct archive_reader rd = {.walk = walk};
	bool ar = bytes_are_ar(data, size);
	int r;

	walk->is_initrd =
		bytes_are_cpio(data, size) || decompress_tells(data, size, bytes_are_cpio);
	if (walk->is_initrd)
		return walk_segments(walk, data, size, true, err);
	if (bytes_are_rpm(data, size)) {
		size_t at = rpm_payload(data, size);

		if (!at)
			return ksa_fail_at(err, KSA_EFORMAT, walk->path, 0,
					   "the headers of the .rpm are damaged or cut short; "
					   "fetch the package again");
		data += at;
		size -= at;
	}
	rd.codec = codec_of(data, size);
	rd.a = a = decompress_new(rd.codec);
	if (!a || (ar ? archive_read_support_format_ar(a) != ARCHIVE_OK : !set_up_formats(a)))
		return ksa_fail_nomem(err);
	if (archive_read_open_memory(a, data, size) != ARCHIVE_OK)
		return fail_walk(&rd, err);
	if (ar && size >= 8 + 13 && memcmp(data + 8, "debian-binary", 13) == 0)
		return walk_deb(&rd, err);
	r = walk_entries(&rd, err);
	if (!r && !walk->members) /* a .deb that is cut in its first header looks like this */
		r = ksa_fail_at(err, KSA_EFORMAT, walk->path, 0,
				"has no members; fetch the file again");
	return r;
}

int archive_walk(const char *path,
		 int (*visit)(void *ctx, struct archive_member *member, struct ksa_error *err),
		 void *ctx, struct ksa_error *err)
{
	_cleanup_(bytes_release) struct bytes file = {0};
	struct walk walk = {.path = path, .visit = visit, .ctx = ctx};
	int r = bytes_map_file(&file, path, 0, err);

	if (r)
		return r;
	if (file.size == 0)
		return ksa_fail_at(err, KSA_EFORMAT, path, 0,
				   "is empty, expected a .deb, .rpm, tar or cpio");
	walk.packed = file.size;
	return walk_bytes(&walk, file.data, file.size, err);
}
