# SPDX-License-Identifier: GPL-2.0-or-later
# The OPTIONS of a manual page, from the table of the program:
#
#   ksymaudit --dump-options >TABLE
#   awk -v command=check -f man/options.awk TABLE man/ksymaudit.1.scd man/ksymaudit-check.1.scd
#
# Below "# OPTIONS" a page has "*--NAME*" and, indented, what there is to say of that option. Its head (letter,
# name, values) and the order are the table's. An option of which a page says nothing is told as in ksymaudit.1
# or, if that has nothing either, in the words of --help. command is "-" for ksymaudit.1 itself. Text that is
# not indented follows the options. What a page says of an option that is not there ends the run.

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

function print_options(    i, name, told) {
	for (i = 1; i <= count; i++) {
		name = names[i]
		told = name in own ? own[name] : name in common ? common[name] : help_text(helps[name])
		sub(/\n+$/, "\n", told)
		print heads[name] "\n" told
	}
	for (name in own)
		if (!(name in heads)) {
			print page ": no option --" name > "/dev/stderr"
			status = 1
		}
	sub(/\n+$/, "\n", rest)
	if (rest != "")
		print rest
}

BEGIN { FS = "\t" }
FNR == 1 { file++; page = FILENAME; inside = 0 }
file == 1 {
	if ($1 == "option" && $2 == command) {
		names[++count] = $4
		heads[$4] = head($3, $4, $5, $6, $7)
		helps[$4] = $8
	}
	next
}
inside && /^# / {
	inside = 0
	if (file == 3)
		print_options()
}
inside && /^\*--[a-z-]+\*$/ { option = substr($0, 4, length($0) - 4); next }
inside && /^[^\t]/ { option = "" }
inside && option != "" && file == 2 { common[option] = common[option] $0 "\n"; next }
inside && option != "" { own[option] = own[option] $0 "\n"; next }
inside && file == 3 { if (rest != "" || $0 != "") rest = rest $0 "\n"; next }
/^# OPTIONS$/ { inside = 1; option = ""; if (file == 3) print $0 "\n"; next }
file == 3 { print }
END { exit status }
