// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/replace.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"

/* Between a target's name and six characters of mkstemp: no other program's files look like that.
 */
#define MARK	 ".ksymaudit-"
#define MAX_STEM 200 /* of the target's name: what is added must fit into NAME_MAX */

static const int ending_signals[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};

#define ENDING_SIGNALS (sizeof(ending_signals) / sizeof(ending_signals[0]))

/* Those that would end the run: what is ignored (nohup) ends nothing. */
static void fill_signals(sigset_t *set)
{
	struct sigaction action;

	sigemptyset(set);
	for (size_t i = 0; i < ENDING_SIGNALS; i++)
		if (sigaction(ending_signals[i], NULL, &action) == 0 &&
		    action.sa_handler != SIG_IGN)
			sigaddset(set, ending_signals[i]);
}

static bool is_interrupted(void)
{
	sigset_t set, pending;

	fill_signals(&set);
	if (sigpending(&pending) < 0)
		return false;
	for (size_t i = 0; i < ENDING_SIGNALS; i++)
		if (sigismember(&set, ending_signals[i]) == 1 &&
		    sigismember(&pending, ending_signals[i]) == 1)
			return true;
	return false;
}

static void hold_signals(struct replacement *r)
{
	sigset_t set;

	fill_signals(&set);
	sigaddset(&set, SIGXFSZ);
	r->blocked = pthread_sigmask(SIG_BLOCK, &set, &r->signals) == 0;
}

/* A write that failed has told what SIGXFSZ would. */
static void let_signals_go(struct replacement *r)
{
	const struct timespec now = {0, 0};
	sigset_t set;

	if (!r->blocked)
		return;
	sigemptyset(&set);
	sigaddset(&set, SIGXFSZ);
	if (sigismember(&r->signals, SIGXFSZ) == 0)
		while (sigtimedwait(&set, NULL, &now) == SIGXFSZ)
			;
	pthread_sigmask(SIG_SETMASK, &r->signals, NULL);
	r->blocked = false;
}

/* "DIR/NAME.ksymaudit-"; malloc'd. */
static char *temporary_prefix(const char *target, size_t *directory)
{
	const char *slash = strrchr(target, '/');
	const char *name = slash ? slash + 1 : target;
	char *out;

	*directory = (size_t)(name - target);
	if (asprintf(&out, "%.*s%.*s" MARK, (int)*directory, target, MAX_STEM, name) < 0)
		return NULL;
	return out;
}

/* Nobody writes to a temporary whose lock can be had. */
static void remove_if_stale(int directory, const char *name)
{
	int fd = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat st;

	if (fd < 0)
		return;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == geteuid() &&
	    flock(fd, LOCK_EX | LOCK_NB) == 0)
		unlinkat(directory, name, 0);
	close(fd);
}

static void remove_stale(const char *prefix, size_t directory)
{
	_cleanup_free_ char *path = directory ? strndup(prefix, directory) : strdup(".");
	const size_t length = strlen(prefix) - directory;
	DIR *dir = path ? opendir(path) : NULL;
	const struct dirent *entry;

	/* NOLINTNEXTLINE(concurrency-mt-unsafe): of a stream of its own */
	while (dir && (entry = readdir(dir)))
		if (strlen(entry->d_name) == length + 6 &&
		    memcmp(entry->d_name, prefix + directory, length) == 0)
			remove_if_stale(dirfd(dir), entry->d_name);
	if (dir)
		closedir(dir);
}

/* A locked temporary. Before it has its lock, another run may take it for a stale one. */
static int make_temporary(struct replacement *r, const char *prefix)
{
	struct stat st;
	int fd;

	for (int tries = 0; tries < 8; tries++) {
		free(r->temporary);
		if (asprintf(&r->temporary, "%sXXXXXX", prefix) < 0) {
			r->temporary = NULL;
			errno = ENOMEM;
			return -1;
		}
		fd = mkostemp(r->temporary, O_CLOEXEC);
		if (fd < 0)
			return -1;
		/* A file system without locks: nothing is removed there either. */
		if (flock(fd, LOCK_EX) != 0 || fstat(fd, &st) != 0 || st.st_nlink)
			return fd;
		close(fd);
	}
	errno = EAGAIN;
	return -1;
}

static void release(struct replacement *r)
{
	int saved = errno;

	if (r->lock >= 0)
		close(r->lock);
	free(r->temporary);
	free(r->target);
	r->lock = -1;
	r->temporary = r->target = NULL;
	let_signals_go(r);
	errno = saved;
}

static void unlink_temporary(const struct replacement *r)
{
	int saved = errno;

	unlink(r->temporary);
	errno = saved;
}

int replacement_open(struct replacement *r, const char *target, mode_t mode)
{
	_cleanup_free_ char *prefix = NULL;
	size_t directory = 0;
	int fd = -1;

	*r = (struct replacement){.lock = -1, .target = strdup(target)};
	if (r->target)
		prefix = temporary_prefix(target, &directory);
	if (!prefix) {
		errno = ENOMEM;
		release(r);
		return -1;
	}
	remove_stale(prefix, directory);
	hold_signals(r);
	fd = make_temporary(r, prefix);
	if (fd >= 0 && fchmod(fd, mode) == 0) {
		r->lock = fcntl(fd, F_DUPFD_CLOEXEC, 0);
		r->file = r->lock < 0 ? NULL : fdopen(fd, "w");
		if (r->file)
			return 0;
	}
	if (fd >= 0) {
		unlink_temporary(r);
		close(fd);
	}
	release(r);
	return -1;
}

int replacement_close(struct replacement *r, bool keep)
{
	bool failed;

	/* The reason of a write that failed before is most likely still there. */
	if (!ferror(r->file))
		errno = 0;
	failed = fflush(r->file) != 0 || ferror(r->file);
	if (fclose(r->file) != 0)
		failed = true;
	r->file = NULL;
	if (failed && !errno)
		errno = EIO;
	if (!failed && keep && is_interrupted()) {
		errno = EINTR;
		failed = true;
	}
	if (!failed && keep)
		failed = rename(r->temporary, r->target) != 0;
	if (failed || !keep)
		unlink_temporary(r);
	release(r);
	return failed && keep ? -1 : 0;
}
