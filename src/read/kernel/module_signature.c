// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/kernel/module_signature.h"

#include <string.h>

#include "base/bytes.h"

/* The file's tail: the signature, struct module_signature, the marker
 * (include/linux/module_signature.h). */
static const char marker[] = "~Module signature appended~\n";
enum { TRAILER = 12, ID_PKCS7 = 2 };

/* DER, as far as a signature by scripts/sign-file needs it (RFC 5652, X.690). */
enum {
	DER_INTEGER = 0x02,
	DER_OID = 0x06,
	DER_SEQUENCE = 0x30,
	DER_SET = 0x31,
	DER_CONTEXT_0 = 0xa0,
	DER_KEY_ID = 0x80
};

struct der {
	const unsigned char *at, *end;
};

/* The next element of *in: its tag, 0 at the end or where it is damaged, and what it holds. */
static unsigned int der_next(struct der *in, struct der *out)
{
	unsigned int tag, octets;
	size_t length;

	if (in->end - in->at < 2)
		return 0;
	tag = in->at[0];
	length = in->at[1];
	in->at += 2;
	if (length > 0x7f) {
		octets = length & 0x7f;
		if (octets < 1 || octets > 3 || in->end - in->at < (ptrdiff_t)octets)
			return 0;
		for (length = 0; octets--; in->at++)
			length = length << 8 | *in->at;
	}
	if (length > (size_t)(in->end - in->at))
		return 0;
	*out = (struct der){in->at, in->at + length};
	in->at += length;
	return tag;
}

static bool der_take(struct der *in, unsigned int tag, struct der *out)
{
	return der_next(in, out) == tag;
}

static bool der_is(const struct der *d, const char *bytes, size_t length)
{
	return (size_t)(d->end - d->at) == length && memcmp(d->at, bytes, length) == 0;
}

/* The SignerInfo of the first signer. */
static bool find_signer(struct der in, struct der *signer)
{
	struct der content, data, part, infos = {NULL, NULL};
	unsigned int tag;

	if (!der_take(&in, DER_SEQUENCE, &content) || !der_take(&content, DER_OID, &part) ||
	    !der_take(&content, DER_CONTEXT_0, &part) || !der_take(&part, DER_SEQUENCE, &data))
		return false;
	/* version, digestAlgorithms, encapContentInfo, maybe certificates and crls, signerInfos */
	for (int i = 0; (tag = der_next(&data, &part)); i++)
		if (i > 2 && tag == DER_SET)
			infos = part;
	return infos.at && der_take(&infos, DER_SEQUENCE, signer);
}

/* The common name in an X.501 Name. */
static bool find_common_name(struct der name, struct der *out)
{
	static const char common_name[] = "\x55\x04\x03";
	struct der set, attribute, oid;

	while (der_take(&name, DER_SET, &set))
		if (der_take(&set, DER_SEQUENCE, &attribute) &&
		    der_take(&attribute, DER_OID, &oid) &&
		    der_is(&oid, common_name, sizeof(common_name) - 1))
			return der_next(&attribute, out) != 0;
	return false;
}

/* As the kernel calls it, and modinfo. */
static const char *hash_name(const struct der *oid)
{
	static const struct {
		const char *bytes;
		size_t length;
		const char *name;
	} hashes[] = {
		{"\x2b\x0e\x03\x02\x1a", 5, "sha1"},
		{"\x60\x86\x48\x01\x65\x03\x04\x02\x01", 9, "sha256"},
		{"\x60\x86\x48\x01\x65\x03\x04\x02\x02", 9, "sha384"},
		{"\x60\x86\x48\x01\x65\x03\x04\x02\x03", 9, "sha512"},
		{"\x60\x86\x48\x01\x65\x03\x04\x02\x04", 9, "sha224"},
		{"\x60\x86\x48\x01\x65\x03\x04\x02\x08", 9, "sha3-256"},
		{"\x60\x86\x48\x01\x65\x03\x04\x02\x09", 9, "sha3-384"},
		{"\x60\x86\x48\x01\x65\x03\x04\x02\x0a", 9, "sha3-512"},
	};

	for (size_t i = 0; i < sizeof(hashes) / sizeof(hashes[0]); i++)
		if (der_is(oid, hashes[i].bytes, hashes[i].length))
			return hashes[i].name;
	return NULL;
}

static const char *hex(struct arena *arena, const struct der *d)
{
	static const char digits[] = "0123456789ABCDEF";
	size_t length = (size_t)(d->end - d->at);
	char *text = length && length <= 64 ? arena_alloc(arena, length * 3) : NULL;

	if (!text)
		return NULL;
	for (size_t i = 0; i < length; i++) {
		text[i * 3] = digits[d->at[i] >> 4];
		text[i * 3 + 1] = digits[d->at[i] & 15];
		text[i * 3 + 2] = i + 1 < length ? ':' : '\0';
	}
	return text;
}

/* SignerInfo: version, issuer and serial number or a key id, digestAlgorithm... */
static void take_signer(struct ksa_module *module, struct der signer)
{
	struct module_loading *l = &module->loading;
	struct der part, name, text, oid;
	unsigned int tag;

	if (!der_take(&signer, DER_INTEGER, &part))
		return;
	tag = der_next(&signer, &part);
	if (tag == DER_SEQUENCE && der_take(&part, DER_SEQUENCE, &name)) {
		if (find_common_name(name, &text) && text.end > text.at && text.end - text.at < 256)
			l->signer = arena_strndup(module->arena, (const char *)text.at,
						  (size_t)(text.end - text.at));
		if (der_take(&part, DER_INTEGER, &text))
			l->signature_key = hex(module->arena, &text);
	} else if (tag == DER_KEY_ID) {
		l->signature_key = hex(module->arena, &part);
	}
	if (der_take(&signer, DER_SEQUENCE, &part) && der_take(&part, DER_OID, &oid))
		l->signature_hash = hash_name(&oid);
}

void module_signature_read(struct ksa_module *module, const unsigned char *data, size_t size)
{
	const size_t tail = sizeof(marker) - 1;
	const unsigned char *trailer;
	struct der signer;
	uint32_t length;

	module->is_signed = size > tail && memcmp(data + size - tail, marker, tail) == 0;
	if (!module->is_signed || size < tail + TRAILER)
		return;
	trailer = data + size - tail - TRAILER;
	length = get_be32(trailer + 8);
	if (trailer[2] != ID_PKCS7 || length > (size_t)(trailer - data))
		return;
	if (find_signer((struct der){trailer - length, trailer}, &signer))
		take_signer(module, signer);
}
