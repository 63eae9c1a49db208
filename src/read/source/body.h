/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_SOURCE_BODY_H
#define READ_SOURCE_BODY_H

#include <stddef.h>
#include <stdint.h>

/*
 * A hash of the definition of a function or an object: its parameters and body, or its initializer,
 * without comments and white space, and with its own name left out. Equal for two names means that
 * one is most likely the other, renamed. 0: it is not defined in these bytes, or has next to no
 * body.
 */
uint32_t source_body_hash(const unsigned char *data, size_t size, const char *name);

#endif
