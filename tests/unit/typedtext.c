// SPDX-License-Identifier: GPL-2.0-or-later
#include "typedtext.h"

static const char *keyword_of(const struct typed_type *type)
{
	switch (type->kind) {
	case TYPED_STRUCT:
		return type->is_own ? "own struct " : "struct ";
	case TYPED_UNION:
		return type->is_own ? "own union " : "union ";
	case TYPED_ENUM:
		return "enum ";
	default:
		return "";
	}
}

static void add_pointers(const struct typed_type *type, struct strbuf *out)
{
	for (unsigned int i = 0; i < type->pointers; i++)
		strbuf_printf(out, "*%s", type->pointer_consts & 1u << i ? "const" : "");
	for (unsigned int i = 0; i < type->arrays; i++)
		strbuf_adds(out, "[]");
}

static void add_params(const struct typed_function *f, struct strbuf *out)
{
	strbuf_addc(out, '(');
	for (uint32_t i = 0; i < f->param_count; i++) {
		strbuf_adds(out, i ? ", " : "");
		typed_text_type(&f->params[i], out);
	}
	if (f->is_variadic)
		strbuf_adds(out, ", ...");
	if (!f->has_params)
		strbuf_addc(out, '?');
	strbuf_addc(out, ')');
}

void typed_text_type(const struct typed_type *type, struct strbuf *out)
{
	if (type->kind == TYPED_UNKNOWN) {
		strbuf_addc(out, '?');
		return;
	}
	if (type->kind == TYPED_FUNCTION) {
		typed_text_type(&type->function->returns, out);
		strbuf_adds(out, " (");
		add_pointers(type, out);
		strbuf_addc(out, ')');
		add_params(type->function, out);
		return;
	}
	strbuf_printf(out, "%s%s%s%s", type->is_const ? "const " : "",
		      type->is_volatile ? "volatile " : "", keyword_of(type),
		      type->name ? type->name : "-");
	if (type->pointers || type->arrays)
		strbuf_addc(out, ' ');
	add_pointers(type, out);
}

void typed_text_function(const struct typed_function *function, struct strbuf *out)
{
	typed_text_type(&function->returns, out);
	strbuf_printf(out, " %s", function->name);
	add_params(function, out);
}

static void add_root(const struct typed_expr *expr, struct strbuf *out)
{
	switch (expr->root) {
	case TYPED_ROOT_TYPE:
		strbuf_addc(out, '{');
		typed_text_type(&expr->type, out);
		strbuf_addc(out, '}');
		break;
	case TYPED_ROOT_CALL:
		strbuf_printf(out, "%s()", expr->name);
		break;
	case TYPED_ROOT_NAME:
		strbuf_adds(out, expr->name);
		break;
	case TYPED_ROOT_OWN_FUNCTION:
		if (expr->function)
			typed_text_function(expr->function, out);
		else
			strbuf_printf(out, "%s(?)", expr->name);
		break;
	case TYPED_ROOT_NUMBER:
		strbuf_addc(out, '1');
		break;
	case TYPED_ROOT_ZERO:
		strbuf_addc(out, '0');
		break;
	case TYPED_ROOT_NULL:
		strbuf_adds(out, "NULL");
		break;
	case TYPED_ROOT_TEXT:
		strbuf_adds(out, "\"\"");
		break;
	default:
		strbuf_addc(out, '?');
	}
}

void typed_text_expr(const struct typed_expr *expr, struct strbuf *out)
{
	static const char *const marks[] = {"->", ".", "[]", " *", " &", "()"};

	add_root(expr, out);
	for (uint32_t i = 0; i < expr->step_count; i++)
		strbuf_printf(out, "%s%s", marks[expr->steps[i].kind],
			      expr->steps[i].name ? expr->steps[i].name : "");
}
