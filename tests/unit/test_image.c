// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "read/unpack/decompress.h"
#include "read/kernel/image.h"

#include "containerbuild.h"
#include "elfbuild.h"
#include "pack.h"

#define NO_TABLE "no export table found in a raw image; give the vmlinux or Module.symvers"
#define NO_KERNEL                                                                                  \
	"is no kernel image that is read here; "                                                   \
	"give a vmlinux, a vmlinuz or the Module.symvers"

#define EXPORT_COUNT 48

/* A kernel of 24 plain and 24 GPL-only exports, two of them such as no kernel lacks: enough for a
 * raw table to be one. */
static struct elfbuild_bytes make_vmlinux(const char *arch)
{
	static const char *const names[] = {
		"a00", "a01", "a02",   "a03",	  "a04", "a05", "a06", "a07", "a08", "a09",
		"a10", "a11", "a12",   "a13",	  "a14", "a15", "a16", "a17", "a18", "a19",
		"a20", "a21", "kfree", "vmalloc", "A00", "A01", "A02", "A03", "A04", "A05",
		"A06", "A07", "A08",   "A09",	  "A10", "A11", "A12", "A13", "A14", "A15",
		"A16", "A17", "A18",   "A19",	  "A20", "A21", "A22", "A23"};
	struct elfbuild_export exports[EXPORT_COUNT] = {{0}};
	struct elfbuild_kernel spec = {.arch = arch,
				       .exports = exports,
				       .export_count = EXPORT_COUNT,
				       .release = "6.1.0-test"};

	for (size_t i = 0; i < EXPORT_COUNT; i++) {
		exports[i].name = names[i];
		exports[i].cls = i < 24 ? KSA_CLASS_PLAIN : KSA_CLASS_GPL;
	}
	exports[5].ns = "TESTING";
	return elfbuild_kernel(&spec);
}

static void put(struct strbuf *image, size_t at, unsigned int width, uint64_t value)
{
	assert_true(at + width <= image->length);
	for (unsigned int i = 0; i < width; i++)
		image->data[at + i] = (char)(value >> (8 * i));
}

static void add_zeros(struct strbuf *out, size_t count)
{
	while (count--)
		strbuf_addc(out, '\0');
}

#define BZ_PAYLOAD (5 * 512 + 100)

/* Header, 100 bytes of decompressor, the payload, and what a signature appends. */
static void make_bzimage(const struct strbuf *payload, struct strbuf *out)
{
	add_zeros(out, BZ_PAYLOAD);
	memcpy(out->data + 0x202, "HdrS", 4);
	put(out, 0x1f1, 1, 4);
	put(out, 0x206, 2, 0x20f);
	put(out, 0x248, 4, 100);
	put(out, 0x24c, 4, payload->length);
	strbuf_add(out, payload->data, payload->length);
	add_zeros(out, 50);
}

/* The payload of a bzImage: vmlinux, relocations, packed; the size behind all but gzip. */
static void make_payload(int filter, struct strbuf *out)
{
	struct elfbuild_bytes vmlinux = make_vmlinux("x86_64");
	struct strbuf content = {0};

	strbuf_add(&content, vmlinux.data, vmlinux.size);
	add_zeros(&content, 4);
	strbuf_adds(&content, "relocations");
	pack_bytes(filter, content.data, content.length, out);
	if (filter != ARCHIVE_FILTER_GZIP) {
		add_zeros(out, 4);
		put(out, out->length - 4, 4, content.length);
	}
	strbuf_release(&content);
	elfbuild_bytes_release(&vmlinux);
}

static int read_as(const void *data, size_t size, struct ksa_kernel **kernel, struct ksa_error *err)
{
	unsigned char *copy = malloc(size + !size); /* exact, so that a sanitizer sees overruns */
	uint32_t source;
	int r;

	assert_non_null(copy);
	if (size)
		memcpy(copy, data, size);
	memset(err, 0, sizeof(*err));
	assert_int_equal(kernel_new("k", kernel, err), 0);
	assert_int_equal(kernel_add_source(*kernel, "vmlinuz", SOURCE_IMAGE, &source, err), 0);
	r = image_read(*kernel, copy, size, source, "vmlinuz", err);
	free(copy);
	return r;
}

