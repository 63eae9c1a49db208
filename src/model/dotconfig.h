/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_DOTCONFIG_H
#define MODEL_DOTCONFIG_H

#include "base/strmap.h"

/* The values that build files see: "CONFIG_X=y", "=m", or neither. */
enum dotconfig_value { DOTCONFIG_N = 0, DOTCONFIG_M, DOTCONFIG_Y };

/* A kernel's .config. Zero-initialize. */
struct dotconfig {
	struct arena arena;
	struct strmap values; /* "X" (without CONFIG_) -> enum dotconfig_value */
	const char *name; /* where it was read from */
};

void dotconfig_release(struct dotconfig *config);

/* The value of a symbol, with or without "CONFIG_"; strings and numbers count as y. */
enum dotconfig_value dotconfig_get(const struct dotconfig *config, const char *symbol);

#endif
