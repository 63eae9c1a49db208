/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Initializers of lists, as filters have them. */
#ifndef TESTS_LISTS_H
#define TESTS_LISTS_H

#include "model/family.h"
#include "model/module.h"

/* A struct string_list of these strings. */
#define LIST(...)                                                                                  \
	{                                                                                          \
		(const char *[]){__VA_ARGS__},                                                     \
			sizeof((const char *[]){__VA_ARGS__}) / sizeof(const char *)               \
	}

/* A struct family_list of one shipped family. */
#define FAMILY(name)                                                                               \
	{                                                                                          \
		(const struct ksa_family *[]){family_find(name)}, 1                                \
	}

#endif
