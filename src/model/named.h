/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_NAMED_H
#define MODEL_NAMED_H

#include "base/arena.h"
#include "model/loading.h"

/* How sure it is that a name is named when the module is built for a kernel. */
enum named_certainty {
	NAMED_NO = 0, /* it stands behind a condition that does not hold there */
	NAMED_MAYBE, /* behind one that cannot be decided */
	NAMED_YES
};

enum named_basis { NAMED_BASIS_NONE = 0, NAMED_BASIS_SOURCE, NAMED_BASIS_DEBUG_INFO };

/* Who names it. A name may be both, at different places. */
#define NAMED_BY_MODULE 1 /* a file of the module's own */
#define NAMED_BY_HEADER 2 /* a kernel header's code that the module has inlined */

/* Where a name stands in the module's own files. */
struct named_site {
	const char *file; /* relative to the module's directory where it is below it */
	uint32_t line; /* 1-based; of the first place, 0: not known */
	uint32_t count; /* places in this file under this condition */
	const char *condition; /* "LINUX_VERSION_CODE < KERNEL_VERSION(6, 8, 0)", or NULL */
	uint8_t certainty; /* enum named_certainty */
	bool is_call; /* it is followed by '(' at all these places, or a call instruction */
	bool in_macro; /* in a macro of the module's own, which is used */
};

/* A name that a module names: a function, a macro, a variable, a type of the kernel's. */
struct named_name {
	const char *name;
	const struct named_site *sites; /* by file and line; empty: only headers name it */
	uint32_t site_count;
	uint8_t certainty; /* the best of its sites, or NAMED_YES where they are all the arms of an
			    * undecided conditional; NAMED_YES for what headers name */
	uint8_t by; /* NAMED_BY_... */
	bool is_helper; /* debug information: an inline function of a kernel header */
};

/* An #error: where it is certain, the source does not build, and says why itself. */
struct named_stop {
	const char *file;
	uint32_t line;
	const char *text; /* what it says */
	const char *condition; /* or NULL */
	uint8_t certainty; /* enum named_certainty, never NAMED_NO */
};

/*
 * What a module names when it is built for one kernel. Names that its own source defines are not
 * among them, unless the definition stands under a condition that does not hold there. Fill it by
 * read/source/module_source.h or read/debug/named.h. Zero-initialize.
 */
struct ksa_named {
	struct arena arena;
	enum named_basis basis;
	const char *root; /* the directory of the source as it was given, borrowed; or NULL */
	struct named_name *names; /* sorted by name */
	size_t name_count;
	struct named_stop *stops; /* by file and line */
	size_t stop_count;
	const char **notices; /* what could not be told, a sentence each */
	size_t notice_count;
	/* Debug information tells nothing of uses that are no calls: a name that is not here may be
	 * named all the same. */
	bool calls_only;
	/* The source that was read is not the module's: it has none of the files that the debug
	 * information names, or none that is not another module's. */
	bool is_foreign;
};

void named_release(struct ksa_named *named);

/* The entry of that name, or NULL. */
const struct named_name *named_find(const struct ksa_named *named, const char *name);

/*
 * What is known of a kernel that the module is to be built for, to decide conditions by. Callbacks
 * may be NULL.
 */
struct named_kernel {
	const char *release; /* "6.12.117+deb13-amd64"; NULL: not known */
	/* LINUX_VERSION_CODE where it is known, else 0: then it is what the release says. Of
	 * "6.1.0-57-amd64", where Debian keeps the third number to itself, anything from 6.1.0 to
	 * 6.1.255. */
	uint32_t version_code;
	const char *arch; /* as in struct ksa_kernel; NULL: not known */
	void *ctx;
	/* Whether the kernel's configuration sets the option: "CONFIG_X", "CONFIG_X_MODULE". */
	enum kernel_tristate (*option)(void *ctx, const char *name);
	/* Whether the kernel's headers define a macro of this name. */
	enum kernel_tristate (*macro)(void *ctx, const char *name);
};

#endif
