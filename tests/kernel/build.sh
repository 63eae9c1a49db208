# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Builds a subject with the kernel's own Kbuild (sourced; needs common.sh and subject.sh).
# shellcheck disable=SC2154

# builder_for TREE OUT: how Kbuild runs for the kernel at hand, in $builder: on this system, or in a
# chroot where kbuild's programs and the headers' compiler are at home; 1: it does not, and standard
# error says why
builder_for() {
	local compiler dir lacks
	compiler=$(grep -oE 'gcc-[0-9]+' "$tree_headers/.kernelvariables" | head -n 1)
	builder=() lacks=$(arch_lacks "$compiler")
	[ -z "$lacks" ] || {
		echo "$lacks" >&2
		return 1
	}
	# with no arguments modpost has nothing to do and nothing to complain of
	if command -v "$cross$compiler" >/dev/null &&
		"$tree_headers/scripts/mod/modpost.real-lsb-64" >/dev/null 2>&1; then
		return 0
	fi
	[ -z "$cross" ] || {
		echo "kbuild's programs for $release do not run here, and the chroot has no $cross$compiler" >&2
		return 1
	}
	dir=$("$kernel_tests/chroot.sh" make "$compiler") || return 1
	builder=("$kernel_tests/chroot.sh" run "$dir" "$1" "$2" --)
}

# kbuild DIR LOG [VARIABLE=VALUE...]: make the modules of DIR; the status is make's
kbuild() {
	local dir=$1 log=$2
	shift 2
	timeout --foreground -k 10 600 env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL -u MAKEOVERRIDES \
		"${builder[@]}" make -C "$tree_headers" M="$dir" ${cross:+CROSS_COMPILE=$cross} "$@" modules >"$log" 2>&1 </dev/null
}

