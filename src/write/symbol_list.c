// SPDX-License-Identifier: GPL-2.0-or-later
#include "write/symbol_list.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/vec.h"
#include "write/exports.h"
#include "write/out.h"

#define COMMON	 "# commonly used symbols"
#define REQUIRED "# required by "

/* A line of the file that there is. */
struct line {
	const char *at;
	size_t length; /* without its end */
	const char *name; /* of the symbol that it names, NUL-terminated; or NULL */
	bool heads; /* COMMON or REQUIRED */
	bool is_section; /* "[" */
};

/* A name to add. */
struct added {
	const struct ksa_export *e;
	const char *module; /* that alone imports it; "": several, or it does not matter */
	size_t before; /* the index of a line */
	size_t order; /* of what goes before the same line */
	bool heads; /* a new group begins */
};

struct list_writer {
	enum symbol_list_form form;
	bool grouped;
	struct arena arena; /* of names */
	struct line *lines;
	size_t line_count, line_capacity;
	struct added *added;
	size_t added_count;
	const char *indent;
	unsigned int columns; /* SYMBOL_LIST_TABLE */
	struct strbuf buf;
	bool after_name; /* the last line that was written names a symbol */
};

/* As GKI's lists are sorted: no case, no underscores; what is the same then by its bytes. */
static int compare_loosely(const char *a, const char *b)
{
	const char *x = a, *y = b;

	for (;; x++, y++) {
		x += strspn(x, "_");
		y += strspn(y, "_");
		if (!*x || tolower((unsigned char)*x) != tolower((unsigned char)*y))
			break;
	}
	if (*x || *y)
		return tolower((unsigned char)*x) < tolower((unsigned char)*y) ? -1 : 1;
	return strcmp(a, b);
}

static int compare_added(const void *a, const void *b)
{
	const struct added *x = a, *y = b;
	int c = strcmp(x->module, y->module);

	return c ? c : compare_loosely(x->e->name, y->e->name);
}

static int compare_rows(const void *a, const void *b)
{
	const struct added *x = a, *y = b;
	int c = strcmp(x->e->name, y->e->name);

	return c ? c : strcmp(x->e->owner, y->e->owner);
}

static int compare_names(const struct list_writer *w, const char *a, const char *b)
{
	return w->form == SYMBOL_LIST_TABLE ? strcmp(a, b) : compare_loosely(a, b);
}

static bool starts(const struct line *l, const char *with)
{
	size_t length = strlen(with);

	return l->length >= length && memcmp(l->at, with, length) == 0;
}

/* The name on the line: the second field of a row, or the first word. */
static int find_name(struct list_writer *w, struct line *l, struct ksa_error *err)
{
	const bool is_row = w->form == SYMBOL_LIST_TABLE;
	const char *at = l->at, *end = l->at + l->length, *stops = is_row ? "\t" : " \t\r#";
	size_t length = 0;

	if (is_row) {
		at = memchr(at, '\t', l->length);
		at = at ? at + 1 : end;
	} else {
		at += bytes_text_start(at, l->length);
	}
	while (at < end && !is_row && (*at == ' ' || *at == '\t'))
		at++;
	while (at + length < end && !strchr(stops, at[length]))
		length++;
	if (!length || (!is_row && *at == '['))
		return 0;
	l->name = arena_strndup(&w->arena, at, length);
	return l->name ? 0 : ksa_fail_nomem(err);
}

static int split_lines(struct list_writer *w, const char *at, size_t left, struct ksa_error *err)
{
	int r = 0;

	while (left && !r) {
		const char *end = memchr(at, '\n', left);
		struct line l = {.at = at, .length = end ? (size_t)(end - at) : left};

		at += l.length + (end != NULL);
		left -= l.length + (end != NULL);
		l.heads = starts(&l, COMMON) || starts(&l, REQUIRED);
		l.is_section = starts(&l, "[");
		r = find_name(w, &l, err);
		if (!r)
			r = vec_reserve(&w->lines, &w->line_capacity, w->line_count + 1,
					sizeof(*w->lines), err);
		if (!r)
			w->lines[w->line_count++] = l;
	}
	return r;
}

