// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/rules.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <yaml.h>

#include "base/bytes.h"

enum field {
	FIELD_SCHEMA,
	FIELD_ID,
	FIELD_TITLE,
	FIELD_LEVEL,
	FIELD_SINCE,
	FIELD_WHY,
	FIELD_FIX,
	FIELD_REFERENCES,
	FIELD_COUNT
};

static const char *const field_names[FIELD_COUNT] = {
	[FIELD_SCHEMA] = "schema", [FIELD_ID] = "id",
	[FIELD_TITLE] = "title",   [FIELD_LEVEL] = "level",
	[FIELD_SINCE] = "since",   [FIELD_WHY] = "why",
	[FIELD_FIX] = "fix",	   [FIELD_REFERENCES] = "references",
};

/* One file while it is read. */
struct rule_reader {
	const char *path;
	const unsigned char *text;
	size_t size;
	struct arena *arena;
	struct ksa_error *err;
	yaml_parser_t parser;
	yaml_event_t event; /* the current one; owned, has_event says if it is there */
	bool has_event;
	const char *values[FIELD_COUNT]; /* in the arena; references have "" once seen */
	yaml_mark_t marks[FIELD_COUNT];
	const char *references[RULES_REFERENCE_LIMIT];
	size_t reference_count;
	const char *slug;
	char id[8];
};

/* Record an error at a place in the file; libyaml counts from 0. */
static int fail_mark(struct rule_reader *r, const yaml_mark_t *mark, const char *format, ...)
	_printf_(3, 4);

static int fail_mark(struct rule_reader *r, const yaml_mark_t *mark, const char *format, ...)
{
	bool first = r->err && !r->err->code;
	char text[512];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	ksa_fail_at(r->err, KSA_EFORMAT, r->path, (unsigned int)mark->line + 1, "%s", text);
	if (first)
		r->err->column = (unsigned int)mark->column + 1;
	return KSA_EFORMAT;
}

/* What libyaml did not like. For bytes that are no UTF-8 it only gives an offset. */
static int fail_yaml(struct rule_reader *r)
{
	yaml_mark_t mark = r->parser.problem_mark;
	const char *problem = r->parser.problem ? r->parser.problem : "cannot be read";

	if (r->parser.error == YAML_MEMORY_ERROR)
		return ksa_fail_nomem(r->err);
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

static void drop_event(struct rule_reader *r)
{
	if (r->has_event)
		yaml_event_delete(&r->event);
	r->has_event = false;
}

/* Anchors and tags let a file mean something else than what it shows. */
static int refuse_decoration(struct rule_reader *r, const yaml_char_t *anchor,
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
static int next_event(struct rule_reader *r)
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
static int take_scalar(struct rule_reader *r, const char *what, const char **out)
{
	const char *s;
	size_t length;

	if (r->event.type != YAML_SCALAR_EVENT)
		return fail_mark(r, &r->event.start_mark, "expected text for '%s'", what);
	s = (const char *)r->event.data.scalar.value;
	length = r->event.data.scalar.length;
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)s[i] < ' ' && s[i] != '\n')
			return fail_mark(r, &r->event.start_mark,
					 "'%s' holds the control byte 0x%02x", what,
					 (unsigned int)(unsigned char)s[i]);
	while (length && (s[length - 1] == '\n' || s[length - 1] == ' '))
		length--;
	if (length == 0)
		return fail_mark(r, &r->event.start_mark, "'%s' is empty", what);
	*out = arena_strndup(r->arena, s, length);
	return *out ? 0 : ksa_fail_nomem(r->err);
}

static int read_references(struct rule_reader *r)
{
	int ret;

	if (r->event.type != YAML_SEQUENCE_START_EVENT)
		return fail_mark(r, &r->event.start_mark, "expected a list for 'references'");
	for (;;) {
		ret = next_event(r);
		if (ret)
			return ret;
		if (r->event.type == YAML_SEQUENCE_END_EVENT)
			break;
		if (r->reference_count == RULES_REFERENCE_LIMIT)
			return fail_mark(r, &r->event.start_mark,
					 "has more than %d references, keep the best",
					 RULES_REFERENCE_LIMIT);
		ret = take_scalar(r, "references", &r->references[r->reference_count]);
		if (ret)
			return ret;
		r->reference_count++;
	}
	if (r->reference_count == 0)
		return fail_mark(r, &r->event.start_mark, "'references' is empty, name a source");
	r->values[FIELD_REFERENCES] = "";
	return 0;
}

