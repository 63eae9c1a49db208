// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One export goes and another comes in a commit: is it the same one, renamed? It is likely if the
 * definition stayed the same but for the name, or if the commit's subject says so and names what is
 * replaced by what.
 */
#include "audit/history/events.h"

#include <ctype.h>
#include <string.h>

#include "audit/history/places.h"

#define MAX_PAIRS 256 /* of one commit that are held against each other by their names */
#define MAX_PARTS 24 /* of one name, between underscores */

/* Tell the two as one event. */
static void join(struct ksa_event *gone, struct ksa_event *come)
{
	come->kind = EVENT_RENAMED;
	come->old_symbol = gone->symbol;
	come->from_path = gone->from_path;
	come->from = gone->from;
	come->from_ns = gone->from_ns;
	come->likely = true;
	gone->kind = EVENT_KINDS; /* told by the other one */
}

/* The change behind an event that only took away or only added one file's export. */
static const struct history_change *find_change(const struct ksa_events *events,
						const struct history_change *changes, size_t count,
						const struct ksa_event *event)
{
	const char *path = event->kind == EVENT_REMOVED ? event->from_path : event->to_path;

	for (size_t i = 0; i < count; i++)
		if (events->history->strings[changes[i].name] == event->symbol &&
		    strcmp(events->history->strings[changes[i].path], path) == 0)
			return &changes[i];
	return NULL;
}

/* One symbol goes, another comes, in one file with one and the same body. */
void renames_by_body(struct ksa_events *events, size_t first, const struct history_change *changes,
		     size_t count)
{
	for (size_t i = first; i < events->count; i++) {
		struct ksa_event *gone = &events->items[i];
		const struct history_change *old;

		if (gone->kind != EVENT_REMOVED)
			continue;
		old = find_change(events, changes, count, gone);
		if (!old || !old->body)
			continue;
		for (size_t k = first; k < events->count; k++) {
			struct ksa_event *come = &events->items[k];
			const struct history_change *new;

			if (come->kind != EVENT_INTRODUCED)
				continue;
			new = find_change(events, changes, count, come);
			if (!new || new->body != old->body || new->path != old->path)
				continue;
			join(gone, come);
			break;
		}
	}
}

static bool is_word_byte(char c)
{
	return isalnum((unsigned char)c);
}

/* Where the text has the part as a whole word, without regard to case; whole: '_' is no end of a
 * word. NULL: nowhere. */
static const char *find_word(const char *text, const char *part, size_t length, bool whole)
{
	for (const char *at = text; *at; at++) {
		bool begins = at == text || !(is_word_byte(at[-1]) || (whole && at[-1] == '_'));

		if (begins && strncasecmp(at, part, length) == 0 && !is_word_byte(at[length]) &&
		    !(whole && at[length] == '_'))
			return at;
	}
	return NULL;
}

/* The parts of a name between underscores. */
struct parts {
	struct {
		const char *at;
		size_t length;
	} items[MAX_PARTS];
	size_t count;
};

static void split(struct parts *p, const char *name)
{
	for (p->count = 0; *name && p->count < MAX_PARTS;) {
		size_t length;

		name += strspn(name, "_");
		length = strcspn(name, "_");
		if (!length)
			break;
		p->items[p->count].at = name;
		p->items[p->count++].length = length;
		name += length;
	}
}

static bool same_part(const struct parts *a, size_t i, const struct parts *b, size_t k)
{
	return a->items[i].length == b->items[k].length &&
	       memcmp(a->items[i].at, b->items[k].at, a->items[i].length) == 0;
}

/* What is left of two names without the parts that they begin and end with alike. */
struct difference {
	struct parts old, new;
	size_t begin, old_end, new_end;
};

static void take_difference(struct difference *d, const char *old, const char *new)
{
	split(&d->old, old);
	split(&d->new, new);
	d->begin = 0;
	d->old_end = d->old.count;
	d->new_end = d->new.count;
	while (d->begin < d->old_end && d->begin < d->new_end &&
	       same_part(&d->old, d->begin, &d->new, d->begin))
		d->begin++;
	while (d->old_end > d->begin && d->new_end > d->begin &&
	       same_part(&d->old, d->old_end - 1, &d->new, d->new_end - 1)) {
		d->old_end--;
		d->new_end--;
	}
}

/* Where the first of these parts stands in the subject, if all do; else NULL. */
static const char *find_parts(const char *subject, const struct parts *p, size_t begin, size_t end)
{
	const char *first = NULL;

	for (size_t i = begin; i < end; i++) {
		const char *at = find_word(subject, p->items[i].at, p->items[i].length, false);

		if (!at)
			return NULL;
		first = first ? first : at;
	}
	return first;
}

/* True if all parts of the shorter name stand in the longer one. */
static bool contains_all(const struct parts *a, const struct parts *b)
{
	const struct parts *less = a->count < b->count ? a : b, *more = less == a ? b : a;

	for (size_t i = 0; i < less->count; i++) {
		bool found = false;

		for (size_t k = 0; k < more->count && !found; k++)
			found = same_part(less, i, more, k);
		if (!found)
			return false;
	}
	return less->count > 1;
}

