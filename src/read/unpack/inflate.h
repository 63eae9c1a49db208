/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_UNPACK_INFLATE_H
#define READ_UNPACK_INFLATE_H

#include <stdbool.h>
#include <stddef.h>

/* Unpack one zlib stream (RFC 1950) that gives exactly out_size bytes; false if it does not. */
bool inflate_exactly(const unsigned char *data, size_t size, unsigned char *out, size_t out_size);

#endif
