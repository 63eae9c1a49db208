/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_KERNEL_VERMAGIC_H
#define READ_KERNEL_VERMAGIC_H

#include "model/dotconfig.h"

/* What a build's .config says of its kernel. */
struct build_facts {
	const char *arch; /* "x86_64"; NULL: not one of those whose version magic is known here */
	char flags[64]; /* of VERMAGIC_STRING what follows the release; "" if it cannot be told */
};

/*
 * The flags of the version magic as include/linux/vermagic.h puts them together (the same text in
 * 6.1, 6.12 and 7.2), for x86_64 and arm64. With CONFIG_RANDSTRUCT they have a seed that is in no
 * .config: then they cannot be told.
 */
void vermagic_from_config(const struct dotconfig *config, struct build_facts *out);

/* True if the release ("6.1.0-56-amd64") is one of those that put it together like that. */
bool vermagic_is_known(const char *release);

#endif
