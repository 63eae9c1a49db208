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
#include "read/kernel/raw.h"

#define TABLE	 0x1000 /* where the tables start */
#define MAX_SYMS 128
#define NO_TABLE "no export table found in a raw image; give the vmlinux or Module.symvers"

struct sym {
	char name[32];
	const char *ns;
	uint32_t crc;
	uint8_t flags;
};

struct spec {
	struct sym syms[MAX_SYMS]; /* in the order of the table */
	size_t count;
	unsigned int width; /* of a record: 12 and 8 are place-relative, 24 absolute */
	uint64_t base; /* for 24 */
	bool crcs, flags, null_ns;
};

static void put(unsigned char *p, unsigned int width, uint64_t value)
{
	for (unsigned int i = 0; i < width; i++)
		p[i] = (unsigned char)(value >> (8 * i));
}

/* Write field i of the record at: it leads to the offset target. */
static void put_field(const struct spec *spec, unsigned char *image, size_t at, unsigned int i,
		      uint64_t target)
{
	if (spec->width == 24)
		put(image + at + (size_t)i * 8, 8, target + spec->base);
	else
		put(image + at + (size_t)i * 4, 4, target - (at + (size_t)i * 4));
}

static void add_string(struct strbuf *out, const char *s)
{
	strbuf_add(out, s, strlen(s) + 1);
}

/* Offset of a string in the image: the tail of another one serves, as the linker merges them. */
static uint64_t string_in(const struct strbuf *strings, const char *s, size_t start)
{
	const char *hit = memmem(strings->data, strings->length, s, strlen(s) + 1);

	assert_non_null(hit);
	return start + (uint64_t)(hit - strings->data);
}

/* The tables, what follows them, then the strings, then some more bytes. malloc'd. */
static unsigned char *build(const struct spec *spec, size_t *size)
{
	size_t end = TABLE + spec->count * spec->width;
	size_t crcs = spec->crcs ? spec->count * 4 : 0, flags = spec->flags ? spec->count : 0;
	size_t start = end + crcs + flags;
	struct strbuf strings = {0};
	unsigned char *image;

	for (size_t i = 0; i < spec->count; i++) {
		add_string(&strings, spec->syms[i].name);
		if (spec->syms[i].ns)
			add_string(&strings, spec->syms[i].ns);
	}
	*size = start + strings.length + 4096;
	image = calloc(1, *size);
	assert_non_null(image);
	for (size_t i = 0; i < spec->count; i++) {
		const struct sym *sym = &spec->syms[i];
		size_t at = TABLE + i * spec->width;

		put_field(spec, image, at, 0, 0x100 + i * 16);
		put_field(spec, image, at, 1, string_in(&strings, sym->name, start));
		if (spec->width != 8 && (sym->ns || !spec->null_ns))
			put_field(spec, image, at, 2,
				  string_in(&strings, sym->ns ? sym->ns : "", start));
		if (spec->crcs)
			put(image + end + i * 4, 4, sym->crc);
		if (spec->flags)
			image[end + crcs + i] = sym->flags;
	}
	memcpy(image + start, strings.data, strings.length);
	strbuf_release(&strings);
	return image;
}

/* Append count symbols "PREFIX_00", "PREFIX_01" ...: the first two of all are such as no
 * kernel lacks. */
static void add_syms(struct spec *spec, const char *prefix, size_t count, uint8_t flags)
{
	static const char *const anchors[] = {"__request_region", "_printk"};

	for (size_t i = 0; i < count; i++) {
		struct sym *sym = &spec->syms[spec->count++];

		snprintf(sym->name, sizeof(sym->name), "%s_%02zu", prefix, i);
		if (spec->count <= 2)
			snprintf(sym->name, sizeof(sym->name), "%s", anchors[spec->count - 1]);
		sym->crc = (uint32_t)(0x10000000 + spec->count * 0x01010101);
		sym->flags = flags;
	}
}

/* A plain table and a GPL-only one, and in each a symbol in a namespace. */
static void two_tables(struct spec *spec)
{
	add_syms(spec, "plain", 20, 0);
	add_syms(spec, "gpl", 25, 1);
	spec->syms[3].ns = "CRYPTO_INTERNAL";
	spec->syms[30].ns = "module:kvm,kvm-*";
}

