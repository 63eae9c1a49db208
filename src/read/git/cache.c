// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The cache of a history: one file a repository, in the byte order and with the structures of the
 * machine that wrote it, because it serves that machine alone. What does not fit is made anew.
 */
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/strbuf.h"
#include "base/vec.h"
#include "read/git/build_internal.h"
#include "read/git/index_file.h"

static const char magic[8] = {'K', 'S', 'A', 'H', 'I', 'S', INDEX_VERSION, '\n'};

struct cache_header {
	char magic[8];
	uint64_t form; /* of the structures and of the export macros: a hash */
	uint64_t state; /* of the repository: shallow, grafts */
	uint64_t checksum; /* of all the rest, the header too */
	uint64_t commits, parents, changes, infos, contexts, strings, text;
	uint64_t endless_files, endless_path;
};

static uint64_t form(void)
{
	const size_t sizes[] = {sizeof(struct history_commit), sizeof(struct history_change),
				sizeof(struct history_info), sizeof(struct history_context)};

	return index_form(sizes, 4);
}

char *cache_path(const struct history_build *build)
{
	return index_path(build->options->cache, build->repo, "history");
}

/* Of the file but for the checksum itself. */
static uint64_t checksum_file(struct cache_header head, const unsigned char *body, size_t size)
{
	head.checksum = index_checksum(body, size);
	return index_checksum((const unsigned char *)&head, sizeof(head));
}

static bool take_strings(struct ksa_history *h, struct index_reader *r, uint64_t count,
			 uint64_t text)
{
	const struct index_names names = {&h->arena, &h->strings, &h->string_count,
					  &h->string_capacity, &h->string_map};

	return index_take_names(r, count, text, &names);
}

static bool are_strings(const struct ksa_history *h, const uint32_t *numbers, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (numbers[i] >= h->string_count)
			return false;
	return true;
}

static bool is_sound_commit(const struct ksa_history *h, const struct history_commit *c)
{
	uint8_t boundary;

	memcpy(&boundary, &c->boundary, sizeof(boundary)); /* no other byte is a bool */
	return (uint64_t)c->parents + c->parent_count <= h->parent_count &&
	       c->order < h->commit_count && boundary <= 1;
}

static bool is_sound_change(const struct ksa_history *h, const struct history_change *c)
{
	const uint32_t strings[] = {c->path, c->name, c->from.ns, c->to.ns};

	return c->commit < h->commit_count && c->path && c->name && are_strings(h, strings, 4);
}

static bool is_sound_info(const struct ksa_history *h, const struct history_info *n)
{
	const uint32_t strings[] = {n->author,	n->email, n->subject, n->upstream,
				    n->reverts, n->links, n->fixes};

	return n->commit < h->commit_count && are_strings(h, strings, 7);
}

static bool is_sound_context(const struct ksa_history *h, const struct history_context *c)
{
	return c->kind <= CONTEXT_HEADER && c->path && c->path < h->string_count &&
	       c->name < h->string_count &&
	       !c->name == (c->kind != CONTEXT_NEED && c->kind != CONTEXT_HEADER);
}

/* Every number in the file names something that is there. */
static bool is_sound(const struct ksa_history *h)
{
	for (size_t i = 0; i < h->commit_count; i++)
		if (!is_sound_commit(h, &h->commits[i]))
			return false;
	for (size_t i = 0; i < h->parent_count; i++)
		if (h->parents[i] >= h->commit_count)
			return false;
	for (size_t i = 0; i < h->change_count; i++)
		if (!is_sound_change(h, &h->changes[i]))
			return false;
	for (size_t i = 0; i < h->info_count; i++)
		if (!is_sound_info(h, &h->infos[i]))
			return false;
	for (size_t i = 0; i < h->context_count; i++)
		if (!is_sound_context(h, &h->contexts[i]))
			return false;
	return h->endless_path ? h->endless_path < h->string_count : !h->endless_files;
}

static bool take_all(struct ksa_history *h, const struct cache_header *head, struct index_reader *r)
{
	h->commits = index_take_array(r, head->commits, sizeof(*h->commits));
	h->parents = index_take_array(r, head->parents, sizeof(*h->parents));
	h->changes = index_take_array(r, head->changes, sizeof(*h->changes));
	h->infos = index_take_array(r, head->infos, sizeof(*h->infos));
	h->contexts = index_take_array(r, head->contexts, sizeof(*h->contexts));
	if (!h->commits || !h->parents || !h->changes || !h->infos || !h->contexts ||
	    !take_strings(h, r, head->strings, head->text))
		return false;
	h->commit_count = h->commit_capacity = head->commits;
	h->parent_count = h->parent_capacity = head->parents;
	h->change_count = h->change_capacity = head->changes;
	h->info_count = h->info_capacity = head->infos;
	h->context_count = h->context_capacity = head->contexts;
	history_sort_contexts(h);
	h->endless_files = head->endless_files;
	h->endless_path = (uint32_t)head->endless_path;
	return is_sound(h) && history_hash_commits(h, NULL) == 0;
}

