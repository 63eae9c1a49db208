// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/bytes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

size_t bytes_text_start(const void *text, size_t size)
{
	static const char mark[] = "\xef\xbb\xbf";

	return size >= strlen(mark) && memcmp(text, mark, strlen(mark)) == 0 ? strlen(mark) : 0;
}

void bytes_release(struct bytes *bytes)
{
	if (bytes->storage == BYTES_MAPPED) {
		union {
			const unsigned char *in;
			void *out;
		} u = {.in = bytes->data};

		munmap(u.out, bytes->size);
	} else if (bytes->storage == BYTES_HEAP) {
		union {
			const unsigned char *in;
			void *out;
		} u = {.in = bytes->data};

		free(u.out);
	}
	memset(bytes, 0, sizeof(*bytes));
}

static const char *kind_of_file(mode_t mode)
{
	if (S_ISDIR(mode))
		return "a directory";
	if (S_ISFIFO(mode))
		return "a FIFO";
	if (S_ISSOCK(mode))
		return "a socket";
	return "a device";
}

/* An open regular file and its size. O_NONBLOCK, so that a FIFO or a modem does not hang us. */
static int open_regular(const char *path, size_t limit, int *fd, size_t *size,
			struct ksa_error *err)
{
	struct stat st;
	int r;

	*fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (*fd < 0)
		return ksa_fail_errno(err, path, "open");
	if (fstat(*fd, &st) < 0) {
		r = ksa_fail_errno(err, path, "stat");
		close(*fd);
		return r;
	}
	if (!S_ISREG(st.st_mode)) {
		close(*fd);
		return ksa_fail_at(err, KSA_EUSAGE, path, 0, "is %s, expected a regular file",
				   kind_of_file(st.st_mode));
	}
	if ((uint64_t)st.st_size > SIZE_MAX || (limit && (uint64_t)st.st_size > limit)) {
		close(*fd);
		return ksa_fail_at(err, KSA_ELIMIT, path, 0,
				   "is %lld bytes long, more than the limit of %zu",
				   (long long)st.st_size, limit);
	}
	*size = (size_t)st.st_size;
	return 0;
}

/* Map an open file, and close it. */
static int map_open(struct bytes *bytes, const char *path, int fd, size_t size,
		    struct ksa_error *err)
{
	void *map = size ? mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0) : NULL;
	int r = map == MAP_FAILED ? ksa_fail_errno(err, path, "map") : 0;

	close(fd);
	if (!r && size)
		*bytes = (struct bytes){.data = map, .size = size, .storage = BYTES_MAPPED};
	return r;
}

int bytes_map_file(struct bytes *bytes, const char *path, size_t limit, struct ksa_error *err)
{
	size_t size = 0;
	int fd, r;

	memset(bytes, 0, sizeof(*bytes));
	r = open_regular(path, limit, &fd, &size, err);
	return r ? r : map_open(bytes, path, fd, size, err);
}

static int check_private(const struct stat *st, const char *path, struct ksa_error *err)
{
	if (st->st_uid != geteuid())
		return ksa_fail_at(err, KSA_EUSAGE, path, 0, "belongs to another user");
	if (st->st_mode & (S_IWGRP | S_IWOTH))
		return ksa_fail_at(err, KSA_EUSAGE, path, 0,
				   "may be written by others; chmod go-w it");
	return 0;
}

static int check_directory(const char *path, struct ksa_error *err)
{
	const char *slash = strrchr(path, '/');
	char *directory =
		slash ? strndup(path, (size_t)(slash - path) + (slash == path)) : strdup(".");
	struct stat st;
	int r;

	if (!directory)
		return ksa_fail_nomem(err);
	r = stat(directory, &st) < 0 ? ksa_fail_errno(err, directory, "stat")
				     : check_private(&st, directory, err);
	free(directory);
	return r;
}

int bytes_map_private(struct bytes *bytes, const char *path, size_t limit, struct ksa_error *err)
{
	struct stat named, st;
	size_t size = 0;
	int fd, r;

	memset(bytes, 0, sizeof(*bytes));
	if (lstat(path, &named) < 0)
		return ksa_fail_errno(err, path, "stat");
	r = check_directory(path, err);
	if (!r)
		r = open_regular(path, limit, &fd, &size, err);
	if (r)
		return r;
	if (fstat(fd, &st) < 0)
		r = ksa_fail_errno(err, path, "stat");
	else if (st.st_ino != named.st_ino || st.st_dev != named.st_dev)
		r = ksa_fail_at(err, KSA_EUSAGE, path, 0, "is a link");
	else
		r = check_private(&st, path, err);
	if (!r)
		return map_open(bytes, path, fd, size, err);
	close(fd);
	return r;
}

/* Read up to limit bytes; a stream that has more is refused. */
static int read_stream(struct bytes *bytes, int fd, const char *path, size_t hint, size_t limit,
		       struct ksa_error *err)
{
	size_t capacity = hint + 1, used = 0;
	unsigned char *data = malloc(capacity);

	if (!data)
		return ksa_fail_nomem(err);
	for (;;) {
		ssize_t n = read(fd, data + used, capacity - used);
		unsigned char *grown;

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			int r = ksa_fail_errno(err, path, "read");

			free(data);
			return r;
		}
		if (n == 0)
			break;
		used += (size_t)n;
		if (used > limit) {
			free(data);
			return ksa_fail_at(err, KSA_ELIMIT, path, 0,
					   "is longer than the limit of %zu bytes", limit);
		}
		if (used < capacity)
			continue;
		grown = realloc(data, capacity * 2);
		if (!grown) {
			free(data);
			return ksa_fail_nomem(err);
		}
		data = grown;
		capacity *= 2;
	}
	*bytes = (struct bytes){.data = data, .size = used, .storage = BYTES_HEAP};
	return 0;
}

int bytes_read_file(struct bytes *bytes, const char *path, size_t limit, struct ksa_error *err)
{
	size_t size = 0;
	int fd, r;

	memset(bytes, 0, sizeof(*bytes));
	if (strcmp(path, "-") == 0)
		return read_stream(bytes, STDIN_FILENO, "(standard input)", 65536, limit, err);
	r = open_regular(path, limit, &fd, &size, err);
	if (r)
		return r;
	r = read_stream(bytes, fd, path, size, limit, err);
	close(fd);
	return r;
}
