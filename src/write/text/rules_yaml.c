// SPDX-License-Identifier: GPL-2.0-or-later
/* Rules and families as the files that they can be read from. */
#include "write/rules.h"

#include <string.h>

#include "base/cleanup.h"
#include "write/out.h"

/* A text that is the same when read back, on one line. Control bytes are in none. */
static void add_quoted(struct strbuf *buf, const char *s)
{
	strbuf_addc(buf, '"');
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			strbuf_addc(buf, '\\');
		if (*s == '\n')
			strbuf_adds(buf, "\\n");
		else
			strbuf_addc(buf, *s);
	}
	strbuf_addc(buf, '"');
}

static void add_text(struct strbuf *buf, const char *indent, const char *key, const char *s)
{
	if (!s)
		return;
	strbuf_printf(buf, "%s%s: ", indent, key);
	add_quoted(buf, s);
	strbuf_addc(buf, '\n');
}

static void add_list(struct strbuf *buf, const char *indent, const char *key,
		     const char *const *items)
{
	if (!items)
		return;
	strbuf_printf(buf, "%s%s:\n", indent, key);
	for (; *items; items++) {
		strbuf_printf(buf, "%s  - ", indent);
		add_quoted(buf, *items);
		strbuf_addc(buf, '\n');
	}
}

/* Folded text: a paragraph is wrapped, an empty line starts the next one. */
static void add_folded(struct strbuf *buf, const char *key, const char *s)
{
	if (!s)
		return;
	/* What folding would change is quoted: blanks at a line's start or in a row. */
	if (*s == ' ' || strstr(s, "  ") || strstr(s, "\n ") || strstr(s, " \n") ||
	    strstr(s, "\n\n")) {
		add_text(buf, "", key, s);
		return;
	}
	strbuf_printf(buf, "%s: >\n", key);
	while (*s) {
		size_t length = strcspn(s, "\n");
		_cleanup_(strbuf_release) struct strbuf paragraph = {NULL, 0, 0, false};

		strbuf_add(&paragraph, s, length);
		wrap_text(buf, "  ", strbuf_string(&paragraph));
		buf->failed = buf->failed || paragraph.failed;
		s += length;
		if (*s == '\n' && *++s)
			strbuf_addc(buf, '\n');
	}
}

static const char head[] = "# SPDX-License-Identifier: GPL-2.0-or-later\nschema: 1\n";

static void add_when(struct strbuf *buf, const struct rule_when *when)
{
	strbuf_adds(buf, "when:\n");
	add_list(buf, "  ", "symbols", when->symbols);
	add_list(buf, "  ", "families", when->families);
	add_list(buf, "  ", "classes", when->classes);
	add_list(buf, "  ", "namespaces", when->namespaces);
	add_list(buf, "  ", "owners", when->owners);
	add_list(buf, "  ", "modules", when->modules);
	if (when->license != LICENSE_ANY)
		add_text(buf, "  ", "license",
			 when->license == LICENSE_COMPATIBLE ? "compatible" : "incompatible");
}

static void add_effect(struct strbuf *buf, const struct rule_effect *e)
{
	const char *before = "stage: [";

	for (int i = 0; rule_stage_names[i]; i++) {
		if (!(e->stages & 1U << i))
			continue;
		strbuf_printf(buf, "%s%s", before, rule_stage_names[i]);
		before = ", ";
	}
	if (!e->stages)
		return;
	strbuf_printf(buf, "]\nabout: %s\n", rule_about_names[e->about]);
	if (e->outcome != REFUSAL_NONE)
		strbuf_printf(buf, "outcome: %s\n", rule_outcome_names[e->outcome]);
	if (e->denies)
		strbuf_adds(buf, "denies: true\n");
	if (e->cured)
		strbuf_adds(buf, "rebuild: cures\n");
	if (e->change != CHANGE_NONE)
		strbuf_printf(buf, "change: %s\n", rule_change_names[e->change]);
	add_text(buf, "", "short", e->brief);
}

int write_rule_yaml(const struct ksa_rule *rule, FILE *out, struct ksa_error *err)
{
	_cleanup_(strbuf_release) struct strbuf buf = {NULL, 0, 0, false};

	strbuf_printf(&buf, "# %s-%s.yaml\n%sid: %s\n", rule->id, rule->slug, head, rule->id);
	add_text(&buf, "", "title", rule->title);
	strbuf_printf(&buf, "level: %s\n", ksa_level_name(rule->level));
	add_effect(&buf, &rule->effect);
	if (*rule->since)
		add_text(&buf, "", "since", rule->since);
	if (rule->when)
		add_when(&buf, rule->when);
	add_folded(&buf, "why", rule->why);
	add_folded(&buf, "fix", rule->fix);
	add_list(&buf, "", "references", rule->references);
	return out_flush(&buf, out, err);
}

static void add_class(struct strbuf *buf, const struct family_class *c)
{
	strbuf_printf(buf, "  - class: %s\n", c->absent ? "absent" : ksa_class_name(c->cls));
	add_text(buf, "    ", "from", c->from);
	add_text(buf, "    ", "to", c->to);
	add_list(buf, "    ", "arch", c->arch);
	add_text(buf, "    ", "config", c->config);
	add_list(buf, "    ", "symbols", c->symbols);
}

static void add_step(struct strbuf *buf, const struct family_step *s)
{
	strbuf_printf(buf, "  - event: %s\n", family_event_name(s->event));
	add_text(buf, "    ", "release", s->release);
	add_text(buf, "    ", "after", s->after);
	if (s->cls != KSA_CLASS_UNKNOWN)
		add_text(buf, "    ", "class", ksa_class_name(s->cls));
	if (s->event == FAMILY_NAMESPACE)
		add_text(buf, "    ", "namespace", s->ns ? s->ns : "none");
	add_list(buf, "    ", "arch", s->arch);
	add_text(buf, "    ", "commit", s->commit);
	add_text(buf, "    ", "note", s->note);
	strbuf_printf(buf, "    verified: %s\n", s->verified ? "yes" : "no");
	add_list(buf, "    ", "symbols", s->symbols);
	add_list(buf, "    ", "became", s->became);
}

int write_family_yaml(const struct ksa_family *family, FILE *out, struct ksa_error *err)
{
	_cleanup_(strbuf_release) struct strbuf buf = {NULL, 0, 0, false};

	strbuf_printf(&buf, "# family-%s.yaml\n%sname: %s\n", family->name, head, family->name);
	add_text(&buf, "", "title", family->title);
	add_list(&buf, "", "members", family->members);
	add_folded(&buf, "rationale", family->rationale);
	if (family->class_count)
		strbuf_adds(&buf, "classes:\n");
	for (size_t i = 0; i < family->class_count; i++)
		add_class(&buf, &family->classes[i]);
	if (family->step_count)
		strbuf_adds(&buf, "lineage:\n");
	for (size_t i = 0; i < family->step_count; i++)
		add_step(&buf, &family->steps[i]);
	add_list(&buf, "", "references", family->references);
	return out_flush(&buf, out, err);
}
