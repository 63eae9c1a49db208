#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A completion with the table of options in it, from its template in contrib/completion:
#
#   man/completion.sh TABLE TEMPLATE >COMPLETION      TABLE: of ksymaudit --dump-options
#
# The line that is @options@ becomes the table, without the options of no command and the keys. In fish it is a word in
# quotes, in which those of the table are escaped.
set -eu
case $2 in
*.fish) escape="s/[\\\\']/\\\\&/g" ;;
*) escape='' ;;
esac
table=$(grep -v -e '^option	-	' -e '^key	' "$1" | sed "$escape")
TABLE=$table awk '{
	at = index($0, "@options@")
	if (at)
		$0 = substr($0, 1, at - 1) ENVIRON["TABLE"] substr($0, at + length("@options@"))
	print
}' "$2"
