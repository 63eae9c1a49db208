// SPDX-License-Identifier: GPL-2.0-or-later
/* What well-known macros make at the top level of a header. */
#include "read/headers/scan_internal.h"

#include <stdio.h>

#define MAX_EXPANDED 8 /* macros in macros; page-flags.h has three */

/*
 * Macros that make the functions of a tracepoint, and which argument is its name. They are many,
 * and each has several definitions, one for each time that a header of events is read again: so
 * what they make is known here (include/linux/tracepoint.h). What DECLARE_TRACE makes has "_tp"
 * behind its name in 7.2 and not in 6.12: both are meant.
 */
static const struct maker {
	const char *macro;
	unsigned int name;
	bool is_bare; /* it makes a tracepoint without an event */
} makers[] = {
	{"TRACE_EVENT", 0, false},
	{"TRACE_EVENT_FN", 0, false},
	{"TRACE_EVENT_FN_COND", 0, false},
	{"TRACE_EVENT_CONDITION", 0, false},
	{"TRACE_EVENT_NOP", 0, false},
	{"TRACE_EVENT_SYSCALL", 0, false},
	{"DECLARE_EVENT_CLASS", 16, false},
	{"DEFINE_EVENT", 1, false},
	{"DEFINE_EVENT_FN", 1, false},
	{"DEFINE_EVENT_PRINT", 1, false},
	{"DEFINE_EVENT_CONDITION", 1, false},
	{"DEFINE_EVENT_NOP", 1, false},
	{"DECLARE_TRACE", 0, true},
	{"DECLARE_TRACE_CONDITION", 0, true},
	{"DECLARE_TRACE_WRITABLE", 0, true},
	{"DECLARE_TRACE_EVENT", 0, false},
	{"DECLARE_TRACE_EVENT_CONDITION", 0, false},
};

/* What they make, and what its body names: prefixes of the tracepoint's name if they end in '_',
 * else names. */
static const struct event_function {
	const char *prefix, *suffix;
	const char *names[8];
} functions[] = {
	{"trace_",
	 "",
	 {"__tracepoint_", "__traceiter_", "__SCK__tp_func_", "__SCT__tp_func_", "__do_trace_",
	  "__DO_TRACE", "__DO_TRACE_CALL", "cpu_online"}},
	/* In 7.2 what stands behind the test is apart. */
	{"__do_trace_",
	 "",
	 {"__tracepoint_", "__traceiter_", "__SCT__tp_func_", "__DO_TRACE_CALL", "cpu_online",
	  "tracepoint_srcu", "class_srcu_fast_notrace_constructor",
	  "class_srcu_fast_notrace_destructor"}},
	{"trace_call__", "", {"__do_trace_"}},
	{"trace_", "_enabled", {"__tracepoint_"}},
	{"register_trace_", "", {"__tracepoint_", "tracepoint_probe_register"}},
	{"register_trace_prio_", "", {"__tracepoint_", "tracepoint_probe_register_prio"}},
	{"unregister_trace_", "", {"__tracepoint_", "tracepoint_probe_unregister"}},
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static int refer(struct header_scanner *s, const char *text, struct span name, const char *suffix)
{
	struct facts_paste paste = {text, name, suffix};

	if (text[strlen(text) - 1] != '_')
		paste = (struct facts_paste){text, {name.at, name.at}, ""};
	return facts_refer_pasted(s->facts, &s->facts->macro, &paste, s->err);
}

static int make_function(struct header_scanner *s, const struct event_function *f, struct span name,
			 const char *suffix)
{
	struct helper init = {.file = s->file, .kind = HELPER_GENERATED};
	char ending[16];
	int r;

	snprintf(ending, sizeof(ending), "%s%s", suffix, f->suffix);
	r = facts_paste(s->facts, &(struct facts_paste){f->prefix, name, ending}, &init.name,
			s->err);
	if (r)
		return r;
	init.line = scan_line(s, s->statement.name.at);
	init.maybe = scan_is_maybe(s);
	r = scan_place(s, init.name, DECLARES_INLINE, s->statement.name.at);
	if (r)
		return r;
	facts_begin(s->facts, &s->facts->macro, &init);
	for (size_t i = 0; i < COUNT(f->names) && f->names[i] && !r; i++)
		r = refer(s, f->names[i], name, suffix);
	return r ? r : facts_end(s->facts, &s->facts->macro, s->err);
}

static int make_event(struct header_scanner *s, struct span name, const char *suffix)
{
	int r = 0;

	for (size_t i = 0; i < COUNT(functions) && !r; i++)
		r = make_function(s, &functions[i], name, suffix);
	return r;
}

static int make(struct header_scanner *s, const struct maker *maker, const struct lex_call *call)
{
	int r;

	if (call->count <= maker->name || !span_is_name(call->arguments[maker->name]))
		return 0;
	r = make_event(s, call->arguments[maker->name], "");
	if (!r && maker->is_bare)
		r = make_event(s, call->arguments[maker->name], "_tp");
	return r;
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

static bool begins(struct span name, const char *prefix)
{
	return span_length(name) > strlen(prefix) && memcmp(name.at, prefix, strlen(prefix)) == 0;
}

/* What any other macro makes is known once all headers were read. */
static int keep_call(struct header_scanner *s, struct span macro, struct span arguments)
{
	struct facts_call call = {.file = s->file,
				  .line = scan_line(s, s->statement.name.at),
				  .arguments = {arguments.at - 1, arguments.end + 1},
				  .depth = s->expanded,
				  .maybe = scan_is_maybe(s)};
	int r;

	if (s->expanded >= MAX_EXPANDED || span_length(arguments) + 2 > LEX_MAX_CALL)
		return 0;
	r = facts_number(s->facts, macro, &call.macro, s->err);
	return r ? r : facts_add_call(s->facts, &call, s->err);
}

int scan_invocation(struct header_scanner *s, struct span macro, struct span arguments)
{
	struct lex_call call;
	bool whole = lex_read_call(arguments.at - 1, arguments.end + 1, false, &call);
	int r = 0;

	/* Of a longer one the first arguments count. */
	if (!whole && !call.count)
		return 0;
	for (size_t i = 0; i < COUNT(makers); i++)
		if (span_is(macro, makers[i].macro))
			return make(s, &makers[i], &call);
	if (begins(macro, "DECLARE_") || begins(macro, "DEFINE_"))
		r = declare_arguments(s, &call);
	return r ? r : keep_call(s, macro, arguments);
}

int scan_counted(struct header_scanner *s, struct span arguments, const unsigned char *p)
{
	const unsigned char *close = scan_group(s, p);
	struct lex_call parts, call;
	char name[128];
	const unsigned char *at = (const unsigned char *)name;
	int length;

	if (!close || !lex_read_call(p, close, false, &call) ||
	    !lex_read_call(arguments.at - 1, arguments.end + 1, false, &parts) ||
	    parts.count != 2 || !begins(parts.arguments[1], "COUNT_ARGS"))
		return 0;
	s->at = close;
	length = snprintf(name, sizeof(name), "%.*s%u", (int)span_length(parts.arguments[0]),
			  parts.arguments[0].at, call.count);
	if (length < 0 || (size_t)length >= sizeof(name))
		return 0;
	return scan_invocation(s, (struct span){at, at + length}, (struct span){p + 1, close - 1});
}
