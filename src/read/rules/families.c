// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/rules/families.h"

#include <stdio.h>
#include <string.h>

#include "model/release.h"
#include "read/rules/rulefile.h"
#include "read/rules/rules.h"

static const struct rulefile_list member_form = {FAMILY_LIST_LIMIT, "use globs", "name a symbol"};

/* A name of a symbol, or an fnmatch(3) pattern of one. */
static bool member_is_valid(const char *s)
{
	return !s[strspn(s,
			 "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_*?[]!-")];
}

int families_take_symbols(const struct rulefile *f, const struct rulefile_node *list,
			  const char *const **out)
{
	int ret = rulefile_texts(f, list, &member_form, out);

	for (const struct rulefile_node *n = list->child; n && !ret; n = n->next) {
		if (!member_is_valid(n->text))
			return rulefile_fail(f, n,
					     "has the member '%.40s', expected a symbol or a glob",
					     n->text);
		for (const struct rulefile_node *k = list->child; k != n && !ret; k = k->next)
			if (strcmp(n->text, k->text) == 0)
				ret = rulefile_fail(f, n, "has the member '%.40s' twice", n->text);
	}
	return ret;
}

/* The same, all of them members of the family (a glob must be one of the members' own). */
static int take_members(const struct rulefile *f, const struct ksa_family *family,
			const struct rulefile_node *list, const char *const **out)
{
	int ret = families_take_symbols(f, list, out);

	for (const struct rulefile_node *n = list->child; n && !ret; n = n->next) {
		bool found = false;

		if (!n->text[strcspn(n->text, "*?[")])
			found = family_names(family->members, n->text);
		for (size_t i = 0; family->members[i] && !found; i++)
			found = strcmp(family->members[i], n->text) == 0;
		if (!found)
			ret = rulefile_fail(f, n, "names '%.40s', which is no member", n->text);
	}
	return ret;
}

static int take_release(const struct rulefile *f, const struct rulefile_node *n, const char **out)
{
	if (n && !release_is_plain(n->text))
		return rulefile_fail(f, n, "has the %s '%.40s', expected a release like \"6.12\"",
				     n->key, n->text);
	*out = n ? n->text : NULL;
	return 0;
}

/* Two releases in order; either may be NULL. equal: they may be the same. */
static bool in_order(const char *a, const char *b, bool equal)
{
	struct release x, y;

	if (!a || !b || !release_parse(a, &x) || !release_parse(b, &y))
		return true;
	return release_compare(&x, &y) < (equal ? 1 : 0);
}

static int take_arch(const struct rulefile *f, const struct rulefile_node *n,
		     const char *const **out)
{
	static const struct rulefile_list form = {FAMILY_LIST_LIMIT, "leave it out for all",
						  "leave it out for all"};

	return n ? rulefile_texts(f, n, &form, out) : 0;
}

/* plain, gpl; and absent where that may be */
static int take_class(const struct rulefile *f, const struct rulefile_node *n, enum ksa_class *out,
		      bool *absent)
{
	*out = KSA_CLASS_UNKNOWN;
	if (absent && strcmp(n->text, "absent") == 0) {
		*absent = true;
		return 0;
	}
	for (int cls = KSA_CLASS_PLAIN; cls <= KSA_CLASS_GPL; cls++)
		if (strcmp(n->text, ksa_class_name((enum ksa_class)cls)) == 0)
			*out = (enum ksa_class)cls;
	if (*out != KSA_CLASS_UNKNOWN)
		return 0;
	return rulefile_fail(f, n, "has the class '%.40s', expected plain%s", n->text,
			     absent ? ", gpl or absent" : " or gpl");
}

enum class_key { CLASS_SYMBOLS, CLASS_CLASS, CLASS_FROM, CLASS_TO, CLASS_ARCH, CLASS_CONFIG };

