/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_SOURCE_DIRS_H
#define READ_SOURCE_DIRS_H

#include "base/strmap.h"
#include "read/source/makefile.h"

/* The default namespaces that the Makefiles of a source tree set. Zero-initialize. */
struct source_dirs {
	struct arena arena;
	struct strmap map; /* directory ("" is the top) -> index */
	struct source_makefile *items;
	size_t count, capacity;
};

void source_dirs_release(struct source_dirs *dirs);

/* True for a path whose last part is Makefile or Kbuild. */
bool source_is_makefile(const char *path);

/* False: a Makefile of these bytes sets no namespace, whatever its place. */
bool source_dirs_speaks(const unsigned char *data, size_t size);

/* Take what the Makefile at path says. KSA_ENOMEM. */
int source_dirs_add(struct source_dirs *dirs, const char *path, const unsigned char *data,
		    size_t size, struct ksa_error *err) _must_check_;

/* The default namespace of a file, set beside it or for all below a directory above it; NULL: none.
 */
const char *source_dirs_find(const struct source_dirs *dirs, const char *path);

/*
 * How near a header is to a file, by their directories: the more the higher. With headers beside
 * the file before those above it, and those before any elsewhere.
 */
int source_nearness(const char *file, const char *header);

/* What a header that the file includes by its name is nearer than any other. */
#define SOURCE_INCLUDED (1 << 20)

/* True if the text has an #include of a header of that name, in whatever directory. */
bool source_includes(const unsigned char *data, size_t size, const char *header);

/* The release of the top Makefile, VERSION.PATCHLEVEL.SUBLEVELEXTRAVERSION; malloc'd, NULL: it has
 * none. */
char *source_release(const unsigned char *data, size_t size);

#endif
