// SPDX-License-Identifier: GPL-2.0-or-later
/* What files export at the end of a history. */
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/vec.h"
#include "read/git/build_internal.h"
#include "read/source/source.h"

struct file_reader {
	struct ksa_history *history;
	struct repo *repo;
	struct source_scan scan;
	struct history_exports *out;
	struct ksa_error *err;
};

static int keep_exports(struct file_reader *f, uint32_t path)
{
	int r = 0;

	for (size_t i = 0; i < f->scan.export_count && !r; i++) {
		const struct source_export *e = &f->scan.exports[i];
		struct history_export export_ = {.path = path, .cls = e->cls};

		r = history_string(f->history, e->name, &export_.name, f->err);
		if (!r)
			r = history_string(f->history, e->ns, &export_.ns, f->err);
		if (!r)
			r = VEC_PUSH_ROOM(f->out, f->err);
		if (!r)
			f->out->items[f->out->count++] = export_;
	}
	return r;
}

static int read_file(struct file_reader *f, const char *path, uint32_t number)
{
	_cleanup_(repo_object_release) struct repo_object blob = {.data = NULL};
	const struct object_id *head = &f->history->commits[f->history->head].id;
	struct object_id id;
	int r = repo_find_path(f->repo, head, path, &id, f->err);

	if (!r)
		r = repo_read(f->repo, &id, REPO_BLOB, &blob, f->err);
	if (!r)
		r = source_scan(&f->scan, path, blob.data, blob.size, f->err);
	if (r)
		return r == KSA_ENODATA ? 0 : r;
	return keep_exports(f, number);
}

int history_read_files(struct ksa_history *history, const struct event_state *states, size_t count,
		       struct history_exports *out, struct ksa_error *err)
{
	struct file_reader f = {.history = history, .out = out, .err = err};
	_cleanup_free_ bool *seen = calloc(history->string_count + 1, sizeof(*seen));
	size_t known = history->string_count;
	int r = seen ? 0 : ksa_fail_nomem(err);

	if (!r && count)
		r = repo_open(history->path, &f.repo, err);
	for (size_t i = 0; i < count && !r; i++) {
		uint32_t number;

		r = history_string(history, states[i].path, &number, err);
		if (r || (number < known && seen[number]))
			continue;
		if (number < known)
			seen[number] = true;
		r = read_file(&f, states[i].path, number);
	}
	source_scan_release(&f.scan);
	repo_free(f.repo);
	return r;
}
