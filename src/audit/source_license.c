// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/source_license.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "model/license.h"
#include "model/shipped.h"

#define MAX_DEPTH 16 /* of parentheses */

/* An expression while it is read: SPDX 2.3, Annex D. AND binds tighter than OR. */
struct expression {
	const char *at;
	enum license_gpl2 kind;
	unsigned int depth;
	bool bad;
};

static bool take_word(struct expression *e, const char *word)
{
	size_t length = strlen(word);

	e->at += strspn(e->at, " \t");
	if (strncasecmp(e->at, word, length) != 0 ||
	    (isalpha((unsigned char)*word) && e->at[length] && !strchr(" \t()", e->at[length])))
		return false;
	e->at += length;
	return true;
}

/* What a license of that identifier is; a table of strings that are known, by byte. */
static bool take_license(struct expression *e)
{
	const struct license_entry *entry;
	char name[64];
	size_t length;

	e->at += strspn(e->at, " \t");
	length = strcspn(e->at, " \t()");
	if (!length || length >= sizeof(name)) {
		e->bad = e->bad || !length;
		e->at += length;
		return false;
	}
	memcpy(name, e->at, length);
	name[length] = '\0';
	e->at += length;
	entry = license_find(name);
	if (take_word(e, "WITH")) {
		e->at += strspn(e->at, " \t");
		e->at += strcspn(e->at, " \t()");
		/* An exception allows more, LLVM's just this: to combine it with GPL version 2. */
		if (e->kind == GPL2_NEVER)
			return false;
	}
	return entry && entry->gpl2 == e->kind;
}

static bool take_any(struct expression *e);

static bool take_operand(struct expression *e)
{
	bool is;

	if (!take_word(e, "("))
		return take_license(e);
	if (++e->depth > MAX_DEPTH) {
		e->bad = true;
		return false;
	}
	is = take_any(e);
	e->depth--;
	e->bad = e->bad || !take_word(e, ")");
	return is;
}

static bool take_all(struct expression *e)
{
	bool is = take_operand(e);

	while (!e->bad && take_word(e, "AND"))
		is |= take_operand(e);
	return is;
}

static bool take_any(struct expression *e)
{
	bool is = take_all(e);

	while (!e->bad && take_word(e, "OR"))
		is &= take_all(e);
	return is;
}

bool source_license_is(const char *expression, enum license_gpl2 kind)
{
	struct expression e = {.at = expression, .kind = kind};
	bool is = take_any(&e);

	e.at += strspn(e.at, " \t");
	return is && !e.bad && !*e.at;
}

static int add(struct ksa_report *report, enum rule_id which, const struct source_license *file,
	       const char *message, struct ksa_error *err)
{
	const struct ksa_rule *rule = rules_get(report->rules, which);
	const struct ksa_finding f = {
		.rule = rule,
		.level = rule->level,
		.at = which == RULE_LICENSE_NOT_ACCEPTED ? KSA_AT_BUILD | KSA_AT_LOAD : 0,
		.kernel = NO_INDEX,
		.module = NO_INDEX,
		.path = file->path,
		.line = file->line,
		.fix = rule->fix};

	return rule->off ? 0 : report_add_finding(report, &f, err, "%s", message);
}

static int judge_string(const struct source_license *file, struct ksa_report *report,
			struct ksa_error *err)
{
	const char *nearest = license_nearest(file->license), *message;

	if (ksa_license_is_gpl_compatible(file->license))
		return 0;
	message =
		nearest ? report_text(report,
				      "license '%s' is not GPL-compatible to the kernel; if it is "
				      "meant to be, write \"%s\"",
				      file->license, nearest)
			: report_text(report, "license '%s' is not GPL-compatible to the kernel",
				      file->license);
	return add(report, RULE_LICENSE_NOT_ACCEPTED, file, message, err);
}

/* Does the expression certainly say the opposite of the string? Of a string that is not known
 * nothing is certain. */
static bool contradicts(const char *license, const char *expression)
{
	const struct license_entry *entry = license_find(license);

	if (!entry)
		return false;
	if (entry->accepted)
		return source_license_is(expression, GPL2_NEVER);
	return entry->gpl2 != GPL2_YES && source_license_is(expression, GPL2_YES);
}

static int judge_file(const struct source_licenses *l, const struct source_license *file,
		      struct ksa_report *report, struct ksa_error *err)
{
	const char *message = NULL;

	if (file->several)
		return 0;
	if (file->tag && contradicts(file->license, file->tag))
		message = report_text(report, "license '%s', but SPDX tag '%s' in line %u",
				      file->license, file->tag, file->tag_line);
	else if (!file->tag && !l->tagged && l->texts == 1 && l->text_license && !file->says_gpl &&
		 contradicts(file->license, l->text_license))
		message = report_text(report, "license '%s', but %s is %s", file->license, l->text,
				      l->text_license);
	return message ? add(report, RULE_LICENSE_CONTRADICTS, file, message, err) : 0;
}

int source_license_judge(const struct source_licenses *licenses, struct ksa_report *report,
			 struct ksa_error *err)
{
	int r = 0;

	for (size_t i = 0; i < licenses->count && !r; i++) {
		if (licenses->items[i].is_macro)
			continue;
		r = judge_string(&licenses->items[i], report, err);
		if (!r)
			r = judge_file(licenses, &licenses->items[i], report, err);
	}
	if (!r && licenses->passed_over)
		r = report_add_notice(report, err, "%s: %zu files are too large and were not read",
				      licenses->root, licenses->passed_over);
	return r;
}
