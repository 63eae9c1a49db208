// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/kernel/json.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/escape.h"
#include "base/vec.h"

void json_read_begin(struct json_reader *r, const unsigned char *data, size_t size,
		     const char *source, struct ksa_error *err)
{
	*r = (struct json_reader){.data = data, .size = size, .source = source, .err = err};
}

void json_read_release(struct json_reader *r)
{
	strbuf_release(&r->scratch);
}

static unsigned int clamp(size_t n)
{
	return n < UINT_MAX ? (unsigned int)n : UINT_MAX;
}

int json_read_fail(struct json_reader *r, enum ksa_code code, size_t at, const char *format, ...)
{
	size_t line = 1, start = 0;
	char text[512];
	va_list ap;

	/* Lines are counted only here: reading is the path that must be fast. */
	for (size_t i = 0; i < at && i < r->size; i++) {
		if (r->data[i] == '\n') {
			line++;
			start = i + 1;
		}
	}
	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	if (r->err && !r->err->code) {
		ksa_fail_at(r->err, code, r->source, clamp(line), "%s", text);
		r->err->column = clamp(at - start + 1);
	}
	return code;
}

static void skip_blanks(struct json_reader *r)
{
	while (r->at < r->size && (r->data[r->at] == ' ' || r->data[r->at] == '\n' ||
				   r->data[r->at] == '\t' || r->data[r->at] == '\r'))
		r->at++;
}

/* The next byte after blanks, or -1 at the end. */
static inline int peek(struct json_reader *r)
{
	if (r->at < r->size && r->data[r->at] > ' ')
		return r->data[r->at];
	skip_blanks(r);
	return r->at < r->size ? r->data[r->at] : -1;
}

size_t json_read_position(struct json_reader *r)
{
	skip_blanks(r);
	return r->at;
}

/* "expected X after "what"", or that the file ends. */
static int fail_expected(struct json_reader *r, const char *expected, const char *what)
{
	if (r->at >= r->size)
		return json_read_fail(r, KSA_EFORMAT, r->at,
				      "expected %s%s%s%s, but the file ends here: it is cut short",
				      expected, what ? " after \"" : "", what ? what : "",
				      what ? "\"" : "");
	return json_read_fail(r, KSA_EFORMAT, r->at, "expected %s%s%s%s", expected,
			      what ? " after \"" : "", what ? what : "", what ? "\"" : "");
}

static int enter(struct json_reader *r, char open, const char *expected, const char *what)
{
	if (peek(r) != open)
		return fail_expected(r, expected, what);
	if (r->depth >= JSON_MAX_DEPTH)
		return json_read_fail(r, KSA_ELIMIT, r->at, "nested more than %d deep",
				      JSON_MAX_DEPTH);
	r->depth++;
	r->at++;
	r->fresh = true;
	return 0;
}

int json_read_object(struct json_reader *r, const char *what)
{
	return enter(r, '{', "an object", what);
}

int json_read_array(struct json_reader *r, const char *what)
{
	return enter(r, '[', "an array", what);
}

/* Pass over the comma or the end of the open object or array: 1, 0 or negative. */
static int next_element(struct json_reader *r, char close)
{
	int c = peek(r);

	if (c == close) {
		r->at++;
		r->depth--;
		r->fresh = false;
		return 0;
	}
	if (r->fresh) {
		r->fresh = false;
		return 1;
	}
	if (c != ',')
		return fail_expected(r, close == '}' ? "',' or '}'" : "',' or ']'", NULL);
	r->at++;
	return 1;
}

int json_read_item(struct json_reader *r)
{
	return next_element(r, ']');
}

int json_read_key(struct json_reader *r, struct json_slice *key)
{
	int more = next_element(r, '}');

	if (more <= 0)
		return more;
	if (peek(r) != '"')
		return fail_expected(r, "a key in double quotes", NULL);
	more = json_read_string(r, NULL, key);
	if (more)
		return more;
	if (peek(r) != ':')
		return fail_expected(r, "':' after the key", NULL);
	r->at++;
	return 1;
}

bool json_take_key(struct json_reader *r, const char *key)
{
	const unsigned char *p = r->data + r->at, *end = r->data + r->size;

	if (!r->fresh && (p == end || *p++ != ','))
		return false;
	if (p == end || *p++ != '"')
		return false;
	while (p < end && *key && *p == (unsigned char)*key) {
		p++;
		key++;
	}
	if (*key || end - p < 2 || p[0] != '"' || p[1] != ':')
		return false;
	r->at = (size_t)(p + 2 - r->data);
	r->fresh = false;
	return true;
}

