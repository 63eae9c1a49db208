// SPDX-License-Identifier: GPL-2.0-or-later
/* Declarations as a snapshot has them: a line a header, "include/linux/a.h >12 >45? f2kmalloc". */
#include "model/declared.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

static const char kinds[] = "fimcotse"; /* by enum declared_kind */

#define IS_DIGIT(c) ((c) >= '0' && (c) <= '9')

static bool is_called(uint8_t kind)
{
	return kind == DECLARES_FUNCTION || kind == DECLARES_INLINE || kind == DECLARES_MACRO;
}

static void print_place(const struct declared *d, const struct declared_place *p,
			struct strbuf *out)
{
	strbuf_addc(out, ' ');
	strbuf_addc(out, kinds[p->kind]);
	strbuf_adds(out, p->maybe ? "?" : "");
	strbuf_adds(out, p->is_variadic ? "+" : "");
	strbuf_adds(out, p->is_void ? "!" : "");
	if (is_called(p->kind) && p->arguments == DECLARED_ANY)
		strbuf_addc(out, '-');
	else if (is_called(p->kind))
		strbuf_number(out, p->arguments);
	strbuf_adds(out, d->of->names[p->name].text);
	if (p->alias != HELPER_NONE)
		strbuf_printf(out, "=%s", d->of->names[p->alias].text);
}

static int compare_names(const void *a, const void *b, void *ctx)
{
	const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	const struct declared *d = *(const struct declared *const *)ctx;
	int c = strcmp(d->of->names[d->places[x].name].text, d->of->names[d->places[y].name].text);

	return c ? c : (x > y) - (x < y);
}

/* For each file its places, by name: places[i] for i in [first[f], first[f + 1]). So what is read
 * and written again stays the same, whatever numbers the names have. */
static int index_places(const struct declared *d, uint32_t **first, uint32_t **places,
			struct ksa_error *err)
{
	const size_t files = d->of->file_count;

	*first = calloc(files + 2, sizeof(**first));
	*places = calloc(d->place_count + 1, sizeof(**places));
	if (!*first || !*places)
		return ksa_fail_nomem(err);
	for (size_t i = 0; i < d->place_count; i++)
		(*first)[d->places[i].file + 2]++;
	for (size_t i = 2; i < files + 2; i++)
		(*first)[i] += (*first)[i - 1];
	for (size_t i = 0; i < d->place_count; i++)
		(*places)[(*first)[d->places[i].file + 1]++] = (uint32_t)i;
	for (size_t f = 0; f < files; f++)
		if ((*first)[f + 1] > (*first)[f])
			qsort_r(*places + (*first)[f], (*first)[f + 1] - (*first)[f],
				sizeof(**places), compare_names, &d);
	return 0;
}

int declared_each_line(const struct declared *d, int (*fn)(void *ctx, const char *line), void *ctx,
		       struct ksa_error *err)
{
	_cleanup_(strbuf_release) struct strbuf line = {.data = NULL};
	_cleanup_free_ uint32_t *first = NULL;
	_cleanup_free_ uint32_t *places = NULL;
	int r = index_places(d, &first, &places, err);

	for (size_t f = 0; f < d->of->file_count && !r; f++) {
		strbuf_reset(&line);
		strbuf_adds(&line, d->of->files[f]);
		for (uint32_t i = d->include_first[f]; i < d->include_first[f + 1]; i++)
			strbuf_printf(&line, " >%u%s", d->includes[i].to,
				      d->includes[i].maybe ? "?" : "");
		for (uint32_t i = first[f]; i < first[f + 1]; i++)
			print_place(d, &d->places[places[i]], &line);
		r = line.failed ? ksa_fail_nomem(err) : fn(ctx, strbuf_string(&line));
	}
	return r;
}

int declared_new_partial(struct declared **out, struct ksa_error *err)
{
	struct helpers *own;
	int r = helpers_new(&own, err);

	*out = NULL;
	if (!r)
		r = declared_new(own, out, err);
	if (r) {
		helpers_free(own);
		return r;
	}
	(*out)->own = own;
	(*out)->partial = true;
	return 0;
}

/* A word of a line while it is read. */
struct word {
	const char *at, *end;
};

