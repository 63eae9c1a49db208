// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/rules/export_macros.h"

#include <stdlib.h>
#include <string.h>

#include "model/release.h"
#include "read/rules/rulefile.h"
#include "read/rules/rules.h"

#define NAME_BYTES "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"

static const struct rulefile_list list_form = {EXPORT_MACROS_LIST_LIMIT, "split the entry",
					       "leave the key out"};

static bool is_macro(const char *s)
{
	return !s[strspn(s, NAME_BYTES)] && !strchr("0123456789", s[0]);
}

/* Names' bytes, those in more, and "{1}" to "{9}". */
static bool is_template(const char *s, const char *more)
{
	while (*s) {
		if (s[0] == '{' && s[1] >= '1' && s[1] <= '9' && s[2] == '}')
			s += 3;
		else if (strchr(NAME_BYTES, *s) || strchr(more, *s))
			s++;
		else
			return false;
	}
	return true;
}

/* A text that may be missing. */
static const char *text_of(const struct rulefile_node *n)
{
	return n ? n->text : NULL;
}

/* rulefile_fields() of an entry of one of the lists. */
static int take_entry(const struct rulefile *f, const struct rulefile_node *entry,
		      const struct rulefile_field *fields, const struct rulefile_node **out)
{
	if (entry->kind != RULEFILE_MAP) {
		rulefile_fail(f, entry, "expected a mapping");
		return KSA_EFORMAT;
	}
	return rulefile_fields(f, entry, fields, out);
}

static int take_macro_name(const struct rulefile *f, const struct rulefile_node *n,
			   const char **out)
{
	*out = text_of(n);
	if (n && !is_macro(n->text))
		return rulefile_fail(f, n, "has the macro '%.40s', expected a C identifier",
				     n->text);
	return 0;
}

static int check_release(const struct rulefile *f, const struct rulefile_node *n)
{
	if (n && !release_is_plain(n->text))
		return rulefile_fail(f, n, "has the %s '%.40s', expected a release like \"6.12\"",
				     n->key, n->text);
	return 0;
}

static int take_templates(const struct rulefile *f, const struct rulefile_node *list,
			  const char *const **out)
{
	int ret = rulefile_texts(f, list, &list_form, out);

	for (const struct rulefile_node *n = list->child; n && !ret; n = n->next)
		if (!is_template(n->text, "$"))
			ret = rulefile_fail(f, n, "has the name '%.40s', expected one like __x_{1}",
					    n->text);
	return ret;
}

enum macro_key {
	MACRO_MACRO,
	MACRO_CLASS,
	MACRO_IN,
	MACRO_PATH,
	MACRO_NAMESPACE,
	MACRO_OBJECTS,
	MACRO_FUNCTIONS,
	MACRO_NAMES,
	MACRO_SINCE,
	MACRO_UNTIL
};

static const struct rulefile_field macro_fields[] = {
	{"macro", RULEFILE_TEXT, false},    {"class", RULEFILE_TEXT, false},
	{"in", RULEFILE_TEXT, false},	    {"path", RULEFILE_TEXT, true},
	{"namespace", RULEFILE_TEXT, true}, {"objects", RULEFILE_LIST, true},
	{"functions", RULEFILE_LIST, true}, {"names", RULEFILE_LIST, true},
	{"since", RULEFILE_TEXT, true},	    {"until", RULEFILE_TEXT, true},
	{NULL, RULEFILE_TEXT, false},
};

/* A class, or "none" for a macro that exports nothing. */
static int take_class(const struct rulefile *f, const struct rulefile_node *n, enum ksa_class *out,
		      bool *none)
{
	*none = strcmp(n->text, "none") == 0;
	*out = KSA_CLASS_UNKNOWN;
	for (int cls = KSA_CLASS_PLAIN; cls <= KSA_CLASS_UNUSED_GPL; cls++)
		if (strcmp(n->text, ksa_class_name((enum ksa_class)cls)) == 0)
			*out = (enum ksa_class)cls;
	if (*none || *out != KSA_CLASS_UNKNOWN)
		return 0;
	return rulefile_fail(f, n,
			     "has the class '%.40s', expected plain, gpl, gpl-future, unused, "
			     "unused-gpl or none",
			     n->text);
}

static int add_names(const struct rulefile *f, const struct rulefile_node *list, enum ksa_kind kind,
		     struct export_name *names, size_t *count)
{
	const char *const *texts;
	int ret;

