// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/kernel/image.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/strbuf.h"
#include "base/strmap.h"
#include "read/unpack/decompress.h"
#include "read/unpack/codec.h"
#include "read/kernel/container.h"
#include "read/elf/elf.h"
#include "read/kernel/elf_kernel.h"
#include "read/debug/prototypes.h"
#include "read/kernel/raw.h"
#include "read/kernel/loading.h"

#define MAX_DEPTH     3 /* a compressed file that holds a zboot that holds an Image */
#define MAX_TRIES     64 /* codec magics that are tried in one image */
#define MAX_SCAN_OUT  ((uint64_t)2 << 30) /* bytes that all tries together may unpack to */
#define MAX_CODEC_TXT 8
#define MAX_RAW	      ((size_t)512 << 20) /* real ones stay under 100 MB */

struct image {
	struct ksa_kernel *kernel;
	const char *name;
	uint32_t source;
	unsigned int tries;
	uint64_t unpacked; /* bytes that tries gave so far */
	const char *want; /* the kernel that is asked for, until it is found; or NULL */
	const char *arch; /* of the ELF wrapper around a raw kernel, or NULL */
};

static bool has_magic(const unsigned char *data, size_t size, size_t offset, const char *magic,
		      size_t length)
{
	return range_ok(offset, length, size) && memcmp(data + offset, magic, length) == 0;
}

enum image_kind image_kind(const unsigned char *data, size_t size)
{
	if (elf_is_elf(data, size))
		return IMAGE_ELF;
	if (has_magic(data, size, 0x202, "HdrS", 4))
		return IMAGE_BZIMAGE;
	if (has_magic(data, size, 0, "MZ", 2) && has_magic(data, size, 4, "zimg", 4))
		return IMAGE_ZBOOT;
	if (has_magic(data, size, 0x38, "ARMd", 4))
		return IMAGE_ARM64;
	if (has_magic(data, size, 0x38, "RSC\5", 4))
		return IMAGE_RISCV;
	if (has_magic(data, size, 0x24, "\x18\x28\x6f\x01", 4) ||
	    has_magic(data, size, 0x24, "\x01\x6f\x28\x18", 4))
		return IMAGE_ARM;
	/* The second and third channel command word of the IPL record; arch/s390/boot/head.S. */
	if (has_magic(data, size, 8, "\x02\0\0\x18\x60\0\0\x50\x02\0\0\x68\x60\0\0\x50", 16) ||
	    has_magic(data, size, 0x10008, "S390EP", 6))
		return IMAGE_S390;
	return IMAGE_NONE;
}

static int look(struct image *image, const unsigned char *data, size_t size, unsigned int depth,
		struct ksa_error *err);

static int fail_lzo(const struct image *image, struct ksa_error *err)
{
	return ksa_fail_at(err, KSA_EUNSUPPORTED, image->name, 0,
			   "the kernel in it is " LZO_NOT_READ "; give the vmlinux or "
			   "Module.symvers");
}

static bool holds_lzo(const unsigned char *data, size_t size)
{
	return memmem(data, size, lzo_magic, sizeof(lzo_magic)) != NULL;
}

static int fail_raw(const struct image *image, const unsigned char *data, size_t size,
		    struct ksa_error *err)
{
	if (holds_lzo(data, size))
		return fail_lzo(image, err);
	return ksa_fail_at(err, KSA_EUNSUPPORTED, image->name, 0,
			   "no export table found in a raw image; "
			   "give the vmlinux or Module.symvers");
}

/* True if unpacked bytes without any header are a kernel: its banner is in them. */
static bool is_kernel_text(const unsigned char *data, size_t size)
{
	static const char banner[] = "Linux version ";

	return memmem(data, size, banner, sizeof(banner) - 1) != NULL;
}

static int read_raw(struct image *image, const unsigned char *data, size_t size, const char *arch,
		    struct ksa_error *err)
{
	int r = raw_read(image->kernel, data, size, image->source, image->name, err);

