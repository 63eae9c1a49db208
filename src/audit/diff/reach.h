/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AUDIT_DIFF_REACH_H
#define AUDIT_DIFF_REACH_H

#include "model/diff.h"
#include "model/type_graph.h"

/*
 * Which type that differs between two kernels stands nearest to an export. Types are followed by
 * name from the export's own as long as their declarations are the same in both, so that the walk
 * is the same in both too.
 */

/* A name that was reached. */
struct reach_item {
	uint32_t name; /* of the old graph */
	const struct type_def *def[DIFF_SIDES]; /* NULL: not known there */
	uint32_t distance; /* what the steps to the nearest one that differs cost; 0: it does */
	uint32_t next; /* the item towards that */
	uint32_t steps; /* how many these are */
};

#define REACH_NEVER UINT32_MAX

struct reach {
	const struct type_graph *graph[DIFF_SIDES];
	uint32_t unit[DIFF_SIDES]; /* whose view of the types counts */
	const uint16_t *costs; /* of steps, by reference of the old graph; borrowed */
	uint32_t *other; /* by old name: the new one */
	uint32_t *at; /* by old name: its item + 1, if that is of this name */
	struct reach_item *items;
	size_t count, capacity;
};

int reach_init(struct reach *reach, const struct type_graph *const graph[DIFF_SIDES],
	       const uint16_t *costs, struct ksa_error *err) _must_check_;
void reach_release(struct reach *reach);

/* Start anew, as two units see the types. */
void reach_begin(struct reach *reach, uint32_t old_unit, uint32_t new_unit);

/* Add an export, by its number in the old graph. KSA_ENOMEM. */
int reach_add(struct reach *reach, uint32_t name, struct ksa_error *err) _must_check_;

/* All exports of these units were added: find the distances. KSA_ENOMEM, KSA_ELIMIT: it would take
 * too long. */
int reach_settle(struct reach *reach, struct ksa_error *err) _must_check_;

/* True if both declare the same, whoever sees them. */
bool reach_is_same(const struct type_def *a, const struct type_def *b);

/* What was reached under that number; NULL: nothing. Valid until more is added. */
const struct reach_item *reach_item(const struct reach *reach, uint32_t name);

#endif
