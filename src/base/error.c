// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void record(struct ksa_error *err, enum ksa_code code, const char *source, unsigned int line,
		   const char *format, va_list ap) __attribute__((format(printf, 5, 0)));

static void record(struct ksa_error *err, enum ksa_code code, const char *source, unsigned int line,
		   const char *format, va_list ap)
{
	if (!err || err->code)
		return;
	err->code = code;
	err->line = line;
	err->column = 0;
	snprintf(err->source, sizeof(err->source), "%s", source ? source : "");
	vsnprintf(err->text, sizeof(err->text), format, ap);
}

int ksa_fail(struct ksa_error *err, enum ksa_code code, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	record(err, code, NULL, 0, format, ap);
	va_end(ap);
	return code;
}

int ksa_fail_at(struct ksa_error *err, enum ksa_code code, const char *source, unsigned int line,
		const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	record(err, code, source, line, format, ap);
	va_end(ap);
	return code;
}

int ksa_fail_nomem(struct ksa_error *err)
{
	return ksa_fail(err, KSA_ENOMEM, "out of memory");
}

int ksa_fail_errno(struct ksa_error *err, const char *source, const char *what)
{
	static const int lacking[] = {EMFILE, ENFILE, ENOMEM, EIO, EAGAIN, ENOSPC, EDQUOT, ENXIO};
	enum ksa_code code = KSA_EIO;

	for (size_t i = 0; i < sizeof(lacking) / sizeof(lacking[0]); i++)
		if (errno == lacking[i])
			code = KSA_ESYSTEM;
	return ksa_fail_at(err, code, source, 0, "cannot %s: %s", what, strerror(errno));
}

int ksa_pass(struct ksa_error *err, const struct ksa_error *from)
{
	if (from->code && err && !err->code)
		*err = *from;
	return from->code;
}

void ksa_error_clear(struct ksa_error *err)
{
	if (err)
		memset(err, 0, sizeof(*err));
}
