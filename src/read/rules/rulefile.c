// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/rules/rulefile.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <yaml.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/strbuf.h"

/* A file while it is read. */
struct reader {
	struct rulefile *file;
	const unsigned char *text;
	size_t size;
	yaml_parser_t parser;
	yaml_event_t event; /* the current one; owned, has_event says if it is there */
	bool has_event;
};

static int fail_at(const struct rulefile *file, unsigned int line, unsigned int column,
		   const char *format, va_list ap) __attribute__((format(printf, 4, 0)));

static int fail_at(const struct rulefile *file, unsigned int line, unsigned int column,
		   const char *format, va_list ap)
{
	bool first = file->err && !file->err->code;
	char text[512];

	vsnprintf(text, sizeof(text), format, ap);
	ksa_fail_at(file->err, KSA_EFORMAT, file->path, line, "%s", text);
	if (first)
		file->err->column = column;
	return KSA_EFORMAT;
}

int rulefile_fail(const struct rulefile *file, const struct rulefile_node *at, const char *format,
		  ...)
{
	va_list ap;

	va_start(ap, format);
	fail_at(file, at->line, at->column, format, ap);
	va_end(ap);
	return KSA_EFORMAT;
}

static int fail_mark(const struct reader *r, const yaml_mark_t *mark, const char *format, ...)
	_printf_(3, 4);

/* The same at a place that libyaml gives; it counts from 0. */
static int fail_mark(const struct reader *r, const yaml_mark_t *mark, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	fail_at(r->file, (unsigned int)mark->line + 1, (unsigned int)mark->column + 1, format, ap);
	va_end(ap);
	return KSA_EFORMAT;
}

/* What libyaml did not like. For bytes that are no UTF-8 it only gives an offset. */
static int fail_yaml(const struct reader *r)
{
	yaml_mark_t mark = r->parser.problem_mark;
	const char *problem = r->parser.problem ? r->parser.problem : "cannot be read";

	if (r->parser.error == YAML_MEMORY_ERROR)
		return ksa_fail_nomem(r->file->err);
	if (r->parser.error == YAML_READER_ERROR) {
		mark = (yaml_mark_t){0};
		for (size_t i = 0; i < r->parser.problem_offset && i < r->size; i++) {
			mark.column++;
			if (r->text[i] != '\n')
				continue;
			mark.line++;
			mark.column = 0;
		}
	}
	return fail_mark(r, &mark, "is not valid YAML: %s", problem);
}

static void drop_event(struct reader *r)
{
	if (r->has_event)
		yaml_event_delete(&r->event);
	r->has_event = false;
}

/* Anchors and tags let a file mean something else than what it shows. */
static int refuse_decoration(const struct reader *r, const yaml_char_t *anchor,
			     const yaml_char_t *tag)
{
	if (anchor)
		return fail_mark(r, &r->event.start_mark,
				 "has an anchor, which is not allowed here");
	if (tag)
		return fail_mark(r, &r->event.start_mark, "has a tag, which is not allowed here");
	return 0;
}

/* Read the next event into r->event. */
static int next_event(struct reader *r)
{
	const yaml_event_t *e = &r->event;

	drop_event(r);
	if (!yaml_parser_parse(&r->parser, &r->event))
		return fail_yaml(r);
	r->has_event = true;
	switch (e->type) {
	case YAML_ALIAS_EVENT:
		return fail_mark(r, &e->start_mark, "has an alias, which is not allowed here");
	case YAML_SCALAR_EVENT:
		return refuse_decoration(r, e->data.scalar.anchor, e->data.scalar.tag);
	case YAML_SEQUENCE_START_EVENT:
		return refuse_decoration(r, e->data.sequence_start.anchor,
					 e->data.sequence_start.tag);
	case YAML_MAPPING_START_EVENT:
		return refuse_decoration(r, e->data.mapping_start.anchor,
					 e->data.mapping_start.tag);
	case YAML_DOCUMENT_START_EVENT:
		if (e->data.document_start.version_directive ||
		    e->data.document_start.tag_directives.start !=
			    e->data.document_start.tag_directives.end)
			return fail_mark(r, &e->start_mark,
					 "has a directive, which is not allowed here");
		return 0;
	default:
		return 0;
	}
}

