// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/kernel/container.h"

#include <stdbool.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/strbuf.h"

#define MAX_NODES                                                                                  \
	256 /* images or configurations of a FIT; real ones have up to a hundred boards            \
	     */
#define MAX_LEVEL 32 /* nodes in nodes */

/* Take [offset, offset + length) of the file. */
static int take(const struct bytes *file, uint64_t offset, uint64_t length, const char *what,
		const char *name, struct bytes *kernel, struct ksa_error *err)
{
	if (!length || !range_ok(offset, length, file->size))
		return ksa_fail_at(err, KSA_EFORMAT, name, 0,
				   "%s at %llu of %llu bytes lies outside the file of %zu bytes; "
				   "fetch the file again",
				   what, (unsigned long long)offset, (unsigned long long)length,
				   file->size);
	*kernel = (struct bytes){.data = file->data + offset, .size = (size_t)length};
	return 1;
}

/* A flattened device tree: https://www.devicetree.org, chapter 5. */
enum fdt_kind { FDT_BEGIN = 1, FDT_END_NODE = 2, FDT_PROPERTY = 3, FDT_NOP = 4, FDT_END = 9 };

struct fdt {
	const unsigned char *structs, *strings;
	size_t structs_size, strings_size;
	size_t at;
	/* What was read last. */
	enum fdt_kind kind;
	const char *name;
	const unsigned char *value;
	size_t length;
};

static bool fdt_open(struct fdt *f, const unsigned char *data, size_t size)
{
	uint64_t structs = get_be32(data + 8), strings = get_be32(data + 12);

	f->strings_size = get_be32(data + 32);
	f->structs_size = get_be32(data + 36);
	if (!range_ok(structs, f->structs_size, size) || !range_ok(strings, f->strings_size, size))
		return false;
	f->structs = data + structs;
	f->strings = data + strings;
	return true;
}

static bool fdt_word(struct fdt *f, uint32_t *word)
{
	if (!range_ok(f->at, 4, f->structs_size))
		return false;
	*word = get_be32(f->structs + f->at);
	f->at += 4;
	return true;
}

/* The next token; false at what is none. */
static bool fdt_next(struct fdt *f)
{
	uint32_t kind, length, name;
	const unsigned char *end;

	if (!fdt_word(f, &kind))
		return false;
	f->kind = (enum fdt_kind)kind;
	if (kind == FDT_BEGIN) {
		f->name = (const char *)f->structs + f->at;
		end = memchr(f->structs + f->at, 0, f->structs_size - f->at);
		if (!end)
			return false;
		f->at = ((size_t)(end - f->structs) + 4) & ~(size_t)3;
	} else if (kind == FDT_PROPERTY) {
		if (!fdt_word(f, &length) || !fdt_word(f, &name) ||
		    !range_ok(f->at, length, f->structs_size) || name >= f->strings_size ||
		    !memchr(f->strings + name, 0, f->strings_size - name))
			return false;
		f->name = (const char *)f->strings + name;
		f->value = f->structs + f->at;
		f->length = length;
		f->at += ((size_t)length + 3) & ~(size_t)3;
	}
	return kind == FDT_BEGIN || kind == FDT_END_NODE || kind == FDT_PROPERTY ||
	       kind == FDT_NOP || kind == FDT_END;
}

/* doc/usage/fit of U-Boot: images with data, configurations that name them. */
struct fit_image {
	const char *name;
	bool is_kernel;
	uint64_t offset, length; /* in the file: in the tree, or behind it */
};

struct fit_config {
	const char *name, *kernel;
};

struct fit {
	const unsigned char *data;
	size_t tree; /* bytes of the device tree; the file may go on */
	const char *name; /* of the file */
	const char *chosen; /* the default configuration, or NULL */
	struct fit_image images[MAX_NODES];
	struct fit_config configs[MAX_NODES];
	size_t image_count, config_count;
	bool has_images;
};

static bool is_called(const struct fdt *f, const char *name)
{
	return strcmp(f->name, name) == 0;
}

/* A property that is a string (the first one of a list), or NULL. */
static const char *fdt_text(const struct fdt *f)
{
	return f->length && !f->value[f->length - 1] ? (const char *)f->value : NULL;
}

