// SPDX-License-Identifier: GPL-2.0-or-later
/* Members of the kernel's structures: those that are gone, and what is given to those that have
 * another type now. */
#include "audit/rebuild/api_internal.h"

#include <string.h>

/* The tag or typedef of a structure, as C writes it: "struct inode". */
static const char *say_structure(struct api *api, const struct api_side *side, uint32_t type)
{
	uint32_t id;

	ctypes_strip(side->types, type, &id, NULL);
	return api_print_type(api, side, *ctype_at(side->types, id)->name ? id : type, "");
}

/* "inode.i_ctime" */
static const char *say_member(struct api *api, const struct api_side *side, uint32_t type,
			      const char *member)
{
	const char *structure = say_structure(api, side, type);
	const char *space = strchr(structure, ' ');

	return api_text(api, "%s.%s", space ? space + 1 : structure, member);
}

/* A member of the structure whose name has the other in it, or is in it. */
struct heir {
	const char *of, *name;
};

static bool is_heir(void *ctx, const struct ctype_part *member)
{
	struct heir *heir = ctx;

	if (strlen(heir->of) < 4 || !strstr(member->name, heir->of))
		return true;
	heir->name = member->name;
	return false;
}

/* The structure that the steps before this one lead to in a kernel. */
static struct api_walk walk_up_to(const struct api_side *side, const struct typed_expr *expr,
				  uint32_t step)
{
	struct typed_expr part = *expr;

	part.step_count = step;
	return api_walk(side, &part);
}

static const struct typed_step *step_of(const struct typed_expr *expr, uint32_t step)
{
	return &expr->steps[step];
}

/* The path leads in the old kernel one step further than it does in the new one. */
static int member_gone(struct api *api, const struct typed_expr *expr, const struct api_walk *now,
		       const struct typed_site *site, struct ksa_error *err)
{
	const struct api_walk before = walk_up_to(&api->old, expr, now->step + 1);
	const char *member = step_of(expr, now->step)->name;
	struct heir heir = {.of = member};
	struct api_use use = {.rule = RULE_MEMBER_GONE, .level = api_level(site), .site = site};

	if (before.result != API_WALK_DONE)
		return 0;
	use.symbol = say_member(api, &api->new, now->type, member);
	use.message = api_text(api, "'%s' has no member '%s' any more",
			       say_structure(api, &api->new, now->type), member);
	ctypes_members(api->new.types, now->type, is_heir, &heir);
	use.detail = api_text(api, "%s: '%s'%s%s%s", api->old.kernel->label,
			      api_print_type(api, &api->old, before.type, member),
			      heir.name ? "; there is '" : "", heir.name ? heir.name : "",
			      heir.name ? "'" : "");
	return api_add(api, &use, err);
}

/* The last member on the path, and the structure that it is of. */
static const char *say_target(struct api *api, const struct typed_expr *target, const char **member)
{
	uint32_t step = target->step_count;
	struct api_walk walk;

	*member = "";
	while (step && !step_of(target, step - 1)->name)
		step--;
	if (!step)
		return "?";
	*member = step_of(target, step - 1)->name;
	walk = walk_up_to(&api->new, target, step - 1);
	if (step_of(target, step - 1)->kind == TYPED_ARROW) {
		uint32_t pointer;

		ctypes_strip(api->new.types, walk.type, &pointer, NULL);
		walk.type = ctype_at(api->new.types, pointer)->target;
	}
	return say_member(api, &api->new, walk.type, *member);
}

/* The kind of a type: of all that is one value the same. */
static enum ctype_kind shape_of(const struct api_side *side, uint32_t type)
{
	const struct ctype *t;
	uint32_t id;

	if (!ctypes_strip(side->types, type, &id, NULL))
		return CTYPE_VOID;
	t = ctype_at(side->types, id);
	if (t->kind == CTYPE_UNION)
		return CTYPE_STRUCT;
	return t->kind == CTYPE_ENUM || t->kind == CTYPE_POINTER ? CTYPE_BASE
								 : (enum ctype_kind)t->kind;
}

/* A member that was a value and is a structure, or the other way round: whatever the source does
 * with it. */
static int shape_changed(struct api *api, const struct typed_access *access,
			 const struct api_walk *now, struct ksa_error *err)
{
	const struct api_walk before = api_walk(&api->old, &access->expr);
	struct api_use use = {.rule = RULE_MEMBER_CHANGED,
			      .level = api_level(&access->site),
			      .site = &access->site};
	enum ctype_kind was, is;
	const char *member;

	if (before.result != API_WALK_DONE || !access->expr.step_count)
		return 0;
	was = shape_of(&api->old, before.type);
	is = shape_of(&api->new, now->type);
	if (!(was == CTYPE_BASE && is == CTYPE_STRUCT) &&
	    !(was == CTYPE_STRUCT && is == CTYPE_BASE))
		return 0;
	use.symbol = say_target(api, &access->expr, &member);
	use.message =
		api_text(api, "'%s' has another type, which its use does not fit", use.symbol);
	use.detail = api_both(api, api_print_type(api, &api->old, before.type, member),
			      api_print_type(api, &api->new, now->type, member));
	return api_add(api, &use, err);
}

static int judge_access(struct api *api, const struct typed_access *access, struct ksa_error *err)
{
	const struct api_walk now = api_walk(&api->new, &access->expr);

	if (now.result == API_WALK_DONE)
		return shape_changed(api, access, &now, err);
	return now.result == API_WALK_NO_MEMBER
		       ? member_gone(api, &access->expr, &now, &access->site, err)
		       : 0;
}

