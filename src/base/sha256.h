/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BASE_SHA256_H
#define BASE_SHA256_H

#include "base/arena.h"

/* The SHA-256 of the bytes as 64 lower-case hex digits in the arena; NULL without memory. */
const char *sha256_hex(struct arena *arena, const void *data, size_t size) _must_check_;

#endif
