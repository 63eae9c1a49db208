/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef WRITE_TABLE_H
#define WRITE_TABLE_H

#include <stdio.h>

#include "base/strbuf.h"

/*
 * A table, described once for the forms that it has: which columns, and what stands in a cell. The
 * forms escape what they are given.
 */
struct table_column {
	const char *name; /* "symbol"; text has it in capitals */
	int id; /* what the table's functions know it by */
	size_t least; /* of text: columns of the screen, even if all cells are shorter */
	size_t widest; /* of text: a longer cell pushes the rest of its line; 0: none does */
};

#define TABLE_COLUMNS 28 /* that a table has at most; their ids are below 32 */

struct table {
	const struct table_column *columns; /* the one after the last has no name */
	unsigned int hide; /* 1u << id of each column that is left out; not the first */
	size_t count; /* of rows */
	const void *data;
	/* The cell: a string of the model's, or what was put in scratch, which is empty; "" where
	 * there is nothing, which text shows as "-". */
	const char *(*cell)(const void *data, size_t row, int id, struct strbuf *scratch);
	/* Of text, NULL for none: the color of a cell (or NULL); lines that follow the row's. */
	const char *(*color)(const void *data, size_t row, int id);
	void (*below)(const void *data, size_t row, struct strbuf *buf);
};

/* Add the table to buf, and write out what gets long. KSA_EIO, KSA_ENOMEM. */
int table_text(const struct table *table, struct strbuf *buf, FILE *out,
	       struct ksa_error *err) _must_check_;
int table_tsv(const struct table *table, struct strbuf *buf, FILE *out,
	      struct ksa_error *err) _must_check_;

#endif