/* Where the value comes from, for the evidence: "its 'int f(struct device *)'". */
static const char *say_value(struct api *api, const struct typed_expr *value)
{
	struct api_walk walk = api_walk(&api->new, value);

	if (walk.result != API_WALK_DONE)
		return "?";
	if (walk.function)
		return api_print_function(api, walk.function);
	return api_print_type(api, &api->new, walk.type, "");
}

static bool is_const(const struct api_side *side, uint32_t type)
{
	uint8_t qualifiers = 0;
	uint32_t id;

	ctypes_strip(side->types, type, &id, &qualifiers);
	return qualifiers & CTYPE_CONST;
}

/* What was built fitted: a function of the source's own may have a type in it that is not known. */
static bool fitted(const struct api *api, const struct typed_expr *value, uint32_t type)
{
	const enum api_fit fit = api_value_fits(&api->old, value, type);

	return fit == API_FIT_YES ||
	       (fit == API_FIT_UNKNOWN && api_walk(&api->old, value).function);
}

static int judge_assignment(struct api *api, const struct typed_assignment *assignment,
			    struct ksa_error *err)
{
	const struct api_walk was = api_walk(&api->old, &assignment->target);
	const struct api_walk is = api_walk(&api->new, &assignment->target);
	struct api_use use = {.rule = RULE_MEMBER_CHANGED,
			      .level = api_level(&assignment->site),
			      .site = &assignment->site};
	const char *member;

	if (is.result == API_WALK_NO_MEMBER)
		return member_gone(api, &assignment->target, &is, &assignment->site, err);
	if (was.result != API_WALK_DONE || is.result != API_WALK_DONE || was.function ||
	    is.function)
		return 0;
	if (!assignment->is_initializer && is_const(&api->new, is.type) &&
	    !is_const(&api->old, was.type)) {
		use.symbol = say_target(api, &assignment->target, &member);
		use.message =
			api_text(api, "'%s' is read-only now, and is assigned to", use.symbol);
	} else if (api_value_fits(&api->new, &assignment->value, is.type) == API_FIT_NO &&
		   fitted(api, &assignment->value, was.type)) {
		use.symbol = say_target(api, &assignment->target, &member);
		use.message = api_text(api, "'%s' has another type, which '%s' does not fit",
				       use.symbol, say_value(api, &assignment->value));
	} else if (assignment->value.root == TYPED_ROOT_NAME && assignment->value.name &&
		   api_value_fits(&api->new, &assignment->value, is.type) == API_FIT_YES) {
		/* A function of the kernel's that changed together with the member. */
		return api_note_fit(api, assignment->value.name, err);
	} else {
		return 0;
	}
	use.detail = api_both(api, api_print_type(api, &api->old, was.type, member),
			      api_print_type(api, &api->new, is.type, member));
	return api_add(api, &use, err);
}

static bool takes(const struct ctype *function, uint32_t count)
{
	return function->is_variadic ? count >= function->count : count == function->count;
}

/* Whether a call that fits the one type, of the old kernel, does not fit the other, of the new. */
static bool stops_to_fit(const struct api *api, const struct typed_call *call, uint32_t old,
			 uint32_t new)
{
	const struct ctypes *a = api->old.types, *b = api->new.types;

	if (!takes(ctype_at(a, old), call->argument_count))
		return false;
	if (!takes(ctype_at(b, new), call->argument_count))
		return true;
	for (uint32_t i = 0; i < ctype_at(a, old)->count && i < ctype_at(b, new)->count; i++)
		if (api_value_fits(&api->new, &call->arguments[i], ctype_part(b, new, i)->type) ==
			    API_FIT_NO &&
		    api_value_fits(&api->old, &call->arguments[i], ctype_part(a, old, i)->type) ==
			    API_FIT_YES)
			return true;
	return false;
}

/* "ops->write_begin(file)": a call of what a member points to. */
static int judge_member_call(struct api *api, const struct typed_call *call, struct ksa_error *err)
{
	const struct api_walk was = api_walk(&api->old, call->callee);
	const struct api_walk is = api_walk(&api->new, call->callee);
	struct api_use use = {
		.rule = RULE_CALL_CHANGED, .level = api_level(&call->site), .site = &call->site};
	uint32_t old, new;
	const char *member;

	if (!call->has_count || was.result != API_WALK_DONE || is.result != API_WALK_DONE ||
	    !ctypes_as_function(api->old.types, was.type, &old) ||
	    !ctypes_as_function(api->new.types, is.type, &new) ||
	    !stops_to_fit(api, call, old, new))
		return 0;
	use.symbol = say_target(api, call->callee, &member);
	use.message =
		api_text(api, "'%s' has another type, which a call of it does not fit", use.symbol);
	use.detail = api_both(api, api_print_type(api, &api->old, was.type, member),
			      api_print_type(api, &api->new, is.type, member));
	return api_add(api, &use, err);
}

int api_judge_members(struct api *api, struct ksa_error *err)
{
	const struct ksa_typed *typed = api->q->typed;
	int r = 0;

	for (size_t i = 0; i < typed->access_count && !r; i++)
		r = judge_access(api, &typed->accesses[i], err);
	for (size_t i = 0; i < typed->assignment_count && !r; i++)
		r = judge_assignment(api, &typed->assignments[i], err);
	for (size_t i = 0; i < typed->call_count && !r; i++)
		if (typed->calls[i].callee)
			r = judge_member_call(api, &typed->calls[i], err);
	return r;
}