# sources SUBJECT DIR: copy the subject there, change what it says; 1: it could not
sources() {
	local file expression
	mkdir -p "$2"
	if grep -qx driver "$1/subject"; then
		cp "$driver"/Kbuild "$driver"/*.[ch] "$2" || return 1
	fi
	find "$1" -mindepth 1 -maxdepth 1 ! -name subject ! -name expect -exec cp {} "$2" \; || return 1
	while read -r file expression; do
		cp "$2/$file" "$2/$file.orig" && sed "$expression" "$2/$file.orig" >"$2/$file" || return 1
		if cmp -s "$2/$file" "$2/$file.orig"; then
			echo "sed $file $expression: changes nothing" >&2
			return 1
		fi
	done < <(subject_lines "$1" sed)
}

# modpost_facts STATUS LOG MODULES: what modpost says of them; 1: the build broke elsewhere
modpost_facts() {
	awk -f "$kernel_tests/modpost.awk" "$2" >"$2.facts"
	if [ "$1" != 0 ] && ! grep -vq ' build warns ' "$2.facts"; then
		return 1
	fi
	cat "$2.facts"
	local m
	for m in $3; do
		if grep "^$m build " "$2.facts" | grep -vq " build warns "; then
			echo "$m build refused"
		elif [ "$1" != 0 ] || [ -e "$(dirname "$2")/src/$m.mod.c" ]; then
			echo "$m build passes"
		fi
	done
	# modpost's errors and make's status are of one mind
	if [ "$1" = 0 ] && grep -vq ' build warns ' "$2.facts"; then
		echo "? build passes"
	fi
}

# lenient_symvers SUBJECT_OUT: Module.symvers of the tree with which modpost has nothing to object
# to licenses, namespaces and duplicates; the CRCs stay
lenient_symvers() {
	awk -F '\t' -v OFS='\t' '
		FNR == NR { if ($0 ~ / build exported-twice /) { sub(/.* /, ""); twice[$0] = 1 } next }
		!($2 in twice) { $4 = "EXPORT_SYMBOL"; $5 = ""; print }' \
		"$1/build.log.facts" "$symvers" >"$tree_headers/Module.symvers.new"
	mv "$tree_headers/Module.symvers.new" "$tree_headers/Module.symvers"
}

# link_modules SUBJECT OUT: the modules to load in OUT/ko, edited. Where modpost refused them, it
# is made to look away.
link_modules() {
	local m status=0 line module action text words
	subject_loads "$1" | grep -q . || return 0
	if grep -q ' build refused$' "$2/theirs"; then
		lenient_symvers "$2"
		kbuild "$2/src" "$2/lenient.log" KBUILD_MODPOST_WARN=1
		status=$?
		rm -f "$tree_headers/Module.symvers"
		cp "$symvers" "$tree_headers/"
		[ $status = 0 ] || return 1
	fi
	mkdir -p "$2/ko"
	for m in $(subject_loads "$1"); do
		if subject_words "$1" in-tree | grep -qxF "$m"; then
			module_of "$tree" "$m" "$2/ko/$m.ko" || return 1
		else
			cp "$2/src/$m.ko" "$2/ko/" || return 1
		fi
	done
	while IFS= read -r line; do # blanks at the end of a value count
		module=${line%% *} action=${line#* } text=${line#* * }
		action=${action%% *} words=("$text")
		case $action in crc | grow | rename | section) read -ra words <<<"$text" ;; esac
		[ "$action" != section ] || section_file "$1" "$2" "${words[1]}" || return 1
		[ "$action" != section ] || words[1]=$2/section
		"$tools/edit" "$2/ko/$module.ko" "$action" "${words[@]}" || return 1
	done < <(subject_lines "$1" edit)
	for m in $(subject_words "$1" sign); do
		sign_module "$2/ko/$m.ko" || return 1
	done
}

# module_of TREE NAME FILE: a module of the kernel itself, as it was before it was compressed
module_of() {
	local file
	file=$(find "$1" -name "$2.ko*" | head -n 1)
	case $file in
	*.xz) xz -dc "$file" >"$3" ;;
	?*) cp "$file" "$3" ;;
	*) echo "no module $2 in $1" >&2 && return 1 ;;
	esac
}

# section_file SUBJECT OUT FILE: what a new section holds, in OUT/section
section_file() {
	local other
	if [ -e "$1/$3" ]; then
		cp "$1/$3" "$2/section"
		return
	fi
	other=$tree
	if [ "${3%%:*}" != "$version" ]; then
		other=$cache/${3%%:*}-cloud/root
		"$here/fetch.sh" "${3%%:*}-cloud" >/dev/null || return 1
	fi
	module_of "$other" "${3#*:}" "$2/section.ko" || return 1
	# objcopy makes nothing of what is not loaded, nor of another machine's if it is to know the machine
	objcopy -I elf64-little -O binary --only-section=.BTF --set-section-flags .BTF=alloc "$2/section.ko" "$2/section"
}

# sign_module FILE: append a signature by a key that no kernel has, as scripts/sign-file does: the
# message, struct module_signature with id_type PKEY_ID_PKCS7 and the length, the marker
sign_module() {
	local length
	openssl cms -sign -binary -noattr -nocerts -nosmimecap -md sha256 -outform DER \
		-signer "$tools/key.pem" -inkey "$tools/key.pem" -in "$1" -out "$1.signature" || return 1
	length=$(stat -c %s "$1.signature")
	{
		cat "$1.signature"
		printf '\0\0\2\0\0\0\0\0'
		# shellcheck disable=SC2059
		printf "$(printf '\\x%02x\\x%02x\\x%02x\\x%02x' 0 0 $((length / 256)) $((length % 256)))"
		printf '~Module signature appended~\n'
	} >>"$1"
	rm "$1.signature"
}

# ours REFEREE OUT KERNEL [OPTION] FILE...: the facts that our report has
ours() {
	local referee=$1 out=$2 with=$3 status
	shift 3
	timeout 300 "$KSYMAUDIT" check -f json -k "$with" "$@" >"$out/$referee.json" 2>"$out/$referee.err"
	status=$?
	if [ $status -gt 1 ] && [ ! -s "$out/$referee.json" ]; then
		echo "? $referee says exit status $status: $(head -n 1 "$out/$referee.err")"
		return
	fi
	jq -r --arg referee "$referee" -f "$kernel_tests/check.jq" "$out/$referee.json" ||
		echo "? $referee says no facts"
}

# build_subject SUBJECT OUT: build it, with OUT/theirs, OUT/ours and OUT/ko; what breaks is in
# OUT/broken
build_subject() {
	local modules m status
	modules=$(subject_modules "$1")
	: >"$2/theirs"
	: >"$2/ours"
	sources "$1" "$2/src" 2>"$2/broken" || return
	kbuild "$2/src" "$2/build.log"
	status=$?
	modpost_facts $status "$2/build.log" "$modules" >"$2/theirs" || {
		echo "does not compile: $(grep -m 1 -E 'error|Error' "$2/build.log")" >"$2/broken"
		return
	}
	local objects=()
	for m in $modules; do objects+=("$2/src/$m.o"); done
	ours build "$2" "$headers" "${objects[@]}" >"$2/ours"
	link_modules "$1" "$2" 2>"$2/broken" || {
		[ -s "$2/broken" ] || tail -n 3 "$2/lenient.log" >"$2/broken"
		return
	}
	load_facts "$1" "$2" >>"$2/ours"
	rm -f "$2/broken"
}

# load_facts SUBJECT OUT: what we say of the modules to load. Modules of the kernel itself are not under
# check: what we say of them is asked for apart.
load_facts() {
	local loads own options kernel=$image,$headers
	# which modules use what another one replaces is in the tree
	! grep -q '^in-tree ' "$1/subject" || kernel=$tree,$headers
	mapfile -t options < <(subject_words "$1" check)
	mapfile -t loads < <(subject_loads "$1" | sed "s#.*#$2/ko/&.ko#")
	mapfile -t own < <(subject_loads "$1" | grep -vxF "$(subject_words "$1" in-tree)" | sed "s#.*#$2/ko/&.ko#")
	[ ${#loads[@]} -gt 0 ] || return
	if grep -q '^config ' "$1/subject"; then
		cp -al "$headers" "$2/headers"
		rm "$2/headers/.config"
		{
			cat "$headers/.config"
			subject_lines "$1" config
		} >"$2/headers/.config"
		kernel=${kernel%,*},$2/headers
	fi
	[ ${#own[@]} = 0 ] || ours load "$2" "$kernel" "${options[@]}" "${own[@]}"
	[ ${#loads[@]} = ${#own[@]} ] || ours load "$2" "$kernel" "${options[@]}" "${loads[@]}" |
		grep "^\($(subject_words "$1" in-tree | paste -sd '|' | sed 's/|/\\|/g')\) "
}
