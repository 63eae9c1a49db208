// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * SARIF 2.1.0 (OASIS, errata 01). One run; its results are written one by one, as there may be very
 * many. What GitHub's code scanning wants beyond the standard: a place with a line for each result,
 * and a fingerprint of the name primaryLocationLineHash.
 */
#include "write/results.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/escape.h"
#include "write/json/json.h"
#include "write/text/result_words.h"

#define SCHEMA                                                                                     \
	"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"                      \
	"sarif-schema-2.1.0.json"
#define ROOT "SRCROOT" /* what relative paths are relative to: the user's directory */

/* A message may hold links, [text](target) (3.11.6): none of those from names. */
static void add_message(struct json_writer *w, const struct strbuf *text)
{
	_cleanup_(strbuf_release) struct strbuf buf = {NULL, 0, 0, text->failed};

	for (const char *s = strbuf_string(text); *s; s++) {
		if (s[0] == ']' && s[1] == '(')
			strbuf_addc(&buf, '\\');
		strbuf_addc(&buf, *s);
	}
	json_begin_object(w, "message");
	json_add_strbuf(w, "text", &buf);
	json_end(w);
}

static bool is_unreserved(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c && strchr("-._~/+@,=", c));
}

static bool leaves_root(const char *path)
{
	for (const char *s = path; (s = strstr(s, "..")); s += 2)
		if ((s == path || s[-1] == '/') && (!s[2] || s[2] == '/'))
			return true;
	return false;
}

/* A file's name as a URI reference (RFC 3986); relative ones are relative to ROOT. */
static void add_artifact(struct json_writer *w, const char *path)
{
	_cleanup_(strbuf_release) struct strbuf uri = {NULL, 0, 0, false};

	if (*path == '/')
		strbuf_adds(&uri, "file://");
	for (const char *s = path; *s; s++) {
		if (is_unreserved((unsigned char)*s))
			strbuf_addc(&uri, *s);
		else
			strbuf_printf(&uri, "%%%02X", (unsigned char)*s);
	}
	json_begin_object(w, "artifactLocation");
	json_add_strbuf(w, "uri", &uri);
	if (*path != '/' && !leaves_root(path))
		json_add_text(w, "uriBaseId", ROOT);
	json_end(w);
}

static void add_logical(struct json_writer *w, const char *name, const char *kind)
{
	json_begin_object(w, NULL);
	json_add_text(w, "name", name);
	json_add_text(w, "kind", kind);
	json_end(w);
}

/* What a result or a gap is about. */
struct place {
	const char *path, *symbol, *module; /* the latter may be NULL */
	uint32_t line;
};

static void add_location(struct json_writer *w, const char *key, const struct place *place)
{
	json_begin_object(w, key);
	json_begin_object(w, "physicalLocation");
	add_artifact(w, place->path);
	json_begin_object(w, "region");
	json_add_number(w, "startLine", place->line ? place->line : 1);
	json_end(w);
	json_end(w);
	if (place->symbol || place->module) {
		json_begin_array(w, "logicalLocations");
		if (place->symbol)
			add_logical(w, place->symbol, "symbol");
		if (place->module)
			add_logical(w, place->module, "module");
		json_end(w);
	}
	json_end(w);
}

static void add_locations(struct json_writer *w, const struct place *place)
{
	json_begin_array(w, "locations");
	add_location(w, NULL, place);
	json_end(w);
}

static const char *module_name(const struct ksa_report *r, uint32_t module)
{
	return module != NO_INDEX ? r->modules[module]->name : NULL;
}

static void add_text_object(struct json_writer *w, const char *key, const char *text)
{
	json_begin_object(w, key);
	json_add_text(w, "text", text);
	json_end(w);
}

