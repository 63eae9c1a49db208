// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/source/expr.h"

#define MAX_NESTING 64 /* of parentheses, unary operators and ?: in one expression */
#define MAX_OPTION  128 /* bytes of a CONFIG_ name; the longest has below 60 */

/* A value of the preprocessor: 64 bits, and whether they are unsigned. Zero-initialized: unknown.
 */
struct number {
	bool known, is_unsigned;
	uint64_t bits;
};

struct reader {
	const unsigned char *at, *end;
	const struct expr_names *names;
	unsigned int nesting;
	bool broken; /* what follows cannot be read: all is unknown */
};

static const struct number unknown;

static struct number number_of(long long value)
{
	return (struct number){true, false, (uint64_t)value};
}

static struct number from_condition(enum cond_value value)
{
	return value == COND_UNKNOWN ? unknown : number_of(value == COND_TRUE);
}

static enum cond_value to_condition(struct number n)
{
	if (!n.known)
		return COND_UNKNOWN;
	return n.bits ? COND_TRUE : COND_FALSE;
}

static struct number broken(struct reader *r)
{
	r->broken = true;
	r->at = r->end;
	return unknown;
}

static bool take(struct reader *r, unsigned char c)
{
	r->at = lex_skip_blank(r->at, r->end, false);
	if (r->at == r->end || *r->at != c)
		return false;
	r->at++;
	return true;
}

static enum cond_value is_defined(const struct reader *r, struct span name)
{
	if (!r->names || !r->names->defined)
		return COND_UNKNOWN;
	return r->names->defined(r->names->ctx, name);
}

static struct number read_conditional(struct reader *r);

/* The value of a digit in the base, or -1. */
static int digit_value(unsigned char c, unsigned int base)
{
	unsigned char lower = c | ' ';
	int value = -1;

	if (c >= '0' && c <= '9')
		value = c - '0';
	else if (lower >= 'a' && lower <= 'f')
		value = lower - 'a' + 10;
	return value < (int)base ? value : -1;
}

/* True if the rest of a number is a suffix of C: u, l, ll, and both in either order. */
static bool read_suffix(struct span s, bool *is_unsigned)
{
	if (s.at < s.end && (*s.at | ' ') == 'u') {
		*is_unsigned = true;
		s.at++;
	} else if (s.at < s.end && (s.end[-1] | ' ') == 'u') {
		*is_unsigned = true;
		s.end--;
	}
	return s.at == s.end || span_is(s, "l") || span_is(s, "L") || span_is(s, "ll") ||
	       span_is(s, "LL");
}

/* Pass by the prefix of a number that says which base it is in. The 0 of "0" is no prefix. */
static unsigned int read_base(struct span *digits)
{
	unsigned char kind;

	if (*digits->at != '0' || span_length(*digits) == 1)
		return 10;
	kind = digits->at[1] | ' ';
	if (kind != 'x' && kind != 'b')
		return 8;
	digits->at += 2;
	return kind == 'x' ? 16 : 2;
}

static struct number read_number(struct reader *r)
{
	struct span digits = {r->at, r->at};
	struct number n = {.known = true};
	unsigned int base;

	while (digits.end < r->end && lex_is_name(*digits.end))
		digits.end++;
	r->at = digits.end;
	base = read_base(&digits);
	if (digits.at == digits.end || digit_value(*digits.at, base) < 0)
		return broken(r);
	for (; digits.at < digits.end && digit_value(*digits.at, base) >= 0; digits.at++) {
		unsigned int digit = (unsigned int)digit_value(*digits.at, base);

		if (__builtin_mul_overflow(n.bits, base, &n.bits) ||
		    __builtin_add_overflow(n.bits, digit, &n.bits))
			return broken(r);
	}
	if (!read_suffix(digits, &n.is_unsigned))
		return broken(r);
	n.is_unsigned |= n.bits > INT64_MAX;
	return n;
}

/* The byte that the escape behind a backslash at *p means; -1: not one of C's simple ones. */
static int read_escape(const unsigned char **p, const unsigned char *end)
{
	static const char letters[] = "abfnrtv\\'\"?", bytes[] = "\a\b\f\n\r\t\v\\'\"?";
	bool hex = *p < end && **p == 'x';
	const unsigned char *start = *p += hex;
	const char *letter;
	int value = 0;

	if (*p == end)
		return -1;
	letter = hex ? NULL : strchr(letters, **p);
	if (letter && *letter) {
		(*p)++;
		return bytes[letter - letters];
	}
	for (; *p < end && digit_value(**p, hex ? 16 : 8) >= 0 && value < 256; (*p)++)
		value = value * (hex ? 16 : 8) + digit_value(**p, hex ? 16 : 8);
	return *p > start && value < 256 ? value : -1;
}