/* Which key the current event is. */
static int find_field(struct rule_reader *r, enum field *out)
{
	const char *key;

	if (r->event.type != YAML_SCALAR_EVENT)
		return fail_mark(r, &r->event.start_mark,
				 "has a key that is not plain text, expected one like 'title'");
	key = (const char *)r->event.data.scalar.value;
	for (int f = 0; f < FIELD_COUNT; f++) {
		/* The length too: a key may hold NULs. */
		if (strlen(field_names[f]) != r->event.data.scalar.length ||
		    strcmp(field_names[f], key) != 0)
			continue;
		if (r->values[f])
			return fail_mark(r, &r->event.start_mark,
					 "has the key '%s' twice, first on line %zu", key,
					 r->marks[f].line + 1);
		*out = (enum field)f;
		return 0;
	}
	return fail_mark(r, &r->event.start_mark,
			 "has the unknown key '%.40s', expected schema, id, title, level, since, "
			 "why, fix or references",
			 key);
}

/* The mapping of the document, from its start to its end. */
static int read_mapping(struct rule_reader *r)
{
	enum field field = FIELD_SCHEMA;
	int ret;

	if (r->event.type != YAML_MAPPING_START_EVENT)
		return fail_mark(r, &r->event.start_mark,
				 "expected a mapping that starts with 'schema: 1'");
	for (;;) {
		ret = next_event(r);
		if (ret)
			return ret;
		if (r->event.type == YAML_MAPPING_END_EVENT)
			break;
		ret = find_field(r, &field);
		if (!ret)
			ret = next_event(r);
		if (ret)
			return ret;
		r->marks[field] = r->event.start_mark;
		if (field == FIELD_REFERENCES)
			ret = read_references(r);
		else
			ret = take_scalar(r, field_names[field], &r->values[field]);
		if (ret)
			return ret;
	}
	for (int f = 0; f < FIELD_COUNT; f++)
		if (!r->values[f])
			return fail_mark(r, &r->event.end_mark, "has no key '%s'", field_names[f]);
	return 0;
}

/* The stream: exactly one document. */
static int read_stream(struct rule_reader *r)
{
	int ret = next_event(r); /* the stream's start */

	if (!ret)
		ret = next_event(r);
	if (ret)
		return ret;
	if (r->event.type != YAML_DOCUMENT_START_EVENT)
		return fail_mark(r, &r->event.start_mark, "holds no rule");
	ret = next_event(r);
	if (!ret)
		ret = read_mapping(r);
	if (!ret)
		ret = next_event(r); /* the document's end */
	if (!ret)
		ret = next_event(r);
	if (ret)
		return ret;
	if (r->event.type != YAML_STREAM_END_EVENT)
		return fail_mark(r, &r->event.start_mark,
				 "holds a second document, expected one rule a file");
	return 0;
}

/* "KSA" and three digits. */
static bool id_is_valid(const char *s)
{
	return strncmp(s, "KSA", 3) == 0 && strspn(s + 3, "0123456789") >= 3;
}

/* Take id and slug from the file's name. */
static int split_name(struct rule_reader *r)
{
	const char *base = strrchr(r->path, '/');
	size_t length = 0;

	base = base ? base + 1 : r->path;
	if (id_is_valid(base) && base[6] == '-')
		length = strspn(base + 7, "abcdefghijklmnopqrstuvwxyz0123456789-");
	if (length && strcmp(base + 7 + length, ".yaml") == 0) {
		memcpy(r->id, base, 6);
		r->slug = arena_strndup(r->arena, base + 7, length);
		return r->slug ? 0 : ksa_fail_nomem(r->err);
	}
	return ksa_fail_at(r->err, KSA_EUSAGE, r->path, 0,
			   "is not named like a rule, expected 'KSA001-some-words.yaml'");
}

