// SPDX-License-Identifier: GPL-2.0-or-later
#include "unit/checkbuild.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "model/helper.h"

struct ksa_kernel *open_kernel(const char *label)
{
	struct ksa_kernel *k;

	assert_int_equal(kernel_new(label, &k, NULL), 0);
	k->label = kernel_string(k, label);
	k->has_image = k->has_modules = true;
	k->vermagic = MAGIC;
	/* headers that define nothing */
	assert_int_equal(helpers_new(&k->helpers, NULL), 0);
	assert_int_equal(helpers_seal(k->helpers, NULL), 0);
	return k;
}

struct ksa_kernel *make_kernel(const char *label, const struct kexport *exports, size_t count)
{
	struct ksa_kernel *k = open_kernel(label);
	uint32_t source;

	assert_int_equal(kernel_add_source(k, "s", SOURCE_SYMVERS, &source, NULL), 0);
	for (size_t i = 0; i < count; i++) {
		struct ksa_export e = {.name = exports[i].name,
				       .owner = exports[i].owner ? exports[i].owner : "vmlinux",
				       .ns = exports[i].ns,
				       .ns_known = true,
				       .cls = (uint8_t)exports[i].cls,
				       .crc = exports[i].crc,
				       .has_crc = exports[i].crc != 0,
				       .source = source};

		assert_int_equal(kernel_add_export(k, &e, NULL), 0);
	}
	assert_int_equal(kernel_seal(k, NULL), 0);
	return k;
}
