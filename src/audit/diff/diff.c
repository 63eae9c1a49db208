// SPDX-License-Identifier: GPL-2.0-or-later
/* What changed between two kernels: one row a symbol, each axis for itself. */
#include "audit/diff/diff.h"

#include <stdlib.h>
#include <string.h>

#include "audit/diff/diff_internal.h"
#include "model/prototype.h"
#include "model/shipped.h"

static bool is_vmlinux(const struct ksa_export *e)
{
	return strcmp(e->owner, "vmlinux") == 0;
}

/*
 * True if these exports would have been seen on the other side: their part (vmlinux, the modules)
 * was read there, and so was the other part, to which they may have moved. A part that neither side
 * has is no matter: then it is the rest that is compared, and the gap is said.
 */
static bool is_in_reach(const struct diff_exports *x, const struct ksa_kernel *own,
			const struct ksa_kernel *other)
{
	bool image = other->has_image || !own->has_image;
	bool modules = other->has_modules || !own->has_modules;

	/* Two lists of what is promised: what went is promised no more. */
	if (own->promised && other->promised)
		return true;
	for (uint32_t i = 0; i < x->count; i++)
		if (is_vmlinux(&x->items[i]) ? !other->has_image : !other->has_modules)
			return false;
	return image && modules;
}

static void mark(struct diff_row *row, enum diff_axis axis)
{
	row->marks |= (uint8_t)AXIS_MARK(axis);
}

static void leave_out(struct diff_row *row, enum diff_axis axis)
{
	row->uncompared |= (uint8_t)AXIS_MARK(axis);
}

/* The classes of a side as a mask; 0 if one is not known. */
static unsigned int class_mask(const struct diff_exports *x)
{
	unsigned int mask = 0;

	for (uint32_t i = 0; i < x->count; i++) {
		if (x->items[i].cls == KSA_CLASS_UNKNOWN)
			return 0;
		mask |= 1u << x->items[i].cls;
	}
	return mask;
}

static bool same_ns(const struct ksa_export *a, const struct ksa_export *b)
{
	return a->ns == b->ns || (a->ns && b->ns && strcmp(a->ns, b->ns) == 0);
}

/* A source that does not know directories (a lone .ko) gives the name alone. */
static bool same_owner(const struct ksa_export *a, const struct ksa_export *b)
{
	if (strcmp(a->owner, b->owner) == 0)
		return true;
	if (!strchr(a->owner, '/') || !strchr(b->owner, '/'))
		return owner_is_same(a->owner, b->owner);
	return module_name_compare(a->owner, b->owner) == 0;
}

/* True if every export of a has its like in b. */
static bool is_within(const struct diff_exports *a, const struct diff_exports *b,
		      bool (*same)(const struct ksa_export *, const struct ksa_export *))
{
	for (uint32_t i = 0; i < a->count; i++) {
		uint32_t k = 0;

		while (k < b->count && !same(&a->items[i], &b->items[k]))
			k++;
		if (k == b->count)
			return false;
	}
	return true;
}

static bool knows_namespaces(const struct diff_exports *x)
{
	for (uint32_t i = 0; i < x->count; i++)
		if (!x->items[i].ns_known)
			return false;
	return true;
}

/* The namespace of a side, one that is reserved before all others; NULL: none. */
static const char *strictest_ns(const struct diff_exports *x)
{
	const char *ns = NULL;

	for (uint32_t i = 0; i < x->count; i++)
		if (x->items[i].ns && (!ns || namespace_is_reserved(x->items[i].ns)))
			ns = x->items[i].ns;
	return ns;
}

/* True if a module that the one reserved namespace names is not named by the other. */
static bool shuts_out(const char *old, const char *new_)
{
	const char *entry = strchr(old, ':') + 1;
	char name[256];

	for (;;) {
		size_t length = strcspn(entry, ",");

		if (length && length < sizeof(name)) {
			memcpy(name, entry, length);
			name[length] = '\0';
			if (!namespace_allows_module(new_, name, true))
				return true;
		}
		if (!entry[length])
			return false;
		entry += length + 1;
	}
}

static enum diff_ns ns_change(const struct diff_row *row)
{
	const char *old = strictest_ns(&row->side[DIFF_OLD]);
	const char *new_ = strictest_ns(&row->side[DIFF_NEW]);

	if (namespace_is_reserved(old) != namespace_is_reserved(new_))
		return namespace_is_reserved(new_) ? NS_RESERVED : NS_FREED;
	if (namespace_is_reserved(old) && shuts_out(old, new_))
		return NS_RESERVED;
	if (!old)
		return NS_GAINED;
	return new_ ? NS_CHANGED : NS_LOST;
}

