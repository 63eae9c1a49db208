// SPDX-License-Identifier: GPL-2.0-or-later
#include "cmd/changes.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "read/patch/patch.h"
#include "read/review/git.h"
#include "read/review/review.h"

/* "HEAD", "FETCH_HEAD" in a bare repository: files that are revisions. */
static bool is_revision_file(const char *word)
{
	size_t length = strlen(word);

	return length >= 4 && strcmp(word + length - 4, "HEAD") == 0 && !strchr(word, '/') &&
	       access("objects", F_OK) == 0 && access("refs", F_OK) == 0;
}

static bool is_file(const char *word)
{
	return strcmp(word, "-") == 0 || (access(word, F_OK) == 0 && !is_revision_file(word));
}

int changes_check(const struct invocation *inv, struct changes *c, const char *const *words,
		  size_t count)
{
	c->is_range = count == 1 && !is_file(words[0]);
	for (size_t i = 0; i < count && !c->is_range; i++)
		if (!is_file(words[i]))
			return usage_error(inv, "'%s' is not a file; give patches, or one range",
					   words[i]);
	if (c->is_range && c->onto)
		return usage_error(inv, "'--onto' is for patches: a range has its own tree");
	if (c->onto && !c->repository)
		return usage_error(inv, "'--onto' names a revision of a repository: give -C");
	return 0;
}

/* The one that was given; of a range else the one here. */
static int open_repository(struct invocation *inv, struct changes *c, const char *range,
			   struct ksa_error *err)
{
	struct ksa_read_options read = read_options(inv, false);
	int r = review_repo_open(c->repository ? c->repository : ".", &read, &c->repo, err);

	if (r == KSA_EUSAGE && range && !c->repository) {
		ksa_error_clear(err);
		return ksa_fail(err, KSA_EUSAGE,
				"'%s' is no file, and there is no repository here to name a "
				"revision of: give -C REPO",
				range);
	}
	if (r)
		return r;
	review_repo_use_cache(c->repo, inv->cache_dir);
	return 0;
}

static int read_range(struct invocation *inv, struct changes *c, const char *range,
		      struct ksa_error *err)
{
	int r = open_repository(inv, c, range, err);

	return r ? r : review_read_range(&c->input, c->repo, range, err);
}

static int read_patches(struct invocation *inv, struct changes *c, const char *const *words,
			size_t count, struct ksa_error *err)
{
	int r = 0;

	for (size_t i = 0; i < count && !r; i++)
		r = patches_read(&c->set, words[i], err);
	if (!r && !c->set.count)
		r = changes_nothing(&c->set,
				    strcmp(words[0], "-") == 0 ? "(standard input)" : words[0],
				    count, err);
	if (!r && c->repository)
		r = open_repository(inv, c, NULL, err);
	if (!r && c->repo)
		r = review_repo_tree(c->repo, c->onto ? c->onto : "HEAD", &c->input.tree, err);
	return r ? r : review_read_patches(&c->input, &c->set, err);
}

int changes_read(struct invocation *inv, struct changes *c, const char *const *words, size_t count,
		 struct ksa_error *err)
{
	return c->is_range ? read_range(inv, c, words[0], err)
			   : read_patches(inv, c, words, count, err);
}

void changes_release(struct changes *c)
{
	review_input_release(&c->input);
	review_repo_free(c->repo);
	patch_set_release(&c->set);
}