static void fit_image_property(struct fit *fit, const struct fdt *f)
{
	struct fit_image *image = &fit->images[fit->image_count - 1];
	const char *type = is_called(f, "type") ? fdt_text(f) : NULL;

	if (type)
		image->is_kernel =
			strcmp(type, "kernel") == 0 || strcmp(type, "kernel_noload") == 0;
	if (is_called(f, "data")) {
		image->offset = (uint64_t)(f->value - fit->data);
		image->length = f->length;
	}
	if (f->length != 4)
		return;
	if (is_called(f, "data-offset"))
		image->offset = (((uint64_t)fit->tree + 3) & ~(uint64_t)3) + get_be32(f->value);
	else if (is_called(f, "data-position"))
		image->offset = get_be32(f->value);
	else if (is_called(f, "data-size"))
		image->length = get_be32(f->value);
}

/* A property of a node at /top/name. */
static void fit_property(struct fit *fit, const struct fdt *f, const char *top, size_t level)
{
	if (strcmp(top, "configurations") == 0) {
		if (level == 2 && is_called(f, "default"))
			fit->chosen = fdt_text(f);
		else if (level == 3 && is_called(f, "kernel"))
			fit->configs[fit->config_count - 1].kernel = fdt_text(f);
	} else if (level == 3 && strcmp(top, "images") == 0) {
		fit_image_property(fit, f);
	}
}

/* A node below /images or /configurations; false: there are too many. */
static bool fit_node(struct fit *fit, const char *top, const char *name)
{
	if (strcmp(top, "images") == 0) {
		if (fit->image_count == MAX_NODES)
			return false;
		fit->images[fit->image_count++].name = name;
	} else if (strcmp(top, "configurations") == 0) {
		if (fit->config_count == MAX_NODES)
			return false;
		fit->configs[fit->config_count++].name = name;
	}
	return true;
}

/* Levels: 1 is the root, 2 are the nodes in it, such as /images. */
static bool fit_read(struct fit *fit)
{
	struct fdt f = {.at = 0};
	const char *top = "";
	size_t level = 0;

	if (!fdt_open(&f, fit->data, fit->tree))
		return false;
	while (fdt_next(&f) && f.kind != FDT_END) {
		if (f.kind == FDT_PROPERTY)
			fit_property(fit, &f, top, level);
		if (f.kind == FDT_END_NODE && level-- == 0)
			return false;
		if (f.kind != FDT_BEGIN)
			continue;
		if (++level > MAX_LEVEL)
			return false;
		if (level == 2) {
			top = f.name;
			fit->has_images |= is_called(&f, "images");
		}
		if (level == 3 && !fit_node(fit, top, f.name))
			return false;
	}
	return f.kind == FDT_END && level == 0;
}

static const struct fit_config *find_config(const struct fit *fit, const char *name)
{
	for (size_t i = 0; i < fit->config_count; i++)
		if (strcmp(fit->configs[i].name, name) == 0)
			return &fit->configs[i];
	return NULL;
}

static const struct fit_image *find_kernel(const struct fit *fit, const char *name)
{
	for (size_t i = 0; i < fit->image_count; i++)
		if (fit->images[i].is_kernel && (!name || strcmp(fit->images[i].name, name) == 0))
			return &fit->images[i];
	return NULL;
}

/* "conf-1 (kernel-1), conf-2 (kernel-2)", and of no configurations the kernels. */
static void list_kernels(const struct fit *fit, struct strbuf *out)
{
	for (size_t i = 0; i < fit->config_count && out->length < 400; i++)
		if (fit->configs[i].kernel)
			strbuf_printf(out, "%s%s (%s)", out->length ? ", " : "",
				      fit->configs[i].name, fit->configs[i].kernel);
	for (size_t i = 0; i < fit->image_count && !fit->config_count && out->length < 400; i++)
		if (fit->images[i].is_kernel)
			strbuf_printf(out, "%s%s", out->length ? ", " : "", fit->images[i].name);
}

static int fail_choice(const struct fit *fit, const char *want, struct ksa_error *err)
{
	_cleanup_(strbuf_release) struct strbuf list = {NULL, 0, 0, false};

	list_kernels(fit, &list);
	if (want)
		return ksa_fail_at(err, KSA_EUSAGE, fit->name, 0,
				   "has no configuration or kernel '%s'; it has %s", want,
				   strbuf_string(&list));
	return ksa_fail_at(
		err, KSA_EUSAGE, fit->name, 0,
		"holds several kernels, and no default one: %s; ask for one by FILE#NAME",
		strbuf_string(&list));
}

/* The one kernel that all configurations lead to, or that there is; NULL: there are several. */
static const struct fit_image *only_kernel(const struct fit *fit)
{
	const struct fit_image *only = NULL;

	for (size_t i = 0; i < fit->config_count; i++) {
		const char *kernel = fit->configs[i].kernel;
		const struct fit_image *image = kernel ? find_kernel(fit, kernel) : NULL;

		if (image && only && image != only)
			return NULL;
		only = image ? image : only;
	}
	for (size_t i = 0; i < fit->image_count && !fit->config_count; i++) {
		if (fit->images[i].is_kernel && only)
			return NULL;
		only = fit->images[i].is_kernel ? &fit->images[i] : only;
	}
	return only;
}

