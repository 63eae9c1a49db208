# SPDX-License-Identifier: GPL-2.0-or-later
# The OPTIONS of a manual page, and the KEYS of -i, from the table of the program:
#
#   ksymaudit --dump-options >TABLE
#   awk -v command=check -f man/options.awk TABLE man/ksymaudit.1.scd man/ksymaudit-check.1.scd
#
# Below "# OPTIONS" a page has "*--NAME*" and, indented, what there is to say of that option; below "# KEYS" the
# same for a line of keys, by the first of them. The head (letter, name, values; all keys) and the order are the
# table's. An option of which a page says nothing is told as in ksymaudit.1 or, if that has nothing either, in the
# words of --help; a key in those of the help. command is "-" for ksymaudit.1 itself. Text that is not indented
# follows the list. What a page says of something that is not there ends the run.

function head(letter, name, value, type, words,    out) {
	out = "*" (letter == "-" ? "" : "-" letter ", ") "--" name "*"
	if ((type == "word" || name == "format") && words != "-") {
		gsub(/ /, "|", words)
		return out " " words
	}
	if (value == "-")
		return out
	gsub(/[A-Z]+/, "_&_", value)
	return out " " value
}

function help_text(help) {
	gsub(/[\\*_]/, "\\\\&", help)
	return "\t" toupper(substr(help, 1, 1)) substr(help, 2) ".\n"
}

function key_head(keys) {
	gsub(/[\\*_]/, "\\\\&", keys)
	gsub(/[^ ,]+/, "*&*", keys)
	return keys
}

function add(section, name, title, help) {
	names[section, ++count[section]] = name
	heads[name] = title
	helps[name] = help
}

function print_section(    i, name, told) {
	for (i = 1; i <= count[inside]; i++) {
		name = names[inside, i]
		told = name in own ? own[name] : name in common ? common[name] : help_text(helps[name])
		sub(/\n+$/, "\n", told)
		print heads[name] "\n" told
	}
	for (name in own)
		if (!(name in heads)) {
			print page ": there is no " name > "/dev/stderr"
			status = 1
		}
	split("", own)
	sub(/\n+$/, "\n", rest)
	if (rest != "")
		print rest
	rest = ""
}

BEGIN { FS = "\t" }
FNR == 1 { file++; page = FILENAME; inside = "" }
file == 1 {
	if ($1 == "option" && $2 == command)
		add("OPTIONS", "--" $4, head($3, $4, $5, $6, $7), $8)
	if ($1 == "key" && $2 == command)
		add("KEYS", substr($3, 1, match($3 " ", /[ ,]/) - 1), key_head($3), $4)
	next
}
inside != "" && /^# / {
	if (file == 3)
		print_section()
	inside = ""
}
inside != "" && /^\*[^ ]+\*$/ { name = substr($0, 2, length($0) - 2); next }
inside != "" && /^[^\t]/ { name = "" }
inside != "" && name != "" && file == 2 { common[name] = common[name] $0 "\n"; next }
inside != "" && name != "" { own[name] = own[name] $0 "\n"; next }
inside != "" && file == 3 { if (rest != "" || $0 != "") rest = rest $0 "\n"; next }
/^# (OPTIONS|KEYS)$/ { inside = substr($0, 3); name = ""; if (file == 3) print $0 "\n"; next }
file == 3 { print }
END { exit status }
