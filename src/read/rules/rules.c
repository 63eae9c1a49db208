// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/rules/rules.h"

#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/strbuf.h"

enum rule_key {
	KEY_SCHEMA,
	KEY_ID,
	KEY_TITLE,
	KEY_LEVEL,
	KEY_STAGE,
	KEY_ABOUT,
	KEY_OUTCOME,
	KEY_DENIES,
	KEY_REBUILD,
	KEY_CHANGE,
	KEY_SHORT,
	KEY_SINCE,
	KEY_WHY,
	KEY_FIX,
	KEY_REFERENCES,
	KEY_WHEN
};

static const struct rulefile_field rule_fields[] = {
	{"schema", RULEFILE_TEXT, false},    {"id", RULEFILE_TEXT, false},
	{"title", RULEFILE_TEXT, false},     {"level", RULEFILE_TEXT, false},
	{"stage", RULEFILE_LIST, true},	     {"about", RULEFILE_TEXT, true},
	{"outcome", RULEFILE_TEXT, true},    {"denies", RULEFILE_TEXT, true},
	{"rebuild", RULEFILE_TEXT, true},    {"change", RULEFILE_TEXT, true},
	{"short", RULEFILE_TEXT, true},	     {"since", RULEFILE_TEXT, true},
	{"why", RULEFILE_TEXT, false},	     {"fix", RULEFILE_TEXT, false},
	{"references", RULEFILE_LIST, true}, {"when", RULEFILE_MAP, true},
	{NULL, RULEFILE_TEXT, false},
};

enum when_key {
	WHEN_SYMBOLS,
	WHEN_FAMILIES,
	WHEN_CLASSES,
	WHEN_NAMESPACES,
	WHEN_OWNERS,
	WHEN_MODULES,
	WHEN_LISTS,
	WHEN_LICENSE = WHEN_LISTS
};

