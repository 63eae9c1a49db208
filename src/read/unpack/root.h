/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_UNPACK_ROOT_H
#define READ_UNPACK_ROOT_H

/*
 * The root of the file system that a module tree lies in: ROOT of ROOT/lib/modules/RELEASE and
 * ROOT/usr/lib/modules/RELEASE. real is the tree's canonical path. NULL if that is the machine's
 * own, or the path has another form (or without memory); malloc'd.
 */
char *root_of_tree(const char *real);

/*
 * Where dir/name leads when root is "/": absolute links start there, ".." does not leave it. dir
 * is a canonical path, root or below it. What is not there is kept as it is written, and nothing is
 * followed after 40 links. malloc'd; NULL without memory.
 */
char *root_resolve(const char *root, const char *dir, const char *name);

/*
 * dir/name if that is in the root or root is NULL (the machine's own), else where it leads when
 * root is "/": a link in an unpacked root means that root. dir may be written in any way, real is
 * its canonical path. malloc'd; NULL without memory.
 */
char *root_path(const char *root, const char *dir, const char *real, const char *name);

#endif
