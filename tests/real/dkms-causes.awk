# SPDX-License-Identifier: GPL-2.0-or-later
# What keeps a module from building, from the log of kbuild: a row for each error of gcc and of modpost,
#
#	KIND	NAME	FILE:LINE	MESSAGE
#
# KIND is init and assign (a member and a value do not fit), argument, count and void (a function's prototype), member (that
# is no more), header, missed (a name that is not declared), taken (one that is declared twice), modpost, and other. NAME is
# what it is about, the place is in the module's own files: of what comes out of a macro of the kernel's, where that is used.
# Several rows may be one cause; the caller counts names.

function quoted(text, nth,    part) {
	split(text, part, "'")
	return part[2 * nth]
}

# What gcc underlines with ^~~~ first, in the line of source before; of a call, what is called.
function marked(line, marks,    from, text) {
	if (!match(marks, /[~^]+/))
		return ""
	text = substr(line, RSTART, RLENGTH)
	sub(/[ \t]*\(.*/, "", text)
	return text
}

function last_word(text) {
	sub(/[^A-Za-z0-9_]+$/, "", text)
	sub(/.*[^A-Za-z0-9_]/, "", text)
	return text
}

# The member that `x->m = v` or `x.m = v` sets.
function assigned(line) {
	sub(/[^=!<>]=[^=].*/, "", line)
	gsub(/\[[^]]*\]/, "", line)
	sub(/[ \t]+$/, "", line)
	sub(/.*(->|\.)/, "", line)
	sub(/^[^A-Za-z0-9_]*/, "", line)
	return line
}

# The function whose value `T x = f(y)` takes.
function called(line) {
	if (!match(line, /[A-Za-z_][A-Za-z0-9_]*[ \t]*\(/))
		return ""
	line = substr(line, RSTART, RLENGTH)
	sub(/[ \t]*\($/, "", line)
	return line
}

function kind_of(m) {
	if (m ~ /^(initialization of|initialization makes|incompatible types when init)/)
		return "init"
	if (m ~ /^(assignment |incompatible types when assigning|invalid initializer)/)
		return "assign"
	if (m ~ /^(passing argument|incompatible type for argument)/)
		return "argument"
	if (m ~ /^too (few|many) arguments|^macro ".*" (requires|passed)/)
		return "count"
	if (m ~ /^void value not ignored/)
		return "void"
	if (m ~ /^(invalid operands to|wrong type argument to|used .* type value where|returning |comparison of|pointer\/integer type|incompatible types in|invalid type argument of)/)
		return "operand"
	if (m ~ /has no member named/)
		return "member"
	if (m ~ /No such file or directory$/)
		return "header"
	if (m ~ /^implicit declaration of|undeclared|^unknown type name|undefined type|incomplete type|storage size of|declared inside parameter list/)
		return "missed"
	if (m ~ /^(conflicting types for|redefinition of|static declaration of|redeclaration of)|redefined|redeclared as/)
		return "taken"
	return "other"
}

# The names of the message, where it says them.
function name_of(kind, m,    name) {
	if (kind == "header") {
		sub(/: No such file.*/, "", m)
		return m
	}
	if (kind == "argument" || kind == "count") {
		if (m ~ /^macro/) {
			split(m, part, "\"")
			return part[2]
		}
		name = quoted(m, 1)
		return name
	}
	if (kind == "member") {
		sub(/.* has no member named '/, "", m)
		sub(/'.*/, "", m)
		return m
	}
	if (kind == "missed" || kind == "taken") {
		name = quoted(m, m ~ /'sizeof' to/ ? 2 : 1)
		if (m ~ /^"/) {
			split(m, part, "\"")
			name = part[2]
		}
		sub(/^(const )?(struct|union|enum) /, "", name)
		return name
	}
	return ""
}

function finish(    name) {
	if (!open)
		return
	open = 0
	name = name_of(kind, message)
	if (message ~ /^field .* has incomplete type/) {
		name = source
		sub(/[ \t]+[A-Za-z0-9_]+(\[.*)?;.*/, "", name)
		name = last_word(name)
	} else if (kind == "init") {
		name = near
		if (name == "") {
			kind = "void"
			name = called(source)
		}
	} else if (kind == "assign") {
		# a value of another type than the variable's: the function's that gives it
		if (message ~ /read-only/)
			name = quoted(message, 1)
		else if (message !~ /\(\*\)/ && source !~ /(->|\.)[A-Za-z0-9_]+[ \t]*=[^=]/) {
			kind = "void"
			name = called(source)
		} else
			name = assigned(source)
	} else if (kind == "operand") {
		kind = marked(source, marks) ~ /(->|\.)[A-Za-z0-9_]+$/ ? "assign" : "void"
		name = last_word(marked(source, marks))
	} else if (kind == "void")
		name = last_word(marked(source, marks)) != "" ? last_word(marked(source, marks)) : called(source)
	if (place == "")
		place = included
	print kind, name == "" ? "?" : name, place, message
}

# ours FILE: not one of the kernel's headers
function ours(file) {
	return file !~ /^\//
}

BEGIN {
	OFS = "\t"
}

{
	gsub(/‘|’/, "'")
}

/^ERROR: modpost: / {
	finish()
	m = $0
	sub(/^ERROR: modpost: /, "", m)
	if (m ~ /undefined!$/) {
		split(m, part, "\"")
		print "missed", part[2], "modpost", m
	} else
		print "modpost", "?", "modpost", m
	next
}

/^(In file included| +)from [^ ]+:[0-9]+/ || /^In file included from / {
	finish()
	text = $0
	sub(/.*from /, "", text)
	sub(/[,:]+$/, "", text)
	split(text, part, ":")
	if ($0 ~ /^In file/)
		included = ""
	if (included == "" && ours(part[1]))
		included = part[1] ":" part[2]
	next
}

match($0, /^[^ :]+:[0-9]+:([0-9]+:)? (fatal error|error|warning|note): /) {
	head = substr($0, 1, RLENGTH)
	text = substr($0, RLENGTH + 1)
	split(head, part, ":")
	at = ours(part[1]) ? part[1] ":" part[2] : ""
	if (head ~ /note: $/) {
		if (open && place == "" && text ~ /^in (expansion|definition) of macro/)
			place = at
		if (open && text ~ /^\(near initialization for /) {
			near = quoted(text, 1)
			gsub(/\[[^]]*\]/, "", near)
			sub(/.*\./, "", near)
		}
		noted = 1
		next
	}
	finish()
	if (head ~ /warning: $/) {
		included = ""
		next
	}
	open = 1
	message = text
	sub(/ \[-W[^ ]*\]$/, "", message)
	place = at
	near = source = marks = ""
	noted = 0
	kind = kind_of(message)
	next
}

# the line of source, which gcc shows, and what it marks there
open && !noted && /^ *[0-9]+ \| / {
	source = $0
	sub(/^ *[0-9]+ \| /, "", source)
	next
}

open && !noted && marks == "" && /^ +\| *[~^]/ {
	marks = $0
	sub(/^ +\| /, "", marks)
	next
}

/^(make|  [A-Z]+ )/ {
	finish()
	included = ""
}

END {
	finish()
}
