// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/kernel/foreign.h"

#include <string.h>

#include "read/unpack/codec.h"

static const char mount_it[] = "file system image; mount it and give the directory";
static const char mount_disk[] = "disk image; mount the file system in it and give the directory";

/* Where each format has its magic; those of two bytes are told by functions below. */
static const struct {
	size_t offset, length;
	const char *magic, *name, *what;
} formats[] = {
	{0, 4, "hsqs", "a squashfs", mount_it},
	{0, 4, "sqsh", "a squashfs", mount_it},
	{0, 4, "XFSB", "an xfs", mount_it},
	{0, 4, "\x45\x3d\xcd\x28", "a cramfs", mount_it},
	{0, 8, "-rom1fs-", "a romfs", mount_it},
	{0, 4, "UBI#", "a UBI", mount_it},
	{1024, 4, "\xe2\xe1\xf5\xe0", "an erofs", mount_it},
	{1024, 4, "\x10\x20\xf5\xf2", "an f2fs", mount_it},
	{0x10040, 8, "_BHRfS_M", "a btrfs", mount_it},
	{0x8001, 5, "CD001", "an iso9660", mount_it},
	{0, 4, "QFI\xfb", "a qcow", mount_disk},
	{0, 4, "KDMV", "a VMDK", mount_disk},
	{0, 8, "vhdxfile", "a VHDX", mount_disk},
	{0x40, 4, "\x7f\x10\xda\xbe", "a VDI", mount_disk},
	{512, 8, "EFI PART", "a GPT", mount_disk},
	{4096, 8, "EFI PART", "a GPT", mount_disk},
	{0, 4, "\x3a\xff\x26\xed", "an Android sparse",
	 "image; make it a plain one by simg2img, mount that and give the directory"},
};

static bool has(const unsigned char *data, size_t size, size_t offset, const char *magic,
		size_t length)
{
	return range_ok(offset, length, size) && memcmp(data + offset, magic, length) == 0;
}

/* Documentation/filesystems/ext4/super.rst: the super block is at 1024. NULL: it is none. */
static const char *ext_name(const unsigned char *data, size_t size)
{
	const unsigned char *super = data + 1024;

	if (size < 2048 || get_le16(super + 0x38) != 0xef53 || get_le32(super + 0x18) > 6 ||
	    get_le32(super + 0x4c) > 1)
		return NULL;
	if (get_le32(super + 0x60) & (0x40 | 0x80 | 0x200)) /* extents, 64bit, flex_bg */
		return "an ext4";
	return get_le32(super + 0x5c) & 4 /* has_journal */ ? "an ext3" : "an ext2";
}

/* True if the first sector has a partition table with something in it. */
static bool has_partitions(const unsigned char *data, size_t size)
{
	bool found = false;

	if (size < 512 || get_le16(data + 510) != 0xaa55)
		return false;
	for (const unsigned char *entry = data + 446; entry < data + 510; entry += 16) {
		if (entry[0] & 0x7f) /* active or not, nothing else */
			return false;
		found |= entry[4] && get_le32(entry + 12); /* type, sectors */
	}
	return found;
}

int foreign_refuse(const unsigned char *data, size_t size, const char *name, struct ksa_error *err)
{
	const char *what = ext_name(data, size), *form = mount_it;

	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]) && !what; i++) {
		if (!has(data, size, formats[i].offset, formats[i].magic, formats[i].length))
			continue;
		what = formats[i].name;
		form = formats[i].what;
	}
	if (!what && (has(data, size, 54, "FAT1", 4) || has(data, size, 82, "FAT32", 5)))
		what = "a FAT";
	if (!what && has_partitions(data, size)) {
		what = "a partitioned";
		form = mount_disk;
	}
	if (what)
		return ksa_fail_at(err, KSA_EUNSUPPORTED, name, 0, "is %s %s", what, form);
	if (bytes_are_lzo(data, size))
		return ksa_fail_at(err, KSA_EUNSUPPORTED, name, 0,
				   "is " LZO_NOT_READ "; unpack it by lzop -d first");
	return 0;
}