/* The image gives make_vmlinux's kernel. */
static void check_kernel(const void *data, size_t size, const char *arch)
{
	struct ksa_kernel *kernel;
	struct ksa_error err;
	int r = read_as(data, size, &kernel, &err);

	assert_string_equal(err.text, "");
	assert_int_equal(r, 0);
	assert_int_equal(kernel->export_count, EXPORT_COUNT);
	assert_true(kernel->has_image);
	assert_string_equal(kernel->arch, arch);
	assert_string_equal(kernel->release, "6.1.0-test");
	assert_int_equal(kernel_seal(kernel, &err), 0);
	for (size_t i = 0; i < EXPORT_COUNT; i++) {
		const struct ksa_export *e = &kernel->exports[i];
		char name[16];

		/* Upper case sorts first. */
		snprintf(name, sizeof(name), "%c%02zu", i < 24 ? 'A' : 'a', i % 24);
		if (i >= EXPORT_COUNT - 2)
			strcpy(name, i == EXPORT_COUNT - 2 ? "kfree" : "vmalloc");
		assert_string_equal(e->name, name);
		assert_int_equal(e->cls, i < 24 ? KSA_CLASS_GPL : KSA_CLASS_PLAIN);
		if (i == 24 + 5)
			assert_string_equal(e->ns, "TESTING");
		else
			assert_null(e->ns);
	}
	ksa_kernel_free(kernel);
}

static void check_error(const void *data, size_t size, int code, const char *text)
{
	struct ksa_kernel *kernel;
	struct ksa_error err;
	int r = read_as(data, size, &kernel, &err);

	assert_string_equal(err.text, text);
	assert_string_equal(err.source, "vmlinuz");
	assert_int_equal(r, code);
	assert_int_equal(err.code, code);
	assert_int_equal(kernel->export_count, 0);
	assert_false(kernel->has_image);
	ksa_kernel_free(kernel);
}

static const int filters[] = {ARCHIVE_FILTER_GZIP, ARCHIVE_FILTER_BZIP2, ARCHIVE_FILTER_XZ,
			      ARCHIVE_FILTER_LZMA, ARCHIVE_FILTER_ZSTD,	 ARCHIVE_FILTER_LZ4};

#define FILTER_COUNT (sizeof(filters) / sizeof(filters[0]))

static void kinds(void **state)
{
	struct elfbuild_bytes vmlinux = make_vmlinux("x86_64");
	unsigned char data[0x300] = {0};

	(void)state;
	assert_int_equal(image_kind(vmlinux.data, vmlinux.size), IMAGE_ELF);
	elfbuild_bytes_release(&vmlinux);
	assert_int_equal(image_kind(data, sizeof(data)), IMAGE_NONE);
	assert_int_equal(image_kind(data, 0), IMAGE_NONE);
	memcpy(data + 0x202, "HdrS", 4);
	assert_int_equal(image_kind(data, 0x206), IMAGE_BZIMAGE);
	assert_int_equal(image_kind(data, 0x205), IMAGE_NONE);
	memset(data, 0, sizeof(data));
	memcpy(data, "MZ\0\0zimg", 8);
	assert_int_equal(image_kind(data, sizeof(data)), IMAGE_ZBOOT);
	memset(data, 0, 8);
	memcpy(data + 0x38, "ARMd", 4);
	assert_int_equal(image_kind(data, sizeof(data)), IMAGE_ARM64);
	memcpy(data + 0x38, "RSC\5", 4);
	assert_int_equal(image_kind(data, sizeof(data)), IMAGE_RISCV);
	memset(data, 0, sizeof(data));
	memcpy(data + 0x24, "\x18\x28\x6f\x01", 4);
	assert_int_equal(image_kind(data, sizeof(data)), IMAGE_ARM);
}

static void vmlinux_itself(void **state)
{
	static const char *const archs[] = {"x86_64", "i386", "arm64", "s390x", "ppc64le"};

	(void)state;
	for (size_t i = 0; i < 5; i++) {
		struct elfbuild_bytes vmlinux = make_vmlinux(archs[i]);

		check_kernel(vmlinux.data, vmlinux.size, archs[i]);
		elfbuild_bytes_release(&vmlinux);
	}
}

