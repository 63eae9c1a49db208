// SPDX-License-Identifier: GPL-2.0-or-later
#define GIT_LIBRARY_NAMES /* here the names are libgit2's own */
#include "read/git/library.h"

#include <dlfcn.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#ifdef KSA_GIT_LIBRARY
#define GIT_LIBRARY_FILE KSA_GIT_LIBRARY
#else
#define GIT_LIBRARY_FILE "libgit2"
#endif

struct git_library git_library;

static char failure[256]; /* "" once started */

#ifndef KSA_GIT_LIBRARY
static void load(void)
{
#define GIT_FILL(f) git_library.f##_ = (f);
	GIT_FUNCTIONS(GIT_FILL)
#undef GIT_FILL
}
#else
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
#endif

/*
 * A pack in small windows is mapped and unmapped again and again, for a whole history four thousand
 * times. As a whole it costs addresses alone: its pages are the kernel's to take back.
 */
struct git_mapping git_library_mapping(unsigned int pointer, uint64_t address_space,
				       uint64_t memory)
{
	const uint64_t least = (uint64_t)96 << 20, small = (uint64_t)1 << 30;
	uint64_t room = pointer < 64 ? small : UINT64_MAX;

	if (address_space && address_space < room)
		room = address_space;
	if (memory && memory <= small && memory < room)
		room = memory;
	if (room == UINT64_MAX)
		return (struct git_mapping){SIZE_MAX / 4 + 1, SIZE_MAX};
	room = room / 4 > least ? room / 4 : least;
	/* Windows are placed at multiples of half of one, and three packs want some at a time. */
	return (struct git_mapping){room / 3 & ~(((size_t)1 << 20) - 1), (size_t)room};
}

static void set_options(void)
{
	const long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
	struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};
	struct git_mapping m;

	if (getrlimit(RLIMIT_AS, &limit) < 0)
		limit.rlim_cur = RLIM_INFINITY;
	m = git_library_mapping(sizeof(void *) * CHAR_BIT,
				limit.rlim_cur == RLIM_INFINITY ? 0 : limit.rlim_cur,
				pages > 0 && size > 0 ? (uint64_t)pages * (uint64_t)size : 0);
	git_library.git_libgit2_opts_(GIT_OPT_SET_MWINDOW_SIZE, m.window);
	git_library.git_libgit2_opts_(GIT_OPT_SET_MWINDOW_MAPPED_LIMIT, m.limit);
	/* Objects are read in an order that makes each wanted once: a cache would only hold memory.
	 */
	git_library.git_libgit2_opts_(GIT_OPT_ENABLE_CACHING, 0);
	git_library.git_libgit2_opts_(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0);
}

static void start(void)
{
	int users;

	load();
	if (*failure)
		return;
	users = git_library.git_libgit2_init_();
	if (users < 0)
		snprintf(failure, sizeof(failure), "it does not start");
	else if (users == 1)
		set_options();
}

int git_library_start(struct ksa_error *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, start);
	if (!*failure)
		return 0;
	return ksa_fail(err, KSA_EIO,
			"cannot load %s, which reads repositories: %s; install libgit2",
			GIT_LIBRARY_FILE, failure);
}
