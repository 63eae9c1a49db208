// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/event.h"

#include <stdio.h>
#include <stdlib.h>

const char *event_kind_name(enum event_kind kind)
{
	static const char *const names[EVENT_KINDS] = {"present",   "introduced", "reclassified",
						       "namespace", "moved",	  "renamed",
						       "removed"};

	return names[kind];
}

void ksa_events_free(struct ksa_events *events)
{
	if (!events)
		return;
	free(events->items);
	free(events->first_tag);
	free(events->first_release);
	free(events->backports);
	free(events->states);
	arena_release(&events->arena);
	free(events);
}

/* In the order of the classes' names, as they are found elsewhere. */
const char *event_classes(uint8_t mask, char *buffer, size_t size)
{
	static const enum ksa_class order[] = {KSA_CLASS_GPL,	 KSA_CLASS_GPL_FUTURE,
					       KSA_CLASS_PLAIN,	 KSA_CLASS_UNKNOWN,
					       KSA_CLASS_UNUSED, KSA_CLASS_UNUSED_GPL};
	size_t length = 0;

	*buffer = '\0';
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		if (mask & 1u << order[i] && length < size)
			length += (size_t)snprintf(buffer + length, size - length, "%s%s",
						   length ? "+" : "", ksa_class_name(order[i]));
	return buffer;
}