/* Four hex digits of a \u escape at r->at, or -1. */
static long read_hex4(struct json_reader *r)
{
	long code = 0;

	for (int i = 0; i < 4; i++) {
		int c = r->at < r->size ? r->data[r->at] : 0;

		if (c >= '0' && c <= '9')
			code = code * 16 + (c - '0');
		else if (c >= 'a' && c <= 'f')
			code = code * 16 + (c - 'a' + 10);
		else if (c >= 'A' && c <= 'F')
			code = code * 16 + (c - 'A' + 10);
		else
			return -1;
		r->at++;
	}
	return code;
}

static void add_utf8(struct strbuf *buf, unsigned long code)
{
	if (code < 0x80) {
		strbuf_addc(buf, (char)code);
	} else if (code < 0x800) {
		strbuf_addc(buf, (char)(0xc0 | code >> 6));
		strbuf_addc(buf, (char)(0x80 | (code & 0x3f)));
	} else if (code < 0x10000) {
		strbuf_addc(buf, (char)(0xe0 | code >> 12));
		strbuf_addc(buf, (char)(0x80 | (code >> 6 & 0x3f)));
		strbuf_addc(buf, (char)(0x80 | (code & 0x3f)));
	} else {
		strbuf_addc(buf, (char)(0xf0 | code >> 18));
		strbuf_addc(buf, (char)(0x80 | (code >> 12 & 0x3f)));
		strbuf_addc(buf, (char)(0x80 | (code >> 6 & 0x3f)));
		strbuf_addc(buf, (char)(0x80 | (code & 0x3f)));
	}
}

/* After "\u" at offset start: one code point, from one escape or a surrogate pair. */
static int read_unicode_escape(struct json_reader *r, size_t start)
{
	long code = read_hex4(r), low;

	if (code < 0)
		return json_read_fail(r, KSA_EFORMAT, start, "expected four hex digits after \\u");
	if (code == 0)
		return json_read_fail(r, KSA_EFORMAT, start, "NUL character in a string");
	if (code >= 0xdc00 && code <= 0xdfff)
		return json_read_fail(r, KSA_EFORMAT, start, "lone low surrogate");
	if (code >= 0xd800 && code <= 0xdbff) {
		if (!(r->size - r->at >= 2 && r->data[r->at] == '\\' && r->data[r->at + 1] == 'u'))
			return json_read_fail(r, KSA_EFORMAT, start, "lone high surrogate");
		r->at += 2;
		low = read_hex4(r);
		if (low < 0xdc00 || low > 0xdfff)
			return json_read_fail(r, KSA_EFORMAT, start, "lone high surrogate");
		code = 0x10000 + (code - 0xd800) * 0x400 + (low - 0xdc00);
	}
	add_utf8(&r->scratch, (unsigned long)code);
	return 0;
}

/* One escape at r->at (the backslash), decoded into the scratch buffer. */
static int read_escape(struct json_reader *r)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	size_t start = r->at++;
	const char *hit;
	int c = r->at < r->size ? r->data[r->at++] : 0;

	if (c == 'u')
		return read_unicode_escape(r, start);
	hit = c ? strchr(from, c) : NULL;
	if (!hit)
		return json_read_fail(r, KSA_EFORMAT, start, "unknown escape in a string");
	strbuf_addc(&r->scratch, to[hit - from]);
	return 0;
}

/* Length of the valid UTF-8 sequence at r->at, 0 if there is none. */
static size_t sequence_length(const struct json_reader *r)
{
	size_t left = r->size - r->at;
	char s[5] = "";

	memcpy(s, r->data + r->at, left < 4 ? left : 4);
	return utf8_length(s);
}

/* r->at is at the first byte that is not plain: say what is wrong with it, or pass over it. */
static int read_special(struct json_reader *r, size_t open)
{
	size_t length;

	if (r->at >= r->size)
		return json_read_fail(r, KSA_EFORMAT, open,
				      "string without an end: the file is cut short");
	if (r->data[r->at] == '\n')
		return json_read_fail(r, KSA_EFORMAT, r->at,
				      "expected '\"' before the end of the line");
	if (r->data[r->at] < 0x20)
		return json_read_fail(r, KSA_EFORMAT, r->at,
				      "control character in a string, expected \\u00%02x",
				      r->data[r->at]);
	length = sequence_length(r);
	if (!length)
		return json_read_fail(r, KSA_EFORMAT, r->at, "not valid UTF-8");
	r->at += length;
	return 0;
}