	if (!r)
		r = kernel_set_arch(image->kernel, arch, image->name, err);
	if (!r)
		r = raw_read_facts(image->kernel, data, size, image->name, err);
	if (!r)
		r = loading_take_raw(image->kernel, data, size, err);
	if (!r)
		r = prototypes_take_raw(image->kernel, data, size, image->name, err);
	return r;
}

static bool is_kernel(const struct bytes *unpacked)
{
	return image_kind(unpacked->data, unpacked->size) != IMAGE_NONE ||
	       is_kernel_text(unpacked->data, unpacked->size);
}

/* The kernels that a scan finds. */
struct scan {
	struct image *image;
	unsigned int depth;
	size_t found; /* how many */
	struct strbuf list; /* "1 (6.1.0), 2 (6.6.0)" */
	struct ksa_error failed; /* the first that cannot be read */
};

static bool same_tables(const struct ksa_kernel *a, const struct ksa_kernel *b)
{
	if (strcmp(a->release, b->release) != 0 || a->export_count != b->export_count)
		return false;
	for (size_t i = 0; i < a->export_count; i++)
		if (strcmp(a->exports[i].name, b->exports[i].name) != 0 ||
		    a->exports[i].cls != b->exports[i].cls)
			return false;
	return true;
}

static void list_kernel(struct scan *s, const struct ksa_kernel *kernel)
{
	strbuf_printf(&s->list, "%s%zu (%s)", s->found ? ", " : "", s->found + 1,
		      *kernel->release ? kernel->release : "no release");
	s->found++;
}

/* Read what may be one more kernel to see whether it is: into a model of its own. */
static int look_aside(struct scan *s, const struct bytes *unpacked, struct ksa_error *err)
{
	struct image aside = *s->image;
	int r = kernel_new(aside.name, &aside.kernel, err);

	if (r)
		return r;
	aside.want = NULL;
	r = kernel_add_source(aside.kernel, aside.name, SOURCE_IMAGE, &aside.source, err);
	if (!r && look(&aside, unpacked->data, unpacked->size, s->depth + 1, NULL) == 0 &&
	    !(s->found && same_tables(aside.kernel, s->image->kernel)))
		list_kernel(s, aside.kernel);
	s->image->tries = aside.tries;
	s->image->unpacked = aside.unpacked;
	ksa_kernel_free(aside.kernel);
	return r;
}

/* A stream unpacked to what looks like a kernel. 1: it is the one that is read. */
static int take_found(struct scan *s, const struct bytes *unpacked, struct ksa_error *err)
{
	struct image *image = s->image;
	struct ksa_error e = {0};
	char number[24];
	int r;

	snprintf(number, sizeof(number), "%zu", s->found + 1);
	if (image->want ? strcmp(image->want, number) != 0 : s->found > 0)
		return look_aside(s, unpacked, err);
	r = look(image, unpacked->data, unpacked->size, s->depth + 1, &e);
	/* What a half-read kernel left in the model cannot be taken back. */
	if (r == KSA_ENOMEM || (r && image->kernel->export_count))
		return ksa_pass(err, &e);
	if (r && !s->failed.code)
		s->failed = e;
	if (r)
		return 0;
	list_kernel(s, image->kernel);
	if (!image->want)
		return 0;
	image->want = NULL;
	return 1;
}

/*
 * Try every codec magic: an image may hold the decompressor's own constants, an initramfs and other
 * streams beside the kernel, so what does not unpack to a kernel is passed over.
 */
static int try_streams(struct scan *s, const unsigned char *data, size_t size,
		       struct ksa_error *err)
{
	/* Of the magics; the scan passes over everything else quickly. */
	static const unsigned char first_bytes[] = {0x1f, 'B', 0x5d, 0xfd, 0x28, 0x04, 0x02};
	struct image *image = s->image;
	int r = 0;

