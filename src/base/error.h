/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <ksymaudit.h>

#define _printf_(f, a) __attribute__((format(printf, f, a)))
#define _must_check_   __attribute__((warn_unused_result))

/*
 * Record an error and return its code, so that "return ksa_fail(err, KSA_EIO, ...)" is one line.
 * Wording: lower case, no full stop, the subject in single quotes, what to do next where known.
 * err may be NULL; an err that already holds an error keeps it.
 */
int ksa_fail(struct ksa_error *err, enum ksa_code code, const char *format, ...) _printf_(3, 4);

/* The same with the source (file, or "archive: member"); line 0 means no text position. */
int ksa_fail_at(struct ksa_error *err, enum ksa_code code, const char *source, unsigned int line,
		const char *format, ...) _printf_(5, 6);

int ksa_fail_nomem(struct ksa_error *err);

/*
 * "cannot WHAT: " and what errno says, about source: KSA_ESYSTEM where the machine lacks something
 * (EMFILE, ENFILE, ENOMEM, EIO, ...), else KSA_EIO: this file cannot be had.
 */
int ksa_fail_errno(struct ksa_error *err, const char *source, const char *what);

/* Let err say what from says, if that says anything and err nothing yet; returns from's code. */
int ksa_pass(struct ksa_error *err, const struct ksa_error *from);

/* Forget what err holds (to go on after a handled failure). NULL is fine. */
void ksa_error_clear(struct ksa_error *err);

#endif
