// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/patch/html.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/strbuf.h"
#include "base/vec.h"

#define MAX_NAME   16 /* of a tag or an entity */
#define MAX_QUOTES 15 /* blocks in blocks */
#define MAX_TEXT   (128 << 20)

struct decoder {
	const char *at, *end;
	struct strbuf text;
	struct {
		uint32_t *items;
		size_t count, capacity;
	} lines; /* of text: where they start */
	uint32_t line; /* of the page */
	size_t line_start; /* of text's last line */
	unsigned int pre, quotes; /* blocks that are open */
	bool fresh; /* nothing was written to the last line */
	bool no_tags, no_comments,
		no_skips; /* no end of one follows: what looks like one is text */
	struct ksa_error *err;
	int failed;
};

static void decoder_release(struct decoder *d)
{
	strbuf_release(&d->text);
	free(d->lines.items);
}

/* What a tag does to lines. */
enum effect {
	EFFECT_NONE = 0,
	EFFECT_BREAK, /* a line ends, unless none began */
	EFFECT_LINE, /* a line ends */
	EFFECT_BLANK, /* cells of a table */
	EFFECT_PRE,
	EFFECT_QUOTE,
	EFFECT_SKIP /* what is in it is not shown */
};

static enum effect effect_of(const char *name)
{
	static const struct {
		const char *name;
		enum effect effect;
	} tags[] = {
		{"br", EFFECT_LINE},	      {"p", EFFECT_BREAK},     {"div", EFFECT_BREAK},
		{"tr", EFFECT_BREAK},	      {"li", EFFECT_BREAK},    {"ul", EFFECT_BREAK},
		{"ol", EFFECT_BREAK},	      {"table", EFFECT_BREAK}, {"hr", EFFECT_BREAK},
		{"h1", EFFECT_BREAK},	      {"h2", EFFECT_BREAK},    {"h3", EFFECT_BREAK},
		{"h4", EFFECT_BREAK},	      {"dt", EFFECT_BREAK},    {"dd", EFFECT_BREAK},
		{"title", EFFECT_BREAK},      {"form", EFFECT_BREAK},  {"body", EFFECT_BREAK},
		{"td", EFFECT_BLANK},	      {"th", EFFECT_BLANK},    {"pre", EFFECT_PRE},
		{"blockquote", EFFECT_QUOTE}, {"script", EFFECT_SKIP}, {"style", EFFECT_SKIP},
		{"select", EFFECT_SKIP},
	};

	for (size_t i = 0; i < sizeof(tags) / sizeof(*tags); i++)
		if (strcasecmp(name, tags[i].name) == 0)
			return tags[i].effect;
	return EFFECT_NONE;
}

/* The names of what mails and their pages use. */
static const char *entity_of(const char *name)
{
	static const struct {
		const char *name, *text;
	} entities[] = {
		{"lt", "<"},	 {"gt", ">"},	 {"amp", "&"},	 {"quot", "\""},  {"apos", "'"},
		{"nbsp", " "},	 {"auml", "ä"},	 {"ouml", "ö"},	 {"uuml", "ü"},	  {"Auml", "Ä"},
		{"Ouml", "Ö"},	 {"Uuml", "Ü"},	 {"szlig", "ß"}, {"eacute", "é"}, {"egrave", "è"},
		{"copy", "©"},	 {"ndash", "–"}, {"mdash", "—"}, {"hellip", "…"}, {"bull", "•"},
		{"lsquo", "‘"},	 {"rsquo", "’"}, {"ldquo", "“"}, {"rdquo", "”"},  {"shy", ""},
		{"middot", "·"},
	};

	for (size_t i = 0; i < sizeof(entities) / sizeof(*entities); i++)
		if (strcmp(name, entities[i].name) == 0)
			return entities[i].text;
	return NULL;
}

static void begin_line(struct decoder *d)
{
	if (d->failed)
		return;
	d->failed = VEC_PUSH_ROOM(&d->lines, d->err);
	if (!d->failed)
		d->lines.items[d->lines.count++] = d->line;
	d->line_start = d->text.length;
	d->fresh = true;
}

