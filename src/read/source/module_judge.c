// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/source/module_judge.h"

#include <stdio.h>
#include <stdlib.h>

#include "read/source/kbuild.h"

#define MAX_DEPTH  48 /* of conditions that depend on macros that depend on conditions */
#define MAX_ARMS   256 /* of one conditional */
#define MAX_MACROS 8 /* of the source's own in each other */
#define MAX_WORK   512 /* macros looked at for one condition */

/* One condition while it is evaluated. */
struct question {
	struct module_judge *judge;
	uint32_t branch; /* whose condition it is */
	long long version; /* -1: not known */
	unsigned int nesting, work;
};

void module_judge_release(struct module_judge *judge)
{
	free(judge->own);
	free(judge->whole);
}

static enum cond_value from_tristate(enum kernel_tristate value)
{
	return value == TRI_UNKNOWN ? COND_UNKNOWN : value == TRI_YES ? COND_TRUE : COND_FALSE;
}

static enum cond_value either(enum cond_value a, enum cond_value b)
{
	if (a == COND_TRUE || b == COND_TRUE)
		return COND_TRUE;
	return a == COND_FALSE && b == COND_FALSE ? COND_FALSE : COND_UNKNOWN;
}

static enum cond_value both(enum cond_value a, enum cond_value b)
{
	if (a == COND_FALSE || b == COND_FALSE)
		return COND_FALSE;
	return a == COND_TRUE && b == COND_TRUE ? COND_TRUE : COND_UNKNOWN;
}

static enum cond_value negate(enum cond_value value)
{
	return value == COND_UNKNOWN ? value : value == COND_TRUE ? COND_FALSE : COND_TRUE;
}

static bool starts_with(struct span name, const char *text)
{
	size_t length = strlen(text);

	return span_length(name) >= length && memcmp(name.at, text, length) == 0;
}

/* Macros and options that an architecture always has, and no other. */
static enum cond_value of_architecture(const char *arch, struct span name)
{
	static const struct {
		const char *name, *arch;
	} names[] = {
		{"__x86_64__", "x86_64"}, {"__amd64__", "x86_64"},     {"CONFIG_X86_64", "x86_64"},
		{"__aarch64__", "arm64"}, {"CONFIG_ARM64", "arm64"},   {"__arm__", "arm"},
		{"CONFIG_ARM", "arm"},	  {"__i386__", "i386"},	       {"CONFIG_X86_32", "i386"},
		{"__riscv", "riscv64"},	  {"CONFIG_RISCV", "riscv64"}, {"__s390x__", "s390x"},
		{"CONFIG_S390", "s390x"},
	};

	if (!arch || !*arch)
		return COND_UNKNOWN;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (span_is(name, names[i].name))
			return strcmp(arch, names[i].arch) == 0 ? COND_TRUE : COND_FALSE;
	if (span_is(name, "CONFIG_X86"))
		return strcmp(arch, "x86_64") == 0 || strcmp(arch, "i386") == 0 ? COND_TRUE
										: COND_FALSE;
	return COND_UNKNOWN;
}

/* What a module's compilation always defines, or never does. */
static enum cond_value of_compilation(struct span name)
{
	static const char *const yes[] = {"MODULE",	    "__KERNEL__",     "__GNUC__",
					  "__linux__",	    "__STDC__",	      "LINUX_VERSION_CODE",
					  "KERNEL_VERSION", "KBUILD_MODNAME", "IS_ENABLED"};
	static const char *const no[] = {"__cplusplus", "_WIN32",      "WIN32",
					 "__FreeBSD__", "__APPLE__",   "__NetBSD__",
					 "__sun",	"__MINGW32__", "_MSC_VER",
					 "__OpenBSD__", "__CYGWIN__",  "__DragonFly__"};

