// SPDX-License-Identifier: GPL-2.0-or-later
/* Replay corpora without libFuzzer: every file named, every file of every directory named. */
#include "fuzz.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static int replay_file(const char *path)
{
	FILE *in = fopen(path, "rb");
	uint8_t *data = NULL;
	struct stat st;
	size_t size;
	int bad = 1;

	if (!in || fstat(fileno(in), &st))
		goto out;
	size = (size_t)st.st_size;
	/* Exactly the file's size, so that a read past its end is seen. */
	data = malloc(size ? size : 1);
	if (!data || fread(data, 1, size, in) != size)
		goto out;
	LLVMFuzzerTestOneInput(data, size);
	bad = 0;
out:
	if (bad)
		fprintf(stderr, "cannot read '%s': %s\n", path, strerror(errno));
	free(data);
	if (in)
		fclose(in);
	return bad;
}

static int replay_directory(const char *path, size_t *count)
{
	struct dirent **entries;
	int n = scandir(path, &entries, NULL, alphasort), bad = 0;

	if (n < 0) {
		fprintf(stderr, "cannot list '%s': %s\n", path, strerror(errno));
		return 1;
	}
	for (int i = 0; i < n; i++) {
		char *file;

		if (entries[i]->d_name[0] != '.' &&
		    asprintf(&file, "%s/%s", path, entries[i]->d_name) > 0) {
			bad |= replay_file(file);
			++*count;
			free(file);
		}
		free(entries[i]);
	}
	free(entries);
	return bad;
}

int main(int argc, char **argv)
{
	size_t count = 0;
	int bad = 0;

	for (int i = 1; i < argc; i++) {
		struct stat st;

		if (stat(argv[i], &st) == 0 && S_ISDIR(st.st_mode)) {
			bad |= replay_directory(argv[i], &count);
		} else {
			bad |= replay_file(argv[i]);
			count++;
		}
	}
	if (!count) {
		fputs("no inputs were given\n", stderr);
		bad = 1;
	}
	return bad;
}
