// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/kernel/snapshot_beside.h"

#include <string.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "read/kernel/snapshot_declared.h"
#include "read/kernel/snapshot_helpers.h"
#include "read/kernel/snapshot_types.h"
#include "read/unpack/decompress.h"

int snapshot_read_lines(struct json_reader *json, const char *key, snapshot_add_line *add,
			void *ctx, struct ksa_error *err)
{
	int more, r = json_read_array(json, key);

	while (!r && (more = json_read_item(json)) != 0) {
		size_t at = json_read_position(json);
		struct ksa_error why = {.code = 0};
		struct json_slice line;

		if (more < 0)
			return more;
		r = json_read_string(json, key, &line);
		if (r)
			return r;
		r = add(ctx, line.data, line.length, &why);
		if (r == KSA_EFORMAT)
			return json_read_fail(json, KSA_EFORMAT, at, "%s", why.text);
		if (r)
			return ksa_pass(err, &why);
	}
	return r;
}

static int read_file(struct ksa_kernel *kernel, const struct bytes *text, const char *path,
		     const struct snapshot_part *part, struct ksa_error *err)
{
	const char *release = "";
	struct json_reader json;
	int r;

	json_read_begin(&json, text->data, text->size, path, err);
	r = part->read(&json, kernel, &release, err);
	if (!r)
		r = json_read_end(&json);
	if (!r && !*kernel->release)
		kernel->release = release;
	else if (!r && strcmp(release, kernel->release) != 0)
		r = ksa_fail_at(err, KSA_EFORMAT, path, 0, "is of release '%s', not '%s'", release,
				kernel->release);
	json_read_release(&json);
	if (r)
		part->drop(kernel);
	return r;
}

int snapshot_take_beside(struct ksa_kernel *kernel, const char *path,
			 const struct snapshot_part *part, struct ksa_error *err)
{
	_cleanup_(bytes_release) struct bytes file = {NULL, 0, BYTES_BORROWED};
	_cleanup_(bytes_release) struct bytes text = {NULL, 0, BYTES_BORROWED};
	struct ksa_error why = {.code = 0};
	int r = bytes_map_file(&file, path, DECOMPRESS_MAX_OUT, err);

	if (r)
		return r;
	r = decompress_bytes(file.data, file.size, path, DECOMPRESS_MAX_OUT, false, &text, &why);
	if (!r)
		r = read_file(kernel, &text, path, part, &why);
	if (r == KSA_EFORMAT)
		return kernel_add_notice(kernel, err, "%s: %s (%s are missing)",
					 owner_base_name(path), why.text, part->missing);
	return r ? ksa_pass(err, &why) : 0;
}

int snapshot_read_apart(struct json_reader *json, struct ksa_kernel *kernel, const char *key,
			struct ksa_error *err)
{
	if (strcmp(key, "types") == 0)
		return snapshot_read_types(json, kernel, err);
	if (strcmp(key, "declared") == 0)
		return snapshot_read_declared(json, kernel, err);
	return snapshot_read_helpers(json, kernel, err);
}
