// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/bytes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

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

int bytes_map_file(struct bytes *bytes, const char *path, size_t limit, struct ksa_error *err)
{
	size_t size;
	void *map;
	int fd, r;

	memset(bytes, 0, sizeof(*bytes));
	r = open_regular(path, limit, &fd, &size, err);
	if (r)
		return r;
	if (size == 0) {
		close(fd);
		return 0;
	}
	map = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (map == MAP_FAILED)
		r = ksa_fail_errno(err, path, "map");
	close(fd);
	if (r)
		return r;
	*bytes = (struct bytes){.data = map, .size = size, .storage = BYTES_MAPPED};
	return 0;
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