static void bzimage(void **state)
{
	(void)state;
	for (size_t i = 0; i < FILTER_COUNT; i++) {
		struct strbuf payload = {0}, image = {0};

		make_payload(filters[i], &payload);
		make_bzimage(&payload, &image);
		check_kernel(image.data, image.length, "x86_64");
		/* 0 setup sectors mean 4. */
		put(&image, 0x1f1, 1, 0);
		check_kernel(image.data, image.length, "x86_64");
		strbuf_release(&payload);
		strbuf_release(&image);
	}
}

static void bzimage_of_old_protocol(void **state)
{
	struct strbuf payload = {0}, image = {0};

	(void)state;
	make_payload(ARCHIVE_FILTER_GZIP, &payload);
	make_bzimage(&payload, &image);
	put(&image, 0x206, 2, 0x207);
	check_error(image.data, image.length, KSA_EUNSUPPORTED,
		    "bzImage of boot protocol 2.07 does not tell where its payload is, expected "
		    "2.08 or later; give the vmlinux");
	put(&image, 0x206, 2, 0x208);
	check_kernel(image.data, image.length, "x86_64");
	strbuf_release(&payload);
	strbuf_release(&image);
}

static void bzimage_payload_outside(void **state)
{
	struct strbuf payload = {0}, image = {0};
	char line[160];

	(void)state;
	make_payload(ARCHIVE_FILTER_GZIP, &payload);
	make_bzimage(&payload, &image);
	put(&image, 0x24c, 4, payload.length + 51);
	snprintf(line, sizeof(line),
		 "bzImage payload at 2660 of %zu bytes lies outside the file of %zu bytes; "
		 "fetch the file again",
		 payload.length + 51, image.length);
	check_error(image.data, image.length, KSA_EFORMAT, line);
	put(&image, 0x24c, 4, 0xffffffff);
	put(&image, 0x248, 4, 0xffffffff);
	snprintf(line, sizeof(line),
		 "bzImage payload at 4294969855 of 4294967295 bytes lies outside the file of %zu "
		 "bytes; fetch the file again",
		 image.length);
	check_error(image.data, image.length, KSA_EFORMAT, line);
	check_error(image.data, 0x24f, KSA_EFORMAT,
		    "bzImage header is cut short at 591 bytes, expected 592; fetch the file again");
	put(&image, 0x248, 4, 100);
	put(&image, 0x24c, 4, 0);
	snprintf(line, sizeof(line),
		 "bzImage payload at 2660 of 0 bytes lies outside the file of %zu bytes; "
		 "fetch the file again",
		 image.length);
	check_error(image.data, image.length, KSA_EFORMAT, line);
	strbuf_release(&payload);
	strbuf_release(&image);
}

static void bzimage_of_unknown_codec(void **state)
{
	struct strbuf payload = {0}, image = {0};

	(void)state;
	strbuf_adds(&payload, "\x89LZ5 some bytes");
	make_bzimage(&payload, &image);
	check_error(image.data, image.length, KSA_EUNSUPPORTED,
		    "bzImage payload at 2660 is packed in a way that is not read here (it starts "
		    "89 4c 5a 35); give the vmlinux");
	strbuf_release(&payload);
	strbuf_release(&image);
}

/* LZO is told in every wrapping: a bzImage, a zImage, behind a stub, inside of an ELF file. */
static void packed_by_lzo(void **state)
{
	static const char text[] = "the kernel in it is packed by LZO, which is not read here; "
				   "give the vmlinux or Module.symvers";
	struct strbuf payload = {0}, image = {0};
	struct elfbuild_bytes module =
		elfbuild_module(&(struct elfbuild_module){.arch = "mips64el", .name = "stub"});

	(void)state;
	strbuf_add(&payload, "\x89LZO\0\r\n\x1a\n and so on", 19);
	make_bzimage(&payload, &image);
	check_error(image.data, image.length, KSA_EUNSUPPORTED, text);
	memset(image.data + 0x202, 0, 4);
	check_error(image.data, image.length, KSA_EUNSUPPORTED, text);
	memcpy(image.data + 0x24, "\x18\x28\x6f\x01", 4);
	check_error(image.data, image.length, KSA_EUNSUPPORTED, text);
	strbuf_reset(&image);
	strbuf_add(&image, module.data, module.size);
	image.data[16] = 2; /* ET_EXEC */
	strbuf_add(&image, payload.data, payload.length);
	check_error(image.data, image.length, KSA_EUNSUPPORTED, text);
	elfbuild_bytes_release(&module);
	strbuf_release(&payload);
	strbuf_release(&image);
}

