/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef WRITE_JSON_H
#define WRITE_JSON_H

#include <stdbool.h>
#include <stdio.h>

#include <jansson.h>

#include "base/error.h"
#include "model/finding.h"

/*
 * The envelope that every command's JSON has (rules/schema/report.schema.json), written by hand
 * around elements that jansson encodes: one member of the envelope a line, and one element of a
 * long array a line. All output is ASCII (anything else is \uXXXX), so that no name from the input
 * can drive a terminal. Errors are kept: check the result of json_write_end only.
 *
 *	json_write_begin(&w, out, "exports", err);
 *	json_add_flag(&w, "filtered", filtered);
 *	json_begin_array(&w, "exports");
 *	for (...) {
 *		json_begin_object(&w, NULL);
 *		json_add_text(&w, "symbol", name);
 *		json_end(&w);
 *	}
 *	json_end(&w);
 *	return json_write_end(&w);
 */
#define JSON_WRITE_DEPTH 8

struct json_writer {
	FILE *out;
	struct ksa_error *err;
	int status; /* the first failure, or 0 */
	bool in_array; /* of the envelope */
	bool empty; /* the open array has no item yet */
	struct {
		const char *key;
		json_t *value;
	} open[JSON_WRITE_DEPTH]; /* of the element at hand; what is inner comes last */
	size_t depth;
};

/* Open the envelope: schema, tool and command. out and err are borrowed until json_write_end. */
void json_write_begin(struct json_writer *w, FILE *out, const char *command, struct ksa_error *err);

/*
 * What is added belongs to what was begun last and not ended: with its key to an object or to the
 * envelope, with NULL to an array. Keys are names of ours, that live on; texts are copied.
 */
void json_begin_object(struct json_writer *w, const char *key);
void json_begin_array(struct json_writer *w, const char *key);
void json_end(struct json_writer *w);

/* Nothing is added for NULL. */
void json_add_text(struct json_writer *w, const char *key, const char *s);
void json_add_number(struct json_writer *w, const char *key, size_t n);
void json_add_bool(struct json_writer *w, const char *key, bool value);
/* true, or nothing */
void json_add_flag(struct json_writer *w, const char *key, bool value);
/* Items of the array that was begun; the whole array. */
void json_add_items(struct json_writer *w, const char *const *items, size_t count);
void json_add_texts(struct json_writer *w, const char *key, const char *const *items, size_t count);
/* Takes the reference to value; NULL counts as out of memory. */
void json_add(struct json_writer *w, const char *key, json_t *value);

/* The members "class", "owner", "namespace" (null: not known) and "crc" of an export. */
void json_add_export(struct json_writer *w, const struct ksa_export *e);
/* "prototype", "source_file" and "source_line", where they are known. */
void json_add_prototype(struct json_writer *w, const struct ksa_export *e);

/* The array "findings" of a command that has none. */
void json_no_findings(struct json_writer *w);

/* One member on a line of its own. Takes the reference to value; NULL counts as out of memory. */
void json_write_value(struct json_writer *w, const char *key, json_t *value);

/* An array with one element a line. json_write_item takes the reference, NULL as above. */
void json_write_array(struct json_writer *w, const char *key);
void json_write_item(struct json_writer *w, json_t *item);
void json_write_array_end(struct json_writer *w);

/* Record a failure of the caller's own; later writes do nothing. Returns code. */
int json_write_fail(struct json_writer *w, int code);

/*
 * Close the envelope and flush. 0, or the first failure: KSA_ENOMEM, or KSA_EIO when out could not
 * be written.
 */
int json_write_end(struct json_writer *w) _must_check_;

/*
 * A document of another form, which has no envelope: start with {.out = out, .err = err}, write
 * values, each on a line of its own (taking the reference, as above), and flush; returns as
 * json_write_end.
 */
void json_write_line(struct json_writer *w, json_t *value);
/* Text of ours as it stands, for what is around json_write_array(): that starts with a comma. */
void json_write_raw(struct json_writer *w, const char *text);
int json_write_flush(struct json_writer *w) _must_check_;

/*
 * A new JSON string of s, or JSON null when s is NULL. Text that is not valid UTF-8 goes through
 * escape_text first. NULL when out of memory.
 */
json_t *json_text(const char *s) _must_check_;

/* A new JSON array of count such strings; NULL when out of memory. */
json_t *json_strings(const char *const *items, size_t count) _must_check_;

/*
 * Set object[key], taking the reference to value. False when value is NULL or memory is short, so
 * that a row of them can be joined with &&.
 */
bool json_put(json_t *object, const char *key, json_t *value) _must_check_;

/* The value if ok, else NULL after freeing what was built of it. */
json_t *json_finish(json_t *value, bool ok) _must_check_;

/* json_put of json_text(s); nothing is set when s is NULL. */
bool json_put_text(json_t *object, const char *key, const char *s) _must_check_;

/* What the reports of check and diff have in common (json_check.c); kernel is the index to write.
 * NULL when out of memory. */
json_t *json_kernel(const struct ksa_kernel *kernel) _must_check_;
json_t *json_waiver(const struct waiver *waiver) _must_check_;
json_t *json_module(const struct ksa_module *module) _must_check_;
json_t *json_finding(const struct ksa_finding *finding, size_t kernel) _must_check_;

#endif
