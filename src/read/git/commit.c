// SPDX-License-Identifier: GPL-2.0-or-later
/* Commit objects: read as bytes, because a history has hundreds of thousands of them. */
#include <iconv.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/strbuf.h"
#include "base/vec.h"
#include "read/git/repo_internal.h"
#include "read/patch/message.h"

#define TREE_LINE   (5 + OBJECT_ID_HEX + 1) /* "tree " ID "\n" */
#define PARENT_LINE (7 + OBJECT_ID_HEX + 1)

static bool parse_id(const char *hex, struct object_id *out)
{
	for (size_t i = 0; i < OBJECT_ID_SIZE; i++) {
		int high = hex_digit((unsigned char)hex[2 * i]);
		int low = high < 0 ? -1 : hex_digit((unsigned char)hex[2 * i + 1]);

		if (low < 0)
			return false;
		out->bytes[i] = (unsigned char)(high << 4 | low);
	}
	return true;
}

int repo_read_commit(struct repo *repo, const struct object_id *id, struct repo_commit *out,
		     struct ksa_error *err)
{
	char hex[OBJECT_ID_HEX + 1];
	const char *at;
	int r;

	memset(out, 0, sizeof(*out));
	r = repo_read(repo, id, REPO_COMMIT, &out->object, err);
	if (r)
		return r;
	at = (const char *)out->object.data;
	out->end = at + out->object.size;
	if (out->object.size < TREE_LINE || memcmp(at, "tree ", 5) != 0 ||
	    !parse_id(at + 5, &out->tree)) {
		object_id_format(id, hex, OBJECT_ID_HEX);
		return ksa_fail(err, KSA_EFORMAT, "commit %s is damaged; run git fsck", hex);
	}
	at += TREE_LINE;
	out->parents = at;
	while (out->end - at >= PARENT_LINE && memcmp(at, "parent ", 7) == 0) {
		out->parent_count++;
		at += PARENT_LINE;
	}
	out->rest = at;
	return 0;
}

void repo_commit_release(struct repo_commit *commit)
{
	repo_object_release(&commit->object);
}

bool repo_commit_parent(const struct repo_commit *commit, size_t i, struct object_id *out)
{
	return i < commit->parent_count && parse_id(commit->parents + i * PARENT_LINE + 7, out);
}

int repo_first_parent(struct repo *repo, const struct object_id *id, struct object_id *parent,
		      struct ksa_error *err)
{
	struct repo_commit commit;
	int r = repo_read_commit(repo, id, &commit, err);

	if (!r && !repo_commit_parent(&commit, 0, parent))
		r = KSA_ENODATA;
	repo_commit_release(&commit);
	return r;
}

const char *repo_commit_header(const struct repo_commit *commit, const char *name, size_t *length)
{
	const char *at = commit->rest;
	size_t want = strlen(name);

	while (at < commit->end && *at != '\n') {
		const char *newline = memchr(at, '\n', (size_t)(commit->end - at));
		const char *end = newline ? newline : commit->end;

		if ((size_t)(end - at) > want && memcmp(at, name, want) == 0 && at[want] == ' ') {
			*length = (size_t)(end - at) - want - 1;
			return at + want + 1;
		}
		at = newline ? newline + 1 : commit->end;
	}
	return NULL;
}

/* "NAME <MAIL> SECONDS +HHMM": read backwards, as a name may hold anything. */
bool repo_commit_time(const char *header, size_t length, int64_t *seconds, int16_t *zone)
{
	const char *end = header + length, *at = end;
	char digits[24];
	char *stop;
	long offset;

	while (at > header && at[-1] != '>')
		at--;
	if (at == header || (size_t)(end - at) >= sizeof(digits))
		return false;
	memcpy(digits, at, (size_t)(end - at));
	digits[end - at] = '\0';
	*seconds = strtoll(digits, &stop, 10);
	if (stop == digits)
		return false;
	offset = strtol(stop, NULL, 10);
	if (offset < -9999 || offset > 9999)
		offset = 0;
	*zone = (int16_t)(offset / 100 * 60 + offset % 100);
	return true;
}