static const struct fit_image *choose(const struct fit *fit, const char *want)
{
	const char *name = want ? want : fit->chosen;
	const struct fit_config *config = name ? find_config(fit, name) : NULL;

	if (config)
		return config->kernel ? find_kernel(fit, config->kernel) : NULL;
	return want ? find_kernel(fit, want) : only_kernel(fit);
}

static int find_in_fit(const unsigned char *data, size_t size, const char *want, const char *name,
		       struct bytes *kernel, struct ksa_error *err)
{
	struct fit fit = {.data = data, .name = name};
	const struct fit_image *image;

	fit.tree = get_be32(data + 4);
	if (fit.tree < 40 || fit.tree > size || !fit_read(&fit))
		return ksa_fail_at(err, KSA_EFORMAT, name, 0,
				   "the device tree of %zu bytes is damaged or cut short at %zu "
				   "bytes; fetch the file again",
				   fit.tree, size);
	if (!fit.has_images || !find_kernel(&fit, NULL))
		return ksa_fail_at(err, KSA_ENODATA, name, 0,
				   "is a device tree without a kernel; give the image");
	image = choose(&fit, want);
	if (!image)
		return fail_choice(&fit, want, err);
	return take(&(struct bytes){.data = data, .size = size}, image->offset, image->length,
		    image->name, name, kernel, err);
}

/*
 * include/bootimg/bootimg.h of Android's tools/mkbootimg. The word at 40 is the version; before
 * there were versions it was 0, or the size of a device tree.
 */
static int find_in_boot(const unsigned char *data, size_t size, const char *name,
			struct bytes *kernel, struct ksa_error *err)
{
	uint32_t length = get_le32(data + 8), page = get_le32(data + 36);
	uint32_t version = get_le32(data + 40);

	if (version == 3 || version == 4)
		page = 4096;
	if (page < 512 || page > 1 << 20 || page & (page - 1))
		return ksa_fail_at(err, KSA_EFORMAT, name, 0,
				   "the Android boot image has pages of %u bytes, expected a power "
				   "of two",
				   page);
	if (!length)
		return ksa_fail_at(err, KSA_ENODATA, name, 0,
				   "is an Android boot image without a kernel; give the boot.img "
				   "that has it");
	return take(&(struct bytes){.data = data, .size = size}, page, length,
		    "the kernel of the Android boot image", name, kernel, err);
}

/* The sections of a PE file: ".linux" is the kernel of a unified kernel image (uapi-group.org). */
static int find_in_pe(const unsigned char *data, size_t size, const char *name,
		      struct bytes *kernel, struct ksa_error *err)
{
	uint64_t pe = get_le32(data + 0x3c), table;
	unsigned int count;

	if (!range_ok(pe, 24, size) || memcmp(data + pe, "PE\0", 4) != 0)
		return 0;
	count = get_le16(data + pe + 6);
	table = pe + 24 + get_le16(data + pe + 20);
	for (unsigned int i = 0; i < count && range_ok(table, 40, size); i++, table += 40) {
		const unsigned char *section = data + table;

		/* Of several the first is that of the base profile. */
		if (memcmp(section, ".linux\0", 8) == 0)
			return take(&(struct bytes){.data = data, .size = size},
				    get_le32(section + 20), get_le32(section + 16),
				    "the section .linux", name, kernel, err);
	}
	return 0;
}

int container_find(const unsigned char *data, size_t size, const char *want, const char *name,
		   struct bytes *kernel, struct ksa_error *err)
{
	int r = 0;

	if (size >= 40 && get_be32(data) == 0xd00dfeed)
		return find_in_fit(data, size, want, name, kernel, err);
	if (size >= 44 && memcmp(data, "VNDRBOOT", 8) == 0)
		return ksa_fail_at(err, KSA_ENODATA, name, 0,
				   "is an Android vendor_boot image, which has no kernel; give the "
				   "boot.img");
	if (size >= 44 && memcmp(data, "ANDROID!", 8) == 0)
		r = find_in_boot(data, size, name, kernel, err);
	else if (size >= 0x40 && memcmp(data, "MZ", 2) == 0)
		r = find_in_pe(data, size, name, kernel, err);
	if (r > 0 && want)
		r = ksa_fail_at(err, KSA_EUSAGE, name, 0,
				"has one kernel by its header; leave out '#%s'", want);
	return r;
}
