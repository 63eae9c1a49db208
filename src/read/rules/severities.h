/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_RULES_SEVERITIES_H
#define READ_RULES_SEVERITIES_H

#include "model/severities.h"

#define SEVERITIES_FILE_LIMIT	 1048576 /* bytes */
#define SEVERITIES_RULE_LIMIT	 4096 /* of all files of a run */
#define SEVERITIES_PATTERN_LIMIT 256 /* bytes */

/*
 * Append the rules of a file to *out, which is zero-initialized before the first one and to be
 * released in any case. The file is one of suse-kabi-tools (suse-kabi-tools(5)), in which a rule
 * may also name axes, or Debian's debian/config/.../defines, of which "ignore-changes" is taken.
 * KSA_EIO, KSA_ELIMIT: it cannot be read. KSA_EFORMAT: it is neither; err->line says where.
 */
int severities_read_file(const char *path, struct severities *out,
			 struct ksa_error *err) _must_check_;
int severities_read_text(const char *path, const unsigned char *text, size_t size,
			 struct severities *out, struct ksa_error *err) _must_check_;

#endif
