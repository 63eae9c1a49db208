/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef UNIT_CTYPELINES_H
#define UNIT_CTYPELINES_H

#include "model/ctypes.h"

/* Fail unless the types are these declarations, one a line, in byte order. */
void ctypelines_expect(const struct ctypes *types, const char *expected);

#endif