static void end_line(struct decoder *d)
{
	strbuf_addc(&d->text, '\n');
	begin_line(d);
}

static void break_line(struct decoder *d)
{
	if (!d->fresh)
		end_line(d);
}

static void add(struct decoder *d, const char *text, size_t length)
{
	if (!length)
		return;
	if (d->fresh) {
		if (d->lines.count)
			d->lines.items[d->lines.count - 1] = d->line;
		for (unsigned int i = 0; i < d->quotes; i++)
			strbuf_adds(&d->text, "> ");
	}
	d->fresh = false;
	strbuf_add(&d->text, text, length);
}

static void add_code(struct decoder *d, unsigned long code)
{
	char text[4];
	size_t length = 0;

	if (code == 0xa0)
		code = ' ';
	if (code < 0x80) {
		text[length++] = (char)code;
	} else if (code < 0x800) {
		text[length++] = (char)(0xc0 | code >> 6);
		text[length++] = (char)(0x80 | (code & 0x3f));
	} else if (code < 0x10000) {
		text[length++] = (char)(0xe0 | code >> 12);
		text[length++] = (char)(0x80 | (code >> 6 & 0x3f));
		text[length++] = (char)(0x80 | (code & 0x3f));
	} else {
		text[length++] = (char)(0xf0 | code >> 18);
		text[length++] = (char)(0x80 | (code >> 12 & 0x3f));
		text[length++] = (char)(0x80 | (code >> 6 & 0x3f));
		text[length++] = (char)(0x80 | (code & 0x3f));
	}
	if (code >= ' ' || code == '\t')
		add(d, text, length);
}

/* The number of "#60" or "#x3c"; 0: it is none. */
static unsigned long code_of(const char *name)
{
	bool hex = name[1] == 'x' || name[1] == 'X';
	const char *digits = name + 1 + hex;
	char *end;
	unsigned long code = strtoul(digits, &end, hex ? 16 : 10);

	return *end || end == digits || code > 0x10ffff ? 0 : code;
}

/* "&lt;", "&#60;", "&#x3c;" at d->at: what it stands for. False: it is none. */
static bool take_entity(struct decoder *d)
{
	const char *s = d->at + 1, *known;
	char name[MAX_NAME];
	unsigned long code;
	size_t length = 0;

	while (length < sizeof(name) - 1 && s + length < d->end &&
	       (isalnum((unsigned char)s[length]) || s[length] == '#'))
		length++;
	if (!length || s + length >= d->end || s[length] != ';')
		return false;
	memcpy(name, s, length);
	name[length] = '\0';
	known = name[0] == '#' ? NULL : entity_of(name);
	code = name[0] == '#' ? code_of(name) : 0;
	if (!known && !code)
		return false;
	if (known)
		add(d, known, strlen(known));
	else
		add_code(d, code);
	d->at = s + length + 1;
	return true;
}

/* Move on to where, counting the page's lines. */
static void skip_to(struct decoder *d, const char *where)
{
	for (; d->at < where; d->at++)
		d->line += *d->at == '\n';
}

/* Past the end tag of an element that is not shown; what is not closed is shown. */
static void skip_element(struct decoder *d, const char *name)
{
	size_t length = strlen(name);

	for (const char *s = d->at; !d->no_skips && (s = memchr(s, '<', (size_t)(d->end - s)));
	     s++) {
		if ((size_t)(d->end - s) > length + 2 && s[1] == '/' &&
		    strncasecmp(s + 2, name, length) == 0) {
			skip_to(d, s);
			return;
		}
	}
	d->no_skips = true;
}

