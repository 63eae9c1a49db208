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
#include "read/unpack/codec.h"

/* The ratio says nothing about small outputs: a page of zeros packs to a few bytes. */
#define RATIO_FLOOR    ((uint64_t)64 << 20)
#define FIRST_CAPACITY ((size_t)64 << 10)
/* What a header claims is believed up to here; more is allocated as it comes. */
#define CLAIM_CAP ((size_t)16 << 20)

bool archive_is_compressed(const unsigned char *data, size_t size)
{
	return codec_of(data, size) != NULL;
}

/* Output that grows as it comes. */
struct growing {
	unsigned char *data;
	size_t used, capacity, limit;
	uint64_t packed; /* bytes that it comes from */
	size_t taken; /* how many the streams had that were decoded last */
};

static void growing_release(struct growing *g)
{
	free(g->data);
}

static int growing_reserve(struct growing *g, size_t need, struct ksa_error *err)
{
	size_t capacity = g->capacity ? g->capacity : FIRST_CAPACITY;
	unsigned char *data;

	if (need <= g->capacity)
		return 0;
	while (capacity < need)
		capacity = capacity > g->limit / 2 ? g->limit : capacity * 2;
	data = realloc(g->data, capacity);
	if (!data)
		return ksa_fail_nomem(err);
	g->data = data;
	g->capacity = capacity;
	return 0;
}

/* Put length bytes at offset (behind what is there; a gap is a hole of a sparse file). */
static int growing_put(struct growing *g, uint64_t offset, const void *block, size_t length,
		       const char *source, struct ksa_error *err)
{
	int r;

	if (offset > g->limit || length > g->limit - offset)
		return ksa_fail_at(err, KSA_ELIMIT, source, 0,
				   "unpacks to more than the limit of %zu bytes", g->limit);
	if (offset < g->used)
		return ksa_fail_at(err, KSA_EFORMAT, source, 0,
				   "is damaged: its pieces overlap; fetch the file again");
	r = growing_reserve(g, (size_t)offset + length, err);
	if (r)
		return r;
	if (offset > g->used)
		memset(g->data + g->used, 0, (size_t)offset - g->used);
	if (length)
		memcpy(g->data + offset, block, length);
	g->used = (size_t)offset + length;
	return 0;
}

static void growing_take(struct growing *g, struct bytes *out)
{
	/* A package may hold very many very small files. */
	if (g->used < g->capacity / 2) {
		unsigned char *fit = realloc(g->data, g->used + 1);

		if (fit)
			g->data = fit;
	}
	*out = (struct bytes){.data = g->data, .size = g->used, .storage = BYTES_HEAP};
	g->data = NULL;
}

static void free_archive(struct archive **a)
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

/* A reader with this one filter, chosen by us: bidding would unpack streams within streams, and
 * could start external programs. NULL codec: none. */
static struct archive *new_archive(const struct codec *codec)
{
	struct archive *a = archive_read_new();

	if (a && codec && archive_read_append_filter(a, filter_of(codec)) != ARCHIVE_OK) {
		archive_read_free(a);
		a = NULL;
	}
	return a;
}

static bool over_ratio(uint64_t unpacked, uint64_t packed)
{
	return unpacked > RATIO_FLOOR && unpacked / ARCHIVE_MAX_RATIO > packed;
}

/* Room for what the stream claims, as far as that is plausible for its packed size. */
static int growing_hint(struct growing *g, uint64_t hint, size_t packed, struct ksa_error *err)
{
	uint64_t plausible = (uint64_t)packed * 16 + FIRST_CAPACITY;

	if (hint > plausible)
		hint = plausible;
	if (hint > g->limit)
		hint = g->limit;
	return hint ? growing_reserve(g, (size_t)hint, err) : 0;
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
		if (over_ratio(g->used, g->packed))
			return ksa_fail_at(err, KSA_ELIMIT, source, 0,
					   "unpacks to more than %d times its size",
					   ARCHIVE_MAX_RATIO);
	}
	return 0;
}

