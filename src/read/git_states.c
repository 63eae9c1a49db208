// SPDX-License-Identifier: GPL-2.0-or-later
/* Where exports stand at the end of a history: what the files say there, not what was added up. */
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "read/git_build_internal.h"
#include "read/source.h"

static int by_path(const void *a, const void *b)
{
	const struct event_state *x = a, *y = b;
	int paths = strcmp(x->path, y->path);

	return paths ? paths : strcmp(x->symbol, y->symbol);
}

static int by_symbol(const void *a, const void *b)
{
	const struct event_state *x = a, *y = b;
	int names = strcmp(x->symbol, y->symbol);

	return names ? names : strcmp(x->path, y->path);
}

struct confirmation {
	struct ksa_history *history;
	struct repo *repo;
	struct source_scan scan;
	struct ksa_error *err;
};

/* All states of one file; without the file none of them holds. */
static int confirm_file(struct confirmation *c, struct event_state *states, size_t count)
{
	_cleanup_(repo_object_release) struct repo_object blob = {.data = NULL};
	const struct object_id *head = &c->history->commits[c->history->head].id;
	struct object_id id;
	int r = repo_find_path(c->repo, head, states->path, &id, c->err);

	for (size_t i = 0; i < count; i++)
		states[i].classes = 0;
	if (!r)
		r = repo_read(c->repo, &id, REPO_BLOB, &blob, c->err);
	if (!r)
		r = source_scan(&c->scan, states->path, blob.data, blob.size, c->err);
	if (r)
		return r == KSA_ENODATA ? 0 : r;
	for (size_t i = 0; i < c->scan.export_count; i++) {
		const struct source_export *e = &c->scan.exports[i];

		for (size_t k = 0; k < count; k++) {
			uint32_t ns;

			if (strcmp(states[k].symbol, e->name) != 0)
				continue;
			states[k].classes |= (uint8_t)(1u << e->cls);
			if (!e->ns)
				continue;
			r = history_string(c->history, e->ns, &ns, c->err);
			if (r)
				return r;
			states[k].ns = c->history->strings[ns];
		}
	}
	return 0;
}

int history_confirm(struct ksa_history *history, struct event_state *states, size_t *count,
		    struct ksa_error *err)
{
	struct confirmation c = {.history = history, .err = err};
	size_t kept = 0;
	int r;

	if (!*count)
		return 0;
	r = repo_open(history->path, &c.repo, err);
	qsort(states, *count, sizeof(*states), by_path);
	for (size_t i = 0, k; i < *count && !r; i = k) {
		for (k = i + 1; k < *count && strcmp(states[k].path, states[i].path) == 0;)
			k++;
		r = confirm_file(&c, states + i, k - i);
	}
	for (size_t i = 0; i < *count && !r; i++)
		if (states[i].classes)
			states[kept++] = states[i];
	if (!r)
		*count = kept;
	qsort(states, *count, sizeof(*states), by_symbol);
	source_scan_release(&c.scan);
	repo_free(c.repo);
	return r;
}
