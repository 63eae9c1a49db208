// SPDX-License-Identifier: GPL-2.0-or-later
/* What was found is kept for the answer. */
#include "read/source/typed_internal.h"

static bool is_member(const struct typed_step *step)
{
	return step->kind == TYPED_ARROW || step->kind == TYPED_DOT;
}

struct typed_expr typed_expr_of(struct typed_scan *t, const struct typed_operand *operand)
{
	struct typed_expr expr = {.root = operand->root,
				  .step_count = operand->step_count,
				  .type = operand->type,
				  .name = typed_name(t, operand->word),
				  .function = operand->function};
	struct typed_step *steps;

	if (!operand->step_count)
		return expr;
	steps = arena_alloc(t->arena, operand->step_count * sizeof(*steps));
	if (!steps) {
		t->failed = true;
		expr.step_count = 0;
		return expr;
	}
	memcpy(steps, operand->steps, operand->step_count * sizeof(*steps));
	expr.steps = steps;
	return expr;
}

/* True if there is no room for more records, which no real source makes. */
static bool is_full(struct typed_scan *t, size_t count)
{
	t->is_cut |= count >= TYPED_RECORDS;
	return t->is_cut;
}

void typed_emit_access(struct typed_scan *t, const struct typed_operand *operand)
{
	struct typed_operand copy = *operand;
	struct typed_access access;

	while (copy.step_count && !is_member(&copy.steps[copy.step_count - 1]))
		copy.step_count--;
	if (!copy.step_count || is_full(t, t->accesses.count) || !typed_room(t, accesses))
		return;
	/* What a macro of the source's own does with its arguments is not known. */
	if (t->in_own_macro && (copy.root == TYPED_ROOT_UNKNOWN || copy.root == TYPED_ROOT_NAME))
		return;
	access.expr = typed_expr_of(t, &copy);
	access.site = typed_site_of(t, typed_token_at(t, copy.member - 1));
	t->accesses.items[t->accesses.count++] = (struct typed_record_access){t->file, 0, access};
}

uint32_t typed_emit_call(struct typed_scan *t, const struct typed_call *call,
			 const struct typed_token *name)
{
	size_t size = call->argument_count * sizeof(*call->arguments);
	struct typed_expr *copy;
	struct typed_call *kept;

	if (is_full(t, t->calls.count) || !typed_room(t, calls))
		return 0;
	copy = arena_alloc(t->arena, size);
	if (!copy) {
		t->failed = true;
		return 0;
	}
	memcpy(copy, call->arguments, size);
	t->calls.items[t->calls.count] = (struct typed_record_call){t->file, 0, *call};
	kept = &t->calls.items[t->calls.count].call;
	kept->arguments = copy;
	kept->in_file = t->in_file;
	kept->name = typed_name(t, name->what);
	kept->site = typed_site_of(t, name);
	return (uint32_t)++t->calls.count;
}

/* True if the assignment may be of use to who knows the kernel's types. */
static bool counts(const struct typed_operand *target, const struct typed_operand *value,
		   bool is_initializer)
{
	bool has_member = target->step_count && is_member(&target->steps[target->step_count - 1]);

	if (target->root == TYPED_ROOT_UNKNOWN && !target->step_count)
		return false;
	if (is_initializer && has_member)
		return true;
	if (value->root == TYPED_ROOT_UNKNOWN)
		return false;
	return target->step_count || value->root == TYPED_ROOT_OWN_FUNCTION ||
	       value->root == TYPED_ROOT_CALL || value->root == TYPED_ROOT_NAME ||
	       value->step_count;
}

void typed_emit_assignment(struct typed_scan *t, const struct typed_operand *target,
			   const struct typed_operand *value, bool is_initializer, uint32_t token)
{
	struct typed_assignment assignment = {.is_initializer = is_initializer};

	if (!counts(target, value, is_initializer) || is_full(t, t->assignments.count) ||
	    !typed_room(t, assignments))
		return;
	assignment.target = typed_expr_of(t, target);
	assignment.value = typed_expr_of(t, value);
	assignment.site = typed_site_of(t, typed_token_at(t, token));
	t->assignments.items[t->assignments.count++] =
		(struct typed_record_assignment){t->file, 0, assignment};
}
