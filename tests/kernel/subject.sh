# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# shellcheck disable=SC2154
# What a subject's own files say (sourced; needs $driver and arch.sh). tests/kernel/subjects/NAME holds:
#
#   *.c, Kbuild   one or several modules; obj-m names them
#   subject       "# text", of which the first line says what it is, and
#                   kernels 6.1 6.12 7.2  where it is tested (default: everywhere): a version, an
#                                         architecture, or both as in 6.12-arm64
#                   driver                the sources of testdata/devmem-mirror are part of it
#                   sed FILE EXPR         a change of one of its sources
#                   load A B              modules in the order of insertion (default: of obj-m;
#                                         with no name: none); they are removed in reverse order
#                   edit MODULE ACTION    a change of the linked module, see edit.c; a FILE is one of the
#                                         subject's, or VERSION:MODULE: the .BTF of a module of that kernel,
#                                         of amd64's if it is not the version under test
#                   sign MODULE           sign it with a key that no kernel has
#                   in-tree A B           modules of the kernel itself, to insert after those of obj-m
#                   parameter P=V         the guest is started with it
#                   config CONFIG_X=V     we are told that of the kernel's configuration
#                   check OPTION          we are given this option
#   expect        "KERNELS MODULE FACT" lines; KERNELS is * or 6.1,6.12 (names as in `kernels`). All that there is to say:
#
#   build passes | build refused                 modpost's verdict, and each of its errors:
#   build gpl-only SYM | build undefined SYM | build namespace SYM | build no-license
#   build forged-import NS | build exported-twice SYM | build no-description
#   build warns no-description                   it only warns
#   load loads LETTERS | load refused ERRNO      the loader's verdict; LETTERS are those of the
#                                                module's taint but E, "-" if there are none
#   load unknown SYM | load version SYM | load namespace SYM | load vermagic | load inherits SYM
#   load forged-import NS | load duplicate SYM | load architecture | load module-struct
#   load btf | load livepatch | load signature unsigned-module | load lockdown
#   load already-loaded
#                                                and each of its lines: one that says why, and
#                                                "Unknown symbol" where it says that as well
#   warns RULE [SYM]                             our warnings; both referees are silent
#   undecided RULE                               we say that the kernel's files do not tell whether
#                                                it loads; what the loader does is listed as well

# subject_lines DIR KEYWORD: the rest of each line with that keyword
subject_lines() {
	sed -n "s/^$2\( \|\$\)//p" "$1/subject"
}

# subject_modules DIR: the modules of its Kbuild; with `driver` that is the driver's
subject_modules() {
	local kbuild=$1/Kbuild
	[ -e "$kbuild" ] || kbuild=$driver/Kbuild
	sed -n 's/^obj-m *[+:]\{0,1\}= *//p' "$kbuild" | tr ' ' '\n' | sed -n 's/\.o$//p'
}

# subject_words DIR KEYWORD: what the lines with that keyword have, one a line
subject_words() { subject_lines "$1" "$2" | tr -s ' ' '\n' | sed '/^$/d'; }

# subject_loads DIR: the modules to insert, in order
subject_loads() {
	if grep -qE '^load( |$)' "$1/subject"; then
		subject_words "$1" load
	else
		subject_modules "$1"
		subject_words "$1" in-tree
	fi
}

# the kernels that there are to test on
known_kernels="6.1 6.12 7.2"

# known_names: what they may be called, one a line
known_names() {
	local k a
	for k in $known_kernels; do
		for a in $known_arches; do kernel_names "$k-$a"; done
	done
}

# subject_is_for DIR KERNEL: is it tested there?
subject_is_for() {
	local kernels
	kernels=$(subject_words "$1" kernels)
	[ -z "$kernels" ] || kernel_names "$2" | grep -qxF "$kernels"
}

# subject_expected DIR KERNEL: "MODULE FACT" lines
subject_expected() {
	awk -v names="$(kernel_names "$2" | paste -sd ' ')" '
		function concerns(list, i, n, name) {
			n = split(names, name, " ")
			for (i = 1; i <= n; i++)
				if (index("," list ",", "," name[i] ",")) return 1
			return list == "*"
		}
		/^[^#]/ && concerns($1) {
			sub(/^[^ ]* /, "")
			print
		}' "$1/expect" | sort -u
}

# subject_faults DIR: what is wrong with its files, a line each
subject_faults() {
	local f
	for f in subject expect; do
		[ -s "$1/$f" ] || echo "no file $f"
	done
	[ -s "$1/subject" ] && [ -s "$1/expect" ] || return 0
	head -n 1 "$1/subject" | grep -q '^# .' || echo "subject: the first line does not say what it is"
	grep -vnE '^(# .*|kernels( [a-z0-9.-]+)+|driver|sed [^ ]+ .+|(in-tree|check)( [^ ]+)+|sign [^ ]+|load( [^ ]+)*|parameter [^ ]+=.*|config CONFIG_[A-Z0-9_]+=.+|edit [^ ]+ (drop|add|set|release|crc|machine|grow|rename|section) .+)$' \
		"$1/subject" | sed 's/^/subject: not understood: line /'
	grep -vnE '^#|^(\*|[a-z0-9.,-]+) [^ ]+ (build|load|warns|undecided) [^ ]' "$1/expect" |
		sed 's/^/expect: not understood: line /'
	{
		subject_words "$1" kernels
		sed -n 's/^\([a-z0-9][^ ]*\) .*/\1/p' "$1/expect" | tr ',' '\n'
	} | sort -u | grep -vxF "$(known_names)" | sed 's/^/no kernel /'
	awk -v modules=" $({ subject_modules "$1" && subject_words "$1" in-tree; } | tr '\n' ' ')" '
		/^[^#]/ && !index(modules, " " $2 " ") { print "expect: no module " $2 }' "$1/expect"
	for f in $(subject_loads "$1"); do
		{ subject_modules "$1" && subject_words "$1" in-tree; } | grep -qxF "$f" ||
			echo "subject: load: no module $f"
	done
}
