// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/source/typed_declare.h"

#include <stdlib.h>

struct typed_reader {
	struct arena arena;
};

int typed_reader_new(struct typed_reader **out, struct ksa_error *err)
{
	*out = calloc(1, sizeof(**out));
	return *out ? 0 : ksa_fail_nomem(err);
}

void typed_reader_free(struct typed_reader *reader)
{
	if (!reader)
		return;
	arena_release(&reader->arena);
	free(reader);
}

int typed_reader_function(struct typed_reader *reader, struct span text, struct arena *arena,
			  struct typed_function **out, struct ksa_error *err)
{
	(void)reader;
	(void)text;
	(void)arena;
	(void)err;
	*out = NULL;
	return 0;
}
