#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A small git repository for the cases of review, the same ids in every run; a case's cmd has sourced
# lib.sh before.
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
export GIT_AUTHOR_NAME='A Developer' GIT_AUTHOR_EMAIL=dev@example.org
export GIT_COMMITTER_NAME='A Maintainer' GIT_COMMITTER_EMAIL=maint@example.org
day=0

repository() { # DIR: an empty one; the functions below work in it
	repo=$1
	git -c init.defaultBranch=main init -q "$repo"
}

file() { # PATH: from standard input
	case $1 in */*) mkdir -p "$repo/${1%/*}" ;; esac
	cat >"$repo/$1"
}

commit() { # MESSAGE: all that is there, one day after the last one
	day=$((day + 1))
	date=$(printf '2024-01-%02dT12:00:00 +0100' $day)
	git -C "$repo" add -A
	GIT_AUTHOR_DATE=$date GIT_COMMITTER_DATE=$date git -C "$repo" commit -q -m "$1"
}

# A function with some lines around it, exported by a macro (or not, without one).
function_file() { # PATH NAME [MACRO] [NAMESPACE]
	{
		printf '#include <linux/module.h>\n\nint %s(struct thing *thing)\n{\n' "$2"
		printf '\tthing->users++;\n\treturn thing->users > 1;\n}\n'
		[ -z "${3:-}" ] || printf '%s(%s%s);\n' "$3" "$2" "${4:+, \"$4\"}"
		printf '\n/* The end. */\n'
	} | file "$1"
}

# A driver that calls functions; namespaces are imported.
driver_file() { # PATH FUNCTION... [-- NAMESPACE...]
	path=$1
	shift
	{
		printf '#include <linux/module.h>\n\nstatic int probe(struct thing *thing)\n{\n'
		while [ $# -gt 0 ] && [ "$1" != -- ]; do
			printf '\tif (%s(thing))\n\t\treturn -EBUSY;\n' "$1"
			shift
		done
		printf '\treturn 0;\n}\nmodule_init(probe);\nMODULE_LICENSE("GPL");\n'
		[ $# = 0 ] || shift
		for ns in "$@"; do
			printf 'MODULE_IMPORT_NS("%s");\n' "$ns"
		done
	} | file "$path"
}

# What a tree of these files is built with: lib/ is built in, drivers/a and drivers/b can be modules.
build_files() {
	printf '%s\n' 'obj-y += thing.o other.o' 'obj-$(CONFIG_THING_EXTRA) += extra.o' |
		file lib/Makefile
	printf '%s\n' 'config THING_EXTRA' '	tristate "More of it"' | file lib/Kconfig
	printf '%s\n' 'obj-$(CONFIG_DRIVER_A) += a.o' 'obj-$(CONFIG_DRIVER_B) += driver-b.o' \
		'driver-b-y := b.o b-two.o' | file drivers/Makefile
	printf '%s\n' 'config DRIVER_A' '	tristate "The driver a"' '' 'config DRIVER_B' \
		'	tristate "The driver b"' '	depends on DRIVER_A' | file drivers/Kconfig
}

# The tree that most cases start from.
tree() {
	repository repo
	build_files
	function_file lib/thing.c thing_get EXPORT_SYMBOL
	function_file lib/other.c thing_put EXPORT_SYMBOL_GPL
	function_file lib/extra.c thing_extra
	driver_file drivers/a.c thing_get thing_put
	driver_file drivers/b.c thing_put
	function_file drivers/b-two.c b_two
	commit 'The start'
}
