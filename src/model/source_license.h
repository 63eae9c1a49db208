/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_SOURCE_LICENSE_H
#define MODEL_SOURCE_LICENSE_H

#include "base/arena.h"

/* A source file that says the license of a module. */
struct source_license {
	const char *path; /* below the directory as it was named */
	const char *license; /* of MODULE_LICENSE(), or of a Rust module */
	const char *tag; /* its SPDX expression, or NULL */
	uint32_t line, tag_line;
	bool several; /* there are more of them, under conditions perhaps */
	bool is_macro; /* license is the name of one that several headers, or none, define */
	bool says_gpl; /* the text before names the GPL */
};

/* A header's "#define MY_LICENSE "GPL"". */
struct license_macro {
	const char *name;
	const char *value; /* NULL: it is defined in several ways */
};

/* What the source of modules says of licenses. */
struct source_licenses {
	struct arena arena;
	const char *root; /* as given */
	struct source_license *items; /* by path; malloc'd */
	size_t count, capacity;
	struct {
		struct license_macro *items;
		size_t count, capacity;
	} macros; /* of headers */
	size_t files, tagged; /* of C and Rust, headers too */
	size_t texts; /* license files at the top */
	const char *text; /* the path of the last one */
	const char *text_license; /* the SPDX identifier that it certainly is, or NULL */
	size_t passed_over; /* files that are too large */
};

#endif
