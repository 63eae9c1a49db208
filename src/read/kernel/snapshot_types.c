// SPDX-License-Identifier: GPL-2.0-or-later
/* Types as a snapshot has them. */
#include "read/kernel/snapshot_types.h"

#include "read/kernel/snapshot_beside.h"

static int add_line(void *ctx, const char *line, size_t length, struct ksa_error *err)
{
	return ctypes_add_text(ctx, line, length, err);
}

static int read_types(struct json_reader *json, struct ksa_kernel *kernel, const char **release,
		      struct ksa_error *err)
{
	int more, r = json_read_object(json, "types");
	struct json_slice key;

	while (!r && (more = json_read_key(json, &key)) != 0) {
		struct json_slice text;

		if (more < 0)
			return more;
		if (json_slice_is(&key, "declarations")) {
			r = snapshot_read_lines(json, "declarations", add_line, kernel->types, err);
		} else if (json_slice_is(&key, "release")) {
			r = json_read_string(json, "release", &text);
			if (!r)
				*release = arena_strndup(&kernel->arena, text.data, text.length);
			if (!r && !*release)
				r = ksa_fail_nomem(err);
		} else {
			r = json_read_skip(json);
		}
	}
	return r;
}

static void drop_types(struct ksa_kernel *kernel)
{
	ctypes_free(kernel->types);
	kernel->types = NULL;
}

static int read_whole(struct json_reader *json, struct ksa_kernel *kernel, const char **release,
		      struct ksa_error *err)
{
	int r;

	drop_types(kernel);
	r = ctypes_new(&kernel->types, err);
	if (!r)
		r = read_types(json, kernel, release, err);
	if (r)
		drop_types(kernel);
	return r;
}

int snapshot_read_types(struct json_reader *json, struct ksa_kernel *kernel, struct ksa_error *err)
{
	const char *release;

	return kernel->want_types ? read_whole(json, kernel, &release, err) : json_read_skip(json);
}

int snapshot_take_types(struct ksa_kernel *kernel, const char *path, struct ksa_error *err)
{
	static const struct snapshot_part part = {read_whole, drop_types, "types"};

	return snapshot_take_beside(kernel, path, &part, err);
}
