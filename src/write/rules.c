// SPDX-License-Identifier: GPL-2.0-or-later
#include "write/rules.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/escape.h"
#include "write/out.h"

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

void wrap_prose(struct strbuf *buf, const char *indent, const char *text)
{
	_cleanup_(strbuf_release) struct strbuf line = {NULL, 0, 0, false};
	_cleanup_(strbuf_release) struct strbuf escaped = {NULL, 0, 0, false};

	for (;;) {
		size_t length = strcspn(text, "\n");

		strbuf_reset(&line);
		strbuf_reset(&escaped);
		strbuf_add(&line, text, length);
		escape_text(&escaped, strbuf_string(&line));
		wrap_text(buf, indent, strbuf_string(&escaped));
		if (!text[length])
			break;
		text += length + 1;
	}
	buf->failed = buf->failed || line.failed || escaped.failed;
}

void rule_reason(struct strbuf *buf, const struct ksa_rule *rule)
{
	wrap_prose(buf, "  ", rule->why);
	strbuf_adds(buf, "\nFix:\n");
	wrap_prose(buf, "  ", rule->fix);
	for (size_t i = 0; rule->references && rule->references[i]; i++) {
		strbuf_adds(buf, i ? "  " : "\nSources:\n  ");
		escape_text(buf, rule->references[i]);
		strbuf_addc(buf, '\n');
	}
}

int write_rule_text(const struct ksa_rule *rule, FILE *out, struct ksa_error *err)
{
	_cleanup_(strbuf_release) struct strbuf buf = {NULL, 0, 0, false};

	strbuf_printf(&buf, "%s %s (%s)\n", rule->id, rule->slug,
		      rule->off ? "off" : ksa_level_name(rule->level));
	escape_text(&buf, rule->title);
	strbuf_adds(&buf, "\n\nWhy:\n");
	rule_reason(&buf, rule);
	return out_flush(&buf, out, err);
}

int write_rules_list(const struct ksa_rules *rules, FILE *out, struct ksa_error *err)
{
	_cleanup_(strbuf_release) struct strbuf buf = {NULL, 0, 0, false};

	for (size_t i = 0; i < rules->rule_count; i++) {
		const struct ksa_rule *rule = &rules->rules[i];

		strbuf_printf(&buf, "%s  %-7s  %-24s ", rule->id,
			      rule->off ? "off" : ksa_level_name(rule->level), rule->slug);
		escape_text(&buf, rule->title);
		strbuf_addc(&buf, '\n');
	}
	for (size_t i = 0; i < rules->family_count; i++) {
		strbuf_printf(&buf, "family           %-24s ", rules->families[i].name);
		escape_text(&buf, rules->families[i].title);
		strbuf_addc(&buf, '\n');
	}
	return out_flush(&buf, out, err);
}