	for (size_t i = 0; i < sizeof(yes) / sizeof(*yes); i++)
		if (span_is(name, yes[i]))
			return COND_TRUE;
	for (size_t i = 0; i < sizeof(no) / sizeof(*no); i++)
		if (span_is(name, no[i]))
			return COND_FALSE;
	return COND_UNKNOWN;
}

/* Whether something that is no part of the source defines the macro. */
static enum cond_value defined_outside(const struct module_judge *judge, struct span name)
{
	const struct named_kernel *kernel = judge->kernel;
	enum cond_value value = of_compilation(name);
	char text[256];

	if (value == COND_UNKNOWN)
		value = of_architecture(kernel->arch, name);
	if (value != COND_UNKNOWN || span_length(name) >= sizeof(text))
		return value;
	snprintf(text, sizeof(text), "%.*s", (int)span_length(name), (const char *)name.at);
	if (kernel->macro && from_tristate(kernel->macro(kernel->ctx, text)) == COND_TRUE)
		return COND_TRUE;
	/* The project's own build may define it, whatever the kernel does. */
	if (kbuild_mentions(judge->source->kbuild, text))
		return COND_UNKNOWN;
	if (starts_with(name, "CONFIG_"))
		return kernel->option ? from_tristate(kernel->option(kernel->ctx, text))
				      : COND_UNKNOWN;
	/* Only kernels of Red Hat's and those made from them have these. */
	if (starts_with(name, "RHEL_") && kernel->release && !strstr(kernel->release, ".el"))
		return COND_FALSE;
	return kernel->macro ? from_tristate(kernel->macro(kernel->ctx, text)) : COND_UNKNOWN;
}

/* True if the condition at hand sees the definition, and does not decide on it. */
static bool sees(const struct question *q, const struct source_definition *definition)
{
	const struct branches *branches = &q->judge->source->branches;
	const struct branch *asking = &branches->items[q->branch];

	if (definition->kind != DEFINES_MACRO ||
	    !module_judge_sees(q->judge, definition, asking->file) ||
	    (definition->file == asking->file && definition->line >= asking->line))
		return false;
	for (uint32_t at = definition->branch; at; at = branches->items[at].parent)
		if (branches->items[at].chain == asking->chain)
			return false;
	return true;
}

static uint32_t first_definition(const struct question *q, struct span name)
{
	uint32_t word = words_find(&q->judge->source->words, name);

	return word == WORDS_NONE ? 0 : module_source_definition(q->judge->source, word);
}

static enum cond_value is_defined(void *ctx, struct span name)
{
	struct question *q = ctx;
	enum cond_value value = defined_outside(q->judge, name);

	for (uint32_t at = first_definition(q, name); at && value != COND_TRUE;) {
		const struct source_definition *d = &q->judge->source->definitions.items[at - 1];

		if (q->work++ > MAX_WORK)
			return COND_UNKNOWN;
		if (sees(q, d))
			value = either(value, module_judge_branch(q->judge, d->branch));
		at = d->next;
	}
	return value;
}

static struct span span_of_text(const char *text)
{
	const unsigned char *at = (const unsigned char *)text;

	return (struct span){at, at + strlen(text)};
}

/* The argument that the parameter of this number stands for; NULL: it is no parameter. */
static const struct span *argument_of(const char *parameters, struct span name,
				      const struct lex_call *call)
{
	unsigned int number = 0;

	for (const char *p = parameters; *p; p++) {
		struct span text = span_of_text(p), parameter;

		parameter = lex_name(text.at, text.end);
		if (span_length(parameter) && span_same(parameter, name))
			return number < call->count ? &call->arguments[number] : NULL;
		if (span_length(parameter))
			p = (const char *)parameter.end - 1;
		number += *p == ',';
	}
	return NULL;
}

/* The macro's body with the arguments in it. */
static void substitute(const struct source_definition *definition, const struct lex_call *call,
		       struct strbuf *out)
{
	struct span body = span_of_text(definition->body);