static void bzimage_with_damage(void **state)
{
	struct strbuf payload = {0}, image = {0};

	(void)state;
	make_payload(ARCHIVE_FILTER_XZ, &payload);
	make_bzimage(&payload, &image);
	image.data[BZ_PAYLOAD + payload.length / 2] ^= 0x40;
	check_error(image.data, image.length, KSA_EFORMAT,
		    "xz data is damaged or cut short after 0 unpacked bytes; fetch the file again");
	strbuf_release(&payload);
	strbuf_release(&image);
}

/* The header, with the payload at 64. */
static void make_zboot(const char *codec, const struct strbuf *payload, struct strbuf *out)
{
	add_zeros(out, 64);
	memcpy(out->data, "MZ\0\0zimg", 8);
	put(out, 8, 4, 64);
	put(out, 12, 4, payload->length);
	memcpy(out->data + 24, codec, strlen(codec));
	strbuf_add(out, payload->data, payload->length);
	strbuf_adds(out, "the rest of the PE file");
}

static void zboot(void **state)
{
	struct elfbuild_bytes vmlinux = make_vmlinux("arm64");
	struct elfbuild_bytes raw = elfbuild_raw_image(&vmlinux);

	(void)state;
	for (size_t i = 0; i < FILTER_COUNT; i++) {
		struct strbuf payload = {0}, image = {0};

		pack_bytes(filters[i], raw.data, raw.size, &payload);
		make_zboot("codec", &payload, &image);
		check_kernel(image.data, image.length, "arm64");
		strbuf_reset(&image);
		/* The appended size counted in. */
		add_zeros(&payload, 4);
		make_zboot("codec", &payload, &image);
		check_kernel(image.data, image.length, "arm64");
		strbuf_reset(&image);
		strbuf_reset(&payload);
		pack_bytes(filters[i], vmlinux.data, vmlinux.size, &payload);
		make_zboot("codec", &payload, &image);
		check_kernel(image.data, image.length, "arm64");
		strbuf_release(&image);
		strbuf_release(&payload);
	}
	elfbuild_bytes_release(&vmlinux);
	elfbuild_bytes_release(&raw);
}

static void zboot_damaged(void **state)
{
	struct strbuf payload = {0}, image = {0};

	(void)state;
	strbuf_adds(&payload, "\x89LZO some bytes");
	make_zboot("lzo", &payload, &image);
	check_error(image.data, image.length, KSA_EUNSUPPORTED,
		    "EFI zboot payload is packed by 'lzo', which is not read here; give the "
		    "vmlinux or Module.symvers");
	put(&image, 12, 4, 0x80000000);
	check_error(image.data, image.length, KSA_EFORMAT,
		    "EFI zboot payload at 64 of 2147483648 bytes lies outside the file of 102 "
		    "bytes; fetch the file again");
	check_error(image.data, 31, KSA_EFORMAT,
		    "EFI zboot header is cut short at 31 bytes, expected 32; fetch the file again");
	strbuf_release(&payload);
	strbuf_release(&image);
}

static void raw_images(void **state)
{
	static const char *const archs[] = {"arm64", "riscv64"};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct elfbuild_bytes vmlinux = make_vmlinux(archs[i]);
		struct elfbuild_bytes raw = elfbuild_raw_image(&vmlinux);
		struct strbuf packed = {0};

		assert_int_equal(image_kind(raw.data, raw.size), i ? IMAGE_RISCV : IMAGE_ARM64);
		check_kernel(raw.data, raw.size, archs[i]);
		pack_bytes(ARCHIVE_FILTER_GZIP, raw.data, raw.size, &packed); /* Image.gz */
		check_kernel(packed.data, packed.length, archs[i]);
		packed.length -= 20;
		check_error(packed.data, packed.length, KSA_EFORMAT,
			    "gzip data is damaged or cut short after 0 unpacked bytes; "
			    "fetch the file again");
		strbuf_release(&packed);
		elfbuild_bytes_release(&vmlinux);
		elfbuild_bytes_release(&raw);
	}
}

