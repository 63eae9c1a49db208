// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/kernel/vermagic.h"

#include <stdio.h>
#include <string.h>

#include "model/release.h"

bool vermagic_is_known(const char *release)
{
	static const struct release first = {{6, 1, 0}};
	struct release this;

	return release_parse(release, &this) && release_compare(&this, &first) >= 0;
}

void vermagic_from_config(const struct dotconfig *config, struct build_facts *out)
{
	static const struct {
		const char *symbol, *arch, *magic; /* asm/vermagic.h: MODULE_ARCH_VERMAGIC */
	} arches[] = {{"X86_64", "x86_64", ""}, {"ARM64", "arm64", "aarch64"}};
	const char *preempt = dotconfig_get(config, "PREEMPT_RT")      ? "preempt_rt "
			      : dotconfig_get(config, "PREEMPT_BUILD") ? "preempt "
								       : "";

	memset(out, 0, sizeof(*out));
	for (size_t i = 0; i < sizeof(arches) / sizeof(*arches); i++) {
		if (!dotconfig_get(config, arches[i].symbol))
			continue;
		out->arch = arches[i].arch;
		if (!dotconfig_get(config, "RANDSTRUCT"))
			snprintf(out->flags, sizeof(out->flags), "%s%s%s%s%s",
				 dotconfig_get(config, "SMP") ? "SMP " : "", preempt,
				 dotconfig_get(config, "MODULE_UNLOAD") ? "mod_unload " : "",
				 dotconfig_get(config, "MODVERSIONS") ? "modversions " : "",
				 arches[i].magic);
	}
}
