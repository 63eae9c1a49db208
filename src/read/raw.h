/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_RAW_H
#define READ_RAW_H

#include "base/bytes.h"
#include "model/kernel.h"

/*
 * Find and read the place-relative (PREL) export tables of a raw kernel image: one without section
 * headers, such as arm64's Image (8- and 12-byte entries, FORMATS: an anchor name, an i32 that
 * points to it, then records grown both ways). Class: from 7.1 by the flag bytes that follow the
 * table, before by the single descent in name order between __ksymtab and __ksymtab_gpl. CRCs are
 * not available. KSA_ENODATA when there is no such table; the text says what to give instead.
 */
int raw_read(struct ksa_kernel *kernel, const unsigned char *data, size_t size, uint32_t source,
	     const char *name, struct ksa_error *err) _must_check_;

/*
 * Facts that any unpacked kernel (ELF content or raw) holds as text: the release from
 * "Linux version ", the vermagic ("RELEASE SMP preempt mod_unload ..."), and whether the loader
 * knows module: namespaces (its own message is in the image). Sets them on the kernel.
 */
int raw_read_facts(struct ksa_kernel *kernel, const unsigned char *data, size_t size,
		   const char *name, struct ksa_error *err) _must_check_;

#endif
