// SPDX-License-Identifier: GPL-2.0-or-later
/* Header facts as a snapshot has them. */
#include "read/kernel/snapshot_helpers.h"

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "read/kernel/snapshot_beside.h"

struct facts {
	struct json_reader *json;
	struct helpers *helpers;
	struct ksa_error *err;
	const char *release; /* in the helpers' arena; NULL: it is not said */
	struct {
		uint32_t *items; /* the names of one helper */
		size_t count, capacity;
	} names;
};

/* A text that the helpers keep. */
static int read_text(struct facts *f, const char *key, const char **out)
{
	struct json_slice slice;
	int r = json_read_string(f->json, key, &slice);

	if (r)
		return r;
	*out = arena_strndup(&f->helpers->arena, slice.data, slice.length);
	return *out ? 0 : ksa_fail_nomem(f->err);
}

static int read_name(struct facts *f, const char *key, uint32_t *number)
{
	size_t at = json_read_position(f->json);
	struct json_slice slice;
	int r = json_read_string(f->json, key, &slice);

	if (!r && !slice.length)
		return json_read_fail(f->json, KSA_EFORMAT, at, "empty string after \"%s\"", key);
	return r ? r : helpers_add_name(f->helpers, slice.data, slice.length, number, f->err);
}

static int read_names(struct facts *f, const char *key)
{
	int more, r = json_read_array(f->json, key);

	f->names.count = 0;
	if (r)
		return r;
	while ((more = json_read_item(f->json)) > 0) {
		r = VEC_PUSH_ROOM(&f->names, f->err);
		if (!r)
			r = read_name(f, key, &f->names.items[f->names.count++]);
		if (r)
			return r;
	}
	return more;
}

static int read_kind(struct facts *f, uint8_t *kind)
{
	size_t at = json_read_position(f->json);
	struct json_slice slice;
	int r = json_read_string(f->json, "kind", &slice);

	for (int i = 0; i < HELPER_KINDS && !r; i++) {
		if (json_slice_is(&slice, helper_kind_names[i])) {
			*kind = (uint8_t)i;
			return 0;
		}
	}
	return r ? r
		 : json_read_fail(f->json, KSA_EFORMAT, at,
				  "\"kind\" of a helper is '%.*s', expected macro, constant, "
				  "inline or generated",
				  (int)(slice.length < 64 ? slice.length : 64), slice.data);
}

static int read_helper(struct facts *f)
{
	struct helper init = {.name = HELPER_NONE, .file = HELPER_NONE};
	size_t at = json_read_position(f->json);
	int more, r = json_read_object(f->json, "helpers");
	struct json_slice key;

	f->names.count = 0;
	if (r)
		return r;
	while ((more = json_read_key(f->json, &key)) > 0) {
		if (json_slice_is(&key, "name"))
			r = read_name(f, "name", &init.name);
		else if (json_slice_is(&key, "kind"))
			r = read_kind(f, &init.kind);
		else if (json_slice_is(&key, "maybe"))
			r = json_read_bool(f->json, "maybe", &init.maybe);
		else if (json_slice_is(&key, "names"))
			r = read_names(f, "names");
		else
			r = json_read_skip(f->json);
		if (r)
			return r;
	}
	if (more < 0)
		return more;
	if (init.name == HELPER_NONE)
		return json_read_fail(f->json, KSA_EFORMAT, at, "helper without \"name\"");
	return helpers_define(f->helpers, &init, f->names.items, f->names.count, f->err);
}

static int read_other(struct facts *f)
{
	struct helper init = {.file = HELPER_NONE, .kind = HELPER_MACRO, .bare = true};
	int r = read_name(f, "others", &init.name);

	return r ? r : helpers_define(f->helpers, &init, NULL, 0, f->err);
}

static int read_option(struct facts *f)
{
	uint32_t number = 0;
	int r = read_name(f, "options", &number);

	if (!r)
		helpers_declare(f->helpers, number, DECLARED_OPTION);
	return r;
}

static int read_each(struct facts *f, const char *key, int (*read)(struct facts *f))
{
	int more, r = json_read_array(f->json, key);

	if (r)
		return r;
	while ((more = json_read_item(f->json)) > 0) {
		r = read(f);
		if (r)
			return r;
	}
	return more;
}

static int read_member(struct facts *f, const struct json_slice *key)
{
	struct helpers *h = f->helpers;

	if (json_slice_is(key, "release"))
		return read_text(f, "release", &f->release);
	if (json_slice_is(key, "basis"))
		return read_text(f, "basis", &h->basis);
	if (json_slice_is(key, "arch"))
		return read_text(f, "arch", &h->arch);
	if (json_slice_is(key, "configuration"))
		return json_read_bool(f->json, "configuration", &h->has_configuration);
	if (json_slice_is(key, "helpers"))
		return read_each(f, "helpers", read_helper);
	if (json_slice_is(key, "others"))
		return read_each(f, "others", read_other);
	if (json_slice_is(key, "options")) {
		h->has_options = true;
		return read_each(f, "options", read_option);
	}
	return json_read_skip(f->json);
}

static int read_facts(struct facts *f)
{
	int more, r = json_read_object(f->json, "headers");
	struct json_slice key;

	if (r)
		return r;
	while ((more = json_read_key(f->json, &key)) > 0) {
		r = read_member(f, &key);
		if (r)
			return r;
	}
	return more ? more : helpers_seal(f->helpers, f->err);
}

/* *release is what the facts say to be of, in the kernel's arena. */
static int read_whole(struct json_reader *json, struct ksa_kernel *kernel, const char **release,
		      struct ksa_error *err)
{
	struct facts f = {.json = json, .err = err};
	int r = helpers_new(&f.helpers, err);

	if (r)
		return r;
	f.helpers->partial = true;
	r = read_facts(&f);
	free(f.names.items);
	if (!r && f.release && !(*release = kernel_string(kernel, f.release)))
		r = ksa_fail_nomem(err);
	if (r) {
		helpers_free(f.helpers);
		return r;
	}
	helpers_free(kernel->helpers);
	kernel->helpers = f.helpers;
	return 0;
}

int snapshot_read_helpers(struct json_reader *json, struct ksa_kernel *kernel,
			  struct ksa_error *err)
{
	const char *release = NULL;

	return kernel->want_helpers ? read_whole(json, kernel, &release, err)
				    : json_read_skip(json);
}

static void drop_helpers(struct ksa_kernel *kernel)
{
	helpers_free(kernel->helpers);
	kernel->helpers = NULL;
}

int snapshot_take_helpers(struct ksa_kernel *kernel, const char *path, struct ksa_error *err)
{
	static const struct snapshot_part part = {read_whole, drop_helpers, "header facts"};

	return snapshot_take_beside(kernel, path, &part, err);
}