/* Append a device tree of that size and version. */
static void add_device_tree(struct strbuf *out, unsigned char size, unsigned char version)
{
	size_t at = out->length;

	add_zeros(out, size);
	memcpy(out->data + at, "\xd0\x0d\xfe\xed", 4);
	out->data[at + 7] = (char)size;
	out->data[at + 23] = (char)version;
	out->data[at + 27] = 16;
}

/* Image.gz-dtb: device trees behind a kernel in any packing; other bytes there are an error. */
static void device_trees_behind(void **state)
{
	struct elfbuild_bytes vmlinux = make_vmlinux("arm64");
	struct elfbuild_bytes raw = elfbuild_raw_image(&vmlinux);

	(void)state;
	for (size_t i = 0; i < FILTER_COUNT; i++) {
		struct bytes out = {NULL, 0, BYTES_BORROWED};
		struct ksa_error err = {.code = 0};
		struct strbuf image = {0};
		size_t end;

		pack_bytes(filters[i], raw.data, raw.size, &image);
		end = image.length;
		add_device_tree(&image, 40, 17);
		add_zeros(&image, 3);
		add_device_tree(&image, 64, 17);
		check_kernel(image.data, image.length, "arm64");
		assert_int_equal(decompress_bytes((unsigned char *)image.data, image.length, "i", 0,
						  false, &out, &err),
				 0);
		assert_int_equal(out.size, raw.size);
		bytes_release(&out);
		/* Cut, or of no version that there is. */
		assert_int_not_equal(decompress_bytes((unsigned char *)image.data, image.length - 1,
						      "i", 0, false, &out, &err),
				     0);
		image.length = end;
		add_device_tree(&image, 40, 15);
		assert_int_not_equal(decompress_bytes((unsigned char *)image.data, image.length,
						      "i", 0, false, &out, &err),
				     0);
		strbuf_release(&image);
	}
	elfbuild_bytes_release(&vmlinux);
	elfbuild_bytes_release(&raw);
}

static void raw_image_with_nothing(void **state)
{
	unsigned char data[4096] = {0};

	(void)state;
	memcpy(data + 0x38, "ARMd", 4);
	check_error(data, sizeof(data), KSA_EUNSUPPORTED, NO_TABLE);
	memcpy(data + 0x38, "RSC\5", 4);
	check_error(data, sizeof(data), KSA_EUNSUPPORTED, NO_TABLE);
	check_error(data, 0x3c, KSA_EUNSUPPORTED, NO_TABLE);
	memset(data, 0, sizeof(data));
	memcpy(data + 0x24, "\x18\x28\x6f\x01", 4);
	check_error(data, sizeof(data), KSA_EUNSUPPORTED, NO_TABLE);
}

static void s390_image(void **state)
{
	struct strbuf image = {0};

	(void)state;
	add_zeros(&image, 0x11000);
	memcpy(image.data + 0x10008, "S390EP", 6);
	assert_int_equal(image_kind((unsigned char *)image.data, image.length), IMAGE_S390);
	check_error(image.data, image.length, KSA_EUNSUPPORTED, NO_TABLE);
	strbuf_release(&image);
}

/* An image of no known kind: constants that look like streams, streams that are no kernel, then the
 * kernel, then more. */
static void every_magic_is_tried(void **state)
{
	static const unsigned char false_hits[] = {
		0xfd, '7',  'z',  'X',	'Z',  0,    'n', 'o', 'p', 'e', 0x1f, 0x8b, 8,
		0,    0x28, 0xb5, 0x2f, 0xfd, 0xff, 'B', 'Z', 'h', '9', 0,    0,    0};

	(void)state;
	for (size_t i = 0; i < FILTER_COUNT; i++) {
		struct elfbuild_bytes vmlinux = make_vmlinux("x86_64");
		struct strbuf image = {0};

		add_zeros(&image, 1000);
		strbuf_add(&image, false_hits, sizeof(false_hits));
		pack_bytes(ARCHIVE_FILTER_GZIP, "an initramfs", 12, &image);
		pack_bytes(ARCHIVE_FILTER_XZ, "kernel headers", 14, &image);
		pack_bytes(filters[i], vmlinux.data, vmlinux.size, &image);
		strbuf_adds(&image, "\1\2\3\4 and so on");
		check_kernel(image.data, image.length, "x86_64");
		strbuf_release(&image);
		elfbuild_bytes_release(&vmlinux);
	}
	check_error(false_hits, sizeof(false_hits), KSA_EFORMAT,
		    "xz data is damaged or cut short after 0 unpacked bytes; fetch the file again");
	check_error(false_hits + 1, sizeof(false_hits) - 1, KSA_ENODATA, NO_KERNEL);
}