	for (size_t at = 0; at < size && image->tries < MAX_TRIES && !r; at++) {
		_cleanup_(bytes_release) struct bytes out = {0};
		struct ksa_error e = {0};

		if (!memchr(first_bytes, data[at], sizeof(first_bytes)) ||
		    !decompress_knows(data + at, size - at))
			continue;
		image->tries++;
		if (image->unpacked >= MAX_SCAN_OUT)
			break;
		r = decompress_bytes(data + at, size - at, image->name, 0, true, &out, &e);
		if (r == KSA_ENOMEM)
			return ksa_pass(err, &e);
		image->unpacked += out.size;
		r = r || !is_kernel(&out) ? 0 : take_found(s, &out, err);
	}
	return r;
}

/*
 * Read the one kernel that the file holds anywhere. KSA_ENODATA when there is none; another error
 * is what the first one that was found says, or that there are several.
 */
static int scan(struct image *image, const unsigned char *data, size_t size, unsigned int depth,
		struct ksa_error *err)
{
	struct scan s = {.image = image, .depth = depth};
	int r = try_streams(&s, data, size, err);

	if (r == 0 && s.found && image->want)
		r = ksa_fail_at(err, KSA_EUSAGE, image->name, 0, "has no kernel '%s'; it has %s",
				image->want, strbuf_string(&s.list));
	else if (r == 0 && s.found > 1)
		r = ksa_fail_at(err, KSA_EUSAGE, image->name, 0,
				"holds several kernels: %s; ask for one by FILE#NUMBER",
				strbuf_string(&s.list));
	else if (r == 0 && !s.found && s.failed.code)
		r = ksa_pass(err, &s.failed);
	else if (r == 0 && !s.found && holds_lzo(data, size))
		r = fail_lzo(image, err);
	else if (r == 0 && !s.found)
		r = ksa_fail_at(err, KSA_ENODATA, image->name, 0,
				"is no kernel image that is read here; "
				"give a vmlinux, a vmlinuz or the Module.symvers");
	strbuf_release(&s.list);
	return r > 0 ? 0 : r;
}

static int unpack_and_look(struct image *image, const unsigned char *data, size_t size,
			   unsigned int depth, struct ksa_error *err)
{
	_cleanup_(bytes_release) struct bytes out = {0};
	int r = decompress_bytes(data, size, image->name, 0, false, &out, err);

	return r ? r : look(image, out.data, out.size, depth + 1, err);
}

static int fail_payload(const struct image *image, const char *what, uint64_t offset,
			uint64_t length, size_t size, struct ksa_error *err)
{
	return ksa_fail_at(err, KSA_EFORMAT, image->name, 0,
			   "%s payload at %llu of %llu bytes lies outside the file of %zu bytes; "
			   "fetch the file again",
			   what, (unsigned long long)offset, (unsigned long long)length, size);
}

/* The header is Documentation/arch/x86/boot.rst; payload fields from protocol 2.08 (2.6.26) on. */
static int read_bzimage(struct image *image, const unsigned char *data, size_t size,
			unsigned int depth, struct ksa_error *err)
{
	uint64_t sectors, offset, length;
	unsigned int protocol;

	if (size < 0x250)
		return ksa_fail_at(err, KSA_EFORMAT, image->name, 0,
				   "bzImage header is cut short at %zu bytes, expected 592; "
				   "fetch the file again",
				   size);
	protocol = get_le16(data + 0x206);
	if (protocol < 0x208)
		return ksa_fail_at(err, KSA_EUNSUPPORTED, image->name, 0,
				   "bzImage of boot protocol %u.%02u does not tell where its "
				   "payload is, expected 2.08 or later; give the vmlinux",
				   protocol >> 8, protocol & 0xff);
	sectors = data[0x1f1] ? data[0x1f1] : 4;
	offset = (sectors + 1) * 512 + get_le32(data + 0x248);
	length = get_le32(data + 0x24c);
	if (length <= 4 || !range_ok(offset, length, size))
		return fail_payload(image, "bzImage", offset, length, size, err);
	data += offset;
	if (elf_is_elf(data, (size_t)length))
		return look(image, data, (size_t)length, depth + 1, err);
	if (bytes_are_lzo(data, (size_t)length))
		return fail_lzo(image, err);
	if (!decompress_knows(data, (size_t)length))
		return ksa_fail_at(err, KSA_EUNSUPPORTED, image->name, 0,
				   "bzImage payload at %llu is packed in a way that is not read "
				   "here (it starts %02x %02x %02x %02x); give the vmlinux",
				   (unsigned long long)offset, data[0], data[1], data[2], data[3]);
	/* All but gzip, which has it already, are followed by the unpacked size. */
	if (!(data[0] == 0x1f && data[1] == 0x8b))
		length -= 4;
	return unpack_and_look(image, data, (size_t)length, depth, err);
}

