#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What the cases share; a case's cmd starts with: . "$TESTDATA/cli/lib.sh"
RELEASE=6.1.0-test
MAGIC="$RELEASE SMP preempt mod_unload "

# A tree as /lib/modules/RELEASE, with its image and one module, so that nothing is unknown.
kernel() { # DIR [OPTION OF mkfixture kernel]...
	dir=$1
	shift
	mkdir -p "$dir/kernel"
	$MKFIXTURE kernel -o "$dir/vmlinux" --release "$RELEASE" --vermagic "$MAGIC" "$@"
	$MKFIXTURE module -o "$dir/kernel/dummy.ko" --intree --license GPL --vermagic "$MAGIC"
}

# The headers that such a tree's "build" has; more of them may be written below DIR/build/include.
headers() { # DIR
	mkdir -p "$1/build/include/generated" "$1/build/include/linux"
	printf '#define UTS_RELEASE "%s"\n' "$RELEASE" >"$1/build/include/generated/utsrelease.h"
	printf '#define CONFIG_X86 1\n#define CONFIG_X86_64 1\n' >"$1/build/include/generated/autoconf.h"
	echo 'void never_exported(void);' >"$1/build/include/linux/kernel.h"
}

# One more module of such a tree.
kernel_module() { # DIR NAME [OPTION OF mkfixture module]...
	path=$1/kernel/$2.ko
	shift 2
	mkdir -p "${path%/*}"
	$MKFIXTURE module -o "$path" --vermagic "$MAGIC" "$@"
}

# A module under check.
module() { # NAME [OPTION OF mkfixture module]...
	name=$1
	shift
	$MKFIXTURE module -o "$name.ko" --vermagic "$MAGIC" "$@"
}

# Run the command and show all of it: the words, standard output, standard error, exit status.
run() {
	printf '$ ksymaudit'
	for word in "$@"; do
		case $word in
		'' | *[!a-zA-Z0-9_./=,:-]*) printf " '%s'" "$word" ;;
		*) printf ' %s' "$word" ;;
		esac
	done
	echo
	$KSYMAUDIT "$@" 2>run.stderr
	status=$?
	sed 's/^/stderr: /' run.stderr
	echo "exit $status"
	echo
}
