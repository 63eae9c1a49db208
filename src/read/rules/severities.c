// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/rules/severities.h"

#include <string.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/strbuf.h"
#include "base/vec.h"
#include "model/diff.h"

#define ALL_AXES  (AXIS_MARK(AXIS_COUNT) - 1)
#define WORDS_MAX 5 /* one more than a rule has */
#define EXPECTED  "expected [MODULE|NAMESPACE|SYMBOL] PATTERN PASS|FAIL [AXIS,...]"

struct word {
	const char *text;
	size_t length;
};

/* The place at which is read. */
struct reading {
	struct severities *out;
	struct ksa_error *err;
	const char *path; /* in the arena */
	unsigned int line;
	bool is_debian; /* sections, of which the key ignore-changes counts */
	bool in_list; /* the lines that go on are of that key */
	bool any; /* such a key was there */
};

static const char *const subjects[] = {[SEVERITY_OF_MODULE] = "MODULE",
				       [SEVERITY_OF_NAMESPACE] = "NAMESPACE",
				       [SEVERITY_OF_SYMBOL] = "SYMBOL"};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

static bool is_word(const struct word *w, const char *text)
{
	return strlen(text) == w->length && memcmp(w->text, text, w->length) == 0;
}

/* A word of the input in a message, as long as is useful. */
static int shown(const struct word *w)
{
	return w->length < 40 ? (int)w->length : 40;
}

static bool find_subject(const struct word *w, enum severity_subject *subject)
{
	for (size_t i = 0; i < sizeof(subjects) / sizeof(*subjects); i++) {
		if (is_word(w, subjects[i])) {
			*subject = (enum severity_subject)i;
			return true;
		}
	}
	return false;
}

/* As ksymvers(1) tells them apart: what has no small letter is a namespace, even "*" and "__SCK__".
 */
static enum severity_subject implied_subject(const struct word *w)
{
	if (memchr(w->text, '/', w->length) || is_word(w, "vmlinux"))
		return SEVERITY_OF_MODULE;
	for (size_t i = 0; i < w->length; i++)
		if (w->text[i] >= 'a' && w->text[i] <= 'z')
			return SEVERITY_OF_SYMBOL;
	return SEVERITY_OF_NAMESPACE;
}

/* The ']' of a '['; NULL: it has none. */
static const char *bracket_end(const char *at)
{
	at += at[1] == '!' || at[1] == '^' ? 2 : 1;
	/* "[]a]" and "[\]a]" have a bracket in them */
	if (*at == ']')
		at++;
	while (*at && *at != ']')
		at += *at == '\\' && at[1] ? 2 : 1;
	return *at ? at : NULL;
}

/* fnmatch(3) takes what is wrong with a pattern as it stands, and silently matches nothing. */
static int check_pattern(const struct reading *r, const char *pattern)
{
	if (strlen(pattern) > SEVERITIES_PATTERN_LIMIT)
		return ksa_fail_at(r->err, KSA_ELIMIT, r->path, r->line,
				   "has a pattern of more than %d bytes", SEVERITIES_PATTERN_LIMIT);
	for (const char *at = pattern; *at; at++) {
		const bool is_escaped = *at == '\\';

		if (is_escaped && !*++at)
			return ksa_fail_at(r->err, KSA_EFORMAT, r->path, r->line,
					   "ends the pattern '%.40s' with a backslash: expected "
					   "what it escapes",
					   pattern);
		if (*at != '[' || is_escaped)
			continue;
		at = bracket_end(at);
		if (!at)
			return ksa_fail_at(r->err, KSA_EFORMAT, r->path, r->line,
					   "opens a '[' in the pattern '%.40s': expected a ']', or "
					   "a backslash before it",
					   pattern);
	}
	return 0;
}

/* What is not '*', '?', '[' or an escape. */
static size_t literal_length(const char *pattern)
{
	return strcspn(pattern, "*?[\\");
}

/* '-' as '_', but where it is a range. */
static void fold(char *pattern)
{
	bool bracket = false;

	for (; *pattern; pattern++) {
		bracket = *pattern == '[' || (bracket && *pattern != ']');
		if (*pattern == '-' && !bracket)
			*pattern = '_';
	}
}