/* A character constant. Whether one over 127 is negative is up to the architecture: unknown. */
static struct number read_character(struct reader *r)
{
	const unsigned char *p = r->at + 1, *end = lex_skip_quoted(r->at, r->end);
	unsigned int count = 0;
	uint32_t bits = 0;

	r->at = end;
	if (end - p < 2 || end[-1] != '\'')
		return broken(r);
	for (end--; p < end; count++) {
		int byte = *p++;

		if (byte == '\\')
			byte = read_escape(&p, end);
		if (byte < 0 || byte > 127)
			return unknown;
		bits = bits << 8 | (uint32_t)byte;
	}
	/* Several characters are shifted together, as gcc does it. */
	return count <= 4 ? number_of((int32_t)bits) : unknown;
}

/* What "defined" says of the name that follows, in parentheses or not. */
static struct number read_defined(struct reader *r)
{
	bool parens = take(r, '(');
	struct span name;

	r->at = lex_skip_blank(r->at, r->end, false);
	name = lex_name(r->at, r->end);
	r->at = name.end;
	if (!span_length(name) || (parens && !take(r, ')')))
		return broken(r);
	return from_condition(is_defined(r, name));
}

/* Whether the option is built as a module: CONFIG_X_MODULE is then defined. */
static enum cond_value is_module(const struct reader *r, struct span option)
{
	static const char suffix[] = "_MODULE";
	unsigned char name[MAX_OPTION + sizeof(suffix)];
	size_t length = span_length(option);

	if (length > MAX_OPTION)
		return COND_UNKNOWN;
	memcpy(name, option.at, length);
	memcpy(name + length, suffix, sizeof(suffix));
	return is_defined(r, (struct span){name, name + length + strlen(suffix)});
}

static enum cond_value both(enum cond_value a, enum cond_value b)
{
	if (a == COND_FALSE || b == COND_FALSE)
		return COND_FALSE;
	return a == COND_TRUE && b == COND_TRUE ? COND_TRUE : COND_UNKNOWN;
}

static enum cond_value either(enum cond_value a, enum cond_value b)
{
	if (a == COND_TRUE || b == COND_TRUE)
		return COND_TRUE;
	return a == COND_FALSE && b == COND_FALSE ? COND_FALSE : COND_UNKNOWN;
}

/* include/linux/kconfig.h: an option is defined as 1, or with _MODULE behind it, or not at all. */
static enum cond_value evaluate_option(const struct reader *r, struct span macro,
				       struct span option)
{
	static const unsigned char module[] = "MODULE";
	enum cond_value reachable = COND_TRUE;

	if (!span_is_name(option))
		return COND_UNKNOWN;
	if (span_is(macro, "IS_BUILTIN"))
		return is_defined(r, option);
	if (span_is(macro, "IS_MODULE"))
		return is_module(r, option);
	if (span_is(macro, "IS_REACHABLE"))
		reachable = is_defined(r, (struct span){module, module + strlen("MODULE")});
	return either(is_defined(r, option), both(is_module(r, option), reachable));
}

static struct number read_argument(const struct reader *r, struct span argument)
{
	struct reader inner = {argument.at, argument.end, r->names, r->nesting + 1, false};
	struct number n = inner.nesting > MAX_NESTING ? unknown : read_conditional(&inner);

	inner.at = lex_skip_blank(inner.at, inner.end, false);
	return inner.broken || inner.at < inner.end ? unknown : n;
}

/*
 * The last part is at most 255 since Linux 5.12 and its stable releases (9b82f13e7ef3 "kbuild:
 * clamp SUBLEVEL to 255"); no kernel before that one had a larger one.
 */
static struct number read_version(const struct reader *r, const struct lex_call *call)
{
	struct number parts[3];

	for (unsigned int i = 0; i < 3; i++) {
		parts[i] = read_argument(r, call->arguments[i]);
		if (!parts[i].known || parts[i].bits > UINT16_MAX)
			return unknown;
	}
	if (parts[2].bits > 255)
		parts[2].bits = 255;
	return number_of(((long long)parts[0].bits << 16) + ((long long)parts[1].bits << 8) +
			 (long long)parts[2].bits);
}

/* A name with its arguments, whose '(' is at r->at. */
static struct number read_call(struct reader *r, struct span macro)
{
	struct lex_call call;
	long long value;

