/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_UNPACK_UNZSTD_H
#define READ_UNPACK_UNZSTD_H

#include <stdbool.h>
#include <stddef.h>

/* Unpack one zstd frame (RFC 8878), its checksum included, that takes all of the size bytes and
 * gives exactly out_size; false, with whatever in out, if it does not. */
bool unzstd_exactly(const unsigned char *data, size_t size, unsigned char *out, size_t out_size);

#endif
