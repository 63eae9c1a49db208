// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/files.h"

#include <string.h>

int files_by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

void files_close(FTS **fts)
{
	if (*fts)
		fts_close(*fts);
}

bool path_ends_in(const char *path, const char *ending)
{
	size_t length = strlen(path), n = strlen(ending);

	return length > n && strcmp(path + length - n, ending) == 0;
}
