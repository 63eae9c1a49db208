/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AUDIT_HISTORY_PLACES_H
#define AUDIT_HISTORY_PLACES_H

#include <stdbool.h>

/*
 * May two files be about the same thing? Of two architectures never: what one of them stops to
 * export is nothing that another one begins to. Code of one architecture and code of all may.
 */
bool places_share_architecture(const char *one, const char *other);

/* The same, and of two machines of one architecture ("arch/arm/mach-tegra") neither. */
bool places_share_machine(const char *one, const char *other);

#endif
