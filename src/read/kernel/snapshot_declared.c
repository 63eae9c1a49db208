// SPDX-License-Identifier: GPL-2.0-or-later
/* Where headers declare what, as a snapshot has it. */
#include "read/kernel/snapshot_declared.h"

#include "model/declared.h"
#include "read/kernel/snapshot_beside.h"

static int add_line(void *ctx, const char *line, size_t length, struct ksa_error *err)
{
	return declared_add_line(ctx, line, length, err);
}

static int read_text(struct json_reader *json, const char *key, struct arena *arena,
		     const char **out, struct ksa_error *err)
{
	struct json_slice text;
	int r = json_read_string(json, key, &text);

	if (!r)
		*out = arena_strndup(arena, text.data, text.length);
	return r || *out ? r : ksa_fail_nomem(err);
}

static int read_members(struct json_reader *json, struct declared *declared, const char **release,
			struct ksa_error *err)
{
	int more, r = json_read_object(json, "declared");
	struct json_slice key;

	while (!r && (more = json_read_key(json, &key)) != 0) {
		if (more < 0)
			return more;
		if (json_slice_is(&key, "headers"))
			r = snapshot_read_lines(json, "headers", add_line, declared, err);
		else if (json_slice_is(&key, "arch"))
			r = read_text(json, "arch", &declared->arena, &declared->arch, err);
		else if (json_slice_is(&key, "release"))
			r = read_text(json, "release", &declared->arena, release, err);
		else
			r = json_read_skip(json);
	}
	return r;
}

static int read_whole(struct json_reader *json, struct ksa_kernel *kernel, const char **release,
		      struct ksa_error *err)
{
	size_t at = json_read_position(json);
	struct ksa_error why = {.code = 0};
	struct declared *declared;
	int r = declared_new_partial(&declared, err);

	if (r)
		return r;
	r = read_members(json, declared, release, err);
	if (!r) {
		r = declared_finish(declared, &why);
		if (r == KSA_EFORMAT)
			r = json_read_fail(json, KSA_EFORMAT, at, "%s", why.text);
		else if (r)
			r = ksa_pass(err, &why);
	}
	if (!r && !(*release = kernel_string(kernel, *release)))
		r = ksa_fail_nomem(err);
	if (r) {
		declared_free(declared);
		return r;
	}
	declared_free(kernel->helpers->declared);
	kernel->helpers->declared = declared;
	return 0;
}

int snapshot_read_declared(struct json_reader *json, struct ksa_kernel *kernel,
			   struct ksa_error *err)
{
	const char *release = "";

	return kernel->want_declared && kernel->helpers ? read_whole(json, kernel, &release, err)
							: json_read_skip(json);
}

static void drop_declared(struct ksa_kernel *kernel)
{
	declared_free(kernel->helpers->declared);
	kernel->helpers->declared = NULL;
}

int snapshot_take_declared(struct ksa_kernel *kernel, const char *path, struct ksa_error *err)
{
	static const struct snapshot_part part = {read_whole, drop_declared,
						  "declarations of headers"};

	return kernel->helpers ? snapshot_take_beside(kernel, path, &part, err) : 0;
}
