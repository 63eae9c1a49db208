// SPDX-License-Identifier: GPL-2.0-or-later
/* The index of facts: one file a repository, read as a whole and replaced as a whole. */
#include "read/git/facts.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/vec.h"
#include "read/git/index_file.h"
#include "read/source/source.h"

static const char magic[8] = {'K', 'S', 'A', 'F', 'C', 'T', INDEX_VERSION, '\n'};

struct facts_header {
	char magic[8];
	uint64_t form; /* of the structures and of the export macros: a hash */
	uint64_t checksum; /* of all the rest, the header too */
	uint64_t blobs, exports, uses, words, sets, set_names, trees, symbols, names, text;
};

static uint64_t form(void)
{
	const size_t sizes[] = {sizeof(struct fact_blob), sizeof(struct fact_export),
				sizeof(struct fact_set), sizeof(struct fact_tree),
				sizeof(struct fact_symbol)};

	return index_form(sizes, 5);
}

/* Of the file but for the checksum itself. */
static uint64_t checksum_file(struct facts_header head, const unsigned char *body, size_t size)
{
	head.checksum = index_checksum(body, size);
	return index_checksum((const unsigned char *)&head, sizeof(head));
}

void facts_seal(unsigned char *data, size_t size)
{
	struct facts_header head;

	if (size < sizeof(head))
		return;
	memcpy(&head, data, sizeof(head));
	memcpy(head.magic, magic, sizeof(magic));
	head.form = form();
	head.checksum = checksum_file(head, data + sizeof(head), size - sizeof(head));
	memcpy(data, &head, sizeof(head));
}

/* count elements of size bytes as a new array. False: the file is shorter, or no memory. */
static bool take_array(struct index_reader *r, uint64_t count, size_t size, void *out,
		       size_t *counted)
{
	void *copy = count < FACTS_NONE ? index_take_array(r, count, size) : NULL;

	if (!copy)
		return false;
	memcpy(out, &copy, sizeof(copy));
	*counted = count;
	/* cppcheck-suppress memleak; copy is *out */
	return true;
}

static bool take_names(struct facts *f, struct index_reader *r, uint64_t count, uint64_t text)
{
	const struct index_names names = {&f->arena, &f->names, &f->name_count, &f->name_capacity,
					  &f->by_name};

	return count < FACTS_NONE && index_take_names(r, count, text, &names);
}

static bool is_sound_blob(const struct facts *f, const struct fact_blob *b)
{
	return (uint64_t)b->exports + b->export_count <= f->export_count &&
	       (uint64_t)b->uses + b->use_count <= f->use_count &&
	       (uint64_t)b->needs + b->need_count <= f->word_count &&
	       (uint64_t)b->definitions + 2 * (uint64_t)b->definition_count <= f->word_count &&
	       (!b->set || b->set < f->set_count) && !b->missing;
}

static bool is_sound_export(const struct facts *f, const struct fact_export *e)
{
	return e->name && e->name < f->name_count && (!e->ns || e->ns < f->name_count) &&
	       (!e->late_ns || e->late_ns < f->name_count) && e->cls <= KSA_CLASS_UNUSED_GPL &&
	       e->kind <= KSA_KIND_OBJECT && e->default_ns <= 1 && e->form <= SOURCE_FORM_MACHINE;
}

static bool are_names(const struct facts *f, const uint32_t *numbers, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!numbers[i] || numbers[i] >= f->name_count)
			return false;
	return true;
}

/* Every number in the file names something that is there. */
static bool is_sound(const struct facts *f)
{
	for (size_t i = 0; i < f->blob_count; i++)
		if (!is_sound_blob(f, &f->blobs[i]))
			return false;
	for (size_t i = 0; i < f->export_count; i++)
		if (!is_sound_export(f, &f->exports[i]))
			return false;
	for (size_t i = 0; i < f->set_count; i++)
		if ((uint64_t)f->sets[i].names + f->sets[i].name_count > f->set_name_count)
			return false;
	for (size_t i = 0; i < f->tree_count; i++)
		if ((uint64_t)f->trees[i].symbols + f->trees[i].symbol_count > f->symbol_count)
			return false;
	for (size_t i = 0; i < f->symbol_count; i++)
		if (!are_names(f, &f->symbols[i].name, 1))
			return false;
	return are_names(f, f->uses, f->use_count) && are_names(f, f->set_names, f->set_name_count);
}