	if (!lex_read_call(r->at, r->end, false, &call))
		return broken(r);
	r->at = call.after;
	if (span_is(macro, "KERNEL_VERSION") && call.count == 3)
		return read_version(r, &call);
	if (call.count == 1 && (span_is(macro, "IS_ENABLED") || span_is(macro, "IS_BUILTIN") ||
				span_is(macro, "IS_MODULE") || span_is(macro, "IS_REACHABLE")))
		return from_condition(evaluate_option(r, macro, call.arguments[0]));
	if (r->names && r->names->call && r->names->call(r->names->ctx, macro, &call, &value))
		return number_of(value);
	return unknown;
}

static struct number read_name(struct reader *r)
{
	struct span name = lex_name(r->at, r->end);
	long long value;

	r->at = name.end;
	if (span_is(name, "defined"))
		return read_defined(r);
	if (r->at < r->end && *r->at == '\'') {
		/* L'a' and the like */
		r->at = lex_skip_quoted(r->at, r->end);
		return unknown;
	}
	r->at = lex_skip_blank(r->at, r->end, false);
	if (r->at < r->end && *r->at == '(')
		return read_call(r, name);
	if (r->names && r->names->value && r->names->value(r->names->ctx, name, &value))
		return number_of(value);
	return is_defined(r, name) == COND_FALSE ? number_of(0) : unknown;
}

static struct number apply_unary(unsigned char op, struct number n)
{
	if (!n.known)
		return unknown;
	switch (op) {
	case '!':
		return number_of(!n.bits);
	case '~':
		n.bits = ~n.bits;
		break;
	case '-':
		n.bits = -n.bits;
		break;
	default:
		break;
	}
	return n;
}

static struct number read_operand(struct reader *r)
{
	struct number n;

	r->at = lex_skip_blank(r->at, r->end, false);
	if (r->at == r->end || ++r->nesting > MAX_NESTING)
		return broken(r);
	if (lex_class[*r->at] & LEX_DIGIT) {
		n = read_number(r);
	} else if (lex_is_name(*r->at)) {
		n = read_name(r);
	} else if (*r->at == '\'') {
		n = read_character(r);
	} else if (strchr("!~-+", *r->at)) {
		unsigned char op = *r->at++;

		n = apply_unary(op, read_operand(r));
	} else if (take(r, '(')) {
		n = read_conditional(r);
		if (!take(r, ')'))
			n = broken(r);
	} else {
		n = broken(r);
	}
	r->nesting--;
	return n;
}

enum operator{
	OP_NONE = 0,
	OP_OR,
	OP_AND,
	OP_BIT_OR,
	OP_BIT_XOR,
	OP_BIT_AND,
	OP_EQUAL,
	OP_DIFFERENT,
	OP_LESS_EQUAL,
	OP_GREATER_EQUAL,
	OP_SHIFT_LEFT,
	OP_SHIFT_RIGHT,
	OP_LESS,
	OP_GREATER,
	OP_ADD,
	OP_SUBTRACT,
	OP_MULTIPLY,
	OP_DIVIDE,
	OP_REMAINDER,
};

#define TIGHTEST 10

/* Those of two characters come before those that they begin with. */
static const struct {
	char text[3];
	unsigned char binding; /* how tightly it binds */
	enum operator op;
} operators[] = {
	{"||", 1, OP_OR},	    {"&&", 2, OP_AND},
	{"==", 6, OP_EQUAL},	    {"!=", 6, OP_DIFFERENT},
	{"<=", 7, OP_LESS_EQUAL},   {">=", 7, OP_GREATER_EQUAL},
	{"<<", 8, OP_SHIFT_LEFT},   {">>", 8, OP_SHIFT_RIGHT},
	{"|", 3, OP_BIT_OR},	    {"^", 4, OP_BIT_XOR},
	{"&", 5, OP_BIT_AND},	    {"<", 7, OP_LESS},
	{">", 7, OP_GREATER},	    {"+", 9, OP_ADD},
	{"-", 9, OP_SUBTRACT},	    {"*", TIGHTEST, OP_MULTIPLY},
	{"/", TIGHTEST, OP_DIVIDE}, {"%", TIGHTEST, OP_REMAINDER},
};

/* Take the operator that follows if it binds at least that tightly. */
static enum operator take_operator(struct reader *r, unsigned int least, unsigned int *binding)
{
	r->at = lex_skip_blank(r->at, r->end, false);
	for (size_t i = 0; i < sizeof(operators) / sizeof(*operators); i++) {
		size_t length = strlen(operators[i].text);

		if ((size_t)(r->end - r->at) < length ||
		    memcmp(r->at, operators[i].text, length) != 0)
			continue;
		if (operators[i].binding < least)
			return OP_NONE;
		r->at += length;
		*binding = operators[i].binding;
		return operators[i].op;
	}
	return OP_NONE;
}

static struct number compare(enum operator op, struct number a, struct number b)
{
	bool equal = a.bits == b.bits, less = a.bits < b.bits;

