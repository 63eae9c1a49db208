// SPDX-License-Identifier: GPL-2.0-or-later
#define GIT_LIBRARY_NAMES /* here the names are libgit2's own */
#include "read/git/library.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

struct git_library git_library;

#ifndef KSA_GIT_LIBRARY
static void fill(void)
{
#define GIT_FILL(f) git_library.f##_ = (f);
	GIT_FUNCTIONS(GIT_FILL)
#undef GIT_FILL
}

int git_library_load(struct ksa_error *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	(void)err;
	return pthread_once(&once, fill) ? KSA_EIO : 0;
}
#else
static pthread_once_t once = PTHREAD_ONCE_INIT;
static char failure[256]; /* "" once loaded */

static void find(void *handle, const char *name, void *out)
{
	void *symbol = dlsym(handle, name);

	if (!symbol && !*failure)
		snprintf(failure, sizeof(failure), "it has no %s", name);
	memcpy(out, &symbol, sizeof(symbol));
}

static void load(void)
{
	void *handle = dlopen(KSA_GIT_LIBRARY, RTLD_NOW | RTLD_LOCAL);

	if (!handle) {
		const char *why = dlerror();

		snprintf(failure, sizeof(failure), "%s", why ? why : "no reason was given");
		return;
	}
#define GIT_FIND(f) find(handle, #f, &git_library.f##_);
	GIT_FUNCTIONS(GIT_FIND)
#undef GIT_FIND
}

int git_library_load(struct ksa_error *err)
{
	pthread_once(&once, load);
	if (!*failure)
		return 0;
	return ksa_fail(err, KSA_EIO,
			"cannot load %s, which reads repositories: %s; install libgit2",
			KSA_GIT_LIBRARY, failure);
}
#endif