/* "NAME CLASS NAMESPACE CRC" lines in the kernel's order. */
static void list(const struct ksa_kernel *kernel, struct strbuf *out)
{
	for (size_t i = 0; i < kernel->export_count; i++) {
		const struct ksa_export *e = &kernel->exports[i];

		assert_string_equal(e->owner, "vmlinux");
		strbuf_printf(out, "%s %s %s ", e->name, ksa_class_name(e->cls),
			      e->ns ? e->ns : (e->ns_known ? "-" : "?"));
		if (e->has_crc)
			strbuf_printf(out, "%08x\n", e->crc);
		else
			strbuf_adds(out, "none\n");
	}
}

/* What list() must say; classes as the symbols' flags say. */
static void expect(const struct spec *spec, bool class_known, struct strbuf *out)
{
	for (size_t i = 0; i < spec->count; i++) {
		const struct sym *sym = &spec->syms[i];

		strbuf_printf(out, "%s %s %s ", sym->name,
			      class_known ? (sym->flags & 1 ? "gpl" : "plain") : "unknown",
			      sym->ns ? sym->ns : (spec->width == 8 ? "?" : "-"));
		if (spec->crcs)
			strbuf_printf(out, "%08x\n", sym->crc);
		else
			strbuf_adds(out, "none\n");
	}
}

static int read_image(const unsigned char *image, size_t size, struct ksa_kernel **kernel,
		      struct ksa_error *err)
{
	uint32_t source;

	memset(err, 0, sizeof(*err));
	assert_int_equal(kernel_new("k", kernel, err), 0);
	assert_int_equal(kernel_add_source(*kernel, "Image", SOURCE_IMAGE, &source, err), 0);
	return raw_read(*kernel, image, size, source, "Image", err);
}

/* Build, read, compare all; the notices are joined to one string in *notices. */
static void check(const struct spec *spec, bool class_known, const char *notices)
{
	struct strbuf found = {0}, expected = {0}, notes = {0};
	struct ksa_kernel *kernel;
	struct ksa_error err;
	unsigned char *image;
	size_t size;

	image = build(spec, &size);
	assert_int_equal(read_image(image, size, &kernel, &err), 0);
	free(image); /* nothing may point into it */
	list(kernel, &found);
	expect(spec, class_known, &expected);
	assert_string_equal(strbuf_string(&found), strbuf_string(&expected));
	for (size_t i = 0; i < kernel->notice_count; i++)
		strbuf_adds(&notes, kernel->notices[i]);
	assert_string_equal(strbuf_string(&notes), notices);
	assert_true(kernel->has_image);
	assert_false(kernel->has_modules);
	for (size_t i = 0; i < kernel->export_count; i++)
		assert_int_equal(kernel->exports[i].address,
				 spec->width == 24 ? spec->base + 0x100 + i * 16 : 0);
	ksa_kernel_free(kernel);
	strbuf_release(&found);
	strbuf_release(&expected);
	strbuf_release(&notes);
}

static const unsigned int widths[] = {12, 24, 8};

static void two_tables_in_each_layout(void **state)
{
	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct spec spec = {.width = widths[i], .base = 0xffffffff80000000};

		two_tables(&spec);
		if (spec.width == 8)
			spec.syms[3].ns = spec.syms[30].ns = NULL;
		check(&spec, true, "");
		spec.crcs = true;
		check(&spec, true, "");
		spec.null_ns = true; /* assembly exports of 5.4 to 6.4 */
		check(&spec, true, "");
	}
}

static void flag_bytes(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct spec spec = {.width = widths[i], .base = 0x100000, .flags = true};

		add_syms(&spec, "sym", 90, 0);
		for (size_t k = 0; k < spec.count; k += 3)
			spec.syms[k].flags = 1;
		check(&spec, true, "");
		spec.crcs = true;
		check(&spec, true, "");
	}
}

static void unknown_flag_bits(void **state)
{
	struct spec spec = {.width = 12, .flags = true};
	struct ksa_kernel *kernel;
	struct ksa_error err;
	unsigned char *image;
	size_t size;

	(void)state;
	add_syms(&spec, "sym", 90, 1);
	spec.syms[7].flags = 0x81;
	check(&spec, true, "Image: 1 exports have unknown bits in __kflagstab");
	image = build(&spec, &size);
	assert_int_equal(read_image(image, size, &kernel, &err), 0);
	assert_int_equal(kernel->exports[7].kflags, 0x81);
	assert_int_equal(kernel->exports[8].kflags, 1);
	ksa_kernel_free(kernel);
	free(image);
}

