// SPDX-License-Identifier: GPL-2.0-or-later
#include "write/json/json.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include <jansson.h>

#include "base/cleanup.h"
#include "base/escape.h"

/* ASCII only: a bidirectional control or a C1 byte in a name must not reach a terminal. */
#define DUMP_FLAGS (JSON_ENSURE_ASCII | JSON_ENCODE_ANY)

int json_write_fail(struct json_writer *w, int code)
{
	if (!w->status)
		w->status = code;
	return code;
}

static void fail_io(struct json_writer *w)
{
	int why = errno;

	if (!w->status)
		json_write_fail(w, ksa_fail(w->err, KSA_EIO, "cannot write: %s",
					    why ? strerror(why) : "short write"));
}

static void put_bytes(struct json_writer *w, const char *s, size_t length)
{
	if (w->status)
		return;
	errno = 0;
	if (fwrite(s, 1, length, w->out) != length)
		fail_io(w);
}

static void put(struct json_writer *w, const char *s)
{
	put_bytes(w, s, strlen(s));
}

static int dump_callback(const char *buffer, size_t size, void *ctx)
{
	struct json_writer *w = ctx;

	put_bytes(w, buffer, size);
	return w->status ? -1 : 0;
}

static bool is_utf8(const char *s)
{
	while (*s) {
		size_t length = utf8_length(s);

		if (!length)
			return false;
		s += length;
	}
	return true;
}

/* A string that needs escapes. */
static void put_escaped(struct json_writer *w, const char *s)
{
	_cleanup_(strbuf_release) struct strbuf buf = {0};
	json_t *value;

	if (!is_utf8(s))
		escape_text(&buf, s);
	value = buf.failed ? NULL : json_string_nocheck(buf.length ? strbuf_string(&buf) : s);
	if ((!value || json_dump_callback(value, dump_callback, w, DUMP_FLAGS)) && !w->status)
		json_write_fail(w, ksa_fail_nomem(w->err));
	json_decref(value);
}

static void put_string(struct json_writer *w, const char *s)
{
	size_t plain = 0;

	while (s[plain] >= ' ' && s[plain] < 0x7f && s[plain] != '"' && s[plain] != '\\')
		plain++;
	if (s[plain]) {
		put_escaped(w, s);
		return;
	}
	put(w, "\"");
	put_bytes(w, s, plain);
	put(w, "\"");
}

/* What parts a value from the one before, and its key: a name of ours, that needs no escape. */
static void put_place(struct json_writer *w, const char *key)
{
	struct json_level *in = w->depth ? &w->open[w->depth - 1] : NULL;

	if (in) {
		put(w, in->empty ? "" : ",");
		put(w, in->lines ? "\n" : "");
		in->empty = false;
	} else if (key) {
		put(w, ",\n");
	}
	if (key) {
		put(w, "\"");
		put(w, key);
		put(w, in ? "\":" : "\": ");
	}
}

void json_write_begin(struct json_writer *w, FILE *out, const char *command, struct ksa_error *err)
{
	*w = (struct json_writer){.out = out, .err = err};
	put(w, "{\n\"schema\": 1,\n\"tool\": {\"name\":\"ksymaudit\",\"version\":\"" KSA_VERSION
	       "\"},\n\"command\": \"");
	put(w, command);
	put(w, "\"");
}

static void begin(struct json_writer *w, const char *key, const char *open, const char *close,
		  bool lines)
{
	assert(w->depth < JSON_WRITE_DEPTH);
	put_place(w, key);
	put(w, open);
	w->open[w->depth] = (struct json_level){
		.close = close, .lines = lines, .empty = true, .whole = !w->depth && !key};
	w->depth++;
}

void json_begin_object(struct json_writer *w, const char *key)
{
	begin(w, key, "{", "}", false);
}

void json_begin_array(struct json_writer *w, const char *key)
{
	begin(w, key, "[", "]", w->depth == 0);
}

void json_begin_row(struct json_writer *w, const char *key)
{
	begin(w, key, "[", "]", false);
}

void json_end(struct json_writer *w)
{
	const struct json_level *level = &w->open[--w->depth];

	put(w, level->lines && !level->empty ? "\n" : "");
	put(w, level->close);
	put(w, level->whole ? "\n" : "");
}

void json_add_text(struct json_writer *w, const char *key, const char *s)
{
	if (s)
		json_add_nullable(w, key, s);
}

void json_add_nullable(struct json_writer *w, const char *key, const char *s)
{
	put_place(w, key);
	if (s)
		put_string(w, s);
	else
		put(w, "null");
}

void json_add_strbuf(struct json_writer *w, const char *key, const struct strbuf *buf)
{
	if (buf->failed)
		json_write_fail(w, ksa_fail_nomem(w->err));
	json_add_text(w, key, strbuf_string(buf));
}

void json_add_number(struct json_writer *w, const char *key, size_t n)
{
	char digits[24];

	put_place(w, key);
	snprintf(digits, sizeof(digits), "%zu", n);
	put(w, digits);
}

void json_add_nonzero(struct json_writer *w, const char *key, size_t n)
{
	if (n)
		json_add_number(w, key, n);
}

void json_add_bool(struct json_writer *w, const char *key, bool value)
{
	put_place(w, key);
	put(w, value ? "true" : "false");
}

void json_add_flag(struct json_writer *w, const char *key, bool value)
{
	if (value)
		json_add_bool(w, key, true);
}

void json_add_items(struct json_writer *w, const char *const *items, size_t count)
{
	for (size_t i = 0; i < count; i++)
		json_add_nullable(w, NULL, items[i]);
}

void json_add_texts(struct json_writer *w, const char *key, const char *const *items, size_t count)
{
	json_begin_array(w, key);
	json_add_items(w, items, count);
	json_end(w);
}

void json_add_export(struct json_writer *w, const struct ksa_export *e)
{
	char crc[9];

	json_add_text(w, "class", ksa_class_name((enum ksa_class)e->cls));
	json_add_text(w, "owner", e->owner);
	if (!e->ns_known || e->ns)
		json_add_nullable(w, "namespace", e->ns_known ? e->ns : NULL);
	snprintf(crc, sizeof(crc), "%08x", e->crc);
	json_add_text(w, "crc", e->has_crc ? crc : NULL);
}

void json_add_prototype(struct json_writer *w, const struct ksa_export *e)
{
	json_add_text(w, "prototype", e->prototype);
	json_add_text(w, "source_file", e->source_file);
	json_add_nonzero(w, "source_line", e->source_line);
}

void json_no_findings(struct json_writer *w)
{
	json_begin_array(w, "findings");
	json_end(w);
}

void json_write_raw(struct json_writer *w, const char *text)
{
	put(w, text);
}

int json_write_end(struct json_writer *w)
{
	put(w, "\n}\n");
	return json_write_flush(w);
}

int json_write_flush(struct json_writer *w)
{
	errno = 0;
	if (!w->status && (fflush(w->out) || ferror(w->out)))
		fail_io(w);
	return w->status;
}
