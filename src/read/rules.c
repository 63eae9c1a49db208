// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/rules.h"

#include <stdio.h>
#include <string.h>

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

static const struct rulefile_field rule_fields[] = {
	{"schema", RULEFILE_TEXT, false}, {"id", RULEFILE_TEXT, false},
	{"title", RULEFILE_TEXT, false},  {"level", RULEFILE_TEXT, false},
	{"since", RULEFILE_TEXT, false},  {"why", RULEFILE_TEXT, false},
	{"fix", RULEFILE_TEXT, false},	  {"references", RULEFILE_LIST, false},
	{NULL, RULEFILE_TEXT, false},
};

/* What the file's name says. */
struct rule_name {
	const char *id, *slug; /* in the arena */
};

int rules_split_name(const struct rulefile *file, size_t prefix, const char *example,
		     const char **out)
{
	const char *base = strrchr(file->path, '/');
	size_t length = 0;

	base = base ? base + 1 : file->path;
	if (prefix)
		length = strspn(base + prefix, "abcdefghijklmnopqrstuvwxyz0123456789-");
	if (length && strcmp(base + prefix + length, ".yaml") == 0) {
		*out = arena_strndup(file->arena, base + prefix, length);
		return *out ? 0 : ksa_fail_nomem(file->err);
	}
	return ksa_fail_at(file->err, KSA_EUSAGE, file->path, 0,
			   "is not named like a %s, expected '%s'", file->noun, example);
}

/* "KSA" and three digits. */
static bool id_is_valid(const char *s)
{
	return strncmp(s, "KSA", 3) == 0 && strspn(s + 3, "0123456789") >= 3;
}

static int split_name(const struct rulefile *file, struct rule_name *out)
{
	const char *base = strrchr(file->path, '/');
	bool good;

	base = base ? base + 1 : file->path;
	good = id_is_valid(base) && base[6] == '-';
	out->id = good ? arena_strndup(file->arena, base, 6) : "";
	if (!out->id)
		return ksa_fail_nomem(file->err);
	return rules_split_name(file, good ? 7 : 0, "KSA001-some-words.yaml", &out->slug);
}

static int parse_level(const struct rulefile *file, const struct rulefile_node *n,
		       enum ksa_level *out)
{
	for (int level = KSA_LEVEL_NOTE; level <= KSA_LEVEL_ERROR; level++) {
		if (strcmp(n->text, ksa_level_name((enum ksa_level)level)) == 0) {
			*out = (enum ksa_level)level;
			return 0;
		}
	}
	return rulefile_fail(file, n, "has the level '%.40s', expected error, warning or note",
			     n->text);
}

int rules_check_head(const struct rulefile *file, const struct rulefile_node *schema,
		     const struct rulefile_node *title)
{
	const char *s = title ? title->text : "x";

	if (strcmp(schema->text, "1") != 0)
		return rulefile_fail(file, schema, "has the schema '%.40s', expected 1",
				     schema->text);
	if (strchr(s, '\n') || s[strlen(s) - 1] == '.')
		return rulefile_fail(file, title, "'title' must be one line without a full stop");
	return 0;
}

int rules_take_references(const struct rulefile *file, const struct rulefile_node *list,
			  const char *const **out)
{
	static const struct rulefile_list form = {RULES_LIST_LIMIT, "keep the best",
						  "name a source"};

	return rulefile_texts(file, list, &form, out);
}

static int fill_rule(const struct rulefile *file, const struct rule_name *name,
		     struct ksa_rule *out)
{
	const struct rulefile_node *n[sizeof(rule_fields) / sizeof(*rule_fields)];
	struct ksa_rule rule = {.id = name->id, .slug = name->slug};
	int ret = rulefile_fields(file, file->root, rule_fields, n);

	if (!ret)
		ret = rules_check_head(file, n[RULE_SCHEMA], n[RULE_TITLE]);
	if (ret)
		return ret;
	rule.title = n[RULE_TITLE]->text;
	rule.since = n[RULE_SINCE]->text;
	rule.why = n[RULE_WHY]->text;
	rule.fix = n[RULE_FIX]->text;
	if (strcmp(n[RULE_ID]->text, name->id) != 0)
		return rulefile_fail(file, n[RULE_ID],
				     "has the id '%.40s', but the file's name says '%s'",
				     n[RULE_ID]->text, name->id);
	if (rule.since[strspn(rule.since, "0123456789.")])
		return rulefile_fail(file, n[RULE_SINCE],
				     "has since '%.40s', expected a release like \"0.1\"",
				     rule.since);
	ret = parse_level(file, n[RULE_LEVEL], &rule.level);
	if (!ret)
		ret = rules_take_references(file, n[RULE_REFERENCES], &rule.references);
	if (!ret)
		*out = rule;
	return ret;
}

int rules_read_text(const char *path, const unsigned char *text, size_t size, struct arena *arena,
		    struct ksa_rule *out, struct ksa_error *err)
{
	struct rulefile file = {.path = path, .arena = arena, .err = err, .noun = "rule"};
	struct rule_name name = {NULL, NULL};
	int ret = rulefile_check_size(&file, size, RULEFILE_LIMIT);

	if (!ret)
		ret = split_name(&file, &name);
	if (!ret)
		ret = rulefile_parse(&file, text, size);
	return ret ? ret : fill_rule(&file, &name, out);
}

int rules_read_file(const char *path, struct arena *arena, struct ksa_rule *out,
		    struct ksa_error *err)
{
	struct rulefile file = {.path = path, .arena = arena, .err = err, .noun = "rule"};
	struct rule_name name = {NULL, NULL};
	int ret = split_name(&file, &name);

	if (!ret)
		ret = rulefile_read(&file, RULEFILE_LIMIT);
	return ret ? ret : fill_rule(&file, &name, out);
}