static int parse_level(struct rule_reader *r, enum ksa_level *out)
{
	static const struct {
		const char *name;
		enum ksa_level level;
	} levels[] = {
		{"error", KSA_LEVEL_ERROR},
		{"warning", KSA_LEVEL_WARNING},
		{"note", KSA_LEVEL_NOTE},
	};

	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
		if (strcmp(r->values[FIELD_LEVEL], levels[i].name) != 0)
			continue;
		*out = levels[i].level;
		return 0;
	}
	return fail_mark(r, &r->marks[FIELD_LEVEL],
			 "has the level '%.40s', expected error, warning or note",
			 r->values[FIELD_LEVEL]);
}

/* Values that must have a form. */
static int check_values(struct rule_reader *r)
{
	const char *title = r->values[FIELD_TITLE];
	const char *since = r->values[FIELD_SINCE];

	if (strcmp(r->values[FIELD_SCHEMA], "1") != 0)
		return fail_mark(r, &r->marks[FIELD_SCHEMA], "has the schema '%.40s', expected 1",
				 r->values[FIELD_SCHEMA]);
	if (strcmp(r->values[FIELD_ID], r->id) != 0)
		return fail_mark(r, &r->marks[FIELD_ID],
				 "has the id '%.40s', but the file's name says '%s'",
				 r->values[FIELD_ID], r->id);
	if (strchr(title, '\n') || title[strlen(title) - 1] == '.')
		return fail_mark(r, &r->marks[FIELD_TITLE],
				 "'title' must be one line without a full stop");
	if (since[strspn(since, "0123456789.")])
		return fail_mark(r, &r->marks[FIELD_SINCE],
				 "has since '%.40s', expected a release like \"0.1\"", since);
	return 0;
}

static int fill_rule(struct rule_reader *r, struct ksa_rule *out)
{
	enum ksa_level level = KSA_LEVEL_NOTE;
	const char **references;
	const char *id;
	int ret = check_values(r);

	if (!ret)
		ret = parse_level(r, &level);
	if (ret)
		return ret;
	references = arena_calloc(r->arena, r->reference_count + 1, sizeof(*references));
	id = arena_strdup(r->arena, r->id);
	if (!references || !id)
		return ksa_fail_nomem(r->err);
	memcpy(references, r->references, r->reference_count * sizeof(*references));
	*out = (struct ksa_rule){
		.id = id,
		.slug = r->slug,
		.title = r->values[FIELD_TITLE],
		.level = level,
		.why = r->values[FIELD_WHY],
		.fix = r->values[FIELD_FIX],
		.references = references,
		.since = r->values[FIELD_SINCE],
	};
	return 0;
}

int rules_read_text(const char *path, const unsigned char *text, size_t size, struct arena *arena,
		    struct ksa_rule *out, struct ksa_error *err)
{
	struct rule_reader r = {
		.path = path, .text = text, .size = size, .arena = arena, .err = err};
	int ret;

	if (size > RULES_FILE_LIMIT)
		return ksa_fail_at(err, KSA_ELIMIT, path, 0,
				   "is %zu bytes long, more than the limit of %d", size,
				   RULES_FILE_LIMIT);
	ret = split_name(&r);
	if (ret)
		return ret;
	if (!yaml_parser_initialize(&r.parser))
		return ksa_fail_nomem(err);
	yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&r.parser, text, size);
	ret = read_stream(&r);
	if (!ret)
		ret = fill_rule(&r, out);
	drop_event(&r);
	yaml_parser_delete(&r.parser);
	return ret;
}

int rules_read_file(const char *path, struct arena *arena, struct ksa_rule *out,
		    struct ksa_error *err)
{
	struct bytes bytes;
	int ret = bytes_read_file(&bytes, path, RULES_FILE_LIMIT, err);

	if (ret)
		return ret;
	ret = rules_read_text(path, bytes.data, bytes.size, arena, out, err);
	bytes_release(&bytes);
	return ret;
}
