/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef WRITE_EXPORTS_H
#define WRITE_EXPORTS_H

#include <stdbool.h>
#include <stdio.h>

#include "base/strbuf.h"
#include "model/view.h"
#include "write/out.h"

/*
 * The formats of `ksymaudit exports`. Each writes the view to out and flushes it; the kernel must
 * be sealed. KSA_EIO when out cannot be written, KSA_ENOMEM.
 */

/* A head of a few lines (release, numbers, sources, notices), a blank line, a table; quiet: the
 * line with the numbers alone. */
int write_exports_text(const struct export_view *view, bool quiet, bool color, FILE *out,
		       struct ksa_error *err) _must_check_;

/*
 * "#symbol class owner namespace crc", tab separated. The namespace is empty for none and "?" where
 * it is not known, the CRC is eight hex digits or empty. With prototypes a further column.
 */
int write_exports_tsv(const struct export_view *view, FILE *out,
		      struct ksa_error *err) _must_check_;

/* The snapshot form, see read/kernel/snapshot.h. A filtered view says so and is not read back. */
int write_exports_json(const struct export_view *view, FILE *out,
		       struct ksa_error *err) _must_check_;

/*
 * A Module.symvers that modpost accepts (5 columns, 5190044c2965), CRC 0x00000000 where there is
 * none. KSA_EUNSUPPORTED when an export's class or namespace is not known (modpost would skip it or
 * judge it wrongly) or a name cannot be written in this form; out then holds a part.
 */
int write_exports_symvers(const struct export_view *view, FILE *out,
			  struct ksa_error *err) _must_check_;

/* One row of it, with that many columns: 5, or 4 of kernels before 5.4, which have no namespaces.
 * KSA_EUNSUPPORTED as above. */
int write_symvers_row(const struct ksa_export *e, unsigned int columns, struct strbuf *buf,
		      struct ksa_error *err) _must_check_;

#endif
