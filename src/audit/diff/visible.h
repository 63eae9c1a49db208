/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AUDIT_DIFF_VISIBLE_H
#define AUDIT_DIFF_VISIBLE_H

#include "model/helper.h"
#include "model/type_graph.h"

/*
 * How sure it is that a source file that sees a declaration sees the types in it too. genksyms
 * stops at those of which a file knows no more than the tag; BTF has them all. What a declaration
 * has by value is seen for certain. What it points to is if its header is among those that the
 * declaration's own header includes; else it is the more likely the more declarations point to it.
 */

#define VISIBLE_SURE	 1u /* what a step costs that is certain, */
#define VISIBLE_PRIVATE	 20u /* between two types that no header of the kernel has, */
#define VISIBLE_UNLIKELY 2000u /* and at most */

/*
 * What each step costs, by the number of the reference; *out is malloc'd. declared is of one of the
 * kernels, or NULL: then no pointer is certain but those of exports' own prototypes, whose file
 * uses the types. KSA_ENOMEM.
 */
int visible_costs(const struct type_graph *graph, const struct declared *declared, uint16_t **out,
		  struct ksa_error *err) _must_check_;

#endif