/* What the lines that are there say of how others are to look. */
static int take_looks(struct list_writer *w, struct ksa_error *err)
{
	bool groups = false;

	for (size_t i = 0; i < w->line_count; i++)
		groups = groups || starts(&w->lines[i], REQUIRED);
	w->grouped = w->grouped && (groups || !w->line_count);
	for (size_t i = 0; i < w->line_count; i++) {
		const struct line *l = &w->lines[i];

		if (!l->name)
			continue;
		if (w->form != SYMBOL_LIST_TABLE)
			w->indent = arena_strndup(&w->arena, l->at, strspn(l->at, " \t"));
		else
			w->columns = 1;
		for (size_t k = 0; k < l->length && w->form == SYMBOL_LIST_TABLE; k++)
			w->columns += l->at[k] == '\t';
		break;
	}
	return w->indent ? 0 : ksa_fail_nomem(err);
}

static int find_added(struct list_writer *w, const struct export_view *view,
		      const struct ksa_symbol_list *kept, struct ksa_error *err)
{
	const struct import_set *by = view->used_by;

	w->added = calloc(view->count + 1, sizeof(*w->added));
	if (!w->added)
		return ksa_fail_nomem(err);
	for (size_t i = 0; i < view->count; i++) {
		const struct ksa_export *e = view->items[i];
		uint32_t module = NO_INDEX;
		/* A kernel may export a name twice: the view has both, one after the other. */
		bool again = i && strcmp(view->items[i - 1]->name, e->name) == 0;

		if ((kept && symbol_list_find(kept, e->name)) ||
		    (again && w->form != SYMBOL_LIST_TABLE))
			continue;
		if (w->grouped && by)
			import_set_has(by, e->name, &module);
		w->added[w->added_count++] = (struct added){
			.e = e,
			.module = by && module != NO_INDEX ? by->modules[module]->name : ""};
	}
	qsort(w->added, w->added_count, sizeof(*w->added),
	      w->form == SYMBOL_LIST_TABLE ? compare_rows : compare_added);
	return 0;
}

static bool heads_group(const struct line *l, const char *module)
{
	size_t length = strlen(module), before = strlen(REQUIRED);

	if (!*module)
		return starts(l, COMMON);
	return starts(l, REQUIRED) && l->length >= before + length &&
	       memcmp(l->at + before, module, length) == 0 &&
	       (l->length == before + length || l->at[before + length] == '.');
}

/* A group of lines, while names are placed there in their order. */
struct group {
	size_t at, end; /* lines; what stands before at is not behind the next name */
	size_t last; /* the line behind the last name */
	bool sorted;
};

/* False: there is no such group. */
static bool find_group(const struct list_writer *w, const char *module, struct group *g)
{
	size_t i = 0;

	*g = (struct group){.end = w->line_count};
	if (!w->grouped)
		return true;
	while (i < w->line_count && !heads_group(&w->lines[i], module))
		i++;
	if (i == w->line_count)
		return false;
	g->at = ++i;
	while (i < w->line_count && !w->lines[i].heads && !w->lines[i].is_section)
		i++;
	g->end = i;
	return true;
}

static void see_names(const struct list_writer *w, struct group *g)
{
	const char *before = NULL;

	g->last = g->at;
	g->sorted = true;
	for (size_t i = g->at; i < g->end; i++) {
		const char *here = w->lines[i].name;

		if (!here) {
			g->last = w->lines[i].is_section && !before ? i + 1 : g->last;
			continue;
		}
		g->sorted = g->sorted && (!before || compare_names(w, before, here) <= 0);
		before = here;
		g->last = i + 1;
	}
}

/* The line before which the name goes: in its order, or behind the last name of the group. */
static size_t find_place(const struct list_writer *w, struct group *g, const char *name)
{
	if (!g->sorted)
		return g->last;
	while (g->at < g->end &&
	       (!w->lines[g->at].name || compare_names(w, w->lines[g->at].name, name) <= 0))
		g->at++;
	return g->at < g->end ? g->at : g->last;
}

