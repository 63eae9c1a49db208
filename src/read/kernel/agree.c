// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/kernel/agree.h"

#include <string.h>

/* On every kernel tried the two agree to the last row. */
#define HANDFUL 16

/* What one kind of source says vmlinux exports. */
struct side {
	const char *source; /* the first of that kind; NULL: there is none */
	struct strmap names;
	size_t alone;
};

static int collect(const struct ksa_kernel *kernel, enum source_kind kind, struct side *side)
{
	int r = 0;

	for (size_t i = 0; i < kernel->export_count && !r; i++) {
		const struct ksa_export *e = &kernel->exports[i];

		if (kernel->sources[e->source].kind != kind || strcmp(e->owner, "vmlinux") != 0)
			continue;
		if (!side->source)
			side->source = kernel->sources[e->source].name;
		r = strmap_set(&side->names, e->name, 0);
	}
	return r;
}

/* How many names of vmlinux's exports from that kind of source the other side does not have. */
static void count_alone(const struct ksa_kernel *kernel, enum source_kind kind, struct side *side,
			const struct side *other)
{
	for (size_t i = 0; i < kernel->export_count; i++) {
		const struct ksa_export *e = &kernel->exports[i];

		if (kernel->sources[e->source].kind == kind && strcmp(e->owner, "vmlinux") == 0)
			side->alone += !strmap_get(&other->names, e->name, NULL);
	}
}

static bool has_source(const struct ksa_kernel *kernel, enum source_kind kind)
{
	for (size_t i = 0; i < kernel->source_count; i++)
		if (kernel->sources[i].kind == kind)
			return true;
	return false;
}

int agree_check(const struct ksa_kernel *kernel, struct ksa_error *err)
{
	struct side image = {.source = NULL}, table = {.source = NULL};
	int r = 0;

	/* One alone agrees with itself. */
	if (!has_source(kernel, SOURCE_IMAGE) || !has_source(kernel, SOURCE_SYMVERS))
		return 0;
	if (collect(kernel, SOURCE_IMAGE, &image) || collect(kernel, SOURCE_SYMVERS, &table))
		r = ksa_fail_nomem(err);
	if (!r && image.source && table.source) {
		count_alone(kernel, SOURCE_IMAGE, &image, &table);
		count_alone(kernel, SOURCE_SYMVERS, &table, &image);
		if (image.alone > HANDFUL || table.alone > HANDFUL)
			r = ksa_fail_at(
				err, KSA_EUSAGE, kernel->spec, 0,
				"'%s' has %zu exports of vmlinux and '%s' %zu, of which %zu and "
				"%zu are in one alone: they are of two builds, or the image was "
				"read wrong; give one of them, the Module.symvers for what modpost "
				"will say",
				image.source, image.names.count, table.source, table.names.count,
				image.alone, table.alone);
	}
	strmap_release(&image.names);
	strmap_release(&table.names);
	return r;
}