/* Only so many hits are tried: a file of nothing but magics ends soon. */
static void file_of_magics(void **state)
{
	struct strbuf image = {0};

	(void)state;
	strbuf_addc(&image, 'x');
	for (size_t i = 0; i < 200000; i++)
		strbuf_add(&image, "\x1f\x8b\x08\0\0\0\0\0", 8);
	check_error(image.data, image.length, KSA_ENODATA, NO_KERNEL);
	strbuf_release(&image);
}

/* A kernel that is none of make_vmlinux's: whoever reads it read the wrong one. */
static struct elfbuild_bytes make_other(void)
{
	struct elfbuild_export e = {.name = "other", .cls = KSA_CLASS_PLAIN};

	return elfbuild_kernel(&(struct elfbuild_kernel){
		.arch = "x86_64", .exports = &e, .export_count = 1, .release = "6.6.0-other"});
}

/* As check_error, with the kernel that is asked for. */
static void check_asked(const struct strbuf *file, const char *want, int code, const char *text)
{
	struct ksa_kernel *kernel;
	struct ksa_error err = {.code = 0};
	uint32_t source;
	int r;

	assert_int_equal(kernel_new("k", &kernel, &err), 0);
	assert_int_equal(kernel_add_source(kernel, "file", SOURCE_IMAGE, &source, &err), 0);
	kernel->want_kernel = want;
	r = image_read(kernel, (const unsigned char *)file->data, file->length, source, "file",
		       &err);
	assert_string_equal(err.text, text);
	assert_int_equal(r, code);
	if (!r)
		assert_string_equal(kernel->release, "6.1.0-test");
	ksa_kernel_free(kernel);
}

/* The kernel of the header, whatever else is a kernel in the file. */
static void containers_by_header(void **state)
{
	struct elfbuild_bytes vmlinux = make_vmlinux("x86_64"), other = make_other();
	struct strbuf packed = {0}, noise = {0}, file = {0};
	struct bytes parts[2];

	(void)state;
	pack_bytes(ARCHIVE_FILTER_GZIP, vmlinux.data, vmlinux.size, &packed);
	pack_bytes(ARCHIVE_FILTER_GZIP, other.data, other.size, &noise);
	parts[0] = (struct bytes){.data = (unsigned char *)noise.data, .size = noise.length};
	parts[1] = (struct bytes){.data = (unsigned char *)packed.data, .size = packed.length};
	for (unsigned int version = 0; version <= 4; version++) {
		strbuf_reset(&file);
		containerbuild_boot(version, &parts[1], &parts[0], &file);
		check_kernel(file.data, file.length, "x86_64");
	}
	strbuf_reset(&file);
	containerbuild_uki(&parts[1], &parts[0], &file);
	check_kernel(file.data, file.length, "x86_64");
	for (int outside = 0; outside < 2; outside++) {
		strbuf_reset(&file);
		containerbuild_fit(parts, 2, "conf-2", outside, &file);
		check_kernel(file.data, file.length, "x86_64");
		strbuf_reset(&file);
		containerbuild_fit(parts + 1, 1, NULL, outside, &file);
		check_kernel(file.data, file.length, "x86_64");
		strbuf_reset(&file);
		containerbuild_fit(parts, 2, NULL, outside, &file);
		check_error(file.data, file.length, KSA_EUSAGE,
			    "holds several kernels, and no default one: conf-1 (kernel-1), conf-2 "
			    "(kernel-2); ask for one by FILE#NAME");
		check_asked(&file, "conf-2", 0, "");
		check_asked(&file, "kernel-2", 0, "");
		check_asked(&file, "fdt-1", KSA_EUSAGE,
			    "has no configuration or kernel 'fdt-1'; it has conf-1 (kernel-1), "
			    "conf-2 (kernel-2)");
	}
	elfbuild_bytes_release(&vmlinux);
	elfbuild_bytes_release(&other);
	strbuf_release(&packed);
	strbuf_release(&noise);
	strbuf_release(&file);
}