static void add_help(struct json_writer *w, const struct ksa_rule *rule)
{
	_cleanup_(strbuf_release) struct strbuf text = {NULL, 0, 0, false};
	_cleanup_(strbuf_release) struct strbuf markdown = {NULL, 0, 0, false};

	strbuf_printf(&text, "Why: %s\n\nFix: %s\n", rule->why, rule->fix);
	strbuf_printf(&markdown, "**Why:** %s\n\n**Fix:** %s\n", rule->why, rule->fix);
	for (const char *const *s = rule->references; s && *s; s++) {
		strbuf_printf(&text, "%s%s\n", s == rule->references ? "\nReferences:\n" : "", *s);
		strbuf_printf(&markdown, "%s- %s\n",
			      s == rule->references ? "\n**References:**\n\n" : "", *s);
	}
	json_begin_object(w, "help");
	json_add_strbuf(w, "text", &text);
	json_add_strbuf(w, "markdown", &markdown);
	json_end(w);
}

static void add_rule(struct json_writer *w, const struct ksa_rule *rule)
{
	json_begin_object(w, NULL);
	json_add_text(w, "id", rule->id);
	json_add_text(w, "name", rule->slug);
	add_text_object(w, "shortDescription", rule->title);
	add_text_object(w, "fullDescription", rule->why);
	add_help(w, rule);
	json_begin_object(w, "defaultConfiguration");
	json_add_text(w, "level", ksa_level_name(rule->level));
	if (rule->off)
		json_add_bool(w, "enabled", false);
	json_end(w);
	json_end(w);
}

static void add_suppression(struct json_writer *w, const struct waiver *waiver)
{
	const struct place place = {.path = waiver->file, .line = waiver->line};

	json_begin_object(w, NULL);
	json_begin_object(w, "properties");
	json_add_text(w, "by", waiver->by);
	json_add_text(w, "expires", waiver->expires);
	json_end(w);
	json_add_text(w, "kind", "external");
	json_add_text(w, "status", "accepted");
	json_add_text(w, "justification", waiver->reason);
	add_location(w, "location", &place);
	json_end(w);
}

static void add_fingerprints(struct json_writer *w, const struct ksa_finding *f)
{
	json_begin_object(w, "partialFingerprints");
	json_add_text(w, "ksymauditIdentity/v1", f->identity);
	json_add_text(w, "primaryLocationLineHash", f->identity);
	json_end(w);
}

static void add_properties(struct json_writer *w, const struct ksa_report *r,
			   const struct ksa_finding *f)
{
	json_begin_object(w, "properties");
	if (f->kernel != NO_INDEX) {
		json_add_text(w, "kernel", r->kernels[f->kernel]->label);
		json_add_text(w, "release", r->kernels[f->kernel]->release);
		json_add_text(w, "arch", r->kernels[f->kernel]->arch);
	}
	if (f->fix != f->rule->fix) /* that one is in the rule's help */
		json_add_text(w, "fix", f->fix);
	json_add_text(w, "evidence", f->evidence);
	json_add_text(w, "commit", f->commit);
	json_end(w);
}

/* The standard wants suppressions and baselineState of all results of a run, or of none (3.27.23,
 * 3.27.24). */
static void add_standing(struct json_writer *w, const struct ksa_report *r,
			 const struct ksa_finding *f)
{
	if (r->waived) {
		json_begin_array(w, "suppressions");
		if (f->waived)
			add_suppression(w, f->waived);
		json_end(w);
	}
	if (r->known)
		json_add_text(w, "baselineState", f->known ? "unchanged" : "new");
}

static void add_result_message(struct json_writer *w, const struct ksa_report *r,
			       const struct ksa_finding *f)
{
	_cleanup_(strbuf_release) struct strbuf buf = {NULL, 0, 0, false};

	finding_words(&buf, r, f, true);
	if (f->fix && f->fix != f->rule->fix) {
		strbuf_adds(&buf, "\nFix: ");
		escape_text(&buf, f->fix);
	}
	add_message(w, &buf);
}

