// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/symbol_list.h"

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "model/export.h"

bool symbol_name_is_valid(const char *name, size_t length)
{
	if (!length || length >= SYMBOL_NAME_MAX)
		return false;
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)name[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		      c == '_' || c == '.' || c == '$'))
			return false;
	}
	return name[0] < '0' || name[0] > '9';
}

int symbol_list_add(struct ksa_symbol_list *list, const struct listed_symbol *symbol,
		    struct ksa_error *err)
{
	uint32_t place = (uint32_t)list->count, first = place;
	int r = list->count < NO_INDEX ? VEC_PUSH_ROOM(list, err) : ksa_fail_nomem(err);

	if (r)
		return r;
	if (strmap_add(&list->by_name, symbol->name, &first, NULL) < 0)
		return ksa_fail_nomem(err);
	list->items[list->count] = *symbol;
	list->items[list->count++].next = NO_INDEX;
	/* Behind the first one: a file that has a name often costs no more for that. */
	if (first != place) {
		list->items[place].next = list->items[first].next;
		list->items[first].next = place;
	}
	list->files[symbol->file].count++;
	return 0;
}

const struct listed_symbol *symbol_list_find(const struct ksa_symbol_list *list, const char *name)
{
	uint32_t at;

	return strmap_get(&list->by_name, name, &at) ? &list->items[at] : NULL;
}

const struct listed_symbol *symbol_list_next(const struct ksa_symbol_list *list,
					     const struct listed_symbol *symbol)
{
	return symbol->next == NO_INDEX ? NULL : &list->items[symbol->next];
}

size_t ksa_symbol_list_count(const struct ksa_symbol_list *list)
{
	return list->by_name.count;
}

void ksa_symbol_list_free(struct ksa_symbol_list *list)
{
	if (!list)
		return;
	strmap_release(&list->by_name);
	free(list->items);
	free(list->files);
	arena_release(&list->arena);
	free(list);
}