static const struct rulefile_field class_fields[] = {
	{"symbols", RULEFILE_LIST, false}, {"class", RULEFILE_TEXT, false},
	{"from", RULEFILE_TEXT, true},	   {"to", RULEFILE_TEXT, true},
	{"arch", RULEFILE_LIST, true},	   {"config", RULEFILE_TEXT, true},
	{NULL, RULEFILE_TEXT, false},
};

static int take_expected(const struct rulefile *f, const struct ksa_family *family,
			 const struct rulefile_node *map, struct family_class *out)
{
	const struct rulefile_node *n[sizeof(class_fields) / sizeof(*class_fields)];
	int ret = rulefile_fields(f, map, class_fields, n);

	if (!ret)
		ret = take_members(f, family, n[CLASS_SYMBOLS], &out->symbols);
	if (!ret)
		ret = take_class(f, n[CLASS_CLASS], &out->cls, &out->absent);
	if (!ret)
		ret = take_release(f, n[CLASS_FROM], &out->from);
	if (!ret)
		ret = take_release(f, n[CLASS_TO], &out->to);
	if (!ret && !in_order(out->from, out->to, true))
		ret = rulefile_fail(f, n[CLASS_TO], "has to '%s', which is before from '%s'",
				    out->to, out->from);
	if (!ret)
		ret = take_arch(f, n[CLASS_ARCH], &out->arch);
	if (!ret && n[CLASS_CONFIG]) {
		out->config = n[CLASS_CONFIG]->text;
		if (strncmp(out->config, "CONFIG_", strlen("CONFIG_")) != 0)
			ret = rulefile_fail(f, n[CLASS_CONFIG],
					    "has config '%.40s', expected a name like CONFIG_KSM",
					    out->config);
	}
	return ret;
}

enum step_key {
	STEP_SYMBOLS,
	STEP_EVENT,
	STEP_RELEASE,
	STEP_AFTER,
	STEP_BECAME,
	STEP_CLASS,
	STEP_NAMESPACE,
	STEP_ARCH,
	STEP_COMMIT,
	STEP_NOTE,
	STEP_VERIFIED
};

static const struct rulefile_field step_fields[] = {
	{"symbols", RULEFILE_LIST, false},  {"event", RULEFILE_TEXT, false},
	{"release", RULEFILE_TEXT, false},  {"after", RULEFILE_TEXT, true},
	{"became", RULEFILE_LIST, true},    {"class", RULEFILE_TEXT, true},
	{"namespace", RULEFILE_TEXT, true}, {"arch", RULEFILE_LIST, true},
	{"commit", RULEFILE_TEXT, true},    {"note", RULEFILE_TEXT, true},
	{"verified", RULEFILE_TEXT, false}, {NULL, RULEFILE_TEXT, false},
};

static int take_event(const struct rulefile *f, const struct rulefile_node *n,
		      enum family_event *out)
{
	for (int e = 0; e < FAMILY_EVENTS; e++) {
		if (strcmp(n->text, family_event_name((enum family_event)e)) == 0) {
			*out = (enum family_event)e;
			return 0;
		}
	}
	return rulefile_fail(f, n,
			     "has the event '%.40s', expected added, removed, renamed, "
			     "reclassified, namespace or changed",
			     n->text);
}

/* Each kind of event has one key that says what it came to, and no other. */
static int check_event(const struct rulefile *f, const struct rulefile_node *map,
		       const struct rulefile_node *const *n, enum family_event event)
{
	static const struct {
		enum step_key needed;
		unsigned int allowed;
	} forms[FAMILY_EVENTS] = {
		[FAMILY_ADDED] = {STEP_CLASS, 0},
		[FAMILY_REMOVED] = {STEP_SYMBOLS, 1u << STEP_BECAME},
		[FAMILY_RENAMED] = {STEP_BECAME, 0},
		[FAMILY_RECLASSIFIED] = {STEP_CLASS, 0},
		[FAMILY_NAMESPACE] = {STEP_NAMESPACE, 0},
		[FAMILY_CHANGED] = {STEP_NOTE, 0},
	};
	enum step_key needed = forms[event].needed;

	if (!n[needed])
		return rulefile_fail(f, map, "has the event '%s' without the key '%s'",
				     family_event_name(event), step_fields[needed].name);
	for (int k = STEP_BECAME; k <= STEP_NAMESPACE; k++)
		if (n[k] && (enum step_key)k != needed && !(forms[event].allowed & 1u << k))
			return rulefile_fail(f, n[k], "has the key '%s', which '%s' does not take",
					     step_fields[k].name, family_event_name(event));
	return 0;
}