	while (body.at < body.end) {
		struct span name = lex_name(body.at, body.end);
		const struct span *argument =
			span_length(name) ? argument_of(definition->parameters, name, call) : NULL;

		if (argument)
			strbuf_add(out, argument->at, span_length(*argument));
		else if (span_length(name))
			strbuf_add(out, name.at, span_length(name));
		else
			strbuf_addc(out, (char)*body.at);
		body.at = name.end + !span_length(name);
	}
}

static bool evaluate_macro(struct question *q, const struct source_definition *definition,
			   const struct lex_call *call, long long *value);

/* The number that a macro of the source's own stands for, if all that may be meant agree. */
static bool number_of_macro(struct question *q, struct span name, const struct lex_call *call,
			    long long *value)
{
	enum cond_value known = COND_FALSE;

	for (uint32_t at = first_definition(q, name); at && known != COND_TRUE;) {
		const struct source_definition *d = &q->judge->source->definitions.items[at - 1];
		enum cond_value holds = COND_FALSE;
		long long number;

		if (q->work++ > MAX_WORK)
			return false;
		if (sees(q, d))
			holds = module_judge_branch(q->judge, d->branch);
		if (holds != COND_FALSE) {
			if (!evaluate_macro(q, d, call, &number) ||
			    (known != COND_FALSE && number != *value))
				return false;
			*value = number;
			known = holds;
		}
		at = d->next;
	}
	return known == COND_TRUE;
}

/* LINUX_VERSION_MAJOR and its like: parts of the version's code (since 5.12, 88a686728b37
 * "kbuild: simplify access to the kernel's version"). */
static bool part_of_version(const struct question *q, struct span name, long long *value)
{
	static const char *const parts[] = {"LINUX_VERSION_SUBLEVEL", "LINUX_VERSION_PATCHLEVEL",
					    "LINUX_VERSION_MAJOR"};

	if (q->version < 0)
		return false;
	*value = q->version;
	if (span_is(name, "LINUX_VERSION_CODE"))
		return true;
	for (unsigned int i = 0; i < 3; i++) {
		*value = q->version >> 8 * i & 0xff;
		if (span_is(name, parts[i]))
			return true;
	}
	return false;
}

static bool value_of(void *ctx, struct span name, long long *value)
{
	return part_of_version(ctx, name, value) || number_of_macro(ctx, name, NULL, value);
}

static bool value_of_call(void *ctx, struct span name, const struct lex_call *call,
			  long long *value)
{
	return number_of_macro(ctx, name, call, value);
}

static bool evaluate_macro(struct question *q, const struct source_definition *definition,
			   const struct lex_call *call, long long *value)
{
	const struct expr_names names = {q, is_defined, value_of, value_of_call};
	struct strbuf text = {.data = NULL};
	bool known;

	if (!definition->body || definition->takes_arguments != (call != NULL) ||
	    q->nesting >= MAX_MACROS)
		return false;
	q->nesting++;
	if (call)
		substitute(definition, call, &text);
	else
		strbuf_adds(&text, definition->body);
	q->judge->failed |= text.failed;
	known = !text.failed && expr_number(span_of_text(strbuf_string(&text)), &names, value);
	strbuf_release(&text);
	q->nesting--;
	return known;
}

/* What the condition says by itself: the same for all versions that the kernel may be of. */
static enum cond_value evaluate(struct module_judge *judge, uint32_t branch)
{
	const struct branch *b = &judge->source->branches.items[branch];
	struct question q = {.judge = judge, .branch = branch, .version = judge->versions[0]};
	const struct expr_names names = {&q, is_defined, value_of, value_of_call};
	enum cond_value value;

	if (!b->text || b->guard)
		return COND_TRUE;
	value = expr_evaluate(span_of_text(b->text), &names);
	if (judge->versions[0] == judge->versions[1])
		return value;
	q.version = judge->versions[1];
	q.work = 0;
	return expr_evaluate(span_of_text(b->text), &names) == value ? value : COND_UNKNOWN;
}

