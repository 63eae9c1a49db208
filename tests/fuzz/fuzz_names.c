// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The source of a module, asked for what it names and does with types on two kernels; the whole
 * input is read as one declaration, too. The input is one or more files:
 * a line "@ NAME" begins the file of that name, what comes before the first one is a.c.
 */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "read/source/module_source_internal.h"
#include "read/source/typed_declare.h"

/* What every caller relies on. */
static void check(const struct ksa_named *named)
{
	for (size_t i = 0; i < named->name_count; i++) {
		const struct named_name *name = &named->names[i];

		if (!*name->name || !name->site_count || named_find(named, name->name) != name ||
		    (i && strcmp(name[-1].name, name->name) >= 0))
			abort();
		for (uint32_t k = 0; k < name->site_count; k++)
			if (!name->sites[k].line || !name->sites[k].count ||
			    name->sites[k].certainty > name->certainty)
				abort();
	}
}

static void check_function(const struct typed_function *f, unsigned int depth);

static void check_type(const struct typed_type *type, unsigned int depth)
{
	if (type->kind > TYPED_FUNCTION || type->pointers > 7 || type->arrays > 7 ||
	    (type->kind == TYPED_FUNCTION) != (type->function != NULL) ||
	    ((type->kind == TYPED_BASE || type->kind == TYPED_NAME) && !type->name))
		abort();
	if (type->function)
		check_function(type->function, depth + 1);
}

static void check_function(const struct typed_function *f, unsigned int depth)
{
	if (depth > 100)
		abort();
	check_type(&f->returns, depth);
	for (uint32_t i = 0; i < f->param_count; i++)
		check_type(&f->params[i], depth);
}

static void check_expr(const struct typed_expr *expr)
{
	bool is_named = expr->root == TYPED_ROOT_CALL || expr->root == TYPED_ROOT_NAME ||
			expr->root == TYPED_ROOT_OWN_FUNCTION;

	if (expr->root > TYPED_ROOT_TEXT || (is_named && !expr->name) ||
	    (expr->root == TYPED_ROOT_TYPE) != (expr->type.kind != TYPED_UNKNOWN))
		abort();
	check_type(&expr->type, 0);
	if (expr->function)
		check_function(expr->function, 0);
	for (uint32_t i = 0; i < expr->step_count; i++)
		if ((expr->steps[i].kind <= TYPED_DOT) != (expr->steps[i].name != NULL))
			abort();
}

static void check_site(const struct typed_site *site)
{
	if (!site->file || !site->line || site->certainty == NAMED_NO)
		abort();
}

static void check_uses(const struct ksa_typed *typed)
{
	for (size_t i = 0; i < typed->access_count; i++) {
		check_expr(&typed->accesses[i].expr);
		check_site(&typed->accesses[i].site);
		if (!typed->accesses[i].expr.step_count)
			abort();
	}
	for (size_t i = 0; i < typed->call_count; i++) {
		const struct typed_call *call = &typed->calls[i];

		check_site(&call->site);
		check_type(&call->returns_into, 0);
		for (uint32_t j = 0; j < call->argument_count; j++)
			check_expr(&call->arguments[j]);
	}
	for (size_t i = 0; i < typed->assignment_count; i++) {
		check_expr(&typed->assignments[i].target);
		check_expr(&typed->assignments[i].value);
		check_site(&typed->assignments[i].site);
	}
}

static void check_typed(const struct ksa_typed *typed)
{
	check_uses(typed);
	for (size_t i = 0; i < typed->definition_count; i++) {
		const struct typed_definition *d = &typed->definitions[i];

		check_type(&d->type, 0);
		check_site(&d->site);
		if (d->function)
			check_function(d->function, 0);
		if (i && strcmp(d[-1].name, d->name) > 0)
			abort();
	}
	for (size_t i = 0; i < typed->tag_count; i++)
		check_site(&typed->tags[i].site);
	for (size_t i = 0; i < typed->member_count; i++)
		if (!typed_has_member(typed, typed->members[i]))
			abort();
}

static enum kernel_tristate know(void *ctx, const char *name)
{
	(void)ctx;
	return (enum kernel_tristate)(strlen(name) % 3);
}

static void ask(const struct module_source *source, const char *release)
{
	struct module_source_question question = {
		.module = "a",
		.kernel = {.release = release, .arch = "x86_64", .macro = know, .option = know}};
	struct ksa_named named = {.names = NULL};
	struct ksa_typed typed = {.accesses = NULL};

	if (module_source_named(source, &question, &named, NULL) == 0)
		check(&named);
	named_release(&named);
	if (module_source_typed(source, &question, &typed, NULL) == 0)
		check_typed(&typed);
	typed_release(&typed);
}

/* The file from data on; *size is how much of it there is. */
static int add(struct module_source *source, const uint8_t *data, size_t size, size_t *taken)
{
	const uint8_t *newline, *next;
	char name[64] = "a.c";

	*taken = 0;
	if (size > 2 && memcmp(data, "@ ", 2) == 0 && (newline = memchr(data, '\n', size))) {
		size_t length = (size_t)(newline - data) - 2;

		length = length < sizeof(name) ? length : sizeof(name) - 1;
		memcpy(name, data + 2, length);
		name[length] = '\0';
		*taken = (size_t)(newline + 1 - data);
	}
	next = memmem(data + *taken, size - *taken, "\n@ ", 3);
	data += *taken;
	size = next ? (size_t)(next + 1 - data) : size - *taken;
	*taken += size;
	return module_source_add(source, name, data, size, NULL);
}

static void declare(const uint8_t *data, size_t size)
{
	struct arena arena = {.blocks = NULL};
	struct typed_reader *reader;
	struct typed_function *f;

	if (typed_reader_new(&reader, NULL))
		return;
	if (typed_reader_function(reader, (struct span){data, data + size}, &arena, &f, NULL) ==
		    0 &&
	    f)
		check_function(f, 0);
	typed_reader_free(reader);
	arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct module_source *source;
	size_t taken;
	int r = module_source_new("/m", &source, NULL);

	if (r)
		return 0;
	declare(data, size);
	for (; size && !r; data += taken, size -= taken)
		r = add(source, data, size, &taken);
	if (!r)
		r = module_source_finish(source, NULL);
	if (!r) {
		ask(source, "6.12.117+deb12-amd64");
		ask(source, NULL);
	}
	module_source_free(source);
	return 0;
}
