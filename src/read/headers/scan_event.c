// SPDX-License-Identifier: GPL-2.0-or-later
/* What well-known macros make at the top level of a header. */
#include "read/headers/scan_internal.h"

#include <stdio.h>

/*
 * Macros that make functions from names. The functions of a tracepoint: include/linux/tracepoint.h;
 * those of DECLARE_TRACE have "_tp" behind them since 6.16, so both may be meant.
 */
enum maker_kind { MAKES_EVENT, MAKES_TRACE, MAKES_CLASS, MAKES_CONDITIONAL, MAKES_FREE };

static const struct maker {
	const char *macro;
	unsigned int name; /* which argument */
	enum maker_kind kind;
} makers[] = {
	{"TRACE_EVENT", 0, MAKES_EVENT},
	{"TRACE_EVENT_FN", 0, MAKES_EVENT},
	{"TRACE_EVENT_FN_COND", 0, MAKES_EVENT},
	{"TRACE_EVENT_CONDITION", 0, MAKES_EVENT},
	{"TRACE_EVENT_NOP", 0, MAKES_EVENT},
	{"TRACE_EVENT_SYSCALL", 0, MAKES_EVENT},
	{"DEFINE_EVENT", 1, MAKES_EVENT},
	{"DEFINE_EVENT_FN", 1, MAKES_EVENT},
	{"DEFINE_EVENT_PRINT", 1, MAKES_EVENT},
	{"DEFINE_EVENT_CONDITION", 1, MAKES_EVENT},
	{"DEFINE_EVENT_NOP", 1, MAKES_EVENT},
	{"DECLARE_TRACE", 0, MAKES_TRACE},
	{"DECLARE_TRACE_CONDITION", 0, MAKES_TRACE},
	{"DECLARE_TRACE_WRITABLE", 0, MAKES_TRACE},
	{"DECLARE_TRACE_EVENT", 0, MAKES_EVENT},
	{"DECLARE_TRACE_EVENT_CONDITION", 0, MAKES_EVENT},
	{"DEFINE_GUARD", 0, MAKES_CLASS},
	{"DEFINE_GUARD_COND", 0, MAKES_CONDITIONAL},
	{"DEFINE_CLASS", 0, MAKES_CLASS},
	{"EXTEND_CLASS", 0, MAKES_CONDITIONAL},
	{"DEFINE_LOCK_GUARD_0", 0, MAKES_CLASS},
	{"DEFINE_LOCK_GUARD_1", 0, MAKES_CLASS},
	{"DEFINE_LOCK_GUARD_1_COND", 0, MAKES_CONDITIONAL},
	{"DEFINE_FREE", 0, MAKES_FREE},
};

static int begin(struct header_scanner *s, const char *prefix, struct span name, const char *suffix)
{
	struct helper init = {.file = s->file, .kind = HELPER_GENERATED};
	int r = facts_join(s->facts, prefix, name, suffix, &init.name, s->err);

	init.line = scan_line(s, s->statement.name.at);
	init.maybe = s->cond.unsure != 0;
	facts_begin(s->facts, &s->facts->macro, &init);
	return r;
}

/* trace_x(), trace_x_enabled() and register_trace_x() of a tracepoint. */
static int make_event(struct header_scanner *s, struct span name, const char *suffix)
{
	static const char *const functions[][2] = {
		{"trace_", ""},
		{"trace_", "_enabled"},
		{"register_trace_", ""},
		{"unregister_trace_", ""},
	};
	static const char *const symbols[] = {"__tracepoint_", "__traceiter_", "__SCK__tp_func_",
					      "__SCT__tp_func_"};
	struct facts_open *open = &s->facts->macro;
	int r = 0;

	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]) && !r; i++) {
		char ending[16];

		strcpy(ending, suffix);
		strcat(ending, functions[i][1]);
		r = begin(s, functions[i][0], name, ending);
		for (size_t k = 0; k < (i == 0 ? 4 : 1) && !r; k++) {
			uint32_t number;

			r = facts_join(s->facts, symbols[k], name, suffix, &number, s->err);
			if (!r)
				r = facts_refer(s->facts, open, number, s->err);
		}
		if (!r)
			r = facts_end(s->facts, open, s->err);
	}
	return r;
}

