// SPDX-License-Identifier: GPL-2.0-or-later
#include "write/out.h"

#include <errno.h>
#include <string.h>

#define PIECE 65536

static int fail_write(struct ksa_error *err)
{
	return ksa_fail(err, KSA_EIO, "cannot write: %s", errno ? strerror(errno) : "short write");
}

int out_flush(struct strbuf *buf, FILE *out, struct ksa_error *err)
{
	if (buf->failed)
		return ksa_fail_nomem(err);
	errno = 0;
	if (fwrite(strbuf_string(buf), 1, buf->length, out) != buf->length)
		return fail_write(err);
	strbuf_reset(buf);
	return 0;
}

int out_piece(struct strbuf *buf, FILE *out, struct ksa_error *err)
{
	return buf->length >= PIECE || buf->failed ? out_flush(buf, out, err) : 0;
}

int out_finish(FILE *out, struct ksa_error *err)
{
	errno = 0;
	return fflush(out) || ferror(out) ? fail_write(err) : 0;
}

int out_end(int status, struct strbuf *buf, FILE *out, struct ksa_error *err)
{
	if (!status)
		status = out_flush(buf, out, err);
	return status ? status : out_finish(out, err);
}
