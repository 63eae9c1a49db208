// SPDX-License-Identifier: GPL-2.0-or-later
#include "write/json.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/escape.h"

/* ASCII only: a bidirectional control or a C1 byte in a name must not reach a terminal. */
#define DUMP_FLAGS (JSON_COMPACT | JSON_ENSURE_ASCII | JSON_ENCODE_ANY)

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

/* Write and release one value. */
static void put_value(struct json_writer *w, json_t *value)
{
	if (!value)
		json_write_fail(w, ksa_fail_nomem(w->err));
	else if (!w->status && json_dump_callback(value, dump_callback, w, DUMP_FLAGS))
		if (!w->status)
			json_write_fail(w, ksa_fail_nomem(w->err));
	json_decref(value);
}

/* Keys are names of ours: they need no escape. */
static void put_key(struct json_writer *w, const char *key)
{
	put(w, ",\n\"");
	put(w, key);
	put(w, "\": ");
}

void json_write_begin(struct json_writer *w, FILE *out, const char *command, struct ksa_error *err)
{
	*w = (struct json_writer){.out = out, .err = err};
	put(w, "{\n\"schema\": 1,\n\"tool\": {\"name\":\"ksymaudit\",\"version\":\"" KSA_VERSION
	       "\"},\n\"command\": \"");
	put(w, command);
	put(w, "\"");
}

void json_write_value(struct json_writer *w, const char *key, json_t *value)
{
	put_key(w, key);
	put_value(w, value);
}

void json_write_array(struct json_writer *w, const char *key)
{
	put_key(w, key);
	put(w, "[");
	w->in_array = w->empty = true;
}

void json_write_item(struct json_writer *w, json_t *item)
{
	put(w, w->empty ? "\n" : ",\n");
	w->empty = false;
	put_value(w, item);
}

void json_write_array_end(struct json_writer *w)
{
	put(w, w->empty ? "]" : "\n]");
	w->in_array = false;
}

void json_add(struct json_writer *w, const char *key, json_t *value)
{
	json_t *to = w->depth ? w->open[w->depth - 1].value : NULL;

	if (!w->depth && w->in_array)
		json_write_item(w, value);
	else if (!w->depth)
		json_write_value(w, key, value);
	else if (key ? json_object_set_new_nocheck(to, key, value)
		     : json_array_append_new(to, value))
		json_write_fail(w, ksa_fail_nomem(w->err));
}

static void begin(struct json_writer *w, const char *key, json_t *value)
{
	assert(w->depth < JSON_WRITE_DEPTH);
	w->open[w->depth].key = key;
	w->open[w->depth++].value = value;
}

void json_begin_object(struct json_writer *w, const char *key)
{
	begin(w, key, json_object());
}

void json_begin_array(struct json_writer *w, const char *key)
{
	if (w->depth || w->in_array)
		begin(w, key, json_array());
	else
		json_write_array(w, key);
}

void json_end(struct json_writer *w)
{
	if (!w->depth) {
		json_write_array_end(w);
		return;
	}
	w->depth--;
	json_add(w, w->open[w->depth].key, w->open[w->depth].value);
}

void json_add_text(struct json_writer *w, const char *key, const char *s)
{
	if (s)
		json_add(w, key, json_text(s));
}

void json_add_number(struct json_writer *w, const char *key, size_t n)
{
	json_add(w, key, json_integer((json_int_t)n));
}

void json_add_bool(struct json_writer *w, const char *key, bool value)
{
	json_add(w, key, json_boolean(value));
}

void json_add_flag(struct json_writer *w, const char *key, bool value)
{
	if (value)
		json_add(w, key, json_true());
}

void json_add_items(struct json_writer *w, const char *const *items, size_t count)
{
	for (size_t i = 0; i < count; i++)
		json_add(w, NULL, json_text(items[i]));
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
		json_add(w, "namespace", json_text(e->ns_known ? e->ns : NULL));
	snprintf(crc, sizeof(crc), "%08x", e->crc);
	json_add_text(w, "crc", e->has_crc ? crc : NULL);
}

void json_add_prototype(struct json_writer *w, const struct ksa_export *e)
{
	json_add_text(w, "prototype", e->prototype);
	json_add_text(w, "source_file", e->source_file);
	if (e->source_line)
		json_add_number(w, "source_line", e->source_line);
}

void json_no_findings(struct json_writer *w)
{
	json_begin_array(w, "findings");
	json_end(w);
}

void json_write_line(struct json_writer *w, json_t *value)
{
	put_value(w, value);
	put(w, "\n");
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

json_t *json_text(const char *s)
{
	_cleanup_(strbuf_release) struct strbuf escaped = {0};

	if (!s)
		return json_null();
	if (is_utf8(s))
		return json_string_nocheck(s);
	escape_text(&escaped, s);
	return escaped.failed ? NULL : json_string_nocheck(strbuf_string(&escaped));
}

bool json_put(json_t *object, const char *key, json_t *value)
{
	return json_object_set_new_nocheck(object, key, value) == 0;
}

bool json_put_text(json_t *object, const char *key, const char *s)
{
	return !s || json_put(object, key, json_text(s));
}

json_t *json_strings(const char *const *items, size_t count)
{
	json_t *array = json_array();
	bool ok = array != NULL;

	for (size_t i = 0; i < count && ok; i++)
		ok = json_array_append_new(array, json_text(items[i])) == 0;
	return json_finish(array, ok);
}

json_t *json_finish(json_t *value, bool ok)
{
	if (ok)
		return value;
	json_decref(value);
	return NULL;
}