	if (!a.is_unsigned && !b.is_unsigned)
		less = (int64_t)a.bits < (int64_t)b.bits;
	switch (op) {
	case OP_EQUAL:
		return number_of(equal);
	case OP_DIFFERENT:
		return number_of(!equal);
	case OP_LESS:
		return number_of(less);
	case OP_LESS_EQUAL:
		return number_of(less || equal);
	case OP_GREATER:
		return number_of(!less && !equal);
	default:
		return number_of(!less);
	}
}

static struct number divide(enum operator op, struct number a, struct number b)
{
	bool is_unsigned = a.is_unsigned || b.is_unsigned;
	uint64_t bits;

	if (!b.bits || (!is_unsigned && a.bits == (uint64_t)INT64_MIN && b.bits == UINT64_MAX))
		return unknown; /* an error, and an overflow */
	if (is_unsigned)
		bits = op == OP_DIVIDE ? a.bits / b.bits : a.bits % b.bits;
	else if (op == OP_DIVIDE)
		bits = (uint64_t)((int64_t)a.bits / (int64_t)b.bits);
	else
		bits = (uint64_t)((int64_t)a.bits % (int64_t)b.bits);
	return (struct number){true, is_unsigned, bits};
}

/* A shift has the type of what is shifted. */
static struct number shift(enum operator op, struct number a, struct number b)
{
	if (b.bits > 63)
		return unknown;
	if (op == OP_SHIFT_LEFT)
		a.bits <<= b.bits;
	else if (a.is_unsigned)
		a.bits >>= b.bits;
	else
		a.bits = (uint64_t)((int64_t)a.bits >> b.bits);
	return a;
}

static struct number apply(enum operator op, struct number a, struct number b)
{
	struct number n = {true, a.is_unsigned || b.is_unsigned, 0};

	if (op == OP_OR)
		return from_condition(either(to_condition(a), to_condition(b)));
	if (op == OP_AND)
		return from_condition(both(to_condition(a), to_condition(b)));
	if (!a.known || !b.known)
		return unknown;
	switch (op) {
	case OP_BIT_OR:
		n.bits = a.bits | b.bits;
		return n;
	case OP_BIT_XOR:
		n.bits = a.bits ^ b.bits;
		return n;
	case OP_BIT_AND:
		n.bits = a.bits & b.bits;
		return n;
	case OP_ADD:
		n.bits = a.bits + b.bits;
		return n;
	case OP_SUBTRACT:
		n.bits = a.bits - b.bits;
		return n;
	case OP_MULTIPLY:
		n.bits = a.bits * b.bits;
		return n;
	case OP_DIVIDE:
	case OP_REMAINDER:
		return divide(op, a, b);
	case OP_SHIFT_LEFT:
	case OP_SHIFT_RIGHT:
		return shift(op, a, b);
	default:
		return compare(op, a, b);
	}
}

/* Operators that bind at least that tightly; each reads its right side with those that bind more,
 * so that the depth of calls is bounded by the kinds of operators. */
static struct number read_binary(struct reader *r, unsigned int least)
{
	struct number left = read_operand(r);
	unsigned int binding;
	enum operator op;

	while ((op = take_operator(r, least, &binding)) != OP_NONE) {
		struct number right =
			binding == TIGHTEST ? read_operand(r) : read_binary(r, binding + 1);

		left = apply(op, left, right);
	}
	return left;
}

static struct number read_conditional(struct reader *r)
{
	struct number condition = read_binary(r, 1), yes, no;

	if (!take(r, '?'))
		return condition;
	if (++r->nesting > MAX_NESTING)
		return broken(r);
	yes = read_conditional(r);
	if (!take(r, ':'))
		return broken(r);
	no = read_conditional(r);
	r->nesting--;
	if (yes.known && no.known)
		yes.is_unsigned = no.is_unsigned = yes.is_unsigned || no.is_unsigned;
	if (condition.known)
		return condition.bits ? yes : no;
	return yes.known && no.known && yes.bits == no.bits ? yes : unknown;
}

static struct number evaluate(struct span expression, const struct expr_names *names)
{
	struct reader r = {expression.at, expression.end, names, 0, false};
	struct number n = read_conditional(&r);

	r.at = lex_skip_blank(r.at, r.end, false);
	return r.broken || r.at < r.end ? unknown : n;
}

enum cond_value expr_evaluate(struct span expression, const struct expr_names *names)
{
	return to_condition(evaluate(expression, names));
}

bool expr_number(struct span expression, const struct expr_names *names, long long *value)
{
	struct number n = evaluate(expression, names);

	*value = (long long)n.bits;
	return n.known;
}