/* The current event's text in the arena, without white space at its end. */
static int take_text(const struct reader *r, const char *what, const char **out)
{
	const char *s = (const char *)r->event.data.scalar.value;
	size_t length = r->event.data.scalar.length;

	for (size_t i = 0; i < length; i++)
		if ((unsigned char)s[i] < ' ' && s[i] != '\n')
			return fail_mark(r, &r->event.start_mark,
					 "'%s' holds the control byte 0x%02x", what,
					 (unsigned int)(unsigned char)s[i]);
	while (length && (s[length - 1] == '\n' || s[length - 1] == ' '))
		length--;
	if (length == 0)
		return fail_mark(r, &r->event.start_mark, "'%s' is empty", what);
	*out = arena_strndup(r->file->arena, s, length);
	return *out ? 0 : ksa_fail_nomem(r->file->err);
}

/* The current event's text as a key of the mapping. */
static int take_key(const struct reader *r, const struct rulefile_node *map, const char **out)
{
	int ret;

	if (r->event.type != YAML_SCALAR_EVENT)
		return fail_mark(r, &r->event.start_mark,
				 "has a key that is not plain text, expected one like 'title'");
	if (map->count == RULEFILE_KEYS)
		return fail_mark(r, &r->event.start_mark, "has more than %d keys in one mapping",
				 RULEFILE_KEYS);
	ret = take_text(r, "key", out);
	for (const struct rulefile_node *n = map->child; n && !ret; n = n->next)
		if (strcmp(n->key, *out) == 0)
			ret = fail_mark(r, &r->event.start_mark,
					"has the key '%.40s' twice, first on line %u", *out,
					n->key_line);
	return ret;
}

static void set_end(struct rulefile_node *node, const yaml_mark_t *end)
{
	node->end_line = (unsigned int)end->line + 1;
	node->end_column = (unsigned int)end->column + 1;
}

static int take_value(struct reader *r, const char *what, unsigned int depth,
		      struct rulefile_node **out);

/* The entries of a list or mapping, from its start event to its end event. */
static int take_children(struct reader *r, struct rulefile_node *parent, const char *what,
			 unsigned int depth)
{
	struct rulefile_node **tail = &parent->child;
	bool is_map = parent->kind == RULEFILE_MAP;
	int ret;

	if (depth == RULEFILE_DEPTH)
		return fail_mark(r, &r->event.start_mark, "is nested deeper than %d levels",
				 RULEFILE_DEPTH);
	for (;;) {
		const char *key = NULL;
		yaml_mark_t at;

		ret = next_event(r);
		if (ret)
			return ret;
		at = r->event.start_mark;
		if (r->event.type == (is_map ? YAML_MAPPING_END_EVENT : YAML_SEQUENCE_END_EVENT))
			break;
		if (is_map)
			ret = take_key(r, parent, &key);
		if (is_map && !ret)
			ret = next_event(r);
		if (!ret)
			ret = take_value(r, key ? key : what, depth + 1, tail);
		if (ret)
			return ret;
		(*tail)->key = key;
		(*tail)->key_line = (unsigned int)at.line + 1;
		(*tail)->key_column = (unsigned int)at.column + 1;
		tail = &(*tail)->next;
		parent->count++;
	}
	set_end(parent, is_map ? &r->event.end_mark : &r->event.start_mark);
	return 0;
}

/* The current event with all that belongs to it. what is the key that it is for. */
static int take_value(struct reader *r, const char *what, unsigned int depth,
		      struct rulefile_node **out)
{
	struct rulefile_node *node = arena_calloc(r->file->arena, 1, sizeof(*node));

	if (!node)
		return ksa_fail_nomem(r->file->err);
	*out = node;
	node->line = (unsigned int)r->event.start_mark.line + 1;
	node->column = (unsigned int)r->event.start_mark.column + 1;
	switch (r->event.type) {
	case YAML_SCALAR_EVENT:
		node->kind = RULEFILE_TEXT;
		return take_text(r, what, &node->text);
	case YAML_SEQUENCE_START_EVENT:
		node->kind = RULEFILE_LIST;
		return take_children(r, node, what, depth);
	case YAML_MAPPING_START_EVENT:
		node->kind = RULEFILE_MAP;
		return take_children(r, node, what, depth);
	default:
		return fail_mark(r, &r->event.start_mark, "expected a value for '%s'", what);
	}
}