static int take_verified(const struct rulefile *f, const struct rulefile_node *n, bool *out)
{
	*out = strcmp(n->text, "yes") == 0;
	if (*out || strcmp(n->text, "no") == 0)
		return 0;
	return rulefile_fail(f, n, "has verified '%.40s', expected yes or no", n->text);
}

/* What was checked by then is taken over. */
static int fill_step(const struct rulefile *f, const struct rulefile_node *const *n,
		     struct family_step *out)
{
	int ret = 0;

	if (n[STEP_BECAME])
		ret = families_take_symbols(f, n[STEP_BECAME], &out->became);
	if (!ret && n[STEP_CLASS])
		ret = take_class(f, n[STEP_CLASS], &out->cls, NULL);
	if (!ret)
		ret = take_arch(f, n[STEP_ARCH], &out->arch);
	if (!ret)
		ret = take_verified(f, n[STEP_VERIFIED], &out->verified);
	if (n[STEP_NAMESPACE] && strcmp(n[STEP_NAMESPACE]->text, "none") != 0)
		out->ns = n[STEP_NAMESPACE]->text;
	out->commit = n[STEP_COMMIT] ? n[STEP_COMMIT]->text : NULL;
	out->note = n[STEP_NOTE] ? n[STEP_NOTE]->text : NULL;
	return ret;
}

static int take_step(const struct rulefile *f, const struct ksa_family *family,
		     const struct rulefile_node *map, struct family_step *out)
{
	const struct rulefile_node *n[sizeof(step_fields) / sizeof(*step_fields)];
	int ret = rulefile_fields(f, map, step_fields, n);

	if (!ret)
		ret = take_members(f, family, n[STEP_SYMBOLS], &out->symbols);
	if (!ret)
		ret = take_event(f, n[STEP_EVENT], &out->event);
	if (!ret)
		ret = check_event(f, map, n, out->event);
	if (!ret)
		ret = take_release(f, n[STEP_RELEASE], &out->release);
	if (!ret)
		ret = take_release(f, n[STEP_AFTER], &out->after);
	if (!ret && !in_order(out->after, out->release, false))
		ret = rulefile_fail(f, n[STEP_AFTER],
				    "has after '%s', which is not before release '%s'", out->after,
				    out->release);
	return ret ? ret : fill_step(f, n, out);
}

static int take_classes(const struct rulefile *f, const struct rulefile_node *list,
			struct ksa_family *out)
{
	struct family_class *classes = arena_calloc(f->arena, list->count, sizeof(*classes));
	int ret = classes ? 0 : ksa_fail_nomem(f->err);

	for (const struct rulefile_node *n = list->child; n && !ret; n = n->next) {
		if (n->kind != RULEFILE_MAP)
			return rulefile_fail(f, n, "expected a mapping for '%s'", list->key);
		ret = take_expected(f, out, n, &classes[out->class_count++]);
	}
	out->classes = classes;
	return ret;
}

static int take_lineage(const struct rulefile *f, const struct rulefile_node *list,
			struct ksa_family *out)
{
	struct family_step *steps = arena_calloc(f->arena, list->count, sizeof(*steps));
	int ret = steps ? 0 : ksa_fail_nomem(f->err);