static void compare_namespace(struct diff_row *row)
{
	const struct diff_exports *old = &row->side[DIFF_OLD], *new_ = &row->side[DIFF_NEW];

	if (!knows_namespaces(old) || !knows_namespaces(new_)) {
		leave_out(row, AXIS_NAMESPACE);
	} else if (!is_within(old, new_, same_ns) || !is_within(new_, old, same_ns)) {
		mark(row, AXIS_NAMESPACE);
		row->ns = (uint8_t)ns_change(row);
	}
}

static bool has_vmlinux(const struct diff_exports *x)
{
	for (uint32_t i = 0; i < x->count; i++)
		if (is_vmlinux(&x->items[i]))
			return true;
	return false;
}

/* Of source files those of one name in two directories are two files. */
static bool same_module(const struct ksa_export *a, const struct ksa_export *b)
{
	if (a->source_kind == SOURCE_TEXT && b->source_kind == SOURCE_TEXT)
		return strcmp(a->owner, b->owner) == 0;
	return owner_is_same(a->owner, b->owner);
}

/* The classes that a side has in the same module; 0: none. */
static unsigned int module_mask(const struct diff_exports *x, const struct ksa_export *e)
{
	unsigned int mask = 0;

	for (uint32_t i = 0; i < x->count; i++)
		if (same_module(&x->items[i], e))
			mask |= 1u << x->items[i].cls;
	return mask;
}

static void compare_owner(struct diff_row *row)
{
	const struct diff_exports *old = &row->side[DIFF_OLD], *new_ = &row->side[DIFF_NEW];

	if (is_within(old, new_, same_owner) && is_within(new_, old, same_owner))
		return;
	mark(row, AXIS_OWNER);
	if (has_vmlinux(old) != has_vmlinux(new_))
		row->owner = has_vmlinux(old) ? OWNER_TO_MODULE : OWNER_TO_VMLINUX;
	else if (is_within(old, new_, same_module) && is_within(new_, old, same_module))
		row->owner = OWNER_DIRECTORY;
	else
		row->owner = OWNER_BETWEEN_MODULES;
}

/* Several exports of a name are compared with those of the same module, and as a whole. */
static void compare_class(struct diff_row *row)
{
	const struct diff_exports *old = &row->side[DIFF_OLD], *new_ = &row->side[DIFF_NEW];
	unsigned int before = class_mask(old), after = class_mask(new_);
	bool changed = before != after;

	if (!before || !after) {
		leave_out(row, AXIS_CLASS);
		return;
	}
	for (uint32_t i = 0; i < old->count && !changed; i++) {
		unsigned int mask = module_mask(new_, &old->items[i]);

		changed = mask && mask != module_mask(old, &old->items[i]);
	}
	if (changed)
		mark(row, AXIS_CLASS);
}

/* Several exports of a name are compared with those of the same module. */
static void compare_crc(struct diff_row *row)
{
	const struct diff_exports *old = &row->side[DIFF_OLD], *new_ = &row->side[DIFF_NEW];
	bool single = old->count == 1 && new_->count == 1, compared = false;

	for (uint32_t i = 0; i < old->count; i++) {
		for (uint32_t k = 0; k < new_->count; k++) {
			const struct ksa_export *a = &old->items[i], *b = &new_->items[k];

			if (!a->has_crc || !b->has_crc || !(single || same_module(a, b)))
				continue;
			compared = true;
			if (a->crc != b->crc)
				mark(row, AXIS_CRC);
		}
	}
	if (!compared)
		leave_out(row, AXIS_CRC);
}

/* As with CRCs; only of kernels that were read with their prototypes. */
static void compare_prototype(struct diff_row *row)
{
	const struct diff_exports *old = &row->side[DIFF_OLD], *new_ = &row->side[DIFF_NEW];
	bool single = old->count == 1 && new_->count == 1, compared = false;

	for (uint32_t i = 0; i < old->count; i++) {
		for (uint32_t k = 0; k < new_->count; k++) {
			const struct ksa_export *a = &old->items[i], *b = &new_->items[k];

			if (!a->prototype || !b->prototype || !(single || same_module(a, b)))
				continue;
			compared = true;
			if (!prototype_is_same(a->prototype, b->prototype))
				mark(row, AXIS_PROTOTYPE);
		}
	}
	if (!compared)
		leave_out(row, AXIS_PROTOTYPE);
}

static bool wants_prototypes(const struct diff *diff)
{
	return diff->kernels[DIFF_OLD]->want_prototypes && diff->kernels[DIFF_NEW]->want_prototypes;
}

static enum diff_severity severity_of(const struct diff_row *row)
{
	int class_change = 0;