/* Without a header two kernels are refused, one that is there twice is not. */
static void several_streams(void **state)
{
	struct elfbuild_bytes vmlinux = make_vmlinux("x86_64"), other = make_other();
	struct strbuf file = {0};

	(void)state;
	add_zeros(&file, 100);
	pack_bytes(ARCHIVE_FILTER_XZ, vmlinux.data, vmlinux.size, &file);
	add_zeros(&file, 100);
	pack_bytes(ARCHIVE_FILTER_GZIP, vmlinux.data, vmlinux.size, &file);
	check_kernel(file.data, file.length, "x86_64");
	pack_bytes(ARCHIVE_FILTER_ZSTD, other.data, other.size, &file);
	check_asked(&file, NULL, KSA_EUSAGE,
		    "holds several kernels: 1 (6.1.0-test), 2 (6.6.0-other); ask for one by "
		    "FILE#NUMBER");
	check_asked(&file, "1", 0, "");
	check_asked(&file, "4", KSA_EUSAGE,
		    "has no kernel '4'; it has 1 (6.1.0-test), 2 (6.1.0-test), 3 (6.6.0-other)");
	elfbuild_bytes_release(&vmlinux);
	elfbuild_bytes_release(&other);
	strbuf_release(&file);
}

/* Cut anywhere, and with each byte of a header changed: refused or read, never outside the file. */
static void containers_damaged(void **state)
{
	struct elfbuild_bytes other = make_other();
	struct bytes parts[2] = {{.data = other.data, .size = other.size},
				 {.data = other.data, .size = other.size}};

	(void)state;
	for (int kind = 0; kind < 4; kind++) {
		struct ksa_kernel *kernel;
		struct strbuf file = {0};
		struct ksa_error err;

		if (kind < 2)
			containerbuild_fit(parts, 2, "conf-2", kind, &file);
		else if (kind == 2)
			containerbuild_boot(4, &parts[0], &parts[1], &file);
		else
			containerbuild_uki(&parts[0], &parts[1], &file);
		for (size_t i = 0; i < file.length; i += i < 600 ? 1 : 97) {
			char kept = file.data[i];

			for (unsigned int bit = 1; bit < 256; bit *= 4) {
				file.data[i] = (char)(kept ^ (char)bit);
				(void)!read_as(file.data, file.length, &kernel, &err);
				ksa_kernel_free(kernel);
			}
			file.data[i] = kept;
			/* The boot image ends with its ramdisk. */
			if (read_as(file.data, i, &kernel, &err) == 0)
				assert_true(kind == 2 && i >= 4096 + other.size);
			ksa_kernel_free(kernel);
		}
		strbuf_release(&file);
	}
	elfbuild_bytes_release(&other);
}

/* A unified kernel image: a PE file whose section .linux is the bzImage. */
static void unified_image(void **state)
{
	struct strbuf payload = {0}, bzimage_ = {0}, image = {0};
	char line[160];

	(void)state;
	make_payload(ARCHIVE_FILTER_ZSTD, &payload);
	make_bzimage(&payload, &bzimage_);
	add_zeros(&image, 0x400);
	memcpy(image.data, "MZ", 2);
	put(&image, 0x3c, 4, 0x80);
	memcpy(image.data + 0x80, "PE\0\0", 4);
	put(&image, 0x86, 2, 2); /* sections */
	put(&image, 0x94, 2, 16); /* size of the optional header */
	memcpy(image.data + 0xa8, ".osrel", 6);
	memcpy(image.data + 0xd0, ".linux", 6);
	put(&image, 0xd0 + 16, 4, bzimage_.length);
	put(&image, 0xd0 + 20, 4, 0x400);
	strbuf_add(&image, bzimage_.data, bzimage_.length);
	check_kernel(image.data, image.length, "x86_64");
	/* A section outside the file is damage: another kernel in the file is not taken for it. */
	put(&image, 0xd0 + 20, 4, 0xfffffff0);
	snprintf(line, sizeof(line),
		 "the section .linux at 4294967280 of %zu bytes lies outside the file of %zu "
		 "bytes; fetch the file again",
		 bzimage_.length, image.length);
	check_error(image.data, image.length, KSA_EFORMAT, line);
	strbuf_release(&payload);
	strbuf_release(&bzimage_);
	strbuf_release(&image);
}

