/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef WRITE_OUT_H
#define WRITE_OUT_H

#include <stdio.h>

#include "base/strbuf.h"

/*
 * How writers that gather text write it: piece by piece while they go on, and the rest at the end.
 * Each gives KSA_EIO, or KSA_ENOMEM if buf has failed.
 */

/* Write what buf holds and empty it. */
int out_flush(struct strbuf *buf, FILE *out, struct ksa_error *err) _must_check_;

/* The same, as soon as buf holds a piece of 64 KiB (or has failed). */
int out_piece(struct strbuf *buf, FILE *out, struct ksa_error *err) _must_check_;

/* Flush out and check that everything was written. */
int out_finish(FILE *out, struct ksa_error *err) _must_check_;

/* A writer is done: returns status if that tells of a failure, else writes the rest and finishes.
 */
int out_end(int status, struct strbuf *buf, FILE *out, struct ksa_error *err) _must_check_;

#endif