static void add_result(struct json_writer *w, const struct ksa_report *r,
		       const struct ksa_finding *f)
{
	const struct place place = {finding_file(r, f), f->symbol, module_name(r, f->module),
				    f->line};
	const struct ksa_rule *rule = rules_find(r->rules, f->rule->id);

	json_begin_object(w, NULL);
	json_add_text(w, "ruleId", f->rule->id);
	if (rule)
		json_add_number(w, "ruleIndex", (size_t)(rule - r->rules->rules));
	json_add_text(w, "level", ksa_level_name(f->level));
	add_result_message(w, r, f);
	add_locations(w, &place);
	add_fingerprints(w, f);
	add_standing(w, r, f);
	add_properties(w, r, f);
	json_end(w);
}

static void begin_notification(struct json_writer *w, const char *id, const char *level,
			       const struct strbuf *text)
{
	json_begin_object(w, NULL);
	add_message(w, text);
	json_add_text(w, "level", level);
	json_begin_object(w, "descriptor");
	json_add_text(w, "id", id);
	json_end(w);
}

static void add_gap(struct json_writer *w, const struct ksa_report *r,
		    const struct ksa_unchecked *gap)
{
	_cleanup_(strbuf_release) struct strbuf buf = {NULL, 0, 0, false};
	const struct place place = {unchecked_file(r, gap), gap->symbol,
				    module_name(r, gap->module), 0};

	unchecked_words(&buf, r, gap, true);
	begin_notification(w, "unchecked", "error", &buf);
	add_locations(w, &place);
	json_end(w);
}

static void add_notice(struct json_writer *w, const char *notice)
{
	_cleanup_(strbuf_release) struct strbuf buf = {NULL, 0, 0, false};

	escape_text(&buf, notice);
	begin_notification(w, "notice", "warning", &buf);
	json_end(w);
}

static void write_driver(struct json_writer *w, const struct ksa_report *r)
{
	json_write_raw(
		w, "\"tool\": {\"driver\": {\"name\": \"ksymaudit\", \"version\": \"" KSA_VERSION
		   "\",\n\"notifications\": ["
		   "{\"id\":\"notice\",\"shortDescription\":{\"text\":\"something could not be "
		   "read, or two sources disagree\"}},"
		   "{\"id\":\"unchecked\",\"shortDescription\":{\"text\":\"something could not "
		   "be checked; the run fails\"}}]");
	json_begin_array(w, "rules");
	for (size_t i = 0; i < r->rules->rule_count && !w->status; i++)
		add_rule(w, &r->rules->rules[i]);
	json_end(w);
	json_write_raw(w, "}}");
}

static void write_invocation(struct json_writer *w, const struct ksa_report *r)
{
	json_write_raw(w, ",\n\"invocations\": [{\"executionSuccessful\": ");
	json_write_raw(w, r->unchecked_count ? "false" : "true");
	json_begin_array(w, "toolExecutionNotifications");
	for (size_t i = 0; i < r->unchecked_count && !w->status; i++)
		add_gap(w, r, &r->unchecked[i]);
	for (size_t i = 0; i < r->notice_count && !w->status; i++)
		add_notice(w, r->notices[i]);
	json_end(w);
	json_write_raw(w, "}]");
}

int write_results_sarif(const struct ksa_report *r, FILE *out, struct ksa_error *err)
{
	struct json_writer w = {.out = out, .err = err};

	json_write_raw(&w,
		       "{\n\"$schema\": \"" SCHEMA "\",\n\"version\": \"2.1.0\",\n\"runs\": [{\n");
	write_driver(&w, r);
	write_invocation(&w, r);
	json_write_raw(&w,
		       ",\n\"originalUriBaseIds\": {\"" ROOT
		       "\": {\"description\": {\"text\": \"The directory that ksymaudit was run "
		       "in.\"}}},\n\"columnKind\": \"unicodeCodePoints\"");
	json_begin_array(&w, "results");
	for (size_t i = 0; i < r->finding_count && !w.status; i++)
		add_result(&w, r, &r->findings[i]);
	json_end(&w);
	json_write_raw(&w, "\n}]\n}\n");
	return json_write_flush(&w);
}