static void packed_many_times(void **state)
{
	struct elfbuild_bytes vmlinux = make_vmlinux("x86_64");
	struct strbuf layers[5] = {{0}};

	(void)state;
	strbuf_add(&layers[0], vmlinux.data, vmlinux.size);
	for (size_t i = 1; i < 5; i++) {
		pack_bytes(ARCHIVE_FILTER_GZIP, layers[i - 1].data, layers[i - 1].length,
			   &layers[i]);
		if (i < 4)
			check_kernel(layers[i].data, layers[i].length, "x86_64");
	}
	check_error(layers[4].data, layers[4].length, KSA_ELIMIT,
		    "is packed more than 3 times over; unpack it first");
	for (size_t i = 0; i < 5; i++)
		strbuf_release(&layers[i]);
	elfbuild_bytes_release(&vmlinux);
}

static void bomb(void **state)
{
	size_t size = (size_t)80 << 20;
	char *zeros = calloc(1, size);
	struct strbuf payload = {0}, image = {0};

	(void)state;
	assert_non_null(zeros);
	pack_bytes(ARCHIVE_FILTER_ZSTD, zeros, size, &payload);
	free(zeros);
	add_zeros(&payload, 4);
	make_bzimage(&payload, &image);
	check_error(image.data, image.length, KSA_ELIMIT,
		    "unpacks to more than 2000 times its size");
	strbuf_release(&payload);
	strbuf_release(&image);
}

static void no_image(void **state)
{
	(void)state;
	check_error("", 0, KSA_EFORMAT, "is empty, expected a kernel image");
	check_error("\x1f", 1, KSA_ENODATA, NO_KERNEL);
	check_error("hello, this is some text\n", 25, KSA_ENODATA, NO_KERNEL);
	check_error("Linux version 6.1 (a@b)\n", 25, KSA_EUNSUPPORTED, NO_TABLE);
}

static void cut_anywhere(void **state)
{
	struct strbuf payload = {0}, image = {0};

	(void)state;
	make_payload(ARCHIVE_FILTER_ZSTD, &payload);
	make_bzimage(&payload, &image);
	for (size_t length = 0; length < image.length - 50; length += 13) {
		struct ksa_kernel *kernel;
		struct ksa_error err;

		assert_int_not_equal(read_as(image.data, length, &kernel, &err), 0);
		assert_int_not_equal(err.code, 0);
		ksa_kernel_free(kernel);
	}
	strbuf_release(&payload);
	strbuf_release(&image);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kinds),
		cmocka_unit_test(vmlinux_itself),
		cmocka_unit_test(bzimage),
		cmocka_unit_test(bzimage_of_old_protocol),
		cmocka_unit_test(bzimage_payload_outside),
		cmocka_unit_test(bzimage_of_unknown_codec),
		cmocka_unit_test(packed_by_lzo),
		cmocka_unit_test(containers_by_header),
		cmocka_unit_test(several_streams),
		cmocka_unit_test(containers_damaged),
		cmocka_unit_test(device_trees_behind),
		cmocka_unit_test(bzimage_with_damage),
		cmocka_unit_test(zboot),
		cmocka_unit_test(zboot_damaged),
		cmocka_unit_test(raw_images),
		cmocka_unit_test(raw_image_with_nothing),
		cmocka_unit_test(s390_image),
		cmocka_unit_test(every_magic_is_tried),
		cmocka_unit_test(file_of_magics),
		cmocka_unit_test(unified_image),
		cmocka_unit_test(packed_many_times),
		cmocka_unit_test(bomb),
		cmocka_unit_test(no_image),
		cmocka_unit_test(cut_anywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
