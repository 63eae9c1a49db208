// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is read from the headers of kernels, to be held against other readings; see
 * tests/real/headers.sh.
 *
 *   headers count HEADERS EXPORTS          how much of what there is
 *   headers show HEADERS NAME...           what the helper names, one line each
 *   headers declared HEADERS NAME...       where they declare the name, and how
 *   headers lead HEADERS EXPORTS           "HELPER EXPORT CHAIN" of each helper, to the nearest
 *   headers brought OLD EXPORTS NEW EXPORTS  exports that NEW lost and a rebuild does not miss
 *   headers check HEADERS FACTS            what of a compiler's facts is not read so: lines of
 *           "inline NAME FILE:LINE", "declares NAME", "macro NAME", "reaches FUNCTION SYMBOL"
 *
 * HEADERS is a directory, or packages joined by commas; EXPORTS has one name a line, sorted.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/vec.h"
#include "model/declared.h"
#include "read/headers/headers.h"

struct names {
	struct bytes data;
	char *text;
	struct strmap map;
	const char **items;
	size_t count, capacity;
};

static void die(const struct ksa_error *err)
{
	fprintf(stderr, "headers: %s: %s\n", err->source, err->text);
	exit(2);
}

static struct helpers *read_headers(const char *spec, bool places)
{
	_cleanup_(header_set_release) struct header_set set = {.items = NULL};
	struct header_options options = {.jobs = 2, .places = places};
	_cleanup_free_ char *copy = strdup(spec);
	struct ksa_error err = {.code = 0};
	struct helpers *helpers;
	char *at = copy, *part;
	int r = 0;

	while ((part = strsep(&at, ",")) && !r) {
		struct stat st;

		if (stat(part, &st) == 0 && S_ISDIR(st.st_mode))
			r = header_set_add_directory(&set, part, &err);
		else
			r = header_set_add_package(&set, part, &err);
	}
	if (!r)
		r = header_set_read(&set, &options, &helpers, &err);
	if (r)
		die(&err);
	return helpers;
}

static void read_names(const char *path, struct names *names)
{
	struct ksa_error err = {.code = 0};
	char *at, *line;

	if (bytes_map_file(&names->data, path, 0, &err))
		die(&err);
	names->text = strndup((const char *)names->data.data, names->data.size);
	at = names->text;
	while (at && (line = strsep(&at, "\n"))) {
		uint32_t index = (uint32_t)names->count;

		if (!*line)
			continue;
		if (strmap_add(&names->map, line, &index, NULL) < 0 || VEC_PUSH_ROOM(names, &err))
			die(&err);
		names->items[names->count++] = line;
	}
}

static bool is_export(void *ctx, const char *name)
{
	const struct names *names = ctx;

	return strmap_get(&names->map, name, NULL);
}

static void count(const struct helpers *h, struct names *exports)
{
	size_t kinds[HELPER_KINDS] = {0}, maybe = 0, leading = 0, declared = 0, edges = 0,
	       names = 0;
	uint8_t *far;

	if (helpers_distances(h, is_export, exports, &far, NULL))
		exit(2);
	for (size_t i = 0; i < h->count; i++) {
		const struct helper *helper = &h->items[i];
		uint8_t distance = UINT8_MAX;

		kinds[helper->kind]++;
		maybe += helper->maybe;
		for (uint32_t k = 0; k < helper->count; k++) {
			uint8_t at = far[h->refs[helper->first + k]];

			distance = at < distance ? at : distance;
			edges += at < HELPER_DEPTH;
		}
		leading += distance < HELPER_DEPTH;
	}
	for (size_t i = 0; i < h->name_count; i++) {
		declared += h->names[i].declared != 0;
		names += far[i] <= HELPER_DEPTH && h->user_first[i + 1] > h->user_first[i];
	}
	printf("files\t%zu\nmacros\t%zu\nconstants\t%zu\ninlines\t%zu\ngenerated\t%zu\nmaybe\t%zu\n"
	       "names\t%zu\nrefs\t%zu\ndeclared\t%zu\nleading\t%zu\nedges\t%zu\nby\t%zu\n",
	       h->file_count, kinds[HELPER_MACRO], kinds[HELPER_CONSTANT], kinds[HELPER_INLINE],
	       kinds[HELPER_GENERATED], maybe, h->name_count, h->ref_count, declared, leading,
	       edges, names);
	free(far);
}

static void show(const struct helpers *h, const char *name)
{
	const struct helper *helper = helpers_find(h, name);

	if (!helper) {
		printf("%s\tdeclared %u\n", name, helpers_declared(h, name));
		return;
	}
	printf("%s\t%s:%u\tkind %u%s\t", name, h->files[helper->file], helper->line, helper->kind,
	       helper->maybe ? " maybe" : "");
	for (uint32_t k = 0; k < helper->count; k++)
		printf(" %s", h->names[h->refs[helper->first + k]].text);
	putchar('\n');
}

static void lead(const struct helpers *h, struct names *exports)
{
	struct helper_reach reach = {.steps = NULL};

	for (size_t i = 0; i < h->count; i++) {
		struct strbuf chain = {.data = NULL};

		if (helpers_reach(h, &h->items[i], &reach, NULL))
			exit(2);
		for (size_t k = 1; k < reach.count; k++) {
			if (!is_export(exports, h->names[reach.steps[k].name].text))
				continue;
			helper_reach_chain(h, &reach, k, &chain);
			printf("%s\t%s\t%s\n", helper_text(h, &h->items[i]),
			       h->names[reach.steps[k].name].text, strbuf_string(&chain));
			break;
		}
		strbuf_release(&chain);
	}
	helper_reach_release(&reach);
}

