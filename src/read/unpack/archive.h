/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_UNPACK_ARCHIVE_H
#define READ_UNPACK_ARCHIVE_H

#include "base/bytes.h"

/* Caps for everything that is unpacked; beyond them KSA_ELIMIT. */
#define ARCHIVE_MAX_OUT	    ((uint64_t)8 << 30) /* all bytes that one archive unpacks to */
#define ARCHIVE_MAX_MEMBERS 1000000

/* True if data starts like a package or archive: ar (.deb), rpm, tar, cpio. A compressed tar is
 * not: see archive_holds_package. */
bool archive_is_package(const unsigned char *data, size_t size);

/* True if archive_walk can read it: archive_is_package, or a compressed stream whose first bytes
 * are those of a tar or cpio (a little of it is unpacked to see). */
bool archive_holds_package(const unsigned char *data, size_t size);

/*
 * One member of an archive. path has leading "./" and "/" and trailing "/" removed.
 * archive_member_read unpacks it on demand (once); a member that is not read is skipped.
 */
struct archive_member {
	const char *path;
	uint64_t size; /* as the archive claims */
	const char *link; /* target of a symbolic or hard link, or NULL */
	bool is_regular; /* false for links, directories, devices and FIFOs */
	bool is_directory;
	bool in_initrd; /* of one or more cpio archives that are no package */
	struct archive_reader *reader;
};

/* Unpack the member that is being visited; out is released by the caller. A member that was
 * already read is KSA_EUSAGE. */
int archive_member_read(struct archive_member *member, struct bytes *out,
			struct ksa_error *err) _must_check_;

/*
 * Walk the members of a .deb, .rpm or (compressed) tar or cpio in place, in archive order; the data
 * tar of a .deb is walked as if it were the archive, other archives in an archive are plain
 * members. visit returns 0 to go on, or an error code to stop, which is returned. An archive that
 * is cut short or damaged is an error that names the last member seen; a member whose path leads
 * out of the archive ("..") is KSA_EFORMAT.
 */
int archive_walk(const char *path,
		 int (*visit)(void *ctx, struct archive_member *member, struct ksa_error *err),
		 void *ctx, struct ksa_error *err) _must_check_;

#endif