/* "tail" has no string of its own: it is the end of "has_tail". */
static void merged_strings(void **state)
{
	struct spec spec = {.width = 12};

	(void)state;
	add_syms(&spec, "has_tail", 20, 0);
	add_syms(&spec, "tail", 20, 0);
	add_syms(&spec, "all", 20, 1);
	check(&spec, true, "");
}

/* The search wants many records in rising order; what stands before them is not lost. */
static void tiny_plain_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct spec spec = {.width = widths[i], .base = 0xffffffff80000000};

		add_syms(&spec, "plain", 3, 0);
		add_syms(&spec, "gpl", 40, 1);
		check(&spec, true, "");
	}
}

#define NO_CLASS(steps)                                                                            \
	"Image: the raw image does not show which exports are GPL-only (" steps                    \
	" steps down in name order, expected 1, and no flag bytes); add the Module.symvers"

static void class_is_not_known(void **state)
{
	struct spec one = {.width = 12}, three = {.width = 12}, short_flags = {.width = 12};

	(void)state;
	add_syms(&one, "sym", 40, 0);
	check(&one, false, NO_CLASS("0"));
	add_syms(&three, "c", 20, 0);
	add_syms(&three, "b", 20, 0);
	add_syms(&three, "a", 20, 0);
	check(&three, false, NO_CLASS("2"));
	/* One byte of the flags is missing: the strings start too early. */
	add_syms(&short_flags, "sym", 40, 1);
	short_flags.flags = true;
	{
		struct ksa_kernel *kernel;
		struct ksa_error err;
		size_t size;
		unsigned char *image = build(&short_flags, &size);

		memset(image + TABLE + 40 * 12, 'x', 39);
		assert_int_equal(read_image(image, size, &kernel, &err), 0);
		assert_int_equal(kernel->exports[0].cls, KSA_CLASS_UNKNOWN);
		assert_int_equal(kernel->notice_count, 1);
		assert_string_equal(kernel->notices[0], NO_CLASS("0"));
		ksa_kernel_free(kernel);
		free(image);
	}
}

static void check_no_table(const unsigned char *image, size_t size)
{
	struct ksa_kernel *kernel;
	struct ksa_error err;

	assert_int_equal(read_image(image, size, &kernel, &err), KSA_EUNSUPPORTED);
	assert_string_equal(err.text, NO_TABLE);
	assert_string_equal(err.source, "Image");
	assert_int_equal(kernel->export_count, 0);
	assert_false(kernel->has_image);
	ksa_kernel_free(kernel);
}

static void nothing_there(void **state)
{
	static unsigned char image[1 << 16];

	(void)state;
	check_no_table(image, 0);
	check_no_table(image, 1);
	check_no_table(image, sizeof(image));
	for (size_t i = 0; i < sizeof(image); i++)
		image[i] = (unsigned char)(i * 2654435761u >> 13);
	check_no_table(image, sizeof(image));
	memset(image, 'a', sizeof(image));
	check_no_table(image, sizeof(image));
}

static void check_damaged(const unsigned char *image, size_t size, unsigned int record)
{
	struct ksa_kernel *kernel;
	struct ksa_error err;
	char line[128];

	assert_int_equal(read_image(image, size, &kernel, &err), KSA_EFORMAT);
	snprintf(line, sizeof(line),
		 "the export table at byte 4096 is damaged in record %u; fetch the file again",
		 record);
	assert_string_equal(err.text, line);
	assert_string_equal(err.source, "Image");
	assert_int_equal(kernel->export_count, 0);
	ksa_kernel_free(kernel);
}

/* No byte outside the image is read (under ASan), and no half table is taken for a whole one. */
static void damaged_record(void **state)
{
	static const int64_t targets[] = {-5,	     INT32_MAX,	 INT32_MIN, 0x10000,
					  TABLE + 8, TABLE - 16, 0x7fffffff};
	struct spec spec = {.width = 12};

	(void)state;
	add_syms(&spec, "sym", 40, 0);
	for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
		size_t size;
		unsigned char *image = build(&spec, &size);

		put_field(&spec, image, TABLE + 30 * 12, 1, (uint64_t)targets[i]);
		check_damaged(image, size, 30);
		free(image);
	}
}