bool facts_take(struct facts *f, const unsigned char *data, size_t size)
{
	struct facts_header head;
	struct index_reader r;

	if (size < sizeof(head))
		return false;
	memcpy(&head, data, sizeof(head));
	r = (struct index_reader){data + sizeof(head), size - sizeof(head)};
	if (memcmp(head.magic, magic, sizeof(magic)) != 0 || head.form != form() ||
	    head.checksum != checksum_file(head, r.at, r.left))
		return false;
	if (!take_array(&r, head.blobs, sizeof(*f->blobs), &f->blobs, &f->blob_count) ||
	    !take_array(&r, head.exports, sizeof(*f->exports), &f->exports, &f->export_count) ||
	    !take_array(&r, head.uses, sizeof(*f->uses), &f->uses, &f->use_count) ||
	    !take_array(&r, head.words, sizeof(*f->words), &f->words, &f->word_count) ||
	    !take_array(&r, head.sets, sizeof(*f->sets), &f->sets, &f->set_count) ||
	    !take_array(&r, head.set_names, sizeof(*f->set_names), &f->set_names,
			&f->set_name_count) ||
	    !take_array(&r, head.trees, sizeof(*f->trees), &f->trees, &f->tree_count) ||
	    !take_array(&r, head.symbols, sizeof(*f->symbols), &f->symbols, &f->symbol_count) ||
	    !take_names(f, &r, head.names, head.text))
		return false;
	f->blob_capacity = f->blob_count;
	f->export_capacity = f->export_count;
	f->use_capacity = f->use_count;
	f->word_capacity = f->word_count;
	f->set_capacity = f->set_count;
	f->set_name_capacity = f->set_name_count;
	f->tree_capacity = f->tree_count;
	f->symbol_capacity = f->symbol_count;
	return is_sound(f);
}

/* Facts from the file, or empty ones. *why as of facts_open. */
static int load(const char *path, struct facts **out, struct ksa_error *why, struct ksa_error *err)
{
	_cleanup_(bytes_release) struct bytes data = {NULL, 0, BYTES_BORROWED};
	struct ksa_error ignored = {.code = 0};

	*out = calloc(1, sizeof(**out));
	if (!*out)
		return ksa_fail_nomem(err);
	if (!path || bytes_map_private(&data, path, INDEX_MAX, why ? why : &ignored) ||
	    facts_take(*out, data.data, data.size))
		return 0;
	facts_free(*out);
	*out = calloc(1, sizeof(**out));
	return *out ? 0 : ksa_fail_nomem(err);
}

int facts_open(const char *directory, const struct repo *repo, struct facts **out,
	       struct ksa_error *why, struct ksa_error *err)
{
	_cleanup_free_ char *path = NULL;
	int r;

	*out = NULL;
	if (directory) {
		path = index_path(directory, repo, "facts");
		if (!path)
			return ksa_fail_nomem(err);
	}
	r = load(path, out, why, err);
	/* In a directory of others what is kept would not be read. */
	if (!r && path && (!why || why->code != KSA_EUSAGE || strcmp(why->source, path) == 0))
		(*out)->path = take_ptr(path);
	return r;
}

/* A record as it is to be written: it and what it points to, one behind the other. */
struct facts_writer {
	struct strbuf blobs, exports, uses, words, sets, set_names, trees, symbols, text;
	uint32_t *numbers; /* of the names of the facts at hand: theirs in the file */
	uint32_t *set_numbers; /* likewise of sets; 0: not written so far */
	struct facts
		*names; /* by their numbers in the file; their blobs and trees: what was written */
	size_t export_count, use_count, word_count, set_count, set_name_count, symbol_count;
	bool failed;
};

static void add_number(struct facts_writer *w, struct strbuf *out, uint32_t old)
{
	strbuf_add(out, &w->numbers[old], sizeof(*w->numbers));
}

static uint32_t write_words(struct facts_writer *w, const struct facts *f, uint32_t first,
			    uint32_t count)
{
	uint32_t at = (uint32_t)w->word_count;

	for (uint32_t i = 0; i < count; i++)
		add_number(w, &w->words, f->words[first + i]);
	w->word_count += count;
	return at;
}

static uint32_t write_set(struct facts_writer *w, const struct facts *f, uint32_t number)
{
	const struct fact_set *from = &f->sets[number];
	const struct fact_set set = {(uint32_t)w->set_name_count, from->name_count};

	if (w->set_numbers[number])
		return w->set_numbers[number];
	for (uint32_t i = 0; i < from->name_count; i++)
		add_number(w, &w->set_names, f->set_names[from->names + i]);
	strbuf_add(&w->sets, &set, sizeof(set));
	w->set_name_count += from->name_count;
	w->set_numbers[number] = (uint32_t)w->set_count++;
	return w->set_numbers[number];
}

static void write_blob(struct facts_writer *w, const struct facts *f, const struct fact_blob *from)
{
	struct fact_blob b = *from;
	uint32_t index;
	bool is_new;

	if (b.missing)
		return;
	if (facts_add_blob(w->names, &b.blob, b.where, &index, &is_new, NULL))
		w->failed = true;
	if (w->failed || !is_new)
		return;
	b.exports = (uint32_t)w->export_count;
	b.uses = (uint32_t)w->use_count;
	b.needs = write_words(w, f, b.needs, b.need_count);
	b.definitions = write_words(w, f, b.definitions, 2 * b.definition_count);
	b.set = b.set ? write_set(w, f, b.set) : 0;
	for (uint32_t i = 0; i < b.export_count; i++) {
		struct fact_export e = f->exports[from->exports + i];

		e.name = w->numbers[e.name];
		e.ns = w->numbers[e.ns];
		e.late_ns = w->numbers[e.late_ns];
		strbuf_add(&w->exports, &e, sizeof(e));
	}
	for (uint32_t i = 0; i < b.use_count; i++)
		add_number(w, &w->uses, f->uses[from->uses + i]);
	w->export_count += b.export_count;
	w->use_count += b.use_count;
	strbuf_add(&w->blobs, &b, sizeof(b));
}

