/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CMD_OPTIONS_H
#define CMD_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "model/module.h"
#include "model/view.h"

struct invocation;
struct command;

enum option_type {
	OPTION_FLAG = 1, /* bool; given twice it says the same */
	OPTION_TEXT, /* const char *; like all below but for lists, given twice it is an error */
	OPTION_LIST, /* struct string_list: a value each time that it is given */
	OPTION_FORMAT, /* a list as well: of FORMAT or FORMAT=FILE */
	OPTION_NUMBER, /* unsigned int, from 1 to max */
	OPTION_WORD, /* an enum: the number of a word */
	OPTION_SET, /* unsigned int: mask of 1u << the numbers of words, "WORD,WORD" */
	OPTION_SET_LIST, /* the same; what is given several times is united */
	OPTION_HELP /* has no home: the help is printed */
};

/* The words that an option takes, by number: "" for a number without one, NULL behind the last. */
typedef const char *option_words(unsigned int number);

/* Where the value of an option goes. */
struct option_home {
	enum option_type type;
	size_t offset; /* in the command's context, or in struct common_options */
	option_words *words; /* of a word or a set */
	unsigned int max; /* of a number */
	bool may_be_empty; /* '' is a value as well */
};

/* One option. */
struct option {
	char letter; /* 0: none */
	const char *name, *value; /* what the help calls the value; NULL: a flag */
	struct option_home home;
	const char *help;
};

/* NOLINTBEGIN(bugprone-macro-parentheses): types and initializers take none */
/*
 * Homes: a member of the struct that the command's context is. There is no option without one, and
 * a member of another type does not compile.
 */
#define OPTION_AT(object, member, type)                                                            \
	offsetof(object, member) + 0 * _Generic(((object *)NULL)->member, type : 1)
#define OPTION_AT_INTEGER(object, member)                                                          \
	offsetof(object, member) + 0 * _Generic(((object *)NULL)->member, unsigned int : 1, int : 1)
#define OPTION_FIELDS(...)                                                                         \
	{                                                                                          \
		__VA_ARGS__                                                                        \
	}
#define TO_FLAG(object, member)                                                                    \
	OPTION_FIELDS(OPTION_FLAG, OPTION_AT(object, member, bool), NULL, 0, false)
#define TO_TEXT(object, member)                                                                    \
	OPTION_FIELDS(OPTION_TEXT, OPTION_AT(object, member, const char *), NULL, 0, false)
#define TO_ANY_TEXT(object, member)                                                                \
	OPTION_FIELDS(OPTION_TEXT, OPTION_AT(object, member, const char *), NULL, 0, true)
#define TO_LIST(object, member)                                                                    \
	OPTION_FIELDS(OPTION_LIST, OPTION_AT(object, member, struct string_list), NULL, 0, false)
#define TO_ANY_LIST(object, member)                                                                \
	OPTION_FIELDS(OPTION_LIST, OPTION_AT(object, member, struct string_list), NULL, 0, true)
#define TO_FORMATS(object, member)                                                                 \
	OPTION_FIELDS(OPTION_FORMAT, OPTION_AT(object, member, struct string_list), NULL, 0, false)
#define TO_NUMBER(object, member, max)                                                             \
	OPTION_FIELDS(OPTION_NUMBER, OPTION_AT_INTEGER(object, member), NULL, max, false)
#define TO_WORD(object, member, words)                                                             \
	OPTION_FIELDS(OPTION_WORD, OPTION_AT_INTEGER(object, member), words, 0, false)
#define TO_SET(object, member, words)                                                              \
	OPTION_FIELDS(OPTION_SET, OPTION_AT_INTEGER(object, member), words, 0, false)
#define TO_SET_LIST(object, member, words)                                                         \
	OPTION_FIELDS(OPTION_SET_LIST, OPTION_AT_INTEGER(object, member), words, 0, false)

/* Options of several commands; filter is a struct export_filter in the context. */
#define FILTER_CLASS(object, filter)                                                               \
	OPTION_FIELDS(0, "class", "CLASS[,CLASS]",                                                 \
		      TO_SET_LIST(object, filter.classes, class_words),                            \
		      "only plain, gpl, gpl-future, unused, unused-gpl, unknown")
#define FILTER_NAMESPACE(object, filter)                                                           \
	OPTION_FIELDS(0, "namespace", "GLOB", TO_ANY_LIST(object, filter.ns),                      \
		      "only exports in such a namespace ('' for none)")
#define FILTER_OWNER(object, filter)                                                               \
	OPTION_FIELDS(0, "owner", "GLOB", TO_LIST(object, filter.owner),                           \
		      "only exports of such modules ('vmlinux' for the image)")
#define FILTER_GREP(object, filter)                                                                \
	OPTION_FIELDS(0, "grep", "GLOB", TO_LIST(object, filter.grep),                             \
		      "only symbols of such a name")
#define FILTER_DEFINED_IN(object, filter)                                                          \
	OPTION_FIELDS(0, "defined-in", "WHERE",                                                    \
		      TO_WORD(object, filter.defined_in, defined_in_words),                        \
		      "only exports of vmlinux, or of modules")
/* NOLINTEND(bugprone-macro-parentheses) */

option_words class_words, defined_in_words;

/* The options that every command has, in the order of the help. Ends with a NULL name. */
extern const struct option common_option_table[];

/*
 * Parse argv (without the program's and the command's name). 0; EXIT_TROUBLE after saying why; or
 * -1 when the help was printed and the run is over.
 */
int options_parse(struct invocation *inv, int argc, char **argv);

/*
 * Print the options of a command (NULL: those of every command) for the makers of the manual pages
 * and completions. Lines with tabs between the fields, of which "-" is none:
 *	command NAME OPERANDS SUMMARY
 *	option COMMAND LETTER NAME VALUE TYPE WORDS HELP
 */
void options_dump(const struct command *command);

/* Say what is wrong with the command line; returns EXIT_TROUBLE. */
int usage_error(const struct invocation *inv, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
