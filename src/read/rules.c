// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/rules.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <yaml.h>

#include "base/bytes.h"

#define KEY_LIMIT 12 /* keys of a file, with the NULL at the end */

/* The keys of a kind of file. All are needed, each once. */
struct key_set {
	const char *noun; /* "rule" */
	const char *expected; /* all of them, for messages */
	unsigned int lists; /* mask of those that are lists, the others are text */
	const char *too_many, *empty; /* what to do about a list */
	const char *names[KEY_LIMIT]; /* up to the first NULL */
};

enum rule_key {
	RULE_SCHEMA,
	RULE_ID,
	RULE_TITLE,
	RULE_LEVEL,
	RULE_SINCE,
	RULE_WHY,
	RULE_FIX,
	RULE_REFERENCES
};

static const struct key_set rule_keys = {
	.noun = "rule",
	.expected = "schema, id, title, level, since, why, fix or references",
	.lists = 1u << RULE_REFERENCES,
	.too_many = "keep the best",
	.empty = "name a source",
	.names = {"schema", "id", "title", "level", "since", "why", "fix", "references"},
};

enum family_key { FAMILY_SCHEMA, FAMILY_NAME, FAMILY_TITLE, FAMILY_MEMBERS };

static const struct key_set family_keys = {
	.noun = "family",
	.expected = "schema, name, title or members",
	.lists = 1u << FAMILY_MEMBERS,
	.too_many = "use globs",
	.empty = "name a symbol",
	.names = {"schema", "name", "title", "members"},
};

struct text_list {
	const char *items[RULES_LIST_LIMIT];
	size_t count;
};

/* One file while it is read. */
struct rule_reader {
	const struct key_set *keys;
	const char *path;
	const unsigned char *text;
	size_t size;
	struct arena *arena;
	struct ksa_error *err;
	yaml_parser_t parser;
	yaml_event_t event; /* the current one; owned, has_event says if it is there */
	bool has_event;
	const char *values[KEY_LIMIT]; /* in the arena; lists have "" once seen */
	yaml_mark_t marks[KEY_LIMIT];
	struct text_list lists[KEY_LIMIT];
	const char *slug; /* of the file's name, in the arena */
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

static int read_list(struct rule_reader *r, int key)
{
	const char *name = r->keys->names[key];
	struct text_list *list = &r->lists[key];
	int ret;

	if (r->event.type != YAML_SEQUENCE_START_EVENT)
		return fail_mark(r, &r->event.start_mark, "expected a list for '%s'", name);
	for (;;) {
		ret = next_event(r);
		if (ret)
			return ret;
		if (r->event.type == YAML_SEQUENCE_END_EVENT)
			break;
		if (list->count == RULES_LIST_LIMIT)
			return fail_mark(r, &r->event.start_mark, "has more than %d %s, %s",
					 RULES_LIST_LIMIT, name, r->keys->too_many);
		ret = take_scalar(r, name, &list->items[list->count]);
		if (ret)
			return ret;
		list->count++;
	}
	if (list->count == 0)
		return fail_mark(r, &r->event.start_mark, "'%s' is empty, %s", name,
				 r->keys->empty);
	r->values[key] = "";
	return 0;
}

/* Which key the current event is. */
static int find_key(struct rule_reader *r, int *out)
{
	const char *key;

	if (r->event.type != YAML_SCALAR_EVENT)
		return fail_mark(r, &r->event.start_mark,
				 "has a key that is not plain text, expected one like 'title'");
	key = (const char *)r->event.data.scalar.value;
	for (int k = 0; r->keys->names[k]; k++) {
		/* The length too: a key may hold NULs. */
		if (strlen(r->keys->names[k]) != r->event.data.scalar.length ||
		    strcmp(r->keys->names[k], key) != 0)
			continue;
		if (r->values[k])
			return fail_mark(r, &r->event.start_mark,
					 "has the key '%s' twice, first on line %zu", key,
					 r->marks[k].line + 1);
		*out = k;
		return 0;
	}
	return fail_mark(r, &r->event.start_mark, "has the unknown key '%.40s', expected %s", key,
			 r->keys->expected);
}

/* The mapping of the document, from its start to its end. */
static int read_mapping(struct rule_reader *r)
{
	int key = 0, ret;

	if (r->event.type != YAML_MAPPING_START_EVENT)
		return fail_mark(r, &r->event.start_mark,
				 "expected a mapping that starts with 'schema: 1'");
	for (;;) {
		ret = next_event(r);
		if (ret)
			return ret;
		if (r->event.type == YAML_MAPPING_END_EVENT)
			break;
		ret = find_key(r, &key);
		if (!ret)
			ret = next_event(r);
		if (ret)
			return ret;
		r->marks[key] = r->event.start_mark;
		if (r->keys->lists & 1u << key)
			ret = read_list(r, key);
		else
			ret = take_scalar(r, r->keys->names[key], &r->values[key]);
		if (ret)
			return ret;
	}
	for (int k = 0; r->keys->names[k]; k++)
		if (!r->values[k])
			return fail_mark(r, &r->event.end_mark, "has no key '%s'",
					 r->keys->names[k]);
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
		return fail_mark(r, &r->event.start_mark, "holds no %s", r->keys->noun);
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
				 "holds a second document, expected one %s a file", r->keys->noun);
	return 0;
}