static void write_tree(struct facts_writer *w, const struct facts *f, const struct fact_tree *from)
{
	const struct fact_tree tree = {from->tree, (uint32_t)w->symbol_count, from->symbol_count};

	if (facts_find_tree(w->names, &from->tree) != FACTS_NONE)
		return;
	if (facts_add_tree(w->names, &from->tree, NULL, 0, NULL))
		w->failed = true;
	for (uint32_t i = 0; i < from->symbol_count; i++) {
		struct fact_symbol s = f->symbols[from->symbols + i];

		s.name = w->numbers[s.name];
		strbuf_add(&w->symbols, &s, sizeof(s));
	}
	w->symbol_count += from->symbol_count;
	strbuf_add(&w->trees, &tree, sizeof(tree));
}

/* What these facts have and those before did not. */
static void write_facts(struct facts_writer *w, const struct facts *f)
{
	w->numbers = calloc(f->name_count + 1, sizeof(*w->numbers));
	w->set_numbers = calloc(f->set_count + 1, sizeof(*w->set_numbers));
	w->failed |= !w->numbers || !w->set_numbers;
	for (size_t i = 1; i < f->name_count && !w->failed; i++) {
		size_t before = w->names->name_count;

		w->failed |= facts_name(w->names, f->names[i], &w->numbers[i], NULL) != 0;
		if (w->names->name_count > before)
			strbuf_add(&w->text, f->names[i], strlen(f->names[i]) + 1);
	}
	for (size_t i = 0; i < f->blob_count && !w->failed; i++)
		write_blob(w, f, &f->blobs[i]);
	for (size_t i = 0; i < f->tree_count && !w->failed; i++)
		write_tree(w, f, &f->trees[i]);
	free(w->numbers);
	free(w->set_numbers);
}

/* The parts as one; they are released. */
static void join(struct facts_writer *w, struct strbuf *out)
{
	struct strbuf *parts[] = {&w->blobs,	 &w->exports, &w->uses,	   &w->words, &w->sets,
				  &w->set_names, &w->trees,   &w->symbols, &w->text};
	const struct facts *n = w->names;
	const struct facts_header head = {.blobs = n->blob_count,
					  .exports = w->export_count,
					  .uses = w->use_count,
					  .words = w->word_count,
					  .sets = w->set_count,
					  .set_names = w->set_name_count,
					  .trees = n->tree_count,
					  .symbols = w->symbol_count,
					  .names = n->name_count ? n->name_count : 1,
					  .text = w->text.length};

	strbuf_add(out, &head, sizeof(head));
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		out->failed |= parts[i]->failed || w->failed;
		strbuf_add(out, strbuf_string(parts[i]), parts[i]->length);
		strbuf_release(parts[i]);
	}
	if (!out->failed)
		facts_seal((unsigned char *)out->data, out->length);
}

/* One run at a time: the directory is what all of them have. */
static int lock_directory(const char *path)
{
	_cleanup_free_ char *directory = strndup(path, (size_t)(strrchr(path, '/') - path));
	int fd = directory ? open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

	if (fd >= 0)
		flock(fd, LOCK_EX); /* where that cannot be, what another run adds may be lost */
	return fd;
}

int facts_keep(struct facts *f, struct ksa_error *why)
{
	_cleanup_(strbuf_release) struct strbuf out = {NULL, 0, 0, false};
	const struct fact_set none = {0, 0};
	struct facts_writer w = {.names = NULL};
	struct facts *other = NULL;
	int lock, r;

	if (!f->path || !f->changed)
		return 0;
	lock = lock_directory(f->path);
	w.names = calloc(1, sizeof(*w.names));
	r = w.names ? load(f->path, &other, NULL, why) : ksa_fail_nomem(why);
	if (!r) {
		strbuf_add(&w.sets, &none, sizeof(none));
		w.set_count = 1;
		write_facts(&w, f);
		write_facts(&w, other);
		join(&w, &out);
		r = out.failed ? ksa_fail_nomem(why) : 0;
	}
	if (!r && out.length > INDEX_MAX / 4)
		r = ksa_fail_at(why, KSA_ELIMIT, f->path, 0, "would be too large");
	if (!r)
		r = index_write(f->path, &out, why);
	facts_free(w.names);
	facts_free(other);
	if (lock >= 0)
		close(lock);
	f->changed = r != 0;
	return r;
}