static bool take(struct word *w, char c)
{
	if (w->at == w->end || *w->at != c)
		return false;
	w->at++;
	return true;
}

/* A number, with at least one digit. */
static bool take_number(struct word *w, uint32_t *out)
{
	const char *start = w->at;

	for (*out = 0; w->at < w->end && IS_DIGIT(*w->at) && *out < 100000000; w->at++)
		*out = *out * 10 + (uint32_t)(*w->at - '0');
	return w->at > start;
}

static bool take_head(struct word *w, struct declared_place *place)
{
	const char *kind = w->at < w->end ? strchr(kinds, *w->at) : NULL;
	uint32_t number;

	if (!kind || !*kind)
		return false;
	place->kind = (uint8_t)(kind - kinds);
	w->at++;
	place->maybe = take(w, '?');
	place->is_variadic = take(w, '+');
	place->is_void = take(w, '!');
	place->arguments = DECLARED_ANY;
	if (!is_called(place->kind) || take(w, '-'))
		return true;
	if (!take_number(w, &number) || number >= DECLARED_ANY)
		return false;
	place->arguments = (uint8_t)number;
	return true;
}

static int malformed(const struct word *w, struct ksa_error *err)
{
	size_t length = (size_t)(w->end - w->at);

	return ksa_fail(err, KSA_EFORMAT, "'%.*s' is no declaration of a header",
			(int)(length < 64 ? length : 64), w->at);
}

static int add_place(struct declared *d, uint32_t file, struct word w, struct ksa_error *err)
{
	struct declared_place place = {.file = file, .alias = HELPER_NONE};
	const struct word all = w;
	const char *equals;
	int r;

	if (!take_head(&w, &place))
		return malformed(&all, err);
	equals = memchr(w.at, '=', (size_t)(w.end - w.at));
	if (w.at == w.end || equals == w.at || (equals && equals + 1 == w.end))
		return malformed(&all, err);
	r = helpers_add_name(d->own, w.at, (size_t)((equals ? equals : w.end) - w.at), &place.name,
			     err);
	if (!r && equals)
		r = helpers_add_name(d->own, equals + 1, (size_t)(w.end - equals - 1), &place.alias,
				     err);
	return r ? r : declared_add(d, &place, err);
}

static int add_word(struct declared *d, uint32_t file, struct word w, struct ksa_error *err)
{
	struct declared_include include = {.from = file};
	const struct word all = w;

	if (!take(&w, '>'))
		return add_place(d, file, w, err);
	if (!take_number(&w, &include.to))
		return malformed(&all, err);
	include.maybe = take(&w, '?');
	return w.at == w.end ? declared_add_numbered(d, &include, err) : malformed(&all, err);
}

int declared_add_line(struct declared *d, const char *text, size_t length, struct ksa_error *err)
{
	const char *end = text + length, *blank = memchr(text, ' ', length);
	_cleanup_free_ char *path = strndup(text, blank ? (size_t)(blank - text) : length);
	uint32_t file = HELPER_NONE;
	int r = path ? helpers_add_file(d->own, path, &file, err) : ksa_fail_nomem(err);

	while (!r && blank) {
		const char *at = blank + 1;

		blank = memchr(at, ' ', (size_t)(end - at));
		r = add_word(d, file, (struct word){at, blank ? blank : end}, err);
	}
	return r;
}

int declared_finish(struct declared *d, struct ksa_error *err)
{
	int r = declared_index_files(d, err);

	for (size_t i = 0; i < d->include_count && !r; i++)
		if (d->includes[i].to >= d->of->file_count)
			r = ksa_fail(err, KSA_EFORMAT, "includes header %u of %zu",
				     d->includes[i].to, d->of->file_count);
	return r ? r : declared_seal(d, err);
}

void declared_keep(struct declared *d,
		   bool (*wanted)(void *ctx, const struct declared_place *place), void *ctx)
{
	size_t kept = 0, at = 0;

	for (size_t name = 0; name < d->of->name_count; name++) {
		const size_t end = d->first[name + 1];

		d->first[name] = (uint32_t)kept;
		for (; at < end; at++)
			if (wanted(ctx, &d->places[at]))
				d->places[kept++] = d->places[at];
	}
	d->first[d->of->name_count] = (uint32_t)kept;
	d->place_count = kept;
	d->partial = true;
}
