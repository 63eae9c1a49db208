/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_KERNEL_RAW_H
#define READ_KERNEL_RAW_H

#include "base/bytes.h"
#include "model/kernel.h"

/*
 * Find and read the export table of a raw kernel image: one without section headers, such as
 * arm64's and riscv's Image (FORMATS: place-relative records of 12 or 8 bytes; absolute ones of
 * 3 x 8, little endian, whose link base is deduced). The table is found by its form: records whose
 * names are identifiers in rising order. Class: from 7.1 by the flag bytes behind the table, before
 * by the single descent in name order between __ksymtab and __ksymtab_gpl; where neither is there
 * the class is unknown and a notice says so. CRCs are taken where exactly one word a record lies
 * between the table and the strings (or the flags). KSA_EUNSUPPORTED when there is no such table,
 * KSA_EFORMAT when it has a damaged record in it; then nothing was added.
 */
int raw_read(struct ksa_kernel *kernel, const unsigned char *data, size_t size, uint32_t source,
	     const char *name, struct ksa_error *err) _must_check_;

/*
 * Facts that any unpacked kernel (ELF content or raw) holds as text: the release from
 * "Linux version ", the vermagic ("RELEASE SMP preempt mod_unload ...", with its trailing blank),
 * and whether the loader knows module: namespaces (TRI_YES if its message about them is there,
 * TRI_NO if only its other ones are). Sets them on the kernel; without a release it sets nothing.
 */
int raw_read_facts(struct ksa_kernel *kernel, const unsigned char *data, size_t size,
		   const char *name, struct ksa_error *err) _must_check_;

#endif