/* A function that calls what the other arguments name: class_mutex(), __free_kfree(). */
static int make_function(struct header_scanner *s, const char *prefix, struct span name,
			 struct span rest)
{
	static const char it[] = "_T"; /* what the function is called with */
	const unsigned char *at = (const unsigned char *)it;
	struct facts_open *open = &s->facts->macro;
	struct header_body body;
	int r = begin(s, prefix, name, "");

	if (r)
		return r;
	body_init(&body, s->facts, open, s->err);
	r = body_parameters(&body, (struct span){at, at + strlen(it)});
	if (!r)
		r = body_macro(&body, rest);
	return r ? r : facts_end(s->facts, open, s->err);
}

/* class_mutex_try() of DEFINE_GUARD_COND(mutex, _try, mutex_trylock(_T)). */
static int make_conditional(struct header_scanner *s, const struct lex_call *call,
			    struct span arguments)
{
	char name[256];
	const unsigned char *at = (const unsigned char *)name;
	int length;

	if (call->count < 2 || !span_is_name(call->arguments[1]))
		return 0;
	length = snprintf(name, sizeof(name), "%.*s%.*s", (int)span_length(call->arguments[0]),
			  call->arguments[0].at, (int)span_length(call->arguments[1]),
			  call->arguments[1].at);
	if (length < 0 || (size_t)length >= sizeof(name))
		return 0;
	return make_function(s, "class_", (struct span){at, at + length},
			     (struct span){call->arguments[1].end, arguments.end});
}

static int make(struct header_scanner *s, const struct maker *maker, const struct lex_call *call,
		struct span arguments)
{
	struct span name = call->arguments[maker->name];
	struct span rest = {name.end, arguments.end};
	int r;

	switch (maker->kind) {
	case MAKES_EVENT:
		return make_event(s, name, "");
	case MAKES_TRACE:
		r = make_event(s, name, "");
		return r ? r : make_event(s, name, "_tp");
	case MAKES_CLASS:
		return make_function(s, "class_", name, rest);
	case MAKES_CONDITIONAL:
		return make_conditional(s, call, arguments);
	default:
		return make_function(s, "__free_", name, rest);
	}
}

/* DECLARE_PER_CPU(int, x), extern DECLARE_BITMAP(x, n): the arguments that are names. */
static int declare_arguments(struct header_scanner *s, const struct lex_call *call)
{
	int r = 0;

	for (unsigned int i = 0; i < call->count && !r; i++) {
		uint32_t number;

		if (!span_is_name(call->arguments[i]))
			continue;
		r = facts_number(s->facts, call->arguments[i], &number, s->err);
		if (!r)
			s->facts->names[number].declared |= DECLARED_OBJECT;
	}
	return r;
}

int scan_invocation(struct header_scanner *s, struct span macro, struct span arguments)
{
	static const char declares[] = "DECLARE_", defines[] = "DEFINE_";
	struct lex_call call;

	/* Their first arguments are all that counts, and the longest are cut. */
	if (!lex_read_call(arguments.at - 1, arguments.end + 1, false, &call) && !call.count)
		return 0;
	for (size_t i = 0; i < sizeof(makers) / sizeof(makers[0]); i++)
		if (span_is(macro, makers[i].macro))
			return call.count > makers[i].name &&
					       span_is_name(call.arguments[makers[i].name])
				       ? make(s, &makers[i], &call, arguments)
				       : 0;
	if ((span_length(macro) > strlen(declares) &&
	     memcmp(macro.at, declares, strlen(declares)) == 0) ||
	    (span_length(macro) > strlen(defines) &&
	     memcmp(macro.at, defines, strlen(defines)) == 0))
		return declare_arguments(s, &call);
	return 0;
}
