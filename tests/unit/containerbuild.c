// SPDX-License-Identifier: GPL-2.0-or-later
#include "unit/containerbuild.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void add_be32(struct strbuf *out, size_t value)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		strbuf_addc(out, (char)(value >> shift));
}

static void pad_to(struct strbuf *out, size_t length)
{
	while (out->length < length)
		strbuf_addc(out, '\0');
}

static void pad_by(struct strbuf *out, size_t unit)
{
	pad_to(out, (out->length + unit - 1) / unit * unit);
}

static void put(struct strbuf *out, size_t at, size_t value)
{
	for (int i = 0; i < 4; i++)
		out->data[at + (size_t)i] = (char)(value >> (8 * i));
}

static void add_bytes(struct strbuf *out, const struct bytes *bytes)
{
	strbuf_add(out, bytes->data, bytes->size);
}

/* The properties that there are, in the order of their strings. */
static const char *const properties[] = {"type",   "data",    "data-offset", "data-size",
					 "kernel", "default", NULL};

static void begin(struct strbuf *tree, const char *name)
{
	add_be32(tree, 1);
	strbuf_add(tree, name, strlen(name) + 1);
	pad_by(tree, 4);
}

static void end(struct strbuf *tree)
{
	add_be32(tree, 2);
}

static void property(struct strbuf *tree, const char *name, const void *value, size_t length)
{
	size_t offset = 0;

	for (int i = 0; strcmp(properties[i], name) != 0; i++)
		offset += strlen(properties[i]) + 1;
	add_be32(tree, 3);
	add_be32(tree, length);
	add_be32(tree, offset);
	strbuf_add(tree, value, length);
	pad_by(tree, 4);
}

static void text(struct strbuf *tree, const char *name, const char *value)
{
	property(tree, name, value, strlen(value) + 1);
}

static void number(struct strbuf *tree, const char *name, size_t value)
{
	unsigned char word[4] = {(unsigned char)(value >> 24), (unsigned char)(value >> 16),
				 (unsigned char)(value >> 8), (unsigned char)value};

	property(tree, name, word, sizeof(word));
}

static void add_images(struct strbuf *tree, const struct bytes *kernels, size_t count, bool outside)
{
	size_t offset = 0;
	char name[32];

	begin(tree, "images");
	for (size_t i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "kernel-%zu", i + 1);
		begin(tree, name);
		text(tree, "type", "kernel");
		if (outside) {
			number(tree, "data-offset", offset);
			number(tree, "data-size", kernels[i].size);
		} else {
			property(tree, "data", kernels[i].data, kernels[i].size);
		}
		offset += kernels[i].size;
		end(tree);
	}
	begin(tree, "fdt-1");
	text(tree, "type", "flat_dt");
	end(tree);
	end(tree);
}

static void add_configurations(struct strbuf *tree, size_t count, const char *chosen)
{
	char name[32];

	begin(tree, "configurations");
	if (chosen)
		text(tree, "default", chosen);
	for (size_t i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "conf-%zu", i + 1);
		begin(tree, name);
		snprintf(name, sizeof(name), "kernel-%zu", i + 1);
		text(tree, "kernel", name);
		begin(tree, "signature-1");
		text(tree, "kernel", "none");
		end(tree);
		end(tree);
	}
	end(tree);
}

void containerbuild_fit(const struct bytes *kernels, size_t count, const char *chosen, bool outside,
			struct strbuf *out)
{
	struct strbuf tree = {NULL, 0, 0, false}, strings = {NULL, 0, 0, false};

	begin(&tree, "");
	add_images(&tree, kernels, count, outside);
	add_configurations(&tree, count, chosen);
	end(&tree);
	add_be32(&tree, 9);
	for (int i = 0; properties[i]; i++)
		strbuf_add(&strings, properties[i], strlen(properties[i]) + 1);
	add_be32(out, 0xd00dfeed);
	add_be32(out, 40 + 16 + tree.length + strings.length);
	add_be32(out, 40 + 16);
	add_be32(out, 40 + 16 + tree.length);
	add_be32(out, 40);
	add_be32(out, 17);
	add_be32(out, 16);
	add_be32(out, 0);
	add_be32(out, strings.length);
	add_be32(out, tree.length);
	pad_to(out, 40 + 16); /* no reserved memory */
	strbuf_add(out, tree.data, tree.length);
	strbuf_add(out, strings.data, strings.length);
	pad_by(out, 4);
	for (size_t i = 0; i < count && outside; i++)
		add_bytes(out, &kernels[i]);
	strbuf_release(&tree);
	strbuf_release(&strings);
}

void containerbuild_boot(unsigned int version, const struct bytes *kernel,
			 const struct bytes *ramdisk, struct strbuf *out)
{
	size_t page = version < 3 ? 2048 : 4096;

	pad_to(out, page);
	memcpy(out->data, "ANDROID!", 8);
	put(out, 8, kernel->size);
	put(out, version < 3 ? 16 : 12, ramdisk->size);
	if (version < 3)
		put(out, 36, page);
	put(out, 40, version);
	add_bytes(out, kernel);
	pad_by(out, page);
	add_bytes(out, ramdisk);
}

void containerbuild_uki(const struct bytes *kernel, const struct bytes *initrd, struct strbuf *out)
{
	static const char *const names[] = {".text", ".initrd", ".linux"};
	const struct bytes *contents[] = {NULL, initrd, kernel};
	size_t at = 512;

	pad_to(out, 512);
	memcpy(out->data, "MZ", 2);
	put(out, 0x3c, 0x80);
	memcpy(out->data + 0x80, "PE\0\0\x64\x86\x03\0", 8);
	put(out, 0x80 + 20, 112);
	for (size_t i = 0; i < 3; i++) {
		char *section = out->data + 0x80 + 24 + 112 + i * 40;
		size_t size = contents[i] ? contents[i]->size : 0;

		memcpy(section, names[i], strlen(names[i]));
		put(out, (size_t)(section - out->data) + 16, size);
		put(out, (size_t)(section - out->data) + 20, at);
		at += size;
	}
	add_bytes(out, initrd);
	add_bytes(out, kernel);
}
