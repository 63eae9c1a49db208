/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_SOURCE_MODULE_SOURCE_H
#define READ_SOURCE_MODULE_SOURCE_H

#include "model/module.h"
#include "model/typed.h"

/*
 * The source of out-of-tree modules: their .c, .h and .S files and how Kbuild puts them together.
 * Read once, asked for each module and kernel:
 *
 *	module_source_open("v4l2loopback-0.12.7", &source, err);
 *	module_source_named(source, &question, &named, err);
 *	named_find(&named, "strlcpy"): "v4l2loopback.c:2290", NAMED_YES
 */
struct module_source;

/*
 * Read a directory. Links that lead out of it, and hidden directories, are passed over; a file that
 * is too large is a notice. KSA_EIO: it cannot be read. KSA_ENODATA: no C file is there.
 * KSA_ELIMIT: it is larger than any real one.
 */
int module_source_open(const char *dir, struct module_source **out,
		       struct ksa_error *err) _must_check_;
void module_source_free(struct module_source *source);

struct module_source_question {
	/* The base name of the .ko ('-' and '_' are the same), to leave out files of other modules;
	 * NULL: all files count. */
	const char *module;
	/* Source files of the .ko by its debug information (dwarf_units_read()); where none is of
	 * the directory, Kbuild tells, and where that does not either, all files count, with a
	 * notice. */
	struct string_list units;
	struct named_kernel kernel;
};

/*
 * What the module names when it is built for that kernel. Names that its own source defines do not
 * count, where their definition's condition holds; macros of its own stand for what their bodies
 * name. Local variables, parameters, members, labels and tags do not count, as far as they can be
 * told without a compiler. What a conditional excludes is kept as NAMED_NO, with its condition.
 *
 * MODULE and __KERNEL__ are defined. A macro that the project's build files mention (-DX,
 * AC_DEFINE) is not decided; nor is one of which nothing is known. RHEL_RELEASE_CODE and its like
 * are not defined unless the release is one of theirs (".el8"). KSA_ENOMEM.
 */
int module_source_named(const struct module_source *source,
			const struct module_source_question *question, struct ksa_named *named,
			struct ksa_error *err) _must_check_;

/*
 * What the module's files do with types when it is built for that kernel; files and conditions as
 * above. Of conditionals that cannot be decided all arms are read, or where these are no whole
 * statements, the first. KSA_ENOMEM.
 */
int module_source_typed(const struct module_source *source,
			const struct module_source_question *question, struct ksa_typed *typed,
			struct ksa_error *err) _must_check_;

#endif
