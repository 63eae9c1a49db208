// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/patch.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

void patch_set_release(struct patch_set *set)
{
	free(set->patches);
	free(set->notices);
	arena_release(&set->arena);
	memset(set, 0, sizeof(*set));
}

int patch_set_notice(struct patch_set *set, struct ksa_error *err, const char *format, ...)
{
	const char *text;
	va_list ap;

	va_start(ap, format);
	text = arena_vprintf(&set->arena, format, ap);
	va_end(ap);
	return vec_add_text(&set->notices, &set->notice_count, &set->notice_capacity, text, err);
}

static bool on_side(const struct patch_line *line, enum patch_side side)
{
	return line->sign != (side == PATCH_OLD ? '+' : '-');
}

uint32_t patch_file_at(const struct patch_file *file, enum patch_side side, uint32_t line)
{
	for (size_t h = 0; h < file->hunk_count; h++) {
		const struct patch_hunk *hunk = &file->hunks[h];
		uint32_t number = hunk->start[side];

		if (line < number)
			continue;
		for (size_t i = 0; i < hunk->line_count; i++) {
			if (!on_side(&hunk->lines[i], side))
				continue;
			if (number == line)
				return hunk->lines[i].at;
			number++;
		}
	}
	return 0;
}

static bool in_order(const struct patch_file *file, enum patch_side side)
{
	for (size_t h = 1; h < file->hunk_count; h++)
		if (file->hunks[h].start[side] < file->hunks[h - 1].start[side])
			return false;
	return true;
}

/* In one hunk, from the position on; 0: it does not show the line. */
static uint32_t find_in_hunk(const struct patch_hunk *hunk, enum patch_side side, uint32_t line,
			     struct patch_position *p)
{
	if (!p->index)
		p->number = hunk->start[side];
	if (line < p->number)
		return 0;
	for (; p->index < hunk->line_count; p->index++) {
		if (!on_side(&hunk->lines[p->index], side))
			continue;
		if (p->number == line)
			return hunk->lines[p->index].at;
		p->number++;
	}
	return 0;
}

uint32_t patch_file_next(const struct patch_file *file, enum patch_side side, uint32_t line,
			 struct patch_position *p)
{
	if (!p->line && !in_order(file, side))
		return patch_file_at(file, side, line);
	if (line < p->line)
		*p = (struct patch_position){.line = 0};
	p->line = line;
	for (; p->hunk < file->hunk_count; p->hunk++, p->index = 0) {
		uint32_t at = find_in_hunk(&file->hunks[p->hunk], side, line, p);

		if (at)
			return at;
		/* Of hunks that are in order, none further on has it. */
		if (p->index < file->hunks[p->hunk].line_count)
			return 0;
	}
	return 0;
}
