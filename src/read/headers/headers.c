// SPDX-License-Identifier: GPL-2.0-or-later
/* From a set of headers to helpers. */
#include "read/headers/headers.h"

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "base/workers.h"
#include "model/declared.h"
#include "read/headers/expand.h"

#define MAX_FILES ((size_t)200000) /* kernels have 9,000, with all architectures */
#define MAX_FILE  ((size_t)16 << 20) /* the largest real one has 0.5 MB */

void header_set_release(struct header_set *set)
{
	for (size_t i = 0; i < set->count; i++)
		bytes_release(&set->items[i].data);
	bytes_release(&set->autoconf);
	strmap_release(&set->paths);
	strbuf_release(&set->basis);
	arena_release(&set->arena);
	free(set->items);
	*set = (struct header_set){.items = NULL};
}

static bool starts(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

/* Directories of a source tree whose headers are for themselves. */
static bool is_inner(const char *at, size_t length)
{
	static const char *const inner[] = {"tools", "scripts", "drivers",  "sound",
					    "rust",  "samples", "security", "virt"};

	for (size_t i = 0; i < sizeof(inner) / sizeof(inner[0]); i++)
		if (strlen(inner[i]) == length && memcmp(at, inner[i], length) == 0)
			return true;
	return false;
}

const char *header_path(const char *path)
{
	size_t length = strlen(path);

	if (length < 3 || strcmp(path + length - 2, ".h") != 0)
		return NULL;
	while (!starts(path, "include/") && !starts(path, "arch/")) {
		const char *slash = strchr(path, '/');

		if (!slash || is_inner(path, (size_t)(slash - path)))
			return NULL;
		path = slash + 1;
	}
	if (starts(path, "include/"))
		return starts(path, "include/config/") ? NULL : path;
	return starts(path + strcspn(path + 5, "/") + 5, "/include/") ? path : NULL;
}

int header_set_add(struct header_set *set, const char *path, struct header_file *file,
		   struct ksa_error *err)
{
	uint32_t index = (uint32_t)set->count;
	int r, added;

	if (set->count >= MAX_FILES)
		return ksa_fail(err, KSA_ELIMIT, "more than %zu headers: this is no kernel's tree",
				MAX_FILES);
	file->path = arena_strdup(&set->arena, path);
	r = file->path ? VEC_PUSH_ROOM(set, err) : ksa_fail_nomem(err);
	if (r)
		return r;
	added = strmap_add(&set->paths, file->path, &index, NULL);
	if (added < 0)
		return ksa_fail_nomem(err);
	if (!added) {
		bytes_release(&file->data);
		return 0;
	}
	set->items[set->count++] = *file;
	return 0;
}

int header_set_add_basis(struct header_set *set, const char *path, struct ksa_error *err)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash && slash[1] ? slash + 1 : path;
	const char *last = strrchr(strbuf_string(&set->basis), ' ');

	if (strcmp(last ? last + 1 : strbuf_string(&set->basis), name) == 0)
		return 0;
	strbuf_adds(&set->basis, set->basis.length ? ", " : "");
	strbuf_adds(&set->basis, name);
	return set->basis.failed ? ksa_fail_nomem(err) : 0;
}

struct reading {
	struct header_set *set;
	const struct header_options *options;
	struct header_config config;
	struct header_facts *facts; /* one a worker, and one for what macros make */
	uint32_t **numbers; /* by a worker's name number: that of the joined name */
	unsigned int workers;
};

static int compare_files(const void *a, const void *b)
{
	return strcmp(((const struct header_file *)a)->path, ((const struct header_file *)b)->path);
}

static int load(const struct reading *r, unsigned int worker, struct header_file *file,
		struct bytes *out, struct ksa_error *err)
{
	const struct header_options *options = r->options;

	if (file->disk)
		return bytes_read_file(out, file->disk, MAX_FILE, err);
	if (options->load && !file->data.data)
		return options->load(options->load_ctx, worker, file, out, err);
	*out = file->data;
	file->data = (struct bytes){.data = NULL};
	return 0;
}

static int take_autoconf(struct reading *reading, struct ksa_error *err)
{
	static const char path[] = "include/generated/autoconf.h";
	struct header_set *set = reading->set;
	uint32_t index;
	struct span text;
	bool there = strmap_get(&set->paths, path, &index);
	int r = 0;

	if (there)
		r = load(reading, 0, &set->items[index], &set->autoconf, err);
	text = (struct span){set->autoconf.data, set->autoconf.data + set->autoconf.size};
	return r ? r
		 : header_config_init(&reading->config, there ? &text : NULL,
				      reading->options->arch, err);
}

/* Only those of one architecture count, and autoconf.h was read. */
static void choose_files(struct reading *reading)
{
	struct header_set *set = reading->set;
	const char *arch = reading->config.arch;
	size_t count = 0, length = strlen(arch);

	for (size_t i = 0; i < set->count; i++) {
		struct header_file *file = &set->items[i];
		const char *in = starts(file->path, "arch/") ? file->path + 5 : NULL;

		if ((in && (!length || !starts(in, arch) || in[length] != '/')) ||
		    strcmp(file->path, "include/generated/autoconf.h") == 0)
			bytes_release(&file->data);
		else
			set->items[count++] = *file;
	}
	set->count = count;
	strmap_release(&set->paths);
	qsort(set->items, count, sizeof(*set->items), compare_files);
}