/* text: the rule as it is shown, without its place. */
static int add_rule(const struct reading *r, struct severity_rule rule, char *pattern,
		    const char *text)
{
	struct severities *s = r->out;
	int ret = pattern ? check_pattern(r, pattern) : ksa_fail_nomem(r->err);

	if (ret)
		return ret;
	if (s->count == SEVERITIES_RULE_LIMIT)
		return ksa_fail_at(r->err, KSA_ELIMIT, r->path, r->line,
				   "is the rule %zu: merge some by patterns", s->count + 1);
	rule.text = arena_printf(&s->arena, "%s:%u: %s", r->path, r->line, text);
	if (!rule.text || VEC_PUSH_ROOM(s, r->err))
		return ksa_fail_nomem(r->err);
	if (rule.subject == SEVERITY_OF_MODULE)
		fold(pattern);
	rule.pattern = pattern;
	rule.literal = literal_length(pattern);
	s->items[s->count++] = rule;
	return 0;
}

static int take_axes(const struct reading *r, const struct word *w, unsigned int *axes)
{
	const char *at = w->text, *end = w->text + w->length;

	*axes = 0;
	for (;;) {
		const char *comma = memchr(at, ',', (size_t)(end - at));
		size_t length = (size_t)((comma ? comma : end) - at);
		enum diff_axis axis;

		if (!diff_axis_find(at, length, &axis))
			return ksa_fail_at(r->err, KSA_EFORMAT, r->path, r->line,
					   "has the axis '%.*s': expected removed, class, "
					   "namespace, prototype, owner, crc or added",
					   length < 40 ? (int)length : 40, at);
		*axes |= AXIS_MARK(axis);
		if (!comma)
			return 0;
		at = comma + 1;
	}
}

static bool is_verdict(const struct word *w)
{
	return is_word(w, "PASS") || is_word(w, "FAIL");
}

/* The words of a rule, of at least one. */
static int take_rule(const struct reading *r, const struct word *words, size_t count)
{
	/* Three words are a subject's rule, or one that names axes. */
	bool typed = count == 4 || (count == 3 && is_verdict(&words[2]));
	const struct word *pattern = &words[typed], *verdict = &words[typed + 1];
	struct severity_rule rule = {.axes = ALL_AXES};
	_cleanup_(strbuf_release) struct strbuf text = {NULL, 0, 0, false};

	if (count < 2 || count > 4)
		return ksa_fail_at(r->err, KSA_EFORMAT, r->path, r->line,
				   count < 2 ? "is no rule, it has one word: " EXPECTED
					     : "is no rule, it has too many words: " EXPECTED);
	if (typed && !find_subject(&words[0], &rule.subject))
		return ksa_fail_at(
			r->err, KSA_EFORMAT, r->path, r->line,
			"starts with '%.*s': expected MODULE, NAMESPACE or SYMBOL before "
			"a pattern and PASS or FAIL",
			shown(&words[0]), words[0].text);
	if (!is_verdict(verdict))
		return ksa_fail_at(r->err, KSA_EFORMAT, r->path, r->line,
				   "says '%.*s' of the pattern: expected PASS or FAIL",
				   shown(verdict), verdict->text);
	if (!typed)
		rule.subject = implied_subject(pattern);
	rule.pass = is_word(verdict, "PASS");
	if (count - typed == 3 && take_axes(r, &words[count - 1], &rule.axes))
		return KSA_EFORMAT;
	strbuf_printf(&text, "%s %.*s", subjects[rule.subject], (int)pattern->length,
		      pattern->text);
	for (size_t i = typed + 1; i < count; i++)
		strbuf_printf(&text, " %.*s", (int)words[i].length, words[i].text);
	if (text.failed)
		return ksa_fail_nomem(r->err);
	return add_rule(r, rule, arena_strndup(&r->out->arena, pattern->text, pattern->length),
			strbuf_string(&text));
}

/*
 * An entry of ignore-changes as Debian's buildcheck.py reads it: "name:" (the default) or
 * "module:", then a pattern in which '*' and '**' stand for one or more bytes, and all else for
 * itself.
 */