static bool is_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
}

#define EACH_BYTE(n) (UINT64_C(0x0101010101010101) * (n))

/* Flag bytes that are zero; exact up to the first one, which is all that is used. */
static uint64_t zero_bytes(uint64_t w)
{
	return (w - EACH_BYTE(1)) & ~w & EACH_BYTE(0x80);
}

/* Pass over plain bytes, eight at a time: most of a snapshot is names. */
static void skip_plain(struct json_reader *r)
{
	while (r->size - r->at >= 8) {
		uint64_t w = get_le64(r->data + r->at);
		uint64_t special = (w & EACH_BYTE(0x80)) | zero_bytes(w ^ EACH_BYTE('"')) |
				   zero_bytes(w ^ EACH_BYTE('\\')) |
				   ((w - EACH_BYTE(0x20)) & ~w & EACH_BYTE(0x80));

		if (special) {
			r->at += (size_t)__builtin_ctzll(special) / 8;
			return;
		}
		r->at += 8;
	}
	while (r->at < r->size && is_plain(r->data[r->at]))
		r->at++;
}

int json_read_string(struct json_reader *r, const char *what, struct json_slice *out)
{
	size_t open, run;
	bool escapes = false;
	int status;

	if (peek(r) != '"')
		return fail_expected(r, "a string", what);
	open = r->at++;
	run = r->at;
	for (;;) {
		skip_plain(r);
		if (r->at < r->size && r->data[r->at] == '"')
			break;
		if (r->at < r->size && r->data[r->at] == '\\') {
			if (!escapes)
				strbuf_reset(&r->scratch);
			escapes = true;
			strbuf_add(&r->scratch, r->data + run, r->at - run);
			status = read_escape(r);
			run = r->at;
		} else {
			status = read_special(r, open);
		}
		if (status)
			return status;
	}
	if (escapes) {
		strbuf_add(&r->scratch, r->data + run, r->at - run);
		if (r->scratch.failed)
			return ksa_fail_nomem(r->err);
		*out = (struct json_slice){strbuf_string(&r->scratch), r->scratch.length};
	} else {
		*out = (struct json_slice){(const char *)r->data + run, r->at - run};
	}
	r->at++;
	return 0;
}

static bool is_digit(const struct json_reader *r, size_t at)
{
	return at < r->size && r->data[at] >= '0' && r->data[at] <= '9';
}

int json_read_uint(struct json_reader *r, const char *what, uint64_t max, uint64_t *out)
{
	uint64_t value = 0;
	size_t at;

	peek(r);
	if (!is_digit(r, r->at))
		return fail_expected(r, "a number", what);
	/* Beyond 19 digits the value only has to stay too large. */
	for (at = r->at; is_digit(r, at); at++)
		value = at - r->at < 19 ? value * 10 + (uint64_t)(r->data[at] - '0') : UINT64_MAX;
	if ((r->data[r->at] == '0' && at > r->at + 1) ||
	    (at < r->size && (r->data[at] == '.' || r->data[at] == 'e' || r->data[at] == 'E')))
		return fail_expected(r, "a whole number without leading zeros", what);
	if (value > max)
		return json_read_fail(r, KSA_EFORMAT, r->at,
				      "number after \"%s\" is larger than %llu", what,
				      (unsigned long long)max);
	r->at = at;
	*out = value;
	return 0;
}

/*
 * The usual case of the next index: one to nine digits between ',' or '[' and ',' or ']', without
 * blanks. False, with nothing consumed, for all else. A snapshot has 200,000 of them.
 */
static bool take_index(struct json_reader *r, uint32_t *value, size_t *position)
{
	size_t start = r->at + (r->fresh ? 0 : 1), at = start;
	uint32_t v = 0;

	if (r->size - r->at < 12 || (!r->fresh && r->data[r->at] != ','))
		return false;
	while (at - start < 9 && (unsigned int)(r->data[at] - '0') < 10)
		v = v * 10 + (uint32_t)(r->data[at++] - '0');
	if (at == start || (r->data[start] == '0' && at > start + 1) ||
	    (r->data[at] != ',' && r->data[at] != ']'))
		return false;
	r->at = at;
	r->fresh = false;
	*value = v;
	*position = start;
	return true;
}

