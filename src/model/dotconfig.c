// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/dotconfig.h"

#include <string.h>

void dotconfig_release(struct dotconfig *config)
{
	strmap_release(&config->values);
	arena_release(&config->arena);
	memset(config, 0, sizeof(*config));
}

enum dotconfig_value dotconfig_get(const struct dotconfig *config, const char *symbol)
{
	uint32_t value = DOTCONFIG_N;

	if (strncmp(symbol, "CONFIG_", 7) == 0)
		symbol += 7;
	strmap_get(&config->values, symbol, &value);
	return (enum dotconfig_value)value;
}