static int read_one(void *ctx, unsigned int worker, size_t item, struct ksa_error *err)
{
	struct reading *reading = ctx;
	struct header_file *file = &reading->set->items[item];
	struct header_facts *facts = &reading->facts[worker];
	struct bytes data = {.data = NULL};
	struct ksa_error why = {.code = 0};
	int r = load(reading, worker, file, &data, err);

	file->worker = worker;
	file->first = facts->count;
	file->macro_first = facts->macros.count;
	file->call_first = facts->calls.count;
	file->place_first = facts->places.count;
	file->include_first = facts->includes.count;
	facts->wants_places = reading->options->places;
	facts->only_types = reading->options->only_types;
	if (!r && !facts->name_count)
		r = facts_init(facts, err);
	if (!r)
		r = header_scan(facts, &reading->config, (uint32_t)item,
				(struct span){data.data, data.data + data.size}, &why);
	file->count = facts->count - file->first;
	file->macro_count = facts->macros.count - file->macro_first;
	file->call_count = facts->calls.count - file->call_first;
	file->place_count = facts->places.count - file->place_first;
	file->include_count = facts->includes.count - file->include_first;
	bytes_release(&data);
	if (why.code)
		ksa_fail_at(err, (enum ksa_code)why.code, file->path, 0, "%s", why.text);
	return r;
}

/* What macros make at the top level of files. */
static int expand(struct reading *reading, struct ksa_error *err)
{
	const struct header_set *set = reading->set;
	struct facts_range *ranges = calloc(set->count + 1, sizeof(*ranges));
	int r;

	if (!ranges)
		return ksa_fail_nomem(err);
	for (size_t i = 0; i < set->count; i++) {
		const struct header_file *file = &set->items[i];

		ranges[i] =
			(struct facts_range){&reading->facts[file->worker], file->macro_first,
					     file->macro_count, file->call_first, file->call_count};
	}
	reading->facts[reading->workers].wants_places = reading->options->places;
	reading->facts[reading->workers].only_types = reading->options->only_types;
	r = headers_expand(ranges, set->count, &reading->config, &reading->facts[reading->workers],
			   err);
	free(ranges);
	return r;
}

/* The joined number of a worker's name. */
static int join_name(struct reading *reading, struct helpers *out, uint32_t worker, uint32_t number,
		     struct ksa_error *err)
{
	uint32_t *joined = &reading->numbers[worker][number];
	const char *text = reading->facts[worker].names[number].text;

	return *joined == HELPER_NONE ? helpers_add_name(out, text, strlen(text), joined, err) : 0;
}

/* The definitions that one worker has read of a file. */
static int join_file(struct reading *reading, struct helpers *out, const struct header_file *file,
		     struct ksa_error *err)
{
	const struct header_facts *facts = &reading->facts[file->worker];
	const uint32_t *numbers = reading->numbers[file->worker];
	int r = 0;

	for (size_t i = file->first; i < file->first + file->count && !r; i++) {
		struct helper init = facts->items[i];
		uint32_t *refs = init.count ? facts->refs + init.first : NULL;

		r = join_name(reading, out, file->worker, init.name, err);
		init.name = numbers[init.name];
		for (uint32_t k = 0; k < init.count && !r; k++) {
			r = join_name(reading, out, file->worker, refs[k], err);
			refs[k] = numbers[refs[k]];
		}
		if (!r)
			r = helpers_define(out, &init, refs, init.count, err);
	}
	return r;
}

static int join_declared(struct reading *reading, struct helpers *out, uint32_t worker,
			 struct ksa_error *err)
{
	const struct header_facts *facts = &reading->facts[worker];
	int r = 0;

	for (uint32_t i = 0; i < facts->name_count && !r; i++) {
		if (!facts->names[i].declared)
			continue;
		r = join_name(reading, out, worker, i, err);
		if (!r)
			helpers_declare(out, reading->numbers[worker][i], facts->names[i].declared);
	}
	return r;
}

/* What autoconf.h defines: CONFIG_X, and CONFIG_X_MODULE for =m. */
static int join_options(const struct header_config *config, struct helpers *out,
			struct ksa_error *err)
{
	int r = 0;

	out->has_options = config->known;
	for (size_t i = 0; i < config->count && config->known && !r; i++) {
		const char *name = config->items[i].name;
		uint32_t number;

		if (!starts(name, "CONFIG_") || !config->items[i].defined)
			continue;
		r = helpers_add_name(out, name, strlen(name), &number, err);
		if (!r)
			helpers_declare(out, number, DECLARED_OPTION);
	}
	return r;
}