/* What a subject says of renaming. */
enum said { SAID_NOTHING, SAID_ARROW, SAID_RENAME };

static enum said what_is_said(const char *subject)
{
	if (strcasestr(subject, "renam"))
		return SAID_RENAME;
	return strstr(subject, "->") || strstr(subject, "=>") ? SAID_ARROW : SAID_NOTHING;
}

/* Nothing but an arrow, parentheses and blanks between the two names. */
static bool has_arrow(const char *from, const char *to)
{
	size_t length = strspn(from, " ()-=>");

	return from + length == to && (memchr(from, '>', length) != NULL);
}

/* Nearer words of a subject go before those further apart. */
static int closeness(const char *from, const char *to)
{
	return to - from < 1000 ? 1000 - (int)(to - from) : 0;
}

/* Of names that differ in one place: is what is replaced, or what replaces it, in the subject? */
static int weigh_parts(const char *subject, const char *old, const char *new)
{
	struct difference d;
	size_t shared, gone, come;
	const char *from, *to;

	take_difference(&d, old, new);
	gone = d.old_end - d.begin;
	come = d.new_end - d.begin;
	shared = d.old.count - gone;
	/* Names with little in common are no pair by a word of the subject. */
	if (shared < gone || shared < come)
		return 0;
	from = find_parts(subject, &d.old, d.begin, d.old_end);
	to = find_parts(subject, &d.new, d.begin, d.new_end);
	if (from && to)
		return to > from ? 1000 + 50 * (int)shared + closeness(from, to) : 0;
	/* "rename all to foo_": foo_ is put before; "rename foo_x": x is cut off, or something else
	 * stands there. */
	return from || to ? 100 + 10 * (int)shared - (int)(gone + come) : 0;
}

/* How sure a pair is: 0, not at all; else the more the better. Both names in the subject, the old
 * one first, or parts of them. */
static int weigh(const char *subject, enum said said, const char *old, const char *new)
{
	const char *from = find_word(subject, old, strlen(old), true);
	const char *to = find_word(subject, new, strlen(new), true);

	if (from && to && to > from && (said == SAID_RENAME || has_arrow(from + strlen(old), to)))
		return 4000 + closeness(from, to);
	return said == SAID_RENAME ? weigh_parts(subject, old, new) : 0;
}

/* One goes, one comes, and the subject names one of them, or their names are alike. */
static bool is_only_pair(const char *subject, const struct ksa_event *gone,
			 const struct ksa_event *come)
{
	struct parts old, new;

	if (strcmp(gone->from_path, come->to_path) != 0)
		return false;
	if (find_word(subject, gone->symbol, strlen(gone->symbol), true) ||
	    find_word(subject, come->symbol, strlen(come->symbol), true))
		return true;
	split(&old, gone->symbol);
	split(&new, come->symbol);
	return strspn(gone->symbol, "_") == strspn(come->symbol, "_") && contains_all(&old, &new);
}

static struct ksa_event *next_of(struct ksa_events *events, size_t *at, enum event_kind kind)
{
	for (; *at < events->count; ++*at)
		if (events->items[*at].kind == kind)
			return &events->items[(*at)++];
	return NULL;
}

/* The surest pair that is left, or false. */
static bool join_best(struct ksa_events *events, size_t first, const char *subject, enum said said)
{
	struct ksa_event *best_gone = NULL, *best_come = NULL, *gone, *come;
	int best = 0;

	for (size_t i = first; (gone = next_of(events, &i, EVENT_REMOVED));)
		for (size_t k = first; (come = next_of(events, &k, EVENT_INTRODUCED));) {
			int weight = weigh(subject, said, gone->symbol, come->symbol);

			if (weight <= best ||
			    !places_share_architecture(gone->from_path, come->to_path))
				continue;
			best = weight;
			best_gone = gone;
			best_come = come;
		}
	if (best)
		join(best_gone, best_come);
	return best;
}

void renames_by_subject(struct ksa_events *events, size_t first, const char *subject)
{
	enum said said = subject ? what_is_said(subject) : SAID_NOTHING;
	size_t counts[EVENT_KINDS + 1] = {0}, at;
	struct ksa_event *gone, *come;

	for (size_t i = first; i < events->count; i++)
		counts[events->items[i].kind]++;
	if (!said || !counts[EVENT_REMOVED] || !counts[EVENT_INTRODUCED] ||
	    counts[EVENT_REMOVED] > MAX_PAIRS || counts[EVENT_INTRODUCED] > MAX_PAIRS)
		return;
	while (join_best(events, first, subject, said))
		counts[EVENT_REMOVED]--, counts[EVENT_INTRODUCED]--;
	if (said != SAID_RENAME || counts[EVENT_REMOVED] != 1 || counts[EVENT_INTRODUCED] != 1)
		return;
	at = first;
	gone = next_of(events, &at, EVENT_REMOVED);
	at = first;
	come = next_of(events, &at, EVENT_INTRODUCED);
	if (gone && come && is_only_pair(subject, gone, come))
		join(gone, come);
}