static int take_ignored(const struct reading *r, const struct word *w)
{
	static const char module[] = "module:", name[] = "name:";
	struct severity_rule rule = {.subject = SEVERITY_OF_SYMBOL, .pass = true, .axes = ALL_AXES};
	_cleanup_(strbuf_release) struct strbuf pattern = {NULL, 0, 0, false}, text = pattern;
	const char *at = w->text, *end = w->text + w->length;

	if (w->length > strlen(module) && memcmp(at, module, strlen(module)) == 0) {
		rule.subject = SEVERITY_OF_MODULE;
		at += strlen(module);
	} else if (w->length > strlen(name) && memcmp(at, name, strlen(name)) == 0) {
		at += strlen(name);
	} else if (memchr(at, ':', w->length)) {
		return ksa_fail_at(r->err, KSA_EFORMAT, r->path, r->line,
				   "ignores '%.*s': expected NAME, name:NAME or module:NAME",
				   shown(w), at);
	}
	for (; at < end; at++) {
		if (*at == '*') {
			strbuf_adds(&pattern, "?*");
			at += at + 1 < end && at[1] == '*';
		} else {
			strbuf_adds(&pattern, strchr("?[]\\", *at) ? "\\" : "");
			strbuf_addc(&pattern, *at);
		}
	}
	strbuf_printf(&text, "ignore-changes %.*s", (int)w->length, w->text);
	if (pattern.failed || text.failed)
		return ksa_fail_nomem(r->err);
	return add_rule(r, rule, arena_strdup(&r->out->arena, strbuf_string(&pattern)),
			strbuf_string(&text));
}

/* The next word from *at on; false: none is left, or what follows is a comment. */
static bool next_word(const char **at, const char *end, struct word *word)
{
	while (*at < end && is_blank(**at))
		(*at)++;
	word->text = *at;
	while (*at < end && !is_blank(**at) && **at != '#')
		(*at)++;
	word->length = (size_t)(*at - word->text);
	return word->length > 0;
}

/* "key: value", or with blanks before it what goes on with the value. Comments are whole lines. */
static int read_debian_line(struct reading *r, const char *at, const char *end)
{
	static const char key[] = "ignore-changes";
	struct word word;
	int ret = 0;

	if (*at == '#' || *at == ';')
		return 0;
	if (!is_blank(*at)) {
		size_t length = (size_t)(end - at);

		r->in_list = length > strlen(key) && memcmp(at, key, strlen(key)) == 0 &&
			     strchr(":= \t", at[strlen(key)]);
		r->any |= r->in_list;
		at += r->in_list ? strlen(key) : 0;
		while (r->in_list && at < end && (is_blank(*at) || *at == ':' || *at == '='))
			at++;
	}
	while (r->in_list && !ret && next_word(&at, end, &word))
		ret = take_ignored(r, &word);
	return ret;
}

static int read_line(struct reading *r, const char *at, size_t length)
{
	struct word words[WORDS_MAX];
	const char *end = at + length, *from = at;
	size_t count = 0;

	if (memchr(at, '\0', length))
		return ksa_fail_at(r->err, KSA_EFORMAT, r->path, r->line,
				   "has a NUL byte: expected text");
	while (count < WORDS_MAX && next_word(&from, end, &words[count]))
		count++;
	if (!count)
		return 0;
	/* "[abi]" is no rule: all of the file is Debian's. */
	if (count == 1 && at[0] == '[' && words[0].text[words[0].length - 1] == ']' &&
	    (r->is_debian || !r->any)) {
		r->is_debian = true;
		r->in_list = false;
		return 0;
	}
	if (r->is_debian)
		return read_debian_line(r, at, end);
	r->any = true;
	return take_rule(r, words, count);
}

int severities_read_text(const char *path, const unsigned char *text, size_t size,
			 struct severities *out, struct ksa_error *err)
{
	struct reading r = {.out = out, .err = err, .path = arena_strdup(&out->arena, path)};
	const size_t start = bytes_text_start(text, size);
	const char *at = (const char *)text + start;
	int ret = r.path ? 0 : ksa_fail_nomem(err);

	size -= start;
	if (!out->file)
		out->file = r.path;
	while (size && !ret) {
		const char *end = memchr(at, '\n', size);
		size_t length = end ? (size_t)(end - at) : size;

		r.line++;
		ret = length ? read_line(&r, at, length) : 0;
		length += end != NULL;
		at += length;
		size -= length;
	}
	if (!ret && r.is_debian && !r.any)
		return ksa_fail_at(
			err, KSA_EFORMAT, path, 0,
			"has sections, and none has the key ignore-changes: expected "
			"Debian's debian/config/.../defines, or lines PATTERN PASS|FAIL");
	return ret;
}

int severities_read_file(const char *path, struct severities *out, struct ksa_error *err)
{
	_cleanup_(bytes_release) struct bytes bytes = {NULL, 0, BYTES_BORROWED};
	int r = bytes_read_file(&bytes, path, SEVERITIES_FILE_LIMIT, err);

	return r ? r : severities_read_text(path, bytes.data, bytes.size, out, err);
}