	if (row->marks & AXIS_MARK(AXIS_REMOVED))
		return SEVERITY_REMOVED;
	if (row->marks & AXIS_MARK(AXIS_ADDED))
		return SEVERITY_ADDED;
	if (row->marks & AXIS_MARK(AXIS_CLASS))
		class_change = diff_compare_classes(diff_class(row, DIFF_NEW, NULL),
						    diff_class(row, DIFF_OLD, NULL));
	if (class_change > 0)
		return SEVERITY_CLASS;
	if (row->ns == NS_RESERVED)
		return SEVERITY_RESERVED;
	if (row->marks & AXIS_MARK(AXIS_PROTOTYPE))
		return SEVERITY_PROTOTYPE;
	if (row->ns == NS_GAINED || row->ns == NS_CHANGED)
		return SEVERITY_NAMESPACE;
	if (row->marks & AXIS_MARK(AXIS_OWNER))
		return SEVERITY_OWNER;
	if (row->marks & ~AXIS_MARK(AXIS_CRC))
		return SEVERITY_EASED;
	return row->marks ? SEVERITY_CRC : SEVERITY_SAME;
}

/* True if the modules that owned a removed symbol are known to be gone. */
static bool is_owner_gone(const struct diff_row *row, const struct ksa_kernel *new_)
{
	const struct diff_exports *old = &row->side[DIFF_OLD];

	if (!new_->has_modules || !new_->module_count)
		return false;
	for (uint32_t i = 0; i < old->count; i++)
		if (is_vmlinux(&old->items[i]) || kernel_find_module(new_, old->items[i].owner))
			return false;
	return true;
}

static void compare(struct diff *diff, struct diff_row *row)
{
	const struct diff_exports *old = &row->side[DIFF_OLD], *new_ = &row->side[DIFF_NEW];
	const struct ksa_kernel *old_kernel = diff->kernels[DIFF_OLD];
	const struct ksa_kernel *new_kernel = diff->kernels[DIFF_NEW];

	if (!new_->count && is_in_reach(old, old_kernel, new_kernel)) {
		mark(row, AXIS_REMOVED);
		row->owner_gone = is_owner_gone(row, new_kernel);
	} else if (!new_->count) {
		leave_out(row, AXIS_REMOVED);
	} else if (!old->count && is_in_reach(new_, new_kernel, old_kernel)) {
		mark(row, AXIS_ADDED);
	} else if (!old->count) {
		leave_out(row, AXIS_ADDED);
	} else {
		compare_class(row);
		compare_namespace(row);
		compare_owner(row);
		compare_crc(row);
		if (wants_prototypes(diff))
			compare_prototype(row);
	}
	row->severity = (uint8_t)severity_of(row);
}

/* _R and a path (v0 mangling, Rust RFC 2603). */
static bool is_rust(const char *name)
{
	return name[0] == '_' && name[1] == 'R' && name[2] && strchr("CMXYNIB", name[2]);
}

/* The exports of one name from *at on; *at is moved behind them. */
static struct diff_exports take_exports(const struct ksa_kernel *kernel, size_t *at)
{
	struct diff_exports x = {.items = &kernel->exports[*at]};

	while (*at < kernel->export_count && kernel->exports[*at].name == x.items->name) {
		if (kernel->exports[*at].importer_count > x.importers)
			x.importers = kernel->exports[*at].importer_count;
		x.count++;
		(*at)++;
	}
	return x;
}

/* Which kernel has the next name, of those at a and b: negative is the old one, 0 both. */
static int compare_next(const struct diff *diff, size_t a, size_t b)
{
	const struct ksa_kernel *old = diff->kernels[DIFF_OLD], *new_ = diff->kernels[DIFF_NEW];

	if (a == old->export_count)
		return 1;
	if (b == new_->export_count)
		return -1;
	return strcmp(old->exports[a].name, new_->exports[b].name);
}

/* How many names both kernels have together. */
static size_t count_names(const struct diff *diff)
{
	const struct ksa_kernel *old = diff->kernels[DIFF_OLD], *new_ = diff->kernels[DIFF_NEW];
	size_t count = 0;

	for (size_t a = 0, b = 0; a < old->export_count || b < new_->export_count; count++) {
		int c = compare_next(diff, a, b);

		if (c <= 0)
			take_exports(old, &a);
		if (c >= 0)
			take_exports(new_, &b);
	}
	return count;
}