	for (const struct rulefile_node *n = list->child; n && !ret; n = n->next) {
		struct family_step *step = &steps[out->step_count];

		if (n->kind != RULEFILE_MAP)
			return rulefile_fail(f, n, "expected a mapping for '%s'", list->key);
		ret = take_step(f, out, n, step);
		if (!ret && out->step_count && !in_order(step[-1].release, step->release, true))
			ret = rulefile_fail(f, n,
					    "has release '%s' behind '%s': the oldest comes first",
					    step->release, step[-1].release);
		out->step_count++;
	}
	out->steps = steps;
	return ret;
}

enum family_key {
	FAMILY_SCHEMA,
	FAMILY_NAME,
	FAMILY_TITLE,
	FAMILY_MEMBERS,
	FAMILY_RATIONALE,
	FAMILY_CLASSES,
	FAMILY_LINEAGE,
	FAMILY_REFERENCES
};

static const struct rulefile_field family_fields[] = {
	{"schema", RULEFILE_TEXT, false},   {"name", RULEFILE_TEXT, false},
	{"title", RULEFILE_TEXT, false},    {"members", RULEFILE_LIST, false},
	{"rationale", RULEFILE_TEXT, true}, {"classes", RULEFILE_LIST, true},
	{"lineage", RULEFILE_LIST, true},   {"references", RULEFILE_LIST, true},
	{NULL, RULEFILE_TEXT, false},
};

static int fill_family(const struct rulefile *f, const char *name, struct ksa_family *out)
{
	const struct rulefile_node *n[sizeof(family_fields) / sizeof(*family_fields)];
	struct ksa_family family = {.name = name};
	int ret = rulefile_fields(f, f->root, family_fields, n);

	if (!ret)
		ret = rules_check_head(f, n[FAMILY_SCHEMA], n[FAMILY_TITLE]);
	if (!ret && strcmp(n[FAMILY_NAME]->text, name) != 0)
		ret = rulefile_fail(f, n[FAMILY_NAME],
				    "has the name '%.40s', but the file's name says '%s'",
				    n[FAMILY_NAME]->text, name);
	if (ret)
		return ret;
	family.title = n[FAMILY_TITLE]->text;
	ret = families_take_symbols(f, n[FAMILY_MEMBERS], &family.members);
	if (!ret && n[FAMILY_CLASSES])
		ret = take_classes(f, n[FAMILY_CLASSES], &family);
	if (!ret && n[FAMILY_LINEAGE])
		ret = take_lineage(f, n[FAMILY_LINEAGE], &family);
	if (!ret && n[FAMILY_REFERENCES])
		ret = rules_take_references(f, n[FAMILY_REFERENCES], &family.references);
	if (n[FAMILY_RATIONALE])
		family.rationale = n[FAMILY_RATIONALE]->text;
	if (!ret)
		*out = family;
	return ret;
}

/* "family-NAME.yaml" -> NAME */
static int split_name(const struct rulefile *f, const char **out)
{
	static const char prefix[] = "family-";
	const char *base = strrchr(f->path, '/');

	base = base ? base + 1 : f->path;
	return rules_split_name(f, strncmp(base, prefix, strlen(prefix)) == 0 ? strlen(prefix) : 0,
				"family-NAME.yaml", out);
}

int families_read_text(const char *path, const unsigned char *text, size_t size,
		       struct arena *arena, struct ksa_family *out, struct ksa_error *err)
{
	struct rulefile f = {.path = path, .arena = arena, .err = err, .noun = "family"};
	const char *name = NULL;
	int ret = rulefile_check_size(&f, size, RULEFILE_LIMIT);

	if (!ret)
		ret = split_name(&f, &name);
	if (!ret)
		ret = rulefile_parse(&f, text, size);
	return ret ? ret : fill_family(&f, name, out);
}

int families_read_file(const char *path, struct arena *arena, struct ksa_family *out,
		       struct ksa_error *err)
{
	struct rulefile f = {.path = path, .arena = arena, .err = err, .noun = "family"};
	const char *name = NULL;
	int ret = split_name(&f, &name);

	if (!ret)
		ret = rulefile_read(&f, RULEFILE_LIMIT);
	return ret ? ret : fill_family(&f, name, out);
}
