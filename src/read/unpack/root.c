// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/unpack/root.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/strbuf.h"

#define MAX_HOPS 40 /* links in a row, as many as the kernel follows */

char *root_of_tree(const char *real)
{
	static const char below[] = "/lib/modules";
	const char *slash = strrchr(real, '/');
	size_t length = slash ? (size_t)(slash - real) : 0;

	if (length < sizeof(below) - 1 ||
	    strncmp(slash - (sizeof(below) - 1), below, sizeof(below) - 1) != 0)
		return NULL;
	length -= sizeof(below) - 1;
	if (length >= 4 && strncmp(real + length - 4, "/usr", 4) == 0)
		length -= 4;
	return length ? strndup(real, length) : NULL;
}

/* One step: into done + "/" + name. True: it is a link, whose target is to be followed. */
static bool step(struct strbuf *done, const char *root, const char *name, size_t length,
		 char *target)
{
	size_t before = done->length;
	ssize_t n;

	if (length == 0 || (length == 1 && name[0] == '.'))
		return false;
	if (length == 2 && name[0] == '.' && name[1] == '.') {
		while (done->length > strlen(root) && done->data[--done->length] != '/')
			;
		return false;
	}
	strbuf_addc(done, '/');
	strbuf_add(done, name, length);
	n = readlink(strbuf_string(done), target, PATH_MAX - 1);
	if (n < 0)
		return false;
	target[n] = '\0';
	done->length = before;
	if (target[0] == '/') {
		strbuf_reset(done);
		strbuf_adds(done, root);
	}
	return true;
}

char *root_resolve(const char *root, const char *dir, const char *name)
{
	_cleanup_(strbuf_release) struct strbuf done = {NULL, 0, 0, false};
	_cleanup_free_ char *left = strdup(name);
	char target[PATH_MAX];
	const char *at = left;
	int hops = 0;

	strbuf_adds(&done, dir);
	while (at && *at && hops < MAX_HOPS) {
		size_t length = strcspn(at, "/");
		const char *rest = at + length + (at[length] == '/');
		char *joined;

		if (!step(&done, root, at, length, target)) {
			at = rest;
			continue;
		}
		hops++;
		if (asprintf(&joined, "%s/%s", target, rest) < 0)
			return NULL;
		free(left);
		at = left = joined;
	}
	strbuf_adds(&done, ""); /* ends it where it was cut */
	return at && !done.failed ? strdup(strbuf_string(&done)) : NULL;
}

char *root_path(const char *root, const char *dir, const char *real, const char *name)
{
	_cleanup_free_ char *there = NULL;
	size_t length = root ? strlen(root) : 0;
	char *path;

	if (asprintf(&path, "%s/%s", dir, name) < 0)
		return NULL;
	there = root ? realpath(path, NULL) : NULL;
	if (!root || (there && strncmp(there, root, length) == 0 && there[length] == '/'))
		return path;
	free(path);
	return root_resolve(root, real, name);
}