/* "KSA" and three digits. */
static bool id_is_valid(const char *s)
{
	return strncmp(s, "KSA", 3) == 0 && strspn(s + 3, "0123456789") >= 3;
}

/* Take the slug, what is between the prefix of the file's name and ".yaml". */
static int split_name(struct rule_reader *r, size_t prefix, const char *example)
{
	const char *base = strrchr(r->path, '/');
	size_t length = 0;

	base = base ? base + 1 : r->path;
	if (prefix)
		length = strspn(base + prefix, "abcdefghijklmnopqrstuvwxyz0123456789-");
	if (length && strcmp(base + prefix + length, ".yaml") == 0) {
		r->slug = arena_strndup(r->arena, base + prefix, length);
		return r->slug ? 0 : ksa_fail_nomem(r->err);
	}
	return ksa_fail_at(r->err, KSA_EUSAGE, r->path, 0, "is not named like a %s, expected '%s'",
			   r->keys->noun, example);
}

static int split_rule_name(struct rule_reader *r)
{
	const char *base = strrchr(r->path, '/');
	bool good;

	base = base ? base + 1 : r->path;
	good = id_is_valid(base) && base[6] == '-';
	if (good)
		memcpy(r->id, base, 6);
	return split_name(r, good ? 7 : 0, "KSA001-some-words.yaml");
}

static int split_family_name(struct rule_reader *r)
{
	static const char prefix[] = "family-";
	const char *base = strrchr(r->path, '/');

	base = base ? base + 1 : r->path;
	return split_name(r, strncmp(base, prefix, strlen(prefix)) == 0 ? strlen(prefix) : 0,
			  "family-NAME.yaml");
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
		if (strcmp(r->values[RULE_LEVEL], levels[i].name) != 0)
			continue;
		*out = levels[i].level;
		return 0;
	}
	return fail_mark(r, &r->marks[RULE_LEVEL],
			 "has the level '%.40s', expected error, warning or note",
			 r->values[RULE_LEVEL]);
}

/* What is the same in all kinds of files. */
static int check_head(struct rule_reader *r, int schema, int title)
{
	const char *s = r->values[title];

	if (strcmp(r->values[schema], "1") != 0)
		return fail_mark(r, &r->marks[schema], "has the schema '%.40s', expected 1",
				 r->values[schema]);
	if (strchr(s, '\n') || s[strlen(s) - 1] == '.')
		return fail_mark(r, &r->marks[title],
				 "'title' must be one line without a full stop");
	return 0;
}

/* Values that must have a form. */
static int check_rule(struct rule_reader *r)
{
	const char *since = r->values[RULE_SINCE];
	int ret = check_head(r, RULE_SCHEMA, RULE_TITLE);

	if (ret)
		return ret;
	if (strcmp(r->values[RULE_ID], r->id) != 0)
		return fail_mark(r, &r->marks[RULE_ID],
				 "has the id '%.40s', but the file's name says '%s'",
				 r->values[RULE_ID], r->id);
	if (since[strspn(since, "0123456789.")])
		return fail_mark(r, &r->marks[RULE_SINCE],
				 "has since '%.40s', expected a release like \"0.1\"", since);
	return 0;
}

/* A list as a NULL-terminated array in the arena. */
static const char **copy_list(struct rule_reader *r, int key)
{
	const struct text_list *list = &r->lists[key];
	const char **copy = arena_calloc(r->arena, list->count + 1, sizeof(*copy));

	if (copy)
		memcpy(copy, list->items, list->count * sizeof(*copy));
	return copy;
}