static enum cond_value own_condition(struct module_judge *judge, uint32_t branch)
{
	enum cond_value value;

	if (judge->own[branch])
		return (enum cond_value)(judge->own[branch] - 1);
	/* Who asks for it while it is evaluated gets no answer. */
	judge->own[branch] = 1 + COND_UNKNOWN;
	value = evaluate(judge, branch);
	judge->own[branch] = (uint8_t)(1 + value);
	return value;
}

enum cond_value module_judge_branch(struct module_judge *judge, uint32_t branch)
{
	const struct branch *b = &judge->source->branches.items[branch];
	enum cond_value value;

	if (!branch)
		return COND_TRUE;
	if (judge->whole[branch])
		return (enum cond_value)(judge->whole[branch] - 1);
	if (b->arm > MAX_ARMS || judge->depth >= MAX_DEPTH)
		return COND_UNKNOWN;
	judge->depth++;
	value = module_judge_branch(judge, b->parent);
	for (uint32_t at = b->previous; at; at = judge->source->branches.items[at].previous)
		value = both(value, negate(own_condition(judge, at)));
	if (value != COND_FALSE)
		value = both(value, own_condition(judge, branch));
	judge->depth--;
	judge->whole[branch] = (uint8_t)(1 + value);
	return value;
}

bool module_judge_sees(const struct module_judge *judge, const struct source_definition *definition,
		       uint32_t file)
{
	return !definition->of_file || definition->file == file ||
	       judge->source->files.items[file].part == PART_HEADER;
}

/* True if the condition of a branch is that of one around the place. */
static bool stands_under(const struct branch *branches, uint32_t place, uint32_t branch)
{
	for (; place; place = branches[place].parent)
		if (place == branch || (!branches[place].arm && !branches[branch].arm &&
					strcmp(branches[place].text, branches[branch].text) == 0))
			return true;
	return false;
}

bool module_judge_implies(struct module_judge *judge, uint32_t place, uint32_t branch)
{
	const struct branch *branches = judge->source->branches.items;

	for (; branch; branch = branches[branch].parent)
		if (module_judge_branch(judge, branch) == COND_UNKNOWN &&
		    (own_condition(judge, branch) == COND_UNKNOWN || branches[branch].arm) &&
		    !stands_under(branches, place, branch))
			return false;
	return true;
}

/* The versions that a kernel of that release may say it is of: all of a series, "6.12" or
 * "6.1.0-57-amd64" (where the number is the distribution's), or "6.12.117" alone. */
static void set_versions(struct module_judge *judge)
{
	const struct named_kernel *kernel = judge->kernel;
	const char *release = kernel->release;
	unsigned int part[3] = {0, 0, 0};
	int parts = release ? sscanf(release, "%3u.%3u.%3u", &part[0], &part[1], &part[2]) : 0;
	long long series = (long long)part[0] << 16 | (part[1] & 0xff) << 8;

	judge->versions[0] = judge->versions[1] = kernel->version_code;
	if (kernel->version_code)
		return;
	judge->versions[0] = judge->versions[1] = -1;
	if (parts < 2)
		return;
	judge->versions[0] = series | (part[2] > 255 ? 255 : part[2]);
	judge->versions[1] = part[2] || part[0] < 3 ? judge->versions[0] : (series | 255);
}

int module_judge_make(struct module_judge *judge, const struct module_source *source,
		      const struct named_kernel *kernel, struct ksa_error *err)
{
	size_t count = source->branches.count;

	*judge = (struct module_judge){.source = source, .kernel = kernel};
	judge->own = calloc(count ? count : 1, 1);
	judge->whole = calloc(count ? count : 1, 1);
	if (!judge->own || !judge->whole)
		return ksa_fail_nomem(err);
	set_versions(judge);
	for (uint32_t i = 1; i < count; i++)
		module_judge_branch(judge, i);
	return judge->failed ? ksa_fail_nomem(err) : 0;
}
