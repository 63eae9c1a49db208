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
#include "write/json.h"
#include "write/result_words.h"

#define SCHEMA                                                                                     \
	"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"                      \
	"sarif-schema-2.1.0.json"
#define ROOT "SRCROOT" /* what relative paths are relative to: the user's directory */

/* A message may hold links, [text](target) (3.11.6): none of those from names. */
static json_t *message(const struct strbuf *text)
{
	_cleanup_(strbuf_release) struct strbuf buf = {NULL, 0, 0, false};
	json_t *o = json_object();
	bool ok;

	for (const char *s = strbuf_string(text); *s; s++) {
		if (s[0] == ']' && s[1] == '(')
			strbuf_addc(&buf, '\\');
		strbuf_addc(&buf, *s);
	}
	ok = o && !text->failed && !buf.failed && json_put_text(o, "text", strbuf_string(&buf));
	return json_finish(o, ok);
}

static json_t *plain_message(const char *s)
{
	_cleanup_(strbuf_release) struct strbuf buf = {NULL, 0, 0, false};

	escape_text(&buf, s);
	return message(&buf);
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
static json_t *artifact(const char *path)
{
	_cleanup_(strbuf_release) struct strbuf uri = {NULL, 0, 0, false};
	json_t *o = json_object();
	bool ok;

	if (*path == '/')
		strbuf_adds(&uri, "file://");
	for (const char *s = path; *s; s++) {
		if (is_unreserved((unsigned char)*s))
			strbuf_addc(&uri, *s);
		else
			strbuf_printf(&uri, "%%%02X", (unsigned char)*s);
	}
	ok = o && !uri.failed && json_put_text(o, "uri", strbuf_string(&uri));
	if (ok && *path != '/' && !leaves_root(path))
		ok = json_put_text(o, "uriBaseId", ROOT);
	return json_finish(o, ok);
}

static json_t *region(uint32_t line)
{
	json_t *o = json_object();
	bool ok = o && json_put(o, "startLine", json_integer(line ? line : 1));

	return json_finish(o, ok);
}

static json_t *physical(const char *path, uint32_t line)
{
	json_t *o = json_object();
	bool ok = o && json_put(o, "artifactLocation", artifact(path)) &&
		  json_put(o, "region", region(line));

	return json_finish(o, ok);
}

static bool add_logical(json_t *array, const char *name, const char *kind)
{
	json_t *o = json_object();
	bool ok = o && json_put_text(o, "name", name) && json_put_text(o, "kind", kind);

	o = json_finish(o, ok);
	return o && json_array_append_new(array, o) == 0;
}

static json_t *logical(const struct ksa_report *r, const char *symbol, uint32_t module)
{
	json_t *array = json_array();
	bool ok = array != NULL;

	if (ok && symbol)
		ok = add_logical(array, symbol, "symbol");
	if (ok && module != NO_INDEX)
		ok = add_logical(array, r->modules[module]->name, "module");
	return json_finish(array, ok);
}

/* What a result or a gap is about. */
struct place {
	const char *path, *symbol; /* symbol may be NULL */
	uint32_t line, module;
};

static json_t *location(const struct ksa_report *r, const struct place *place)
{
	json_t *o = json_object();
	bool ok = o && json_put(o, "physicalLocation", physical(place->path, place->line));

	if (ok && (place->symbol || place->module != NO_INDEX))
		ok = json_put(o, "logicalLocations", logical(r, place->symbol, place->module));
	return json_finish(o, ok);
}

/* An array of one. NULL is out of memory, here and in what takes it. */
static json_t *only(json_t *item)
{
	json_t *array = json_array();
	bool ok = json_array_append_new(array, item) == 0;

	return json_finish(array, ok);
}

static json_t *text_object(const char *text)
{
	json_t *o = json_object();
	bool ok = o && json_put_text(o, "text", text);

	return json_finish(o, ok);
}

static json_t *help(const struct ksa_rule *rule)
{
	_cleanup_(strbuf_release) struct strbuf text = {NULL, 0, 0, false};
	_cleanup_(strbuf_release) struct strbuf markdown = {NULL, 0, 0, false};
	json_t *o = json_object();
	bool ok;

	strbuf_printf(&text, "Why: %s\n\nFix: %s\n", rule->why, rule->fix);
	strbuf_printf(&markdown, "**Why:** %s\n\n**Fix:** %s\n", rule->why, rule->fix);
	for (const char *const *s = rule->references; s && *s; s++) {
		strbuf_printf(&text, "%s%s\n", s == rule->references ? "\nReferences:\n" : "", *s);
		strbuf_printf(&markdown, "%s- %s\n",
			      s == rule->references ? "\n**References:**\n\n" : "", *s);
	}
	ok = o && !text.failed && !markdown.failed &&
	     json_put_text(o, "text", strbuf_string(&text)) &&
	     json_put_text(o, "markdown", strbuf_string(&markdown));
	return json_finish(o, ok);
}

static json_t *configuration(const struct ksa_rule *rule)
{
	json_t *o = json_object();
	bool ok = o && json_put_text(o, "level", ksa_level_name(rule->level)) &&
		  (!rule->off || json_put(o, "enabled", json_false()));

	return json_finish(o, ok);
}

static json_t *rule_object(const struct ksa_rule *rule)
{
	json_t *o = json_object();
	bool ok = o && json_put_text(o, "id", rule->id) && json_put_text(o, "name", rule->slug) &&
		  json_put(o, "shortDescription", text_object(rule->title)) &&
		  json_put(o, "fullDescription", text_object(rule->why)) &&
		  json_put(o, "help", help(rule)) &&
		  json_put(o, "defaultConfiguration", configuration(rule));

	return json_finish(o, ok);
}

static json_t *suppression(const struct waiver *waiver)
{
	const struct place place = {waiver->file, NULL, waiver->line, NO_INDEX};
	json_t *o = json_object(), *properties = json_object();
	bool ok = properties && json_put_text(properties, "by", waiver->by) &&
		  json_put_text(properties, "expires", waiver->expires);

	properties = json_finish(properties, ok);
	ok = json_put(o, "properties", properties) && json_put_text(o, "kind", "external") &&
	     json_put_text(o, "status", "accepted") &&
	     json_put_text(o, "justification", waiver->reason) &&
	     json_put(o, "location", location(NULL, &place));
	return json_finish(o, ok);
}

static json_t *fingerprints(const struct ksa_finding *f)
{
	json_t *o = json_object();
	bool ok = o && json_put_text(o, "ksymauditIdentity/v1", f->identity) &&
		  json_put_text(o, "primaryLocationLineHash", f->identity);

	return json_finish(o, ok);
}

static json_t *properties(const struct ksa_report *r, const struct ksa_finding *f)
{
	const struct ksa_kernel *kernel = f->kernel != NO_INDEX ? r->kernels[f->kernel] : NULL;
	json_t *o = json_object();
	bool ok = o != NULL;

	if (ok && kernel)
		ok = json_put_text(o, "kernel", kernel->label) &&
		     json_put_text(o, "release", kernel->release) &&
		     json_put_text(o, "arch", kernel->arch);
	if (ok && f->fix != f->rule->fix) /* that one is in the rule's help */
		ok = json_put_text(o, "fix", f->fix);
	ok = ok && json_put_text(o, "evidence", f->evidence) &&
	     json_put_text(o, "commit", f->commit);
	return json_finish(o, ok);
}

/* The standard wants suppressions and baselineState of all results of a run, or of none (3.27.23,
 * 3.27.24). */
static bool add_standing(const struct ksa_report *r, const struct ksa_finding *f, json_t *o)
{
	bool ok = true;

	if (f->waived)
		ok = json_put(o, "suppressions", only(suppression(f->waived)));
	else if (r->waived)
		ok = json_put(o, "suppressions", json_array());
	if (ok && r->known)
		ok = json_put_text(o, "baselineState", f->known ? "unchanged" : "new");
	return ok;
}

static json_t *result_message(const struct ksa_report *r, const struct ksa_finding *f)
{
	_cleanup_(strbuf_release) struct strbuf buf = {NULL, 0, 0, false};

	finding_words(&buf, r, f, true);
	if (f->fix && f->fix != f->rule->fix) {
		strbuf_adds(&buf, "\nFix: ");
		escape_text(&buf, f->fix);
	}
	return message(&buf);
}

static json_t *result_object(const struct ksa_report *r, const struct ksa_finding *f)
{
	const struct place place = {finding_file(r, f), f->symbol, f->line, f->module};
	const struct ksa_rule *rule = rules_find(r->rules, f->rule->id);
	json_t *o = json_object();
	bool ok = o && json_put_text(o, "ruleId", f->rule->id);

	if (ok && rule)
		ok = json_put(o, "ruleIndex", json_integer(rule - r->rules->rules));
	ok = ok && json_put_text(o, "level", ksa_level_name(f->level)) &&
	     json_put(o, "message", result_message(r, f)) &&
	     json_put(o, "locations", only(location(r, &place))) &&
	     json_put(o, "partialFingerprints", fingerprints(f)) && add_standing(r, f, o) &&
	     json_put(o, "properties", properties(r, f));
	return json_finish(o, ok);
}

static json_t *descriptor(const char *id)
{
	json_t *o = json_object();
	bool ok = o && json_put_text(o, "id", id);

	return json_finish(o, ok);
}

/* Takes text, the message. */
static json_t *notification(const char *id, const char *level, json_t *text)
{
	json_t *o = json_object();
	bool ok = json_put(o, "message", text) && json_put_text(o, "level", level) &&
		  json_put(o, "descriptor", descriptor(id));

	return json_finish(o, ok);
}

static json_t *gap_object(const struct ksa_report *r, const struct ksa_unchecked *gap)
{
	_cleanup_(strbuf_release) struct strbuf buf = {NULL, 0, 0, false};
	const struct place place = {unchecked_file(r, gap), gap->symbol, 0, gap->module};
	json_t *o;
	bool ok;

	unchecked_words(&buf, r, gap, true);
	o = notification("unchecked", "error", message(&buf));
	ok = o && json_put(o, "locations", only(location(r, &place)));
	return json_finish(o, ok);
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
	json_write_array(w, "rules");
	for (size_t i = 0; i < r->rules->rule_count && !w->status; i++)
		json_write_item(w, rule_object(&r->rules->rules[i]));
	json_write_array_end(w);
	json_write_raw(w, "}}");
}

static void write_invocation(struct json_writer *w, const struct ksa_report *r)
{
	json_write_raw(w, ",\n\"invocations\": [{\"executionSuccessful\": ");
	json_write_raw(w, r->unchecked_count ? "false" : "true");
	json_write_array(w, "toolExecutionNotifications");
	for (size_t i = 0; i < r->unchecked_count && !w->status; i++)
		json_write_item(w, gap_object(r, &r->unchecked[i]));
	for (size_t i = 0; i < r->notice_count && !w->status; i++)
		json_write_item(w, notification("notice", "warning", plain_message(r->notices[i])));
	json_write_array_end(w);
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
	json_write_array(&w, "results");
	for (size_t i = 0; i < r->finding_count && !w.status; i++)
		json_write_item(&w, result_object(r, &r->findings[i]));
	json_write_array_end(&w);
	json_write_raw(&w, "\n}]\n}\n");
	return json_write_flush(&w);
}
