// SPDX-License-Identifier: GPL-2.0-or-later
/* Types: four bytes of length, so much of an image's .BTF, the rest is a module's. */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "model/prototype.h"
#include "read/debug/btf.h"
#include "read/debug/btf_types.h"

/* Everything between two zero bytes may be the name of a function. */
static void declare(const struct btf_info *info, const uint8_t *data, size_t size)
{
	struct strbuf text = {NULL, 0, 0, false}, last = {NULL, 0, 0, false};
	enum ksa_kind kind;
	char name[64];

	for (size_t at = 0; at < size; at++) {
		size_t length = strnlen((const char *)data + at, size - at);

		if (length && length < sizeof(name)) {
			memcpy(name, data + at, length);
			name[length] = '\0';
			strbuf_reset(&text);
			if (btf_info_declare(info, name, &text, &kind)) {
				prototype_is_same(strbuf_string(&text), strbuf_string(&last));
				strbuf_reset(&last);
				strbuf_adds(&last, strbuf_string(&text));
			}
		}
		at += length;
	}
	strbuf_release(&text);
	strbuf_release(&last);
}

static int take_line(void *ctx, const char *line)
{
	*(size_t *)ctx += strlen(line);
	return 0;
}

/* Their types, as a kernel has them. */
static void copy(const struct btf_info *image, const struct btf_info *module)
{
	const struct ksa_export export = {.name = "f", .owner = "vmlinux"};
	const struct btf_wanted functions = {&export, 1, NULL};
	struct btf_copier *copier = NULL;
	struct ctypes *types = NULL;
	struct ksa_error err = {0};
	size_t length = 0;

	if (ctypes_new(&types, &err) || btf_copier_new(types, &copier, &err))
		abort();
	if (btf_copier_add_image(copier, image, &functions, &err) ||
	    (module && btf_copier_add_module(copier, module, &functions, &err)) ||
	    btf_copier_finish(copier, &err) || ctypes_each_line(types, take_line, &length, &err))
		ksa_error_clear(&err);
	btf_copier_free(copier);
	ctypes_free(types);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct btf_info *image = NULL, *module = NULL;
	struct ksa_error err = {0};
	size_t length, at, found;

	if (size < 4)
		return 0;
	length = (size_t)data[0] | (size_t)data[1] << 8 | (size_t)data[2] << 16;
	data += 4;
	size -= 4;
	if (!length || length > size)
		length = size;
	btf_find(data, size, &at, &found);
	if (btf_info_new(data, length, NULL, "image", &image, &err)) {
		ksa_error_clear(&err);
		return 0;
	}
	declare(image, data, length);
	if (btf_info_new(data + length, size - length, image, "module", &module, &err))
		ksa_error_clear(&err);
	else
		declare(module, data + length, size - length);
	copy(image, module);
	btf_info_free(module);
	btf_info_free(image);
	return 0;
}
