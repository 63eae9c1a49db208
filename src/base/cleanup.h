/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BASE_CLEANUP_H
#define BASE_CLEANUP_H

#include <stdlib.h>

/* Run fn(&variable) when the variable goes out of scope. */
#define _cleanup_(fn) __attribute__((cleanup(fn)))

static inline void cleanup_free(void *p)
{
	free(*(void **)p);
}

/* free() the pointer when it goes out of scope. */
#define _cleanup_free_ _cleanup_(cleanup_free)

/* Hand a pointer on and disarm its cleanup. */
#define take_ptr(p)                                                                                \
	({                                                                                         \
		typeof(p) _t = (p);                                                                \
		(p) = NULL;                                                                        \
		_t;                                                                                \
	})

#endif
