/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_UNPACK_GROWING_H
#define READ_UNPACK_GROWING_H

#include "base/bytes.h"

/* Output that grows as it comes, up to limit; released by growing_release. */
struct growing {
	unsigned char *data;
	size_t used, capacity, limit;
	uint64_t packed; /* bytes that it comes from */
	size_t taken; /* how many the streams had that were decoded last */
};

void growing_release(struct growing *g);

/* Make room for need bytes in all, which the caller has held against the limit. KSA_ENOMEM. */
int growing_reserve(struct growing *g, size_t need, struct ksa_error *err) _must_check_;

/* Room for what a stream claims, as far as that is plausible for its packed size. KSA_ENOMEM. */
int growing_hint(struct growing *g, uint64_t hint, size_t packed,
		 struct ksa_error *err) _must_check_;

/*
 * Put length bytes at offset (behind what is there; a gap is a hole of a sparse file). More than
 * the limit is KSA_ELIMIT, pieces that overlap are KSA_EFORMAT; source is for their messages.
 */
int growing_put(struct growing *g, uint64_t offset, const void *block, size_t length,
		const char *source, struct ksa_error *err) _must_check_;

/* Hand what came to out, which the caller releases. */
void growing_take(struct growing *g, struct bytes *out);

#endif