/* The stream: exactly one document, a mapping. */
static int take_stream(struct reader *r)
{
	struct rulefile_node *root = NULL;
	int ret = next_event(r); /* the stream's start */

	if (!ret)
		ret = next_event(r);
	if (ret)
		return ret;
	if (r->event.type != YAML_DOCUMENT_START_EVENT)
		return fail_mark(r, &r->event.start_mark, "holds no %s", r->file->noun);
	ret = next_event(r);
	if (!ret && r->event.type != YAML_MAPPING_START_EVENT)
		return fail_mark(r, &r->event.start_mark,
				 "expected a mapping that starts with 'schema: 1'");
	if (!ret)
		ret = take_value(r, r->file->noun, 0, &root);
	if (!ret)
		ret = next_event(r); /* the document's end */
	if (!ret)
		ret = next_event(r);
	if (ret)
		return ret;
	if (r->event.type != YAML_STREAM_END_EVENT)
		return fail_mark(r, &r->event.start_mark,
				 "holds a second document, expected one %s a file", r->file->noun);
	r->file->root = root;
	return 0;
}

int rulefile_parse(struct rulefile *file, const unsigned char *text, size_t size)
{
	struct reader r = {.file = file, .text = text, .size = size};
	int ret;

	if (!yaml_parser_initialize(&r.parser))
		return ksa_fail_nomem(file->err);
	yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&r.parser, text, size);
	ret = take_stream(&r);
	drop_event(&r);
	yaml_parser_delete(&r.parser);
	return ret;
}

int rulefile_check_size(const struct rulefile *file, size_t size, size_t limit)
{
	if (size <= limit)
		return 0;
	return ksa_fail_at(file->err, KSA_ELIMIT, file->path, 0,
			   "is %zu bytes long, more than the limit of %zu", size, limit);
}

int rulefile_read(struct rulefile *file, size_t limit)
{
	_cleanup_(bytes_release) struct bytes bytes = {NULL, 0, BYTES_BORROWED};
	int ret = bytes_read_file(&bytes, file->path, limit, file->err);

	return ret ? ret : rulefile_parse(file, bytes.data, bytes.size);
}

static size_t find_field(const struct rulefile_field *fields, const char *key)
{
	size_t i = 0;

	while (fields[i].name && strcmp(fields[i].name, key) != 0)
		i++;
	return i;
}

/* "has the unknown key 'x', expected a, b or c" */
static int fail_unknown(const struct rulefile *file, const struct rulefile_node *at,
			const struct rulefile_field *fields)
{
	_cleanup_(strbuf_release) struct strbuf names = {NULL, 0, 0, false};
	struct rulefile_node place = {.line = at->key_line, .column = at->key_column};

	for (size_t i = 0; fields[i].name; i++) {
		strbuf_adds(&names, !i ? "" : fields[i + 1].name ? ", " : " or ");
		strbuf_adds(&names, fields[i].name);
	}
	return rulefile_fail(file, &place, "has the unknown key '%.40s', expected %s", at->key,
			     strbuf_string(&names));
}

int rulefile_fields(const struct rulefile *file, const struct rulefile_node *map,
		    const struct rulefile_field *fields, const struct rulefile_node **out)
{
	static const char *const kinds[] = {"text", "a list", "a mapping"};
	struct rulefile_node end = {.line = map->end_line, .column = map->end_column};

	for (size_t i = 0; fields[i].name; i++)
		out[i] = NULL;
	for (const struct rulefile_node *n = map->child; n; n = n->next) {
		size_t i = find_field(fields, n->key);

		if (!fields[i].name)
			return fail_unknown(file, n, fields);
		if (n->kind != fields[i].kind)
			return rulefile_fail(file, n, "expected %s for '%s'", kinds[fields[i].kind],
					     fields[i].name);
		out[i] = n;
	}
	for (size_t i = 0; fields[i].name; i++)
		if (!out[i] && !fields[i].optional)
			return rulefile_fail(file, &end, "has no key '%s'", fields[i].name);
	return 0;
}

int rulefile_texts(const struct rulefile *file, const struct rulefile_node *list,
		   const struct rulefile_list *form, const char *const **out)
{
	const char **texts = arena_calloc(file->arena, list->count + 1, sizeof(*texts));
	struct rulefile_node end = {.line = list->end_line, .column = list->end_column};
	size_t count = 0;

	if (!texts)
		return ksa_fail_nomem(file->err);
	if (!list->count)
		return rulefile_fail(file, &end, "'%s' is empty, %s", list->key, form->empty);
	for (const struct rulefile_node *n = list->child; n; n = n->next) {
		if (n->kind != RULEFILE_TEXT)
			return rulefile_fail(file, n, "expected text for '%s'", list->key);
		if (count == form->limit)
			return rulefile_fail(file, n, "has more than %zu %s, %s", form->limit,
					     list->key, form->too_many);
		texts[count++] = n->text;
	}
	*out = texts;
	return 0;
}