static int fill_rule(struct rule_reader *r, struct ksa_rule *out)
{
	enum ksa_level level = KSA_LEVEL_NOTE;
	const char **references;
	const char *id;
	int ret = check_rule(r);

	if (!ret)
		ret = parse_level(r, &level);
	if (ret)
		return ret;
	references = copy_list(r, RULE_REFERENCES);
	id = arena_strdup(r->arena, r->id);
	if (!references || !id)
		return ksa_fail_nomem(r->err);
	*out = (struct ksa_rule){
		.id = id,
		.slug = r->slug,
		.title = r->values[RULE_TITLE],
		.level = level,
		.why = r->values[RULE_WHY],
		.fix = r->values[RULE_FIX],
		.references = references,
		.since = r->values[RULE_SINCE],
	};
	return 0;
}

/* A name of a symbol, or an fnmatch(3) pattern of one. */
static bool member_is_valid(const char *s)
{
	return !s[strspn(s,
			 "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_*?[]!-")];
}

static int fill_family(struct rule_reader *r, struct ksa_family *out)
{
	const struct text_list *list = &r->lists[FAMILY_MEMBERS];
	const char **members;
	int ret = check_head(r, FAMILY_SCHEMA, FAMILY_TITLE);

	if (ret)
		return ret;
	if (strcmp(r->values[FAMILY_NAME], r->slug) != 0)
		return fail_mark(r, &r->marks[FAMILY_NAME],
				 "has the name '%.40s', but the file's name says '%s'",
				 r->values[FAMILY_NAME], r->slug);
	for (size_t i = 0; i < list->count; i++) {
		if (!member_is_valid(list->items[i]))
			return fail_mark(r, &r->marks[FAMILY_MEMBERS],
					 "has the member '%.40s', expected a symbol or a glob",
					 list->items[i]);
		for (size_t k = 0; k < i; k++)
			if (strcmp(list->items[i], list->items[k]) == 0)
				return fail_mark(r, &r->marks[FAMILY_MEMBERS],
						 "has the member '%.40s' twice", list->items[i]);
	}
	members = copy_list(r, FAMILY_MEMBERS);
	if (!members)
		return ksa_fail_nomem(r->err);
	*out = (struct ksa_family){
		.name = r->slug, .title = r->values[FAMILY_TITLE], .members = members};
	return 0;
}

/* Read the one document of the text. */
static int read_text(struct rule_reader *r)
{
	int ret;

	if (!yaml_parser_initialize(&r->parser))
		return ksa_fail_nomem(r->err);
	yaml_parser_set_encoding(&r->parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&r->parser, r->text, r->size);
	ret = read_stream(r);
	drop_event(r);
	yaml_parser_delete(&r->parser);
	return ret;
}

static int check_size(const struct rule_reader *r)
{
	if (r->size <= RULES_FILE_LIMIT)
		return 0;
	return ksa_fail_at(r->err, KSA_ELIMIT, r->path, 0,
			   "is %zu bytes long, more than the limit of %d", r->size,
			   RULES_FILE_LIMIT);
}

/* Read a file of either kind as far as its keys and values; fills *r. */
static int read_one(struct rule_reader *r, int (*split)(struct rule_reader *r))
{
	int ret = check_size(r);

	if (!ret)
		ret = split(r);
	return ret ? ret : read_text(r);
}

int rules_read_text(const char *path, const unsigned char *text, size_t size, struct arena *arena,
		    struct ksa_rule *out, struct ksa_error *err)
{
	struct rule_reader r = {.keys = &rule_keys,
				.path = path,
				.text = text,
				.size = size,
				.arena = arena,
				.err = err};
	int ret = read_one(&r, split_rule_name);

	return ret ? ret : fill_rule(&r, out);
}

int families_read_text(const char *path, const unsigned char *text, size_t size,
		       struct arena *arena, struct ksa_family *out, struct ksa_error *err)
{
	struct rule_reader r = {.keys = &family_keys,
				.path = path,
				.text = text,
				.size = size,
				.arena = arena,
				.err = err};
	int ret = read_one(&r, split_family_name);

	return ret ? ret : fill_family(&r, out);
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

int families_read_file(const char *path, struct arena *arena, struct ksa_family *out,
		       struct ksa_error *err)
{
	struct bytes bytes;
	int ret = bytes_read_file(&bytes, path, RULES_FILE_LIMIT, err);

	if (ret)
		return ret;
	ret = families_read_text(path, bytes.data, bytes.size, arena, out, err);
	bytes_release(&bytes);
	return ret;
}