/* A copy as UTF-8 if the commit names another encoding that is known here, else as it is. */
static char *copy_text(struct arena *arena, const struct repo_commit *commit, const char *text,
		       size_t length)
{
	size_t name_length = 0, left = length, room = length * 4;
	const char *name = repo_commit_header(commit, "encoding", &name_length);
	char encoding[32], *out, *to;
	union {
		const char *in;
		char *out; /* iconv() does not write to it */
	} from = {.in = text};
	iconv_t conversion;

	if (!name || !name_length || name_length >= sizeof(encoding) || length > 1u << 20)
		return arena_strndup(arena, text, length);
	memcpy(encoding, name, name_length);
	encoding[name_length] = '\0';
	conversion = iconv_open("UTF-8", encoding);
	if (conversion == (iconv_t)-1)
		return arena_strndup(arena, text, length);
	out = to = arena_alloc(arena, room + 1);
	if (out && iconv(conversion, &from.out, &left, &to, &room) != (size_t)-1)
		*to = '\0';
	else if (out)
		out = arena_strndup(arena, text, length);
	iconv_close(conversion);
	return out;
}

static void describe_author(const struct repo_commit *commit, struct arena *arena,
			    struct patch *out)
{
	size_t length = 0;
	const char *author = repo_commit_header(commit, "author", &length);
	const char *open = author ? memchr(author, '<', length) : NULL;
	const char *close = open ? memchr(open, '>', length - (size_t)(open - author)) : NULL;
	size_t name;

	if (!close)
		return;
	name = (size_t)(open - author);
	while (name && author[name - 1] == ' ')
		name--;
	out->author = copy_text(arena, commit, author, name);
	out->email = arena_strndup(arena, open + 1, (size_t)(close - open - 1));
	out->has_date = repo_commit_time(author, length, &out->date, &out->zone);
}

int repo_describe(struct repo *repo, const struct object_id *id, struct arena *arena,
		  struct patch *out, struct ksa_error *err)
{
	char hex[OBJECT_ID_HEX + 1];
	struct repo_commit commit;
	const char *message;
	int r = repo_read_commit(repo, id, &commit, err);

	memset(out, 0, sizeof(*out));
	out->version = 1;
	object_id_format(id, hex, OBJECT_ID_HEX);
	out->commit = arena_strdup(arena, hex);
	if (!r) {
		const char *blank =
			memmem(commit.rest, (size_t)(commit.end - commit.rest), "\n\n", 2);

		describe_author(&commit, arena, out);
		message = blank ? copy_text(arena, &commit, blank + 2,
					    (size_t)(commit.end - blank - 2))
				: "";
		out->message = message;
		out->title = message ? arena_strndup(arena, message, strcspn(message, "\n")) : NULL;
		out->subject = out->title;
		r = out->title && out->commit ? message_take_trailers(arena, message, out, err)
					      : ksa_fail_nomem(err);
	}
	repo_commit_release(&commit);
	return r;
}

static void cleanup_revwalk(git_revwalk **walk)
{
	git_revwalk_free(*walk);
}

int repo_list(struct repo *repo, const struct object_id *from, const struct object_id *to,
	      struct object_id **ids, size_t *count, struct ksa_error *err)
{
	_cleanup_(cleanup_revwalk) git_revwalk *walk = NULL;
	size_t capacity = 0;
	git_oid oid;
	int status, r = 0;

	*ids = NULL;
	*count = 0;
	status = git_revwalk_new(&walk, repo->handle);
	if (status)
		return git_fail(err, KSA_EIO, "cannot walk the commits");
	git_revwalk_sorting(walk, GIT_SORT_TOPOLOGICAL | GIT_SORT_REVERSE);
	memcpy(oid.id, to->bytes, OBJECT_ID_SIZE);
	status = git_revwalk_push(walk, &oid);
	if (from && !status) {
		memcpy(oid.id, from->bytes, OBJECT_ID_SIZE);
		status = git_revwalk_hide(walk, &oid);
	}
	while (!status && !r) {
		status = git_revwalk_next(&oid, walk);
		if (status)
			break;
		r = vec_reserve(ids, &capacity, *count + 1, sizeof(**ids), err);
		if (!r)
			memcpy((*ids)[(*count)++].bytes, oid.id, OBJECT_ID_SIZE);
	}
	if (!r && status != GIT_ITEROVER)
		r = git_fail(err, KSA_EFORMAT, "cannot walk the commits");
	if (r) {
		free(*ids);
		*ids = NULL;
	}
	return r;
}

int repo_merge_base(struct repo *repo, const struct object_id *a, const struct object_id *b,
		    struct object_id *out, struct ksa_error *err)
{
	git_oid one, two, base;
	int status;

	memcpy(one.id, a->bytes, OBJECT_ID_SIZE);
	memcpy(two.id, b->bytes, OBJECT_ID_SIZE);
	status = git_merge_base(&base, repo->handle, &one, &two);
	if (status == GIT_ENOTFOUND)
		return KSA_ENODATA;
	if (status)
		return git_fail(err, KSA_EFORMAT, "cannot find where the commits part");
	memcpy(out->bytes, base.id, OBJECT_ID_SIZE);
	return 0;
}