static void apply(struct decoder *d, const char *name, bool closes)
{
	switch (effect_of(name)) {
	case EFFECT_LINE:
		end_line(d);
		break;
	case EFFECT_BLANK:
		if (!closes && !d->fresh)
			add(d, " ", 1);
		break;
	case EFFECT_PRE:
		break_line(d);
		d->pre = closes ? 0 : 1;
		/* The line end behind the tag is none of the text. */
		if (!closes && d->at < d->end && *d->at == '\n')
			skip_to(d, d->at + 1);
		break;
	case EFFECT_QUOTE:
		break_line(d);
		d->quotes += !closes && d->quotes < MAX_QUOTES;
		d->quotes -= closes && d->quotes;
		break;
	case EFFECT_SKIP:
		if (!closes)
			skip_element(d, name);
		break;
	case EFFECT_BREAK:
		break_line(d);
		break;
	case EFFECT_NONE:
		break;
	}
}

/* The last character of a tag or a comment at d->at, or NULL. Each end is looked for once. */
static const char *find_tag_end(struct decoder *d, const char *s)
{
	bool comment = d->end - d->at > 4 && memcmp(d->at, "<!--", 4) == 0;
	const char *end = NULL;

	if (comment && !d->no_comments) {
		end = memmem(s, (size_t)(d->end - s), "-->", 3);
		d->no_comments = !end;
		return end ? end + 2 : NULL;
	}
	if (!comment && !d->no_tags) {
		end = memchr(s, '>', (size_t)(d->end - s));
		d->no_tags = !end;
	}
	return end;
}

/* A tag or a comment at d->at. False: it is neither. */
static bool take_tag(struct decoder *d)
{
	const char *s = d->at + 1, *end;
	char name[MAX_NAME] = "";
	size_t length = 0, left = (size_t)(d->end - d->at);
	bool closes = left > 2 && *s == '/';

	s += closes;
	if (s >= d->end || !(isalpha((unsigned char)*s) || *s == '!' || *s == '?'))
		return false;
	end = find_tag_end(d, s);
	if (!end)
		return false;
	while (length < sizeof(name) - 1 && isalnum((unsigned char)s[length]))
		length++;
	memcpy(name, s, length);
	name[length] = '\0';
	skip_to(d, end + 1);
	apply(d, name, closes);
	return true;
}

/* One character of text. */
static void take_char(struct decoder *d)
{
	char c = *d->at++;

	if (c == '\r' && d->at < d->end && *d->at == '\n')
		return;
	if (c != '\n') {
		add(d, &c, 1);
		return;
	}
	d->line++;
	if (d->pre)
		end_line(d);
	/* Where lines are not as they stand, the end of one is a blank, or nothing at a start. */
	else if (!d->fresh)
		add(d, " ", 1);
}

bool html_is_page(const char *data, size_t size)
{
	static const char *const starts[] = {"<!doctype html", "<html",	 "<head", "<body",
					     "<pre",	       "<title", "<?xml", "<!--"};
	size_t at = size >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

	while (at < size && isspace((unsigned char)data[at]))
		at++;
	for (size_t i = 0; i < sizeof(starts) / sizeof(*starts); i++) {
		size_t length = strlen(starts[i]);

		if (size - at > length && strncasecmp(data + at, starts[i], length) == 0)
			return true;
	}
	return false;
}

int html_decode(struct arena *arena, const char *data, size_t size, struct html_text *out,
		struct ksa_error *err)
{
	_cleanup_(decoder_release) struct decoder d = {
		.at = data, .end = data + size, .line = 1, .err = err};
	uint32_t *at;

	begin_line(&d);
	while (d.at < d.end && !d.failed && !d.text.failed) {
		if (d.text.length > MAX_TEXT)
			return ksa_fail(err, KSA_ELIMIT, "is a page of more than %d MiB of text",
					MAX_TEXT >> 20);
		if (*d.at == '<' && take_tag(&d))
			continue;
		if (*d.at == '&' && take_entity(&d))
			continue;
		take_char(&d);
	}
	if (d.failed)
		return d.failed;
	out->text = arena_strndup(arena, strbuf_string(&d.text), d.text.length);
	at = arena_calloc(arena, d.lines.count, sizeof(*at));
	if (!out->text || !at || d.text.failed)
		return ksa_fail_nomem(err);
	memcpy(at, d.lines.items, d.lines.count * sizeof(*at));
	out->size = d.text.length;
	out->at = at;
	out->line_count = d.lines.count;
	return 0;
}