static void bad_names(void **state)
{
	struct spec spec = {.width = 12};
	char *names[3];

	(void)state;
	add_syms(&spec, "sym", 40, 0);
	names[0] = calloc(1, 10001); /* 10 kB */
	memset(names[0], 'x', 10000);
	names[1] = strdup("sym_\xc3\xa4");
	names[2] = strdup("sym 31");
	for (size_t i = 0; i < 3; i++) {
		size_t size, length = strlen(names[i]) + 1;
		unsigned char *image = build(&spec, &size), *grown;

		grown = realloc(image, size + length);
		assert_non_null(grown);
		memcpy(grown + size, names[i], length);
		put_field(&spec, grown, TABLE + 31 * 12, 1, size);
		check_damaged(grown, size + length, 31);
		free(grown);
		free(names[i]);
	}
}

/* A name or namespace that runs to the last byte of the image has no end. */
static void unterminated_strings(void **state)
{
	struct spec spec = {.width = 12};

	(void)state;
	add_syms(&spec, "sym", 40, 0);
	for (unsigned int i = 1; i <= 2; i++) {
		size_t size;
		unsigned char *image = build(&spec, &size);

		memset(image + size - 5, 'z', 5);
		put_field(&spec, image, TABLE + 20 * 12, i, size - 5);
		check_damaged(image, size, 20);
		free(image);
	}
}

static void cut_anywhere(void **state)
{
	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct spec spec = {.width = widths[i], .base = 0x100000, .flags = i < 2};
		unsigned char *image;
		size_t size;

		add_syms(&spec, "sym", 90, 1);
		image = build(&spec, &size);
		for (size_t length = 0; length < size; length += 37) {
			unsigned char *copy = malloc(length + !length);
			struct ksa_kernel *kernel;
			struct ksa_error err;
			int r;

			assert_non_null(copy);
			memcpy(copy, image, length);
			r = read_image(copy, length, &kernel, &err);
			/* Only what is there, in order, with its flags. */
			assert_true(r == KSA_EUNSUPPORTED || r == 0);
			for (size_t k = 0; k < kernel->export_count; k++)
				assert_string_equal(kernel->exports[k].name, spec.syms[k].name);
			ksa_kernel_free(kernel);
			free(copy);
		}
		free(image);
	}
}

/* Before the exports, tables of other names: rows under a wrong link base, and one that is longer.
 */
static void false_tables(void **state)
{
	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct spec spec = {.width = widths[i], .base = 0xffffffff80000000, .flags = i < 2};
		struct spec other = {.width = widths[i], .base = 0xffffffff80000000};
		struct strbuf found = {0}, expected = {0};
		struct ksa_kernel *kernel;
		struct ksa_error err;
		unsigned char *image, *prefix;
		size_t size, extra;

		add_syms(&spec, "sym", 60, 1);
		add_syms(&other, "GPIO", 40, 0);
		snprintf(other.syms[0].name, sizeof(other.syms[0].name), "GPIO_000");
		snprintf(other.syms[1].name, sizeof(other.syms[1].name), "GPIO_001");
		prefix = build(&other, &extra);
		extra = (extra + 4095) & ~(size_t)4095;
		image = build(&spec, &size);
		prefix = realloc(prefix, extra + size);
		assert_non_null(prefix);
		memcpy(prefix + extra, image, size);
		assert_int_equal(read_image(prefix, extra + size, &kernel, &err), 0);
		list(kernel, &found);
		expect(&spec, spec.flags, &expected);
		assert_string_equal(strbuf_string(&found), strbuf_string(&expected));
		ksa_kernel_free(kernel);
		strbuf_release(&found);
		strbuf_release(&expected);
		/* Alone they are nothing. */
		check_no_table(prefix, extra);
		free(prefix);
		free(image);
	}
}

/* Every word leads to a long name: the work must not be words times length. */
static void expensive(void **state)
{
	size_t size = (size_t)8 << 20;
	unsigned char *image = malloc(size);

	(void)state;
	assert_non_null(image);
	for (size_t at = 0; at + 4 <= size; at += 4)
		put(image + at, 4, size - 512 - at);
	memset(image + size - 512, 'x', 511);
	image[size - 1] = '\0';
	check_no_table(image, size);
	/* The same with pointers: every run wants its link base. */
	for (size_t at = 0; at + 24 <= size - 512; at += 24) {
		put(image + at, 8, 0xffffffff80001000);
		put(image + at + 8, 8, 0xffffffff80000008 + at);
		put(image + at + 16, 8, 0xffffffff80000000);
	}
	check_no_table(image, size);
	free(image);
}