static int make_rows(struct diff *diff, struct ksa_error *err)
{
	const struct ksa_kernel *old = diff->kernels[DIFF_OLD], *new_ = diff->kernels[DIFF_NEW];
	size_t a = 0, b = 0;

	diff->rows = arena_calloc(&diff->arena, count_names(diff) + 1, sizeof(*diff->rows));
	if (!diff->rows)
		return ksa_fail_nomem(err);
	while (a < old->export_count || b < new_->export_count) {
		struct diff_row *row = &diff->rows[diff->row_count++];
		int c = compare_next(diff, a, b);

		*row = (struct diff_row){.family = NO_INDEX, .cause = NO_INDEX};
		row->name = c <= 0 ? old->exports[a].name : new_->exports[b].name;
		row->rust = is_rust(row->name);
		if (c <= 0)
			row->side[DIFF_OLD] = take_exports(old, &a);
		if (c >= 0)
			row->side[DIFF_NEW] = take_exports(new_, &b);
		compare(diff, row);
	}
	return 0;
}

/* Which axes were compared at all: a symbol of one side only has but the one. */
static unsigned int axes_of(const struct diff *diff, const struct diff_row *row)
{
	if (!row->side[DIFF_NEW].count)
		return AXIS_MARK(AXIS_REMOVED);
	if (!row->side[DIFF_OLD].count)
		return AXIS_MARK(AXIS_ADDED);
	return AXIS_MARK(AXIS_CLASS) | AXIS_MARK(AXIS_NAMESPACE) | AXIS_MARK(AXIS_OWNER) |
	       AXIS_MARK(AXIS_CRC) | (wants_prototypes(diff) ? AXIS_MARK(AXIS_PROTOTYPE) : 0);
}

static void count_directions(struct diff_counts *counts, const struct diff_row *row)
{
	enum ksa_class old = diff_class(row, DIFF_OLD, NULL),
		       new_ = diff_class(row, DIFF_NEW, NULL);

	if (row->marks & AXIS_MARK(AXIS_REMOVED)) {
		counts->by_class[AXIS_REMOVED][old]++;
		counts->removed_with_owner += row->owner_gone;
		counts->removed_imported += row->side[DIFF_OLD].importers > 0;
		counts->lost[row->lost]++;
	}
	if (row->marks & AXIS_MARK(AXIS_ADDED))
		counts->by_class[AXIS_ADDED][new_]++;
	if (row->marks & AXIS_MARK(AXIS_CLASS)) {
		counts->class_moves[old][new_]++;
		counts->class_reserved[old][new_] += row->ns == NS_RESERVED;
	}
	if (row->marks & AXIS_MARK(AXIS_NAMESPACE))
		counts->ns[row->ns]++;
	if (row->marks & AXIS_MARK(AXIS_OWNER))
		counts->owner[row->owner]++;
}

static void count_rows(struct diff *diff)
{
	struct diff_counts *counts = &diff->counts;

	for (size_t i = 0; i < diff->row_count; i++) {
		const struct diff_row *row = &diff->rows[i];
		unsigned int axes = axes_of(diff, row);

		if (!diff_in_scope(diff, row))
			continue;
		if (diff->symbols)
			diff->listed[diff_listed_fate(row)]++;
		for (int axis = 0; axis < AXIS_COUNT; axis++) {
			unsigned int bit = AXIS_MARK(axis);

			counts->uncompared[axis] += !!(row->uncompared & bit);
			counts->compared[axis] += (axes & ~row->uncompared & bit) != 0;
			if (row->marks & bit)
				(row->rust ? counts->rust : counts->marked)[axis]++;
		}
		if (!row->rust)
			count_directions(counts, row);
	}
	for (size_t m = 0; m < diff->module_count; m++)
		counts->fates[diff->modules[m].fate]++;
}

int diff_make(const struct diff_input *input, struct diff **out, struct ksa_error *err)
{
	struct diff *diff = calloc(1, sizeof(*diff));
	int r;

	*out = NULL;
	if (!diff)
		return ksa_fail_nomem(err);
	memcpy(diff->kernels, input->kernels, sizeof(diff->kernels));
	diff->symbols = input->symbols;
	r = make_rows(diff, err);
	if (!r)
		r = diff_find_listed(diff, err);
	if (!r)
		r = diff_judge_modules(diff, input, err);
	if (!r)
		r = diff_find_families(diff, input->rules ? input->rules : &rules_shipped, err);
	if (!r)
		r = diff_find_lost(diff, err);
	if (!r && input->successors)
		r = diff_find_successors(diff, err);
	if (!r)
		r = diff_find_causes(diff, input, err);
	if (!r)
		count_rows(diff);
	if (!r)
		r = diff_find_gaps(diff, err);
	if (r) {
		diff_free(diff);
		return r;
	}
	*out = diff;
	return 0;
}

void diff_free(struct diff *diff)
{
	if (!diff)
		return;
	ksa_report_free(diff->report);
	free(diff->tolerated);
	free(diff->remarks);
	arena_release(&diff->arena);
	free(diff);
}