/* The next index in any form: 1, 0 at the end of the array, or negative. */
static int read_index(struct json_reader *r, const char *what, struct json_indices *out,
		      uint32_t *value)
{
	uint64_t wide = 0;
	int status, more;

	if (take_index(r, value, &out->last_at))
		return 1;
	more = next_element(r, ']');
	if (more <= 0)
		return more;
	out->last_at = json_read_position(r);
	status = json_read_uint(r, what, UINT32_MAX - 1, &wide);
	*value = (uint32_t)wide;
	return status ? status : 1;
}

int json_read_indices(struct json_reader *r, const char *what, struct json_indices *out)
{
	uint32_t value = 0;
	int more, status = json_read_array(r, what);

	out->count = 0;
	if (status)
		return status;
	while ((more = read_index(r, what, out, &value)) > 0) {
		if (out->count && value <= out->items[out->count - 1])
			return json_read_fail(r, KSA_EFORMAT, out->last_at,
					      "numbers after \"%s\" must rise, but %u follows %u",
					      what, value, out->items[out->count - 1]);
		if (out->count == out->capacity) {
			status = VEC_PUSH_ROOM(out, r->err);
			if (status)
				return status;
		}
		out->items[out->count++] = value;
	}
	return more;
}

/* Consume the word if it is next. */
static bool take_word(struct json_reader *r, const char *word)
{
	size_t length = strlen(word);

	peek(r);
	if (r->size - r->at < length || memcmp(r->data + r->at, word, length) != 0)
		return false;
	r->at += length;
	return true;
}

int json_read_bool(struct json_reader *r, const char *what, bool *out)
{
	*out = take_word(r, "true");
	if (*out || take_word(r, "false"))
		return 0;
	return fail_expected(r, "true or false", what);
}

bool json_read_null(struct json_reader *r)
{
	return take_word(r, "null");
}

/* Pass over digits; false: there are none. */
static bool pass_digits(const struct json_reader *r, size_t *at)
{
	size_t start = *at;

	while (is_digit(r, *at))
		++*at;
	return *at > start;
}

static bool pass_one_of(const struct json_reader *r, size_t *at, const char *wanted)
{
	if (*at >= r->size || !r->data[*at] || !strchr(wanted, r->data[*at]))
		return false;
	++*at;
	return true;
}

/* A number of any form: -? int frac? exp? */
static int skip_number(struct json_reader *r)
{
	size_t at = r->at, start;
	bool good;

	pass_one_of(r, &at, "-");
	start = at;
	good = pass_digits(r, &at) && !(r->data[start] == '0' && at > start + 1);
	if (good && pass_one_of(r, &at, "."))
		good = pass_digits(r, &at);
	if (good && pass_one_of(r, &at, "eE")) {
		pass_one_of(r, &at, "+-");
		good = pass_digits(r, &at);
	}
	if (!good)
		return fail_expected(r, "a value", NULL);
	r->at = at;
	return 0;
}

static int skip_scalar(struct json_reader *r)
{
	struct json_slice slice;
	int c = peek(r);

	if (c == '"')
		return json_read_string(r, NULL, &slice);
	if (take_word(r, "true") || take_word(r, "false") || take_word(r, "null"))
		return 0;
	return skip_number(r);
}

/* Without recursion: the closing bytes still to come are kept, one for each level entered. */
int json_read_skip(struct json_reader *r)
{
	char closers[JSON_MAX_DEPTH];
	unsigned int levels = 0;
	struct json_slice key;
	int status, more;

	do {
		int c = peek(r);

		if (c == '{' || c == '[') {
			status = enter(r, (char)c, "a value", NULL);
			if (status)
				return status;
			closers[levels++] = c == '{' ? '}' : ']';
		} else {
			status = skip_scalar(r);
			if (status)
				return status;
		}
		while (levels) {
			more = closers[levels - 1] == '}' ? json_read_key(r, &key)
							  : json_read_item(r);
			if (more < 0)
				return more;
			if (more)
				break;
			levels--;
		}
	} while (levels);
	return 0;
}

int json_read_end(struct json_reader *r)
{
	if (peek(r) < 0)
		return 0;
	return json_read_fail(r, KSA_EFORMAT, r->at, "expected the end of the file");
}
