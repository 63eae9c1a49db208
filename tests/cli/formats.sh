#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The formats for other tools. Every command line case runs once more, and each run of a command that
# has findings then writes all formats that it has: these must hold the same findings, and be what
# their readers take (tests/cli/formats.py).
#
#   tests/cli/formats.sh [CASE...]
#
# Needs python3, with jsonschema for the schemas, and xmllint. What is missing is said, and skipped.
# KEEP=DIR leaves the reports there.
set -u
some=${1:+some}
root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root" || exit 2
B=${B:-build/release}
tool=${KSYMAUDIT:-$(cd "$B" && pwd)/ksymaudit}
command -v python3 >/dev/null || {
	echo "python3 is missing: the formats were not compared"
	echo "0 passed, 0 failed, 1 skipped"
	exit 0
}
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
reports=${KEEP:-$work/reports}
mkdir -p "$reports"

# In place of the command: the same, with -v, and all formats to files.
formats_of() { # COMMAND
	"$tool" "$1" --help </dev/null | sed -n 's/^Formats: *//p' | tr -d ,
}
{
	cat <<-END
		#!/bin/sh
		case " \$* " in *" --help "* | *" -h "* | *" -i "* | *" --interactive "*) exec $tool "\$@" ;; esac
		case \${1:-} in
	END
	for command in check diff review wrappers users; do
		formats=$(formats_of $command)
		case " $formats " in
		*" sarif "*) echo "$command) formats='$formats' ;;" ;;
		esac
	done
	cat <<-END
		*) exec $tool "\$@" ;;
		esac
		dir=\$(mktemp -d "$reports/XXXXXX")
		{ pwd; printf '%s\n' "\$@"; } >"\$dir/arguments"
		command=\$1
		shift
		for format in \$formats; do
			set -- -f "\$format=\$dir/\$format" "\$@"
		done
		exec $tool "\$command" -v "\$@"
	END
} >"$work/ksymaudit"
chmod +x "$work/ksymaudit"
# 60,000 findings in ten forms take a minute, and hold no more than others.
[ $# -gt 0 ] || for case in testdata/cli/*/cmd; do
	case=$(basename "$(dirname "$case")")
	[ "$case" = review-many ] || set -- "$@" "$case"
done
KSYMAUDIT=$work/ksymaudit MKFIXTURE=${MKFIXTURE:-$(cd "$B" && pwd)/tests/mkfixture} \
	tests/cli/run.sh "$@" >/dev/null 2>&1
python3 tests/cli/formats.py "$reports" "$some"