	if (!list)
		return 0;
	ret = take_templates(f, list, &texts);
	for (size_t i = 0; !ret && texts[i]; i++)
		names[(*count)++] = (struct export_name){texts[i], kind};
	return ret;
}

/* Objects, functions and names of unknown kind, in this order; the argument itself if none is
 * given. */
static int take_names(const struct rulefile *f, const struct rulefile_node **n,
		      struct export_macro *m)
{
	struct export_name *names =
		arena_calloc(f->arena, (size_t)3 * EXPORT_MACROS_LIST_LIMIT, sizeof(*names));
	int ret;

	if (!names)
		return ksa_fail_nomem(f->err);
	m->names = names;
	ret = add_names(f, n[MACRO_OBJECTS], KSA_KIND_OBJECT, names, &m->name_count);
	if (!ret)
		ret = add_names(f, n[MACRO_FUNCTIONS], KSA_KIND_FUNCTION, names, &m->name_count);
	if (!ret)
		ret = add_names(f, n[MACRO_NAMES], KSA_KIND_UNKNOWN, names, &m->name_count);
	if (!ret && !m->name_count)
		names[m->name_count++] = (struct export_name){"{1}", KSA_KIND_UNKNOWN};
	return ret;
}

static int take_namespace(const struct rulefile *f, const struct rulefile_node *n,
			  struct export_macro *m)
{
	if (!n)
		return 0;
	m->default_ns = strcmp(n->text, "default") == 0;
	m->ns = m->default_ns ? NULL : n->text;
	if (!is_template(n->text, ":,-*. "))
		return rulefile_fail(f, n, "has the namespace '%.40s', expected text or \"{2}\"",
				     n->text);
	return 0;
}

static int take_macro(const struct rulefile *f, const struct rulefile_node *map,
		      struct export_macro *m)
{
	const struct rulefile_node *n[sizeof(macro_fields) / sizeof(*macro_fields)];
	bool none = false;
	int ret = take_entry(f, map, macro_fields, n);

	if (!ret)
		ret = take_macro_name(f, n[MACRO_MACRO], &m->macro);
	if (!ret)
		ret = take_class(f, n[MACRO_CLASS], &m->cls, &none);
	if (!ret)
		ret = check_release(f, n[MACRO_SINCE]);
	if (!ret)
		ret = check_release(f, n[MACRO_UNTIL]);
	if (!ret)
		ret = take_namespace(f, n[MACRO_NAMESPACE], m);
	if (!ret && !none)
		ret = take_names(f, n, m);
	if (ret)
		return ret;
	m->path = text_of(n[MACRO_PATH]);
	/* The reader searches files for this word; for other names it must know where to look. */
	m->unmarked = !strstr(m->macro, "EXPORT");
	if (!m->path && m->unmarked)
		return rulefile_fail(f, n[MACRO_MACRO],
				     "has the macro '%s' without EXPORT in its name, which needs a "
				     "path",
				     m->macro);
	return 0;
}

static int compare_macros(const void *a, const void *b)
{
	const struct export_macro *x = a, *y = b;
	int c = strcmp(x->macro, y->macro);

	if (c || !x->path || !y->path)
		return c ? c : (x->path == NULL) - (y->path == NULL);
	return strcmp(x->path, y->path);
}

static int take_macros(const struct rulefile *f, const struct rulefile_node *list,
		       struct export_macros *out)
{
	struct export_macro *macros = arena_calloc(f->arena, list->count, sizeof(*macros));
	size_t i = 0;

	if (!macros)
		return ksa_fail_nomem(f->err);
	for (const struct rulefile_node *n = list->child; n; n = n->next, i++) {
		int ret = take_macro(f, n, &macros[i]);

		if (ret)
			return ret;
		for (size_t j = 0; j < i; j++)
			if (compare_macros(&macros[j], &macros[i]) == 0)
				return rulefile_fail(f, n, "has the macro '%s' again",
						     macros[i].macro);
	}
	qsort(macros, list->count, sizeof(*macros), compare_macros);
	out->macros = macros;
	out->macro_count = list->count;
	return 0;
}

static const struct rulefile_field argument_fields[] = {
	{"path", RULEFILE_TEXT, false},	 {"argument", RULEFILE_TEXT, false},
	{"names", RULEFILE_LIST, false}, {"in", RULEFILE_TEXT, false},
	{NULL, RULEFILE_TEXT, false},
};

static int take_arguments(const struct rulefile *f, const struct rulefile_node *list,
			  struct export_macros *out)
{
	const struct rulefile_node *n[sizeof(argument_fields) / sizeof(*argument_fields)];
	struct export_argument *items = arena_calloc(f->arena, list->count, sizeof(*items));
	size_t i = 0;