static int compare_places(const void *a, const void *b)
{
	const struct added *x = a, *y = b;

	if (x->before != y->before)
		return x->before < y->before ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

static void place_added(struct list_writer *w)
{
	struct group group = {.at = 0};
	const char *module = NULL;
	bool found = false;

	for (size_t i = 0; i < w->added_count; i++) {
		struct added *a = &w->added[i];
		bool new_group = !module || strcmp(a->module, module) != 0;

		module = a->module;
		if (new_group) {
			found = find_group(w, a->module, &group);
			if (found)
				see_names(w, &group);
		}
		a->heads = !found && new_group;
		a->before = found ? find_place(w, &group, a->e->name) : w->line_count;
		a->order = found ? i : w->added_count + i;
	}
	qsort(w->added, w->added_count, sizeof(*w->added), compare_places);
}

/* A list has no quoting: what is read from it must be this name. */
static bool is_listable(const char *name)
{
	if (!*name || *name == '[')
		return false;
	for (; *name; name++)
		if ((unsigned char)*name <= ' ' || *name == 0x7f || *name == '#')
			return false;
	return true;
}

static int put_added(struct list_writer *w, const struct added *a, struct ksa_error *err)
{
	if (*a->module && !is_listable(a->module))
		return ksa_fail(err, KSA_EUNSUPPORTED,
				"'%s' is the name of a module that a list of symbols cannot hold",
				a->module);
	if (a->heads && w->after_name)
		strbuf_addc(&w->buf, '\n');
	if (a->heads && *a->module)
		strbuf_printf(&w->buf, REQUIRED "%s.ko\n", a->module);
	else if (a->heads)
		strbuf_adds(&w->buf, COMMON "\n");
	w->after_name = true;
	if (w->form == SYMBOL_LIST_TABLE)
		return write_symvers_row(a->e, w->columns, &w->buf, err);
	if (!is_listable(a->e->name))
		return ksa_fail(err, KSA_EUNSUPPORTED,
				"'%s' is a name that a list of symbols cannot hold", a->e->name);
	strbuf_printf(&w->buf, "%s%s\n", w->indent, a->e->name);
	return 0;
}

static int put_all(struct list_writer *w, FILE *out, struct ksa_error *err)
{
	size_t next = 0;
	int r = 0;

	for (size_t i = 0; i <= w->line_count && !r; i++) {
		while (next < w->added_count && w->added[next].before == i && !r)
			r = put_added(w, &w->added[next++], err);
		if (r || i == w->line_count)
			break;
		strbuf_add(&w->buf, w->lines[i].at, w->lines[i].length);
		strbuf_addc(&w->buf, '\n');
		w->after_name = w->lines[i].name != NULL;
		r = out_piece(&w->buf, out, err);
	}
	return r;
}

static int gather(struct list_writer *w, const struct export_view *view,
		  const struct kept_list *kept, struct ksa_error *err)
{
	static const char head[] = "[abi_symbol_list]\n";
	int r = kept && kept->list
			? split_lines(w, (const char *)kept->bytes.data, kept->bytes.size, err)
			: 0;

	if (!r)
		r = take_looks(w, err);
	if (!r && !w->line_count && w->form == SYMBOL_LIST_SECTION)
		r = split_lines(w, head, strlen(head), err);
	if (!r)
		r = find_added(w, view, kept ? kept->list : NULL, err);
	return r;
}

int write_symbol_list(const struct export_view *view, enum symbol_list_form form,
		      const struct kept_list *kept, FILE *out, struct ksa_error *err)
{
	struct list_writer w = {.form = form,
				.grouped = view->used_by && form != SYMBOL_LIST_TABLE,
				.indent = form == SYMBOL_LIST_SECTION ? "  " : "",
				.columns = 5};
	int r = gather(&w, view, kept, err);

	if (!r) {
		place_added(&w);
		r = put_all(&w, out, err);
	}
	r = out_end(r, &w.buf, out, err);
	strbuf_release(&w.buf);
	free(w.lines);
	free(w.added);
	arena_release(&w.arena);
	return r;
}
