// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/sha256.h"

#include <nettle/base16.h>
#include <nettle/sha2.h>

const char *sha256_hex(struct arena *arena, const void *data, size_t size)
{
	uint8_t digest[SHA256_DIGEST_SIZE];
	char *hex = arena_alloc(arena, BASE16_ENCODE_LENGTH(SHA256_DIGEST_SIZE) + 1);
	struct sha256_ctx ctx;

	if (!hex)
		return NULL;
	sha256_init(&ctx);
	sha256_update(&ctx, size, data);
	sha256_digest(&ctx, sizeof(digest), digest);
	base16_encode_update(hex, sizeof(digest), digest);
	hex[BASE16_ENCODE_LENGTH(SHA256_DIGEST_SIZE)] = '\0';
	return hex;
}