	if (!items)
		return ksa_fail_nomem(f->err);
	for (const struct rulefile_node *map = list->child; map; map = map->next, i++) {
		int ret = take_entry(f, map, argument_fields, n);

		if (!ret)
			ret = take_templates(f, n[2], &items[i].names);
		if (ret)
			return ret;
		items[i].path = n[0]->text;
		items[i].argument = n[1]->text;
	}
	out->arguments = items;
	out->argument_count = list->count;
	return 0;
}

enum include_key {
	INCLUDE_HEADER,
	INCLUDE_PATH,
	INCLUDE_MACRO,
	INCLUDE_ARGUMENTS,
	INCLUDE_NAMESPACE
};

static const struct rulefile_field include_fields[] = {
	{"header", RULEFILE_TEXT, false},   {"path", RULEFILE_TEXT, true},
	{"macro", RULEFILE_TEXT, true},	    {"arguments", RULEFILE_LIST, true},
	{"namespace", RULEFILE_TEXT, true}, {NULL, RULEFILE_TEXT, false},
};

static int take_include(const struct rulefile *f, const struct rulefile_node *map,
			struct export_include *out)
{
	const struct rulefile_node *n[sizeof(include_fields) / sizeof(*include_fields)];
	int ret = take_entry(f, map, include_fields, n);

	if (!ret)
		ret = take_macro_name(f, n[INCLUDE_MACRO], &out->macro);
	if (ret)
		return ret;
	out->header = n[INCLUDE_HEADER]->text;
	out->path = text_of(n[INCLUDE_PATH]);
	out->ns = text_of(n[INCLUDE_NAMESPACE]);
	if (!n[INCLUDE_MACRO] != !n[INCLUDE_ARGUMENTS] || !n[INCLUDE_MACRO] == !out->ns)
		return rulefile_fail(f, map, "needs either macro and arguments, or namespace");
	if (n[INCLUDE_ARGUMENTS])
		ret = rulefile_texts(f, n[INCLUDE_ARGUMENTS], &list_form, &out->arguments);
	return ret;
}

static int take_includes(const struct rulefile *f, const struct rulefile_node *list,
			 struct export_macros *out)
{
	struct export_include *items = arena_calloc(f->arena, list->count, sizeof(*items));
	size_t i = 0;

	if (!items)
		return ksa_fail_nomem(f->err);
	for (const struct rulefile_node *map = list->child; map; map = map->next, i++) {
		int ret = take_include(f, map, &items[i]);

		if (ret)
			return ret;
	}
	out->includes = items;
	out->include_count = list->count;
	return 0;
}

static const struct rulefile_field table_fields[] = {
	{"schema", RULEFILE_TEXT, false},    {"macros", RULEFILE_LIST, false},
	{"arguments", RULEFILE_LIST, false}, {"includes", RULEFILE_LIST, false},
	{NULL, RULEFILE_TEXT, false},
};

static int fill(const struct rulefile *f, struct export_macros *out)
{
	const struct rulefile_node *n[sizeof(table_fields) / sizeof(*table_fields)];
	struct export_macros table = {NULL, 0, NULL, 0, NULL, 0};
	int ret = rulefile_fields(f, f->root, table_fields, n);

	if (!ret)
		ret = rules_check_head(f, n[0], NULL);
	if (!ret)
		ret = take_macros(f, n[1], &table);
	if (!ret)
		ret = take_arguments(f, n[2], &table);
	if (!ret)
		ret = take_includes(f, n[3], &table);
	if (!ret)
		*out = table;
	return ret;
}

int export_macros_read_text(const char *path, const unsigned char *text, size_t size,
			    struct arena *arena, struct export_macros *out, struct ksa_error *err)
{
	struct rulefile file = {
		.path = path, .arena = arena, .err = err, .noun = "table of export macros"};
	int ret = rulefile_check_size(&file, size, EXPORT_MACROS_LIMIT);

	if (!ret)
		ret = rulefile_parse(&file, text, size);
	return ret ? ret : fill(&file, out);
}

int export_macros_read_file(const char *path, struct arena *arena, struct export_macros *out,
			    struct ksa_error *err)
{
	struct rulefile file = {
		.path = path, .arena = arena, .err = err, .noun = "table of export macros"};
	int ret = rulefile_read(&file, EXPORT_MACROS_LIMIT);

	return ret ? ret : fill(&file, out);
}