/* True if what the function's body leads to has the symbol; of any definition of the function. */
static bool reaches(const struct helpers *h, struct helper_reach *reach, const char *function,
		    const char *symbol)
{
	const struct helper *helper = helpers_find(h, function);
	uint32_t wanted = helpers_number(h, symbol);

	if (!helper || wanted == HELPER_NONE || helpers_reach(h, helper, reach, NULL))
		return false;
	for (size_t i = 0; i < reach->count; i++)
		if (reach->steps[i].name == wanted)
			return true;
	return false;
}

/* Of several definitions of one name, of which the headers that were compiled have one, the first
 * is kept: so the place is not compared. */
static bool is_function(const struct helpers *h, const char *name)
{
	const struct helper *helper = helpers_find(h, name);

	return helper &&
	       (helper->kind == HELPER_INLINE || helper->kind == HELPER_GENERATED || helper->maybe);
}

static bool holds(const struct helpers *h, struct helper_reach *reach, const char *what,
		  const char *name, const char *rest)
{
	const struct helper *helper = helpers_find(h, name);

	if (strcmp(what, "inline") == 0)
		return is_function(h, name);
	if (strcmp(what, "reaches") == 0)
		return reaches(h, reach, name, rest);
	if (strcmp(what, "macro") == 0)
		return helper != NULL;
	return helper || helpers_declared(h, name) & DECLARED_FUNCTION;
}

static void check(const struct helpers *h, const struct names *facts)
{
	struct helper_reach reach = {.steps = NULL};

	for (size_t i = 0; i < facts->count; i++) {
		char what[32], name[256], rest[512] = "";

		if (sscanf(facts->items[i], "%31s %255s %511s", what, name, rest) >= 2 &&
		    !holds(h, &reach, what, name, rest))
			puts(facts->items[i]);
	}
	helper_reach_release(&reach);
}

/* True if the name, or a helper that names it within some levels, is in the new headers still. */
static bool is_brought(const struct helpers *old, const struct helpers *new, const char *name)
{
	_cleanup_free_ uint32_t *queue = malloc((old->name_count + 1) * sizeof(*queue));
	_cleanup_free_ uint8_t *far = malloc(old->name_count + 1);
	size_t at = 0, end = 0;
	uint32_t start = helpers_number(old, name);

	if (helpers_find(new, name))
		return true;
	if (start == HELPER_NONE || !queue || !far)
		return false;
	memset(far, UINT8_MAX, old->name_count + 1);
	queue[end++] = start;
	far[start] = 0;
	for (; at < end; at++) {
		size_t users;
		const uint32_t *user = helpers_users(old, queue[at], &users);

		for (size_t k = 0; k < users && far[queue[at]] < 4; k++) {
			uint32_t next = old->items[user[k]].name;
			const char *text = old->names[next].text;

			if (far[next] != UINT8_MAX)
				continue;
			if (helpers_find(new, text) || helpers_declared(new, text))
				return true;
			far[next] = (uint8_t)(far[queue[at]] + 1);
			queue[end++] = next;
		}
	}
	return false;
}

static void release_names(struct names *names)
{
	strmap_release(&names->map);
	free(names->items);
	free(names->text);
	bytes_release(&names->data);
}

static void show_declared(const struct declared *d, const char *name)
{
	size_t count;
	const struct declared_place *places = declared_places(d, name, &count);
	const struct declared_arity arity = declared_arity(d, name);

	for (size_t i = 0; i < count; i++) {
		_cleanup_(strbuf_release) struct strbuf text = {.data = NULL};

		declared_print(d, &places[i], &text);
		printf("%s:%u: kind %u%s%s: %s\n", d->of->files[places[i].file], places[i].line,
		       places[i].kind, places[i].maybe ? " maybe" : "",
		       places[i].is_void ? " void" : "", strbuf_string(&text));
	}
	if (arity.known)
		printf("%s: %u to %u arguments%s%s\n", name, arity.least, arity.most,
		       arity.always_void ? ", void" : "", arity.never_void ? ", a value" : "");
}

int main(int argc, char **argv)
{
	struct helpers *h, *other;
	struct names exports = {.text = NULL}, others = {.text = NULL};

	if (argc < 3)
		return 2;
	h = read_headers(argv[2], strcmp(argv[1], "declared") == 0);
	if (strcmp(argv[1], "show") == 0) {
		for (int i = 3; i < argc; i++)
			show(h, argv[i]);
	} else if (strcmp(argv[1], "declared") == 0) {
		for (int i = 3; i < argc; i++)
			show_declared(h->declared, argv[i]);
		printf("%zu places, %zu #includes\n", h->declared->place_count,
		       h->declared->include_count);
	} else if (argc > 3) {
		read_names(argv[3], &exports);
		if (strcmp(argv[1], "count") == 0)
			count(h, &exports);
		if (strcmp(argv[1], "check") == 0)
			check(h, &exports);
		if (strcmp(argv[1], "lead") == 0)
			lead(h, &exports);
		if (strcmp(argv[1], "brought") == 0 && argc == 6) {
			other = read_headers(argv[4], false);
			read_names(argv[5], &others);
			for (size_t i = 0; i < exports.count; i++)
				if (!is_export(&others, exports.items[i]) &&
				    is_brought(h, other, exports.items[i]))
					puts(exports.items[i]);
			helpers_free(other);
			release_names(&others);
		}
		release_names(&exports);
	}
	helpers_free(h);
	return 0;
}
