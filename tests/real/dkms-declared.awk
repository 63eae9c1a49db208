# SPDX-License-Identifier: GPL-2.0-or-later
# How a kernel's headers declare names: from their lines that have one of these (the file `names`), rows NAME WORD, where
# WORD is macro, inline, function, type or constant. Read as text, with no look at conditions: the headers are in the
# kernel's own style, declarations begin at the first column.

function say(name, word) {
	if (!((name, word) in said))
		print name, word
	said[name, word]
}

FILENAME ~ /names$/ {
	wanted[$1]
	next
}

/^[ \t]*(\*|\/\/|\/\*)/ {
	next
}

/^[ \t]*#[ \t]*define[ \t]/ {
	line = $0
	sub(/^[ \t]*#[ \t]*define[ \t]+/, "", line)
	sub(/[^A-Za-z0-9_].*/, "", line)
	if (line in wanted)
		say(line, "macro")
	next
}

{
	line = $0
	sub(/\/[*\/].*/, "", line)
	n = split(line, word, /[^A-Za-z0-9_]+/)
	for (i = 1; i <= n; i++) {
		name = word[i]
		if (!(name in wanted))
			continue
		if (line ~ ("(^|[^A-Za-z0-9_])(struct|union|enum)[ \t]+" name "[ \t]*\\{") || line ~ /^(typedef|\})/)
			say(name, "type")
		else if (line ~ ("^[A-Za-z_].*[^A-Za-z0-9_]" name "[ \t]*\\(") || line ~ ("^" name "[ \t]*\\("))
			say(name, line ~ /inline/ ? "inline" : "function")
		else if (line ~ ("^[ \t]+" name "[ \t]*(,|=|$)") || line ~ /^extern/)
			say(name, "constant")
	}
}
