// SPDX-License-Identifier: GPL-2.0-or-later
/* The headers of a revision in a git repository. */
#include "read/git/headers.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/vec.h"
#include "base/workers.h"

struct loading {
	struct git_headers *headers;
	const char *path; /* of the repository */
	struct repo **repos; /* one a worker, opened when it is needed */
};

void git_headers_release(struct git_headers *headers)
{
	header_set_release(&headers->set);
	free(headers->blobs.items);
	*headers = (struct git_headers){.blobs = {NULL, 0, 0}};
}

int git_headers_add(struct git_headers *headers, const char *path, const struct object_id *blob,
		    struct ksa_error *err)
{
	struct header_file file = {.origin = (uint32_t)headers->blobs.count};
	const char *below = header_path(path);
	int r;

	if (below != path)
		return 0;
	r = VEC_PUSH_ROOM(&headers->blobs, err);
	if (r)
		return r;
	headers->blobs.items[headers->blobs.count++] = *blob;
	return header_set_add(&headers->set, path, &file, err);
}

static int load(void *ctx, unsigned int worker, const struct header_file *file, struct bytes *out,
		struct ksa_error *err)
{
	_cleanup_(repo_object_release) struct repo_object object = {.data = NULL};
	struct loading *l = ctx;
	struct repo **repo = &l->repos[worker];
	unsigned char *copy;
	int r = *repo ? 0 : repo_open(l->path, repo, err);

	if (!r)
		r = repo_read(*repo, &l->headers->blobs.items[file->origin], REPO_BLOB, &object,
			      err);
	if (r)
		return r == KSA_ENODATA ? 0 : r;
	copy = malloc(object.size + 1);
	if (!copy)
		return ksa_fail_nomem(err);
	memcpy(copy, object.data, object.size);
	*out = (struct bytes){.data = copy, .size = object.size, .storage = BYTES_HEAP};
	return 0;
}

int git_headers_read(struct git_headers *headers, struct ksa_kernel *kernel, const char *path,
		     const struct ksa_read_options *options, struct ksa_error *err)
{
	unsigned int workers = workers_count(options->jobs);
	struct loading l = {.headers = headers, .path = path};
	const struct header_options how = {.jobs = workers, .load = load, .load_ctx = &l};
	int r;

	if (!headers->set.count)
		return 0;
	l.repos = calloc(workers, sizeof(struct repo *));
	r = l.repos ? header_set_add_basis(&headers->set, kernel->label, err) : ksa_fail_nomem(err);
	if (!r)
		r = header_set_read(&headers->set, &how, &kernel->helpers, err);
	for (unsigned int i = 0; l.repos && i < workers; i++)
		repo_free(l.repos[i]);
	free(l.repos);
	return r;
}