/* drivers/firmware/efi/libstub/zboot-header.S: u32 offset at 8, u32 size at 12, codec at 24. */
static int read_zboot(struct image *image, const unsigned char *data, size_t size,
		      unsigned int depth, struct ksa_error *err)
{
	_cleanup_(bytes_release) struct bytes out = {0};
	struct ksa_error first = {0};
	char codec[MAX_CODEC_TXT + 1] = "";
	uint64_t offset, length;
	int r;

	if (size < 24 + MAX_CODEC_TXT)
		return ksa_fail_at(err, KSA_EFORMAT, image->name, 0,
				   "EFI zboot header is cut short at %zu bytes, expected 32; "
				   "fetch the file again",
				   size);
	offset = get_le32(data + 8);
	length = get_le32(data + 12);
	if (length <= 4 || !range_ok(offset, length, size))
		return fail_payload(image, "EFI zboot", offset, length, size, err);
	for (size_t i = 0; i < MAX_CODEC_TXT && data[24 + i] > ' ' && data[24 + i] <= '~'; i++)
		codec[i] = (char)data[24 + i];
	data += offset;
	if (!decompress_knows(data, (size_t)length))
		return ksa_fail_at(err, KSA_EUNSUPPORTED, image->name, 0,
				   "EFI zboot payload is packed by '%s', which is not read here; "
				   "give the vmlinux or Module.symvers",
				   codec);
	r = decompress_bytes(data, (size_t)length, image->name, 0, false, &out, &first);
	/* The size that all codecs but gzip append may be counted in. */
	if (r == KSA_EFORMAT)
		r = decompress_bytes(data, (size_t)length - 4, image->name, 0, false, &out, NULL);
	if (r)
		return ksa_pass(err, &first);
	return look(image, out.data, out.size, depth + 1, err);
}

/* The wrapper is built for the machine that the kernel is for. */
static void note_arch(struct image *image, const unsigned char *data, size_t size)
{
	struct arena arena = {0};
	struct elf_file f;

	if (elf_open(&f, data, size, image->name, &arena, NULL) == 0)
		image->arch = elf_arch(&f);
	arena_release(&arena);
}

/* An ELF file that is no kernel may be a wrapper around one: mips vmlinuz, ppc zImage. */
static int read_elf(struct image *image, const unsigned char *data, size_t size, unsigned int depth,
		    struct ksa_error *err)
{
	struct ksa_error e = {0};
	struct ksa_error inner = {0};
	int r = elf_kernel_read(image->kernel, data, size, image->source, image->name, &e);

	if (r != KSA_ENODATA)
		return r ? ksa_pass(err, &e) : 0;
	note_arch(image, data, size);
	r = scan(image, data, size, depth, &inner);
	if (r == 0)
		return 0;
	/* Where nothing is packed in it, what the ELF file lacks is the better line. */
	return ksa_pass(err, r == KSA_ENODATA ? &e : &inner);
}

static int read_other(struct image *image, const unsigned char *data, size_t size,
		      unsigned int depth, struct ksa_error *err)
{
	struct ksa_error e = {0};
	int r;

	if (decompress_knows(data, size))
		return unpack_and_look(image, data, size, depth, err);
	/* A kernel that came out of a stream lies open: what is packed in it is not the kernel. */
	if (depth && is_kernel_text(data, size))
		return read_raw(image, data, size, image->arch, err);
	r = scan(image, data, size, depth, &e);
	if (r == KSA_ENODATA && is_kernel_text(data, size))
		return read_raw(image, data, size, image->arch, err);
	return r ? ksa_pass(err, &e) : 0;
}