/* File after file, so that the result is the same however many workers there were. */
static int join(struct reading *reading, struct helpers *out, struct ksa_error *err)
{
	struct header_file made = {.worker = reading->workers}; /* what macros make */
	int r = 0;

	for (unsigned int i = 0; i <= reading->workers; i++) {
		size_t size = reading->facts[i].name_count * sizeof(uint32_t);

		reading->numbers[i] = malloc(size + 1);
		if (!reading->numbers[i])
			return ksa_fail_nomem(err);
		memset(reading->numbers[i], 0xff, size);
	}
	for (size_t i = 0; i < reading->set->count && !r; i++) {
		uint32_t index; /* the same */

		r = helpers_add_file(out, reading->set->items[i].path, &index, err);
		if (!r)
			r = join_file(reading, out, &reading->set->items[i], err);
	}
	made.count = reading->facts[reading->workers].count;
	if (!r)
		r = join_file(reading, out, &made, err);
	for (unsigned int i = 0; i <= reading->workers && !r; i++)
		r = join_declared(reading, out, i, err);
	return r ? r : join_options(&reading->config, out, err);
}

static int join_places(struct reading *reading, struct helpers *out, const struct header_file *file,
		       struct ksa_error *err)
{
	const struct header_facts *facts = &reading->facts[file->worker];
	const uint32_t *numbers = reading->numbers[file->worker];
	int r = 0;

	for (size_t i = file->place_first; i < file->place_first + file->place_count && !r; i++) {
		struct declared_place place = facts->places.items[i];

		r = join_name(reading, out, file->worker, place.name, err);
		place.name = numbers[place.name];
		if (place.alias != HELPER_NONE && !r) {
			r = join_name(reading, out, file->worker, place.alias, err);
			place.alias = numbers[place.alias];
		}
		if (!r)
			r = declared_add(out->declared, &place, err);
	}
	return r;
}

static int join_includes(struct reading *reading, struct helpers *out,
			 const struct header_file *file, struct ksa_error *err)
{
	const struct header_facts *facts = &reading->facts[file->worker];
	int r = 0;

	for (size_t i = file->include_first; i < file->include_first + file->include_count && !r;
	     i++) {
		const struct facts_include *f = &facts->includes.items[i];
		const struct declared_include include = {.from = f->file, .maybe = f->maybe};

		r = declared_add_include(out->declared, &include, f->path, f->quoted, err);
	}
	return r;
}

/* Where names are declared, and which header includes which: after all files have their numbers. */
static int join_declarations(struct reading *reading, struct helpers *out, struct ksa_error *err)
{
	struct header_file made = {.worker = reading->workers}; /* what macros make */
	int r = declared_new(out, &out->declared, err);

	if (r)
		return r;
	out->declared->arch = out->arch;
	made.place_count = reading->facts[reading->workers].places.count;
	r = declared_index_files(out->declared, err);
	for (size_t i = 0; i < reading->set->count && !r; i++) {
		r = join_places(reading, out, &reading->set->items[i], err);
		if (!r)
			r = join_includes(reading, out, &reading->set->items[i], err);
	}
	if (!r)
		r = join_places(reading, out, &made, err);
	return r ? r : declared_seal(out->declared, err);
}

static void release_reading(struct reading *reading)
{
	for (unsigned int i = 0; i <= reading->workers; i++) {
		if (reading->facts)
			facts_release(&reading->facts[i]);
		if (reading->numbers)
			free(reading->numbers[i]);
	}
	free(reading->facts);
	free(reading->numbers);
	header_config_release(&reading->config);
}

static int read_all(struct reading *reading, struct helpers **out, struct ksa_error *err)
{
	struct helpers *helpers;
	int r = take_autoconf(reading, err);

	if (r)
		return r;
	choose_files(reading);
	r = workers_run(reading->workers, reading->set->count, read_one, reading, err);
	if (!r)
		r = expand(reading, err);
	if (!r)
		r = helpers_new(out, err);
	if (r)
		return r;
	helpers = *out;
	helpers->has_configuration = reading->config.known;
	helpers->arch = reading->config.arch; /* of a table */
	helpers->basis = arena_strdup(&helpers->arena, strbuf_string(&reading->set->basis));
	if (!helpers->basis)
		return ksa_fail_nomem(err);
	r = join(reading, helpers, err);
	return r || !reading->options->places ? r : join_declarations(reading, helpers, err);
}

int header_set_read(struct header_set *set, const struct header_options *options,
		    struct helpers **out, struct ksa_error *err)
{
	struct reading reading = {.set = set, .options = options};
	int r;

	*out = NULL;
	if (!set->count)
		return ksa_fail(err, KSA_ENODATA, "there are no headers of a kernel");
	reading.workers = workers_count(options->jobs);
	reading.facts = calloc(reading.workers + 1, sizeof(*reading.facts));
	reading.numbers = calloc(reading.workers + 1, sizeof(*reading.numbers));
	r = reading.facts && reading.numbers ? read_all(&reading, out, err) : ksa_fail_nomem(err);
	release_reading(&reading);
	if (!r)
		r = helpers_seal(*out, err);
	if (r) {
		helpers_free(*out);
		*out = NULL;
	}
	return r;
}