/* Decode the streams at the start of data with the codec; g->taken is how many bytes they have. */
static int decode(const unsigned char *data, size_t size, const struct codec *codec,
		  const char *source, bool lax, struct growing *g, struct ksa_error *err)
{
	_cleanup_(free_archive) struct archive *a = new_archive(codec);
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

int archive_decompress(const unsigned char *data, size_t size, const char *source, size_t limit,
		       bool lax, struct bytes *out, struct ksa_error *err)
{
	const struct codec *codec = codec_of(data, size);
	_cleanup_(growing_release) struct growing g = {
		.limit = limit && limit < ARCHIVE_MAX_MEMBER ? limit : ARCHIVE_MAX_MEMBER};
	int r;

	memset(out, 0, sizeof(*out));
	if (!codec)
		return ksa_fail_at(err, KSA_EFORMAT, source, 0,
				   "is not compressed by gzip, bzip2, xz, lzma, zstd or lz4");
	/* The decoders drop what they hold when something else follows the stream. */
	size = lax ? codec_end(codec, data, size) : without_device_trees(codec, data, size);
	r = growing_hint(&g, codec_size_hint(codec, data, size), size, err);
	if (!r)
		r = decode(data, size, codec, source, lax, &g, err);
	if (!r && !lax && g.taken < size && !are_device_trees(data + g.taken, size - g.taken))
		r = ksa_fail_at(err, KSA_EFORMAT, source, 0,
				"%zu bytes that are no %s data follow the stream; "
				"fetch the file again",
				size - g.taken, codec->name);
	if (!r)
		growing_take(&g, out);
	return r;
}

bool archive_is_package(const unsigned char *data, size_t size)
{
	return bytes_are_ar(data, size) || bytes_are_rpm(data, size) ||
	       bytes_are_cpio(data, size) || bytes_are_tar(data, size);
}

/* What the first unpacked bytes of a stream are told by. */
static bool packs(const unsigned char *data, size_t size,
		  bool (*is)(const unsigned char *data, size_t size))
{
	const struct codec *codec = codec_of(data, size);
	_cleanup_(free_archive) struct archive *a = codec ? new_archive(codec) : NULL;
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

bool archive_holds_package(const unsigned char *data, size_t size)
{
	return archive_is_package(data, size) || packs(data, size, bytes_are_tar) ||
	       packs(data, size, bytes_are_cpio);
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
	if (over_ratio(out, rd->walk->packed))
		return ksa_fail_at(err, KSA_ELIMIT, rd->walk->path, 0,
				   "unpacks to more than %d times its size", ARCHIVE_MAX_RATIO);
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
	_cleanup_(growing_release) struct growing g = {.limit = ARCHIVE_MAX_MEMBER};
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
	_cleanup_(free_archive) struct archive *a = NULL;
	struct archive_reader rd = {.walk = outer->walk, .outer = outer->a};
	la_int64_t offset;

	if (archive_read_data_block(outer->a, &rd.pending, &rd.pending_length, &offset) !=
	    ARCHIVE_OK)
		return fail_walk(outer, err);
	rd.codec = codec_of(rd.pending, rd.pending_length);
	rd.a = a = new_archive(rd.codec);
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
	_cleanup_(free_archive) struct archive *a = new_archive(NULL);
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
	_cleanup_(growing_release) struct growing g = {.limit = ARCHIVE_MAX_MEMBER};
	const struct codec *codec;
	int r = 0;

	*used = 0;
	while (!r && (codec = codec_of(data + *used, size - *used))) {
		size_t left = size - *used;
		size_t end = codec_end(codec, data + *used, left);

		r = decode(data + *used, end, codec, walk->path, false, &g, err);
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
	_cleanup_(free_archive) struct archive *a = NULL;
	struct archive_reader rd = {.walk = walk};
	bool ar = bytes_are_ar(data, size);
	int r;

	walk->is_initrd = bytes_are_cpio(data, size) || packs(data, size, bytes_are_cpio);
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
	rd.a = a = new_archive(rd.codec);
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