static int look(struct image *image, const unsigned char *data, size_t size, unsigned int depth,
		struct ksa_error *err)
{
	struct bytes kernel = {NULL, 0, BYTES_BORROWED};
	int r;

	if (depth > MAX_DEPTH)
		return ksa_fail_at(err, KSA_ELIMIT, image->name, 0,
				   "is packed more than %d times over; unpack it first", MAX_DEPTH);
	r = container_find(data, size, image->want, image->name, &kernel, err);
	if (r < 0)
		return r;
	if (r > 0) {
		image->want = NULL;
		return look(image, kernel.data, kernel.size, depth + 1, err);
	}
	switch (image_kind(data, size)) {
	case IMAGE_ELF:
		return read_elf(image, data, size, depth, err);
	case IMAGE_BZIMAGE:
		return read_bzimage(image, data, size, depth, err);
	case IMAGE_ZBOOT:
		return read_zboot(image, data, size, depth, err);
	case IMAGE_ARM64:
		return read_raw(image, data, size, "arm64", err);
	case IMAGE_RISCV:
		return read_raw(image, data, size, "riscv64", err);
	case IMAGE_ARM:
	case IMAGE_S390:
		return fail_raw(image, data, size, err);
	case IMAGE_NONE:
		break;
	}
	return read_other(image, data, size, depth, err);
}

bool image_is_given(const struct ksa_kernel *kernel)
{
	for (size_t i = 0; i < kernel->source_count; i++)
		if (kernel->sources[i].kind == SOURCE_IMAGE && kernel->sources[i].exports)
			return true;
	return false;
}

/* True if the exports from first on are those before it of the same names and classes. */
static int same_exports(const struct ksa_kernel *kernel, size_t first, bool *same,
			struct ksa_error *err)
{
	struct strmap names = {.count = 0};
	size_t before = 0;
	int r = 0;

	for (size_t i = 0; i < first && !r; i++) {
		const struct ksa_export *e = &kernel->exports[i];

		if (kernel->sources[e->source].kind != SOURCE_IMAGE)
			continue;
		before++;
		r = strmap_set(&names, e->name, e->cls);
	}
	*same = !r && kernel->export_count - first == before;
	for (size_t i = first; i < kernel->export_count && *same; i++) {
		uint32_t cls;

		*same = strmap_get(&names, kernel->exports[i].name, &cls) &&
			cls == kernel->exports[i].cls;
	}
	strmap_release(&names);
	return r ? ksa_fail_nomem(err) : 0;
}

int image_read(struct ksa_kernel *kernel, const unsigned char *data, size_t size, uint32_t source,
	       const char *name, struct ksa_error *err)
{
	struct image image = {
		.kernel = kernel, .name = name, .source = source, .want = kernel->want_kernel};
	bool again = image_is_given(kernel);
	size_t before = kernel->export_count;
	int r;

	if (size == 0)
		return ksa_fail_at(err, KSA_EFORMAT, name, 0, "is empty, expected a kernel image");
	if (size > MAX_RAW && !elf_is_elf(data, size))
		return ksa_fail_at(err, KSA_ELIMIT, name, 0,
				   "is %zu bytes long, more than any kernel image that is no ELF "
				   "file",
				   size);
	r = look(&image, data, size, 0, err);
	if (!r && !image.want)
		kernel->want_kernel = NULL;
	/* The same image with and without debug information: what its code does is what the second
	 * one adds. */
	if (!r && again && !kernel->want_calls && !kernel->want_image_uses)
		r = same_exports(kernel, before, &again, err);
	if (!r && again) {
		kernel->sources[source].exports -= kernel->export_count - before;
		kernel->export_count = before;
		kernel->moved = true;
	}
	return r;
}
