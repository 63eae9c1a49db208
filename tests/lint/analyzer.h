/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Included before every file that clang-tidy looks at. The analyzer sees one file at a time, so it
 * thinks that ksa_fail() could return 0 and that what the caller then reads was never written.
 */
#ifndef TESTS_LINT_ANALYZER_H
#define TESTS_LINT_ANALYZER_H

#include "base/error.h"

#define ksa_fail(...)	    ((void)ksa_fail(__VA_ARGS__), KSA_EFORMAT)
#define ksa_fail_at(...)    ((void)ksa_fail_at(__VA_ARGS__), KSA_EFORMAT)
#define ksa_fail_errno(...) ((void)ksa_fail_errno(__VA_ARGS__), KSA_EIO)
#define ksa_fail_nomem(...) ((void)ksa_fail_nomem(__VA_ARGS__), KSA_ENOMEM)

#endif
