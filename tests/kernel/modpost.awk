# SPDX-License-Identifier: GPL-2.0-or-later
# What modpost objected to, from the log of a build: one "MODULE build KIND NAME" a line. Both
# grammars: up to 7.2 each message has its own place for the module's name, from 7.3 all start
# with it.

function base(path) {
	sub(/.*\//, "", path)
	sub(/\.k?o$/, "", path)
	return path
}

# The text of the message between two fixed parts of it.
function between(text, before, after, at) {
	at = index(text, before)
	text = substr(text, at + length(before))
	return after == "" ? text : substr(text, 1, index(text, after) - 1)
}

function fact(module, kind, name) {
	print base(module), "build", kind (name == "" ? "" : " " name)
}

# a warning that leaves the verdict alone
/^WARNING: modpost: .*missing MODULE_DESCRIPTION\(\)/ {
	text = between($0, "modpost: ", "")
	fact(text ~ /^missing/ ? between(text, " in ", "") : substr(text, 1, index(text, ":") - 1), \
		"warns no-description")
	next
}
!/^(ERROR|FATAL): modpost: / { next }
{ text = between($0, "modpost: ", "") }

# from 7.3: PATH.ko: TEXT
text ~ /^[^ ]*\.k?o: / {
	module = substr(text, 1, index(text, ": ") - 1)
	text = substr(text, index(text, ": ") + 2)
	if (text ~ /^GPL-incompatible module uses GPL-only symbol '/)
		fact(module, "gpl-only", between(text, "symbol '", "'"))
	else if (text ~ /^module uses symbol '.*' from namespace '.*', but does not import it/)
		fact(module, "namespace", between(text, "symbol '", "'"))
	else if (text ~ /^symbol '.*' undefined!/)
		fact(module, "undefined", between(text, "symbol '", "'"))
	else if (text ~ /^missing MODULE_LICENSE\(\)/)
		fact(module, "no-license")
	else if (text ~ /^missing MODULE_DESCRIPTION\(\)/)
		fact(module, "no-description")
	else if (text ~ /^symbol '.*' exported twice\. /)
		fact(module, "exported-twice", between(text, "symbol '", "'"))
	else if (text ~ /^explicitly importing namespace '.*' is not allowed/)
		fact(module, "forged-import", between(text, "namespace '", "'"))
	else
		fact(module, "says", text)
	next
}

/GPL-incompatible module .*\.ko uses GPL-only symbol '/ {
	fact(between(text, "module ", " uses"), "gpl-only", between(text, "symbol '", "'"))
	next
}
/module .* uses symbol .* from namespace .*, but does not import it/ {
	fact(between(text, "module ", " uses"), "namespace", between(text, "symbol ", " from"))
	next
}
text ~ /^".*" \[.*\] undefined!/ {
	fact(between(text, "[", "]"), "undefined", between(text, "\"", "\""))
	next
}
text ~ /^missing MODULE_LICENSE\(\) in / {
	fact(between(text, " in ", ""), "no-license")
	next
}
text ~ /^missing MODULE_DESCRIPTION\(\) in / {
	fact(between(text, " in ", ""), "no-description")
	next
}
text ~ /^[^ ]*: '.*' exported twice\. / {
	fact(substr(text, 1, index(text, ":") - 1), "exported-twice", between(text, "'", "'"))
	next
}
text ~ /^[^ ]*: explicitly importing namespace ".*" is not allowed/ {
	fact(substr(text, 1, index(text, ":") - 1), "forged-import", between(text, "\"", "\""))
	next
}
# nothing that modpost says as an error is lost
{ fact("?", "says", text) }