static const struct rulefile_field when_fields[] = {
	{"symbols", RULEFILE_LIST, true}, {"families", RULEFILE_LIST, true},
	{"classes", RULEFILE_LIST, true}, {"namespaces", RULEFILE_LIST, true},
	{"owners", RULEFILE_LIST, true},  {"modules", RULEFILE_LIST, true},
	{"license", RULEFILE_TEXT, true}, {NULL, RULEFILE_TEXT, false},
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

#define OUR_LETTERS "KSA"

/* Three capital letters and three digits. Ours start with OUR_LETTERS. */
static bool id_is_valid(const char *s)
{
	return strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 3 && strspn(s + 3, "0123456789") >= 3;
}

static bool is_ours(const char *id)
{
	return strncmp(id, OUR_LETTERS, 3) == 0;
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
	return rules_split_name(file, good ? 7 : 0, OUR_LETTERS "001-some-words.yaml", &out->slug);
}

bool rules_level_find(const char *name, enum ksa_level *out)
{
	for (int level = KSA_LEVEL_NOTE; level <= KSA_LEVEL_ERROR; level++) {
		if (strcmp(name, ksa_level_name((enum ksa_level)level)) == 0) {
			*out = (enum ksa_level)level;
			return true;
		}
	}
	return false;
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

int rules_take_table(const struct rulefile *file, const char *name,
		     const struct rulefile_node **list)
{
	const struct rulefile_field fields[] = {
		{"schema", RULEFILE_TEXT, false},
		{name, RULEFILE_LIST, false},
		{NULL, RULEFILE_TEXT, false},
	};
	const struct rulefile_node *n[sizeof(fields) / sizeof(*fields)];
	int r = rulefile_fields(file, file->root, fields, n);

	if (r)
		return r;
	*list = n[1];
	return rules_check_head(file, n[0], NULL);
}

int rules_take_references(const struct rulefile *file, const struct rulefile_node *list,
			  const char *const **out)
{
	static const struct rulefile_list form = {RULES_LIST_LIMIT, "keep the best",
						  "name a source"};

	return rulefile_texts(file, list, &form, out);
}

static bool is_class(const char *s)
{
	for (int cls = KSA_CLASS_UNKNOWN; cls <= KSA_CLASS_UNUSED_GPL; cls++)
		if (strcmp(s, ksa_class_name((enum ksa_class)cls)) == 0)
			return true;
	return false;
}

/* Names in a list that must be known; families only where the known ones are given. */
static int check_names(const struct rulefile *file, const struct ksa_rules *known,
		       const struct rulefile_node *const *n)
{
	const struct rulefile_node *item = n[WHEN_CLASSES] ? n[WHEN_CLASSES]->child : NULL;

	for (; item; item = item->next)
		if (!is_class(item->text))
			return rulefile_fail(file, item,
					     "has the class '%.40s', expected plain, gpl, "
					     "gpl-future, unused, unused-gpl or unknown",
					     item->text);
	item = known && n[WHEN_FAMILIES] ? n[WHEN_FAMILIES]->child : NULL;
	for (; item; item = item->next)
		if (!rules_family(known, item->text))
			return rulefile_fail(file, item,
					     "names the family '%.40s', which is not known",
					     item->text);
	return 0;
}

static int take_license(const struct rulefile *file, const struct rulefile_node *n,
			enum rule_license *out)
{
	*out = strcmp(n->text, "compatible") == 0 ? LICENSE_COMPATIBLE : LICENSE_INCOMPATIBLE;
	if (*out == LICENSE_COMPATIBLE || strcmp(n->text, "incompatible") == 0)
		return 0;
	return rulefile_fail(
		file, n, "has the license '%.40s', expected compatible or incompatible", n->text);
}

static int take_when(const struct rulefile *file, const struct ksa_rules *known,
		     const struct rulefile_node *map, const struct rule_when **out)
{
	static const struct rulefile_list form = {RULES_LIST_LIMIT, "use globs",
						  "leave it out for any"};
	const struct rulefile_node *n[sizeof(when_fields) / sizeof(*when_fields)];
	struct rule_when *when = arena_calloc(file->arena, 1, sizeof(*when));
	const char *const **lists[WHEN_LISTS];
	int ret = when ? rulefile_fields(file, map, when_fields, n) : ksa_fail_nomem(file->err);

	if (ret)
		return ret;
	if (!map->count)
		return rulefile_fail(file, map, "'when' is empty, say what the rule is about");
	lists[WHEN_SYMBOLS] = &when->symbols;
	lists[WHEN_FAMILIES] = &when->families;
	lists[WHEN_CLASSES] = &when->classes;
	lists[WHEN_NAMESPACES] = &when->namespaces;
	lists[WHEN_OWNERS] = &when->owners;
	lists[WHEN_MODULES] = &when->modules;
	for (int k = 0; k < WHEN_LISTS && !ret; k++)
		if (n[k])
			ret = rulefile_texts(file, n[k], &form, lists[k]);
	if (!ret)
		ret = check_names(file, known, n);
	if (!ret && n[WHEN_LICENSE])
		ret = take_license(file, n[WHEN_LICENSE], &when->license);
	*out = when;
	return ret;
}

/* The index of a node's text in names, if it is one; else *ret says which there are. */
static uint8_t take_word(const struct rulefile *file, const struct rulefile_node *n,
			 const char *const *names, int *ret)
{
	_cleanup_(strbuf_release) struct strbuf all = {NULL, 0, 0, false};
	uint8_t i = 0;

	if (!n || *ret)
		return 0;
	for (; names[i] && strcmp(names[i], n->text) != 0; i++)
		strbuf_printf(&all, "%s%s", i ? ", " : "", names[i]);
	if (!names[i])
		*ret = rulefile_fail(file, n, "has %s '%.40s', expected one of %s",
				     n->key ? n->key : "stage", n->text, strbuf_string(&all));
	return i;
}

/* What the findings of the rule mean. */
static int take_effect(const struct rulefile *file, const struct rulefile_node *const *n,
		       struct rule_effect *out)
{
	static const char *const denies[] = {"false", "true", NULL}, *const cures[] = {"cures",
										       NULL};
	static const struct rulefile_list form = {RULES_LIST_LIMIT, "there are five",
						  "leave it out for none"};
	const struct rulefile_node *stage = n[KEY_STAGE] ? n[KEY_STAGE]->child : NULL;
	const char *const *texts;
	int ret = n[KEY_STAGE] ? rulefile_texts(file, n[KEY_STAGE], &form, &texts) : 0;

	for (; stage && !ret; stage = stage->next)
		out->stages |= (uint8_t)(1U << take_word(file, stage, rule_stage_names, &ret));
	out->about = take_word(file, n[KEY_ABOUT], rule_about_names, &ret);
	out->outcome = take_word(file, n[KEY_OUTCOME], rule_outcome_names, &ret);
	out->change = take_word(file, n[KEY_CHANGE], rule_change_names, &ret);
	out->denies = take_word(file, n[KEY_DENIES], denies, &ret);
	take_word(file, n[KEY_REBUILD], cures, &ret);
	out->cured = n[KEY_REBUILD] != NULL;
	out->brief = n[KEY_SHORT] ? n[KEY_SHORT]->text : NULL;
	if (!ret && out->outcome != REFUSAL_NONE && !(out->stages & STAGE_LOAD))
		return rulefile_fail(file, n[KEY_OUTCOME],
				     "has an outcome, which only the stage 'load' brings");
	if (!ret && n[KEY_WHEN] && out->stages & (STAGE_REVIEW | STAGE_KERNEL))
		return rulefile_fail(file, n[KEY_STAGE],
				     "has a stage without modules, but 'when' is about these: "
				     "expected build, load, rebuild");
	/* A user's rule that no step of the loader stands for refuses all the same. */
	if (n[KEY_WHEN] && (out->stages & STAGE_LOAD) && !n[KEY_OUTCOME])
		out->outcome = REFUSAL_OTHER;
	return ret;
}

/* What a rule of ours needs and a user's does not, and the other way round. */
static int check_keys(const struct rulefile *file, const char *id,
		      const struct rulefile_node *const *n)
{
	static const enum rule_key ours[] = {KEY_SINCE, KEY_REFERENCES};
	struct rulefile_node end = {.line = file->root->end_line, .column = file->root->end_column};

	if (!is_ours(id) && !n[KEY_WHEN])
		return rulefile_fail(file, &end, "has no key 'when'");
	if (is_ours(id) && n[KEY_WHEN])
		return rulefile_fail(
			file, n[KEY_WHEN],
			"has the key 'when', but what '%s' checks is code: take another id", id);
	for (size_t i = 0; i < sizeof(ours) / sizeof(*ours) && is_ours(id); i++)
		if (!n[ours[i]])
			return rulefile_fail(file, &end, "has no key '%s'",
					     rule_fields[ours[i]].name);
	return 0;
}

static int fill_rule(const struct rulefile *file, const struct rule_name *name,
		     const struct ksa_rules *known, struct ksa_rule *out)
{
	const struct rulefile_node *n[sizeof(rule_fields) / sizeof(*rule_fields)];
	struct ksa_rule rule = {.id = name->id, .slug = name->slug, .since = ""};
	int ret = rulefile_fields(file, file->root, rule_fields, n);

	if (!ret)
		ret = rules_check_head(file, n[KEY_SCHEMA], n[KEY_TITLE]);
	if (!ret && strcmp(n[KEY_ID]->text, name->id) != 0)
		ret = rulefile_fail(file, n[KEY_ID],
				    "has the id '%.40s', but the file's name says '%s'",
				    n[KEY_ID]->text, name->id);
	if (!ret)
		ret = check_keys(file, name->id, n);
	if (ret)
		return ret;
	rule.title = n[KEY_TITLE]->text;
	rule.why = n[KEY_WHY]->text;
	rule.fix = n[KEY_FIX]->text;
	if (n[KEY_SINCE])
		rule.since = n[KEY_SINCE]->text;
	if (rule.since[strspn(rule.since, "0123456789.")])
		return rulefile_fail(file, n[KEY_SINCE],
				     "has since '%.40s', expected a release like \"0.1\"",
				     rule.since);
	if (!rules_level_find(n[KEY_LEVEL]->text, &rule.level))
		return rulefile_fail(file, n[KEY_LEVEL],
				     "has the level '%.40s', expected error, warning or note",
				     n[KEY_LEVEL]->text);
	ret = take_effect(file, n, &rule.effect);
	if (!ret && n[KEY_REFERENCES])
		ret = rules_take_references(file, n[KEY_REFERENCES], &rule.references);
	if (!ret && n[KEY_WHEN])
		ret = take_when(file, known, n[KEY_WHEN], &rule.when);
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
	return ret ? ret : fill_rule(&file, &name, NULL, out);
}

int rules_read_known(const char *path, const struct ksa_rules *known, struct arena *arena,
		     struct ksa_rule *out, struct ksa_error *err)
{
	struct rulefile file = {.path = path, .arena = arena, .err = err, .noun = "rule"};
	struct rule_name name = {NULL, NULL};
	int ret = split_name(&file, &name);

	if (!ret)
		ret = rulefile_read(&file, RULEFILE_LIMIT);
	return ret ? ret : fill_rule(&file, &name, known, out);
}

int rules_read_file(const char *path, struct arena *arena, struct ksa_rule *out,
		    struct ksa_error *err)
{
	return rules_read_known(path, NULL, arena, out, err);
}
