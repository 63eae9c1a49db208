/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_PROTOTYPE_H
#define MODEL_PROTOTYPE_H

#include <stdbool.h>

/*
 * True if two C declarations of one symbol have the same types: blanks and the names of parameters
 * do not matter. Both are as read/debug/btf.h writes them.
 */
bool prototype_is_same(const char *a, const char *b);

#endif
