// SPDX-License-Identifier: GPL-2.0-or-later
#include "write/rules.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/escape.h"
#include "write/exports.h"

#define WIDTH 88

void wrap_text(struct strbuf *buf, const char *indent, const char *text)
{
	size_t column = 0;

	while (*text) {
		size_t gap = strspn(text, " \n"), length = strcspn(text + gap, " \n");

		text += gap;
		if (!length)
			break;
		if (column && column + 1 + length > WIDTH) {
			strbuf_printf(buf, "\n%*s", (int)strlen(indent), "");
			column = strlen(indent);
		} else if (column) {
			strbuf_addc(buf, ' ');
			column++;
		} else {
			strbuf_adds(buf, indent);
			column = strlen(indent);
		}
		strbuf_add(buf, text, length);
		column += length;
		text += length;
	}
	strbuf_addc(buf, '\n');
}

int write_rule_text(const struct ksa_rule *rule, FILE *out, struct ksa_error *err)
{
	_cleanup_(strbuf_release) struct strbuf buf = {NULL, 0, 0, false};

	strbuf_printf(&buf, "%s %s (%s)\n%s\n\nWhy:\n", rule->id, rule->slug,
		      ksa_level_name(rule->level), rule->title);
	wrap_text(&buf, "  ", rule->why);
	strbuf_adds(&buf, "\nFix:\n");
	wrap_text(&buf, "  ", rule->fix);
	if (rule->references && rule->references[0])
		strbuf_adds(&buf, "\nSources:\n");
	for (size_t i = 0; rule->references && rule->references[i]; i++)
		strbuf_printf(&buf, "  %s\n", rule->references[i]);
	return exports_flush(&buf, out, err);
}

int write_rules_list(FILE *out, struct ksa_error *err)
{
	_cleanup_(strbuf_release) struct strbuf buf = {NULL, 0, 0, false};

	for (size_t i = 0; i < rules_builtin_count; i++)
		strbuf_printf(&buf, "%s  %-7s  %-24s %s\n", rules_builtin[i].id,
			      ksa_level_name(rules_builtin[i].level), rules_builtin[i].slug,
			      rules_builtin[i].title);
	return exports_flush(&buf, out, err);
}
