// SPDX-License-Identifier: GPL-2.0-or-later
/* A Kconfig file, and what a review asks about each of its symbols. */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "audit/review/kconfig_internal.h"

struct text {
	const uint8_t *data;
	size_t size;
};

static int read_text(void *ctx, const char *path, const char **text, size_t *size,
		     struct ksa_error *err)
{
	const struct text *t = ctx;

	(void)path;
	(void)err;
	*text = (const char *)t->data;
	*size = t->size;
	return 0;
}

static int each_file(void *ctx, bool all,
		     int (*found)(void *found_ctx, const char *path, struct ksa_error *),
		     void *found_ctx, struct ksa_error *err)
{
	(void)all;
	(void)ctx;
	return found(found_ctx, "Kconfig", err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text text = {data, size};
	struct review_tree tree = {.ctx = &text, .read = read_text, .kconfigs = each_file};
	struct review_input input = {.patches = NULL, .tree = &tree};
	struct kconfig kconfig = {.known = false};

	if (kconfig_update(&kconfig, &input) == 0 && kconfig_is_known(&kconfig)) {
		const struct kconfig_file *file = &kconfig.files.items[0];
		const char *last = file->defs.items[file->defs.count - 1].name;

		for (size_t i = 0; i < file->defs.count && i < 64; i++) {
			const char *name = file->defs.items[i].name;

			if (!kconfig_has(&kconfig, name))
				abort();
			kconfig_type_of(&kconfig, name);
			kconfig_is_dead(&kconfig, name);
			kconfig_excludes(&kconfig, name, last);
			kconfig_excludes(&kconfig, last, name);
		}
	}
	kconfig_release(&kconfig);
	return 0;
}