void cache_seal(unsigned char *data, size_t size, uint64_t state)
{
	struct cache_header head;

	if (size < sizeof(head))
		return;
	memcpy(&head, data, sizeof(head));
	memcpy(head.magic, magic, sizeof(magic));
	head.form = form();
	head.state = state;
	head.checksum = checksum_file(head, data + sizeof(head), size - sizeof(head));
	memcpy(data, &head, sizeof(head));
}

bool cache_load(struct ksa_history *history, const char *path, uint64_t state,
		struct ksa_error *why)
{
	_cleanup_(bytes_release) struct bytes data = {NULL, 0, BYTES_BORROWED};

	return bytes_map_private(&data, path, INDEX_MAX, why) == 0 &&
	       cache_take(history, data.data, data.size, state);
}

bool cache_take(struct ksa_history *history, const unsigned char *data, size_t size, uint64_t state)
{
	struct cache_header head;
	struct index_reader reader;

	if (size < sizeof(head))
		return false;
	memcpy(&head, data, sizeof(head));
	reader = (struct index_reader){data + sizeof(head), size - sizeof(head)};
	return memcmp(head.magic, magic, sizeof(magic)) == 0 && head.form == form() &&
	       head.state == state &&
	       head.checksum == checksum_file(head, reader.at, reader.left) &&
	       head.commits < HISTORY_NONE && head.strings < HISTORY_NONE &&
	       take_all(history, &head, &reader);
}

/* The strings that changes and infos name, renumbered: directories and subjects of nothing go. */
struct renumbering {
	uint32_t *numbers; /* by old number; 0: not used so far */
	struct strbuf text;
	uint32_t count;
};

static uint32_t renumber(const struct ksa_history *h, struct renumbering *n, uint32_t old)
{
	if (!old)
		return 0;
	if (!n->numbers[old]) {
		n->numbers[old] = n->count++;
		strbuf_add(&n->text, h->strings[old], strlen(h->strings[old]) + 1);
	}
	return n->numbers[old];
}

static void add_contexts(const struct ksa_history *h, struct renumbering *n, struct strbuf *out)
{
	for (size_t i = 0; i < h->context_count; i++) {
		struct history_context c = h->contexts[i];

		c.name = renumber(h, n, c.name);
		c.path = renumber(h, n, c.path);
		strbuf_add(out, &c, sizeof(c));
	}
}

static void add_changes(const struct ksa_history *h, struct renumbering *n, struct strbuf *out)
{
	for (size_t i = 0; i < h->change_count; i++) {
		struct history_change c = h->changes[i];

		c.path = renumber(h, n, c.path);
		c.name = renumber(h, n, c.name);
		c.from.ns = renumber(h, n, c.from.ns);
		c.to.ns = renumber(h, n, c.to.ns);
		strbuf_add(out, &c, sizeof(c));
	}
	for (size_t i = 0; i < h->info_count; i++) {
		struct history_info c = h->infos[i];

		c.author = renumber(h, n, c.author);
		c.email = renumber(h, n, c.email);
		c.subject = renumber(h, n, c.subject);
		c.upstream = renumber(h, n, c.upstream);
		c.reverts = renumber(h, n, c.reverts);
		c.links = renumber(h, n, c.links);
		c.fixes = renumber(h, n, c.fixes);
		strbuf_add(out, &c, sizeof(c));
	}
}

int cache_store(const struct ksa_history *h, const char *path, uint64_t state,
		struct ksa_error *why)
{
	_cleanup_(strbuf_release) struct strbuf out = {NULL, 0, 0, false};
	struct renumbering n = {.count = 1};
	struct cache_header head = {
		.form = form(),
		.state = state,
		.commits = h->commit_count,
		.parents = h->parent_count,
		.changes = h->change_count,
		.infos = h->info_count,
		.contexts = h->context_count,
		.endless_files = h->endless_files,
	};
	int r = 0;

	memcpy(head.magic, magic, sizeof(magic));
	n.numbers = calloc(h->string_count + 1, sizeof(*n.numbers));
	strbuf_add(&out, &head, sizeof(head));
	strbuf_add(&out, h->commits, h->commit_count * sizeof(*h->commits));
	strbuf_add(&out, h->parents, h->parent_count * sizeof(*h->parents));
	if (n.numbers) {
		add_changes(h, &n, &out);
		add_contexts(h, &n, &out);
		head.endless_path = renumber(h, &n, h->endless_path);
		strbuf_add(&out, n.text.data, n.text.length);
	}
	head.strings = n.count;
	head.text = n.text.length;
	if (!n.numbers || out.failed || n.text.failed)
		r = ksa_fail_nomem(why);
	free(n.numbers);
	strbuf_release(&n.text);
	if (r)
		return r;
	head.checksum = checksum_file(head, (unsigned char *)out.data + sizeof(head),
				      out.length - sizeof(head));
	memcpy(out.data, &head, sizeof(head));
	return index_write(path, &out, why);
}