#define FACTS(s) s, sizeof(s)
#define OPEN(s)	 s, sizeof(s) - 1 /* without the final NUL */
#define BANNER	 "\0Linux version 6.1.0-56-amd64 (debian@) #1 SMP\n\0"
#define LOADER	 "\0%s: Unknown symbol %s (err %d)\n\0"
#define FORGED	 "\0%s: module tries to import module namespace: %s\n\0"

static void facts(void **state)
{
	static const struct {
		const char *text;
		size_t size;
		const char *release, *vermagic;
		enum kernel_tristate reserves;
	} cases[] = {
		{FACTS(BANNER LOADER "\0006.1.0-56-amd64 SMP preempt mod_unload modversions \0"),
		 "6.1.0-56-amd64", "6.1.0-56-amd64 SMP preempt mod_unload modversions ", TRI_NO},
		{FACTS(BANNER LOADER FORGED), "6.1.0-56-amd64", NULL, TRI_YES},
		/* Not a whole kernel: nothing follows from a message that is missing. */
		{FACTS(BANNER), "6.1.0-56-amd64", NULL, TRI_UNKNOWN},
		{FACTS(LOADER FORGED), "", NULL, TRI_UNKNOWN},
		{FACTS("Linux version %s (%s)\0Linux version 5.10.0+ (a@b)\n"), "5.10.0+", NULL,
		 TRI_UNKNOWN},
		{FACTS("Linux version 6.1\x1b[31m (a@b)\n"), "", NULL, TRI_UNKNOWN},
		{FACTS("Linux version 6.1"), "", NULL, TRI_UNKNOWN},
		{FACTS("Linux version 6.12345678901234567890123456789012345678901234567890"
		       "12345678901234567890 (a@b)"),
		 "", NULL, TRI_UNKNOWN},
		/* In the middle of a text, without an end, of another release: no vermagic. */
		{FACTS(BANNER "vermagic=6.1.0-56-amd64 SMP mod_unload "), "6.1.0-56-amd64", NULL,
		 TRI_UNKNOWN},
		{OPEN(BANNER "\0006.1.0-56-amd64 SMP mod_unload "), "6.1.0-56-amd64", NULL,
		 TRI_UNKNOWN},
		{FACTS(BANNER "\0006.1.0-57-amd64 SMP mod_unload "), "6.1.0-56-amd64", NULL,
		 TRI_UNKNOWN},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct ksa_error err = {0};
		struct ksa_kernel *kernel;
		unsigned char *copy = malloc(cases[i].size);

		assert_non_null(copy);
		memcpy(copy, cases[i].text, cases[i].size);
		assert_int_equal(kernel_new("k", &kernel, &err), 0);
		assert_int_equal(raw_read_facts(kernel, copy, cases[i].size, "Image", &err), 0);
		free(copy);
		assert_string_equal(kernel->release, cases[i].release);
		if (cases[i].vermagic)
			assert_string_equal(kernel->vermagic, cases[i].vermagic);
		else
			assert_null(kernel->vermagic);
		assert_int_equal(kernel->reserves, cases[i].reserves);
		ksa_kernel_free(kernel);
	}
}

static void two_releases(void **state)
{
	static const char text[] = BANNER;
	struct ksa_error err = {0};
	struct ksa_kernel *kernel;

	(void)state;
	assert_int_equal(kernel_new("k", &kernel, &err), 0);
	assert_int_equal(kernel_set_release(kernel, "6.12.1", "Module.symvers", &err), 0);
	assert_int_equal(
		raw_read_facts(kernel, (const unsigned char *)text, sizeof(text), "Image", &err),
		KSA_EUSAGE);
	assert_string_equal(kernel->release, "6.12.1");
	ksa_kernel_free(kernel);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_tables_in_each_layout),
		cmocka_unit_test(flag_bytes),
		cmocka_unit_test(unknown_flag_bits),
		cmocka_unit_test(merged_strings),
		cmocka_unit_test(tiny_plain_table),
		cmocka_unit_test(class_is_not_known),
		cmocka_unit_test(nothing_there),
		cmocka_unit_test(damaged_record),
		cmocka_unit_test(bad_names),
		cmocka_unit_test(unterminated_strings),
		cmocka_unit_test(cut_anywhere),
		cmocka_unit_test(false_tables),
		cmocka_unit_test(expensive),
		cmocka_unit_test(facts),
		cmocka_unit_test(two_releases),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
