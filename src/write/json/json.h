/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef WRITE_JSON_JSON_H
#define WRITE_JSON_JSON_H

#include <stdbool.h>
#include <stdio.h>

#include "base/error.h"
#include "base/strbuf.h"
#include "model/finding.h"

/*
 * The envelope that every command's JSON has (rules/schema/report.schema.json): one member of the
 * envelope a line, and one element of a long array a line. It is written as it is added; nothing is
 * kept in memory. All output is ASCII (anything else is \uXXXX), so that no name from the input can
 * drive a terminal. Errors are kept: check the result of json_write_end only.
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
	struct json_level {
		const char *close;
		bool lines; /* an item a line */
		bool empty; /* no item yet */
		bool whole; /* a document of its own, that ends its line */
	} open[JSON_WRITE_DEPTH]; /* what is inner comes last */
	size_t depth;
};

/* Open the envelope: schema, tool and command. out and err are borrowed until json_write_end. */
void json_write_begin(struct json_writer *w, FILE *out, const char *command, struct ksa_error *err);

/*
 * What is added belongs to what was begun last and not ended: with its key to an object or to the
 * envelope, with NULL to an array. Keys are names of ours. Texts that are not valid UTF-8 go
 * through escape_text first.
 */
void json_begin_object(struct json_writer *w, const char *key);
/* An array of the envelope has an item a line, all others are in one line. */
void json_begin_array(struct json_writer *w, const char *key);
/* One of the envelope that is in one line. */
void json_begin_row(struct json_writer *w, const char *key);
void json_end(struct json_writer *w);

/* Nothing is added for NULL. */
void json_add_text(struct json_writer *w, const char *key, const char *s);
/* null for NULL */
void json_add_nullable(struct json_writer *w, const char *key, const char *s);
/* A buffer that failed counts as out of memory. */
void json_add_strbuf(struct json_writer *w, const char *key, const struct strbuf *buf);
void json_add_number(struct json_writer *w, const char *key, size_t n);
/* Nothing is added for 0. */
void json_add_nonzero(struct json_writer *w, const char *key, size_t n);
void json_add_bool(struct json_writer *w, const char *key, bool value);
/* true, or nothing */
void json_add_flag(struct json_writer *w, const char *key, bool value);
/* Items of the array that was begun; the whole array. */
void json_add_items(struct json_writer *w, const char *const *items, size_t count);
void json_add_texts(struct json_writer *w, const char *key, const char *const *items, size_t count);

/* The members "class", "owner", "namespace" (null: not known) and "crc" of an export. */
void json_add_export(struct json_writer *w, const struct ksa_export *e);
/* "prototype", "source_file" and "source_line", where they are known. */
void json_add_prototype(struct json_writer *w, const struct ksa_export *e);

/* The array "findings" of a command that has none. */
void json_no_findings(struct json_writer *w);

/* Record a failure of the caller's own; later writes do nothing. Returns code. */
int json_write_fail(struct json_writer *w, int code);

/*
 * Close the envelope and flush. 0, or the first failure: KSA_ENOMEM, or KSA_EIO when out could not
 * be written.
 */
int json_write_end(struct json_writer *w) _must_check_;

/*
 * A document of another form, which has no envelope: start with {.out = out, .err = err} and flush;
 * returns as json_write_end. An object or array that is begun with neither a key nor another one
 * around it ends its line. Text of ours is written as it stands; a member that follows starts with
 * a comma.
 */
void json_write_raw(struct json_writer *w, const char *text);
int json_write_flush(struct json_writer *w) _must_check_;

/* What several reports have (json_check.c). With NULL for key, an item of an array. */
void json_add_kernel(struct json_writer *w, const char *key, const struct ksa_kernel *kernel);
void json_add_module(struct json_writer *w, const struct ksa_module *module);
void json_add_unchecked(struct json_writer *w, const struct ksa_unchecked *unchecked);
/* An object for the finding, with its rule and level; what else is added stands before the rest of
 * it, which ends the object. */
void json_begin_finding(struct json_writer *w, const struct ksa_finding *finding);
void json_end_finding(struct json_writer *w, const struct ksa_finding *finding);
/* The module and the kernel's index as they are in a report on modules. */
void json_add_finding(struct json_writer *w, const struct ksa_finding *finding, size_t kernel);
/* "pending", the commit or mail that brings the finding, and "stays", where they apply. */
void json_add_pending(struct json_writer *w, const struct ksa_finding *finding);
/* "identity", and "waived" and "baseline" where they apply. */
void json_add_standing(struct json_writer *w, const struct ksa_finding *finding);

#endif
