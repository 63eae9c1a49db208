// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/kernel/beside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/workers.h"
#include "read/debug/prototypes.h"
#include "read/kernel/snapshot_declared.h"
#include "read/kernel/snapshot_helpers.h"
#include "read/kernel/snapshot_types.h"

/* What is read side by side. */
enum { SNAPSHOT, TYPES, HEADERS, PARTS };

struct reading {
	const struct ksa_read_options *options;
	int (*take)(void *ctx, struct ksa_error *err);
	void *ctx;
	char *types_at, *headers_at, *declared_at; /* malloc'd; NULL: there is none */
	struct ksa_kernel *parts[PARTS]; /* each its own, so that no two threads share one */
};

/* *path is NULL if the file is not there. */
static int find_beside(const char *snapshot, const char *what, char **path, struct ksa_error *err)
{
	const char *end = strstr(owner_base_name(snapshot), ".json");

	*path = NULL;
	if (!end)
		return 0;
	if (asprintf(path, "%.*s.%s.zst", (int)(end - snapshot), snapshot, what) < 0) {
		*path = NULL;
		return ksa_fail_nomem(err);
	}
	if (access(*path, R_OK) != 0) {
		free(*path);
		*path = NULL;
	}
	return 0;
}

int beside_take_prototypes(struct ksa_kernel *kernel, const char *snapshot, size_t first,
			   struct ksa_error *err)
{
	_cleanup_free_ char *path = NULL;
	int r = find_beside(snapshot, "prototypes", &path, err);

	return path ? prototypes_take_table(kernel, first, path, err) : r;
}

/* Where headers declare what serves types, be they of a source or the graph of those of exports: of
 * the latter a snapshot has none. */
static int read_headers(const struct reading *reading, struct ksa_error *err)
{
	struct ksa_kernel *kernel = reading->parts[HEADERS];
	const bool wants = reading->options->declarations && reading->options->types;
	int r = snapshot_take_helpers(kernel, reading->headers_at, err);

	return r || !wants || !reading->declared_at
		       ? r
		       : snapshot_take_declared(kernel, reading->declared_at, err);
}

static int read_part(void *ctx, unsigned int worker, size_t item, struct ksa_error *err)
{
	const struct reading *reading = ctx;

	(void)worker;
	if (item == SNAPSHOT)
		return reading->take(reading->ctx, err);
	if (!reading->parts[item])
		return 0;
	return item == TYPES ? snapshot_take_types(reading->parts[TYPES], reading->types_at, err)
			     : read_headers(reading, err);
}

static int find_files(struct reading *reading, const char *snapshot, struct ksa_error *err)
{
	const struct ksa_read_options *options = reading->options;
	int r = find_beside(snapshot, "headers", &reading->headers_at, err);

	if (!r)
		r = find_beside(snapshot, "declared", &reading->declared_at, err);
	if (!r && options->types)
		r = find_beside(snapshot, "types", &reading->types_at, err);
	if (!r && options->helpers && reading->headers_at)
		r = kernel_new(reading->headers_at, &reading->parts[HEADERS], err);
	if (!r && reading->types_at)
		r = kernel_new(reading->types_at, &reading->parts[TYPES], err);
	return r;
}

/* Most do not want what headers say, or only once something is missing: then they are read from
 * where they are noted to be. */
static int note_places(struct ksa_kernel *kernel, const struct reading *reading,
		       struct ksa_error *err)
{
	if (reading->headers_at)
		kernel->helpers_at = kernel_string(kernel, reading->headers_at);
	if (reading->declared_at)
		kernel->declared_at = kernel_string(kernel, reading->declared_at);
	return (reading->headers_at && !kernel->helpers_at) ||
			       (reading->declared_at && !kernel->declared_at)
		       ? ksa_fail_nomem(err)
		       : 0;
}

/* What was read of the part, if it is of the kernel's release. */
static int adopt(struct ksa_kernel *kernel, struct ksa_kernel *part, const char *path,
		 const char *what, struct ksa_error *err)
{
	int r = 0;

	for (size_t i = 0; i < part->notice_count && !r; i++)
		r = kernel_add_notice(kernel, err, "%s", part->notices[i]);
	if (r || (!part->types && !part->helpers))
		return r;
	if (strcmp(part->release, kernel->release) != 0)
		return kernel_add_notice(
			kernel, err, "%s: is of release '%s', not '%s' (%s are missing)",
			owner_base_name(path), part->release, kernel->release, what);
	if (part->types) {
		ctypes_free(kernel->types);
		kernel->types = take_ptr(part->types);
	}
	if (part->helpers) {
		helpers_free(kernel->helpers);
		kernel->helpers = take_ptr(part->helpers);
	}
	return 0;
}

int beside_read(struct ksa_kernel *kernel, const char *snapshot,
		const struct ksa_read_options *options,
		int (*take)(void *ctx, struct ksa_error *err), void *ctx, struct ksa_error *err)
{
	struct reading reading = {.options = options, .take = take, .ctx = ctx};
	int r = find_files(&reading, snapshot, err);
	const bool alone = !reading.parts[TYPES] && !reading.parts[HEADERS];

	if (!r)
		r = workers_run(workers_count(options->jobs), alone ? 1 : PARTS, read_part,
				&reading, err);
	if (!r)
		r = note_places(kernel, &reading, err);
	if (!r && reading.parts[HEADERS])
		r = adopt(kernel, reading.parts[HEADERS], reading.headers_at, "header facts", err);
	if (!r && reading.parts[TYPES])
		r = adopt(kernel, reading.parts[TYPES], reading.types_at, "types", err);
	for (size_t i = 0; i < PARTS; i++)
		ksa_kernel_free(reading.parts[i]);
	free(reading.types_at);
	free(reading.headers_at);
	free(reading.declared_at);
	return r;
}
