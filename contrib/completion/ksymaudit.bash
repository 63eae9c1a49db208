# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# bash completion for ksymaudit(1); the table of options is filled in by man/completion.sh

_ksymaudit_table() { # see options_dump() in src/cmd/options.h
	cat <<'END'
@options@
END
}

_ksymaudit_kernels() {
	local dir name
	for dir in ${KSYMAUDIT_DATA:+"$KSYMAUDIT_DATA/kernels"} /usr/share/ksymaudit/kernels \
		/usr/local/share/ksymaudit/kernels; do
		for name in "$dir"/*.json.zst "$dir"/*.json; do
			[[ -e $name ]] || continue
			name=${name##*/}
			name=${name%.zst}
			echo "${name%.json}"
		done
	done
	for dir in /lib/modules/*/; do
		[[ -d $dir ]] && basename "$dir"
	done
}

_ksymaudit_families() {
	ksymaudit rules list 2>/dev/null | sed -n 's/^family  *\([^ ]*\).*/\1/p'
}

_ksymaudit_names() {
	ksymaudit rules list 2>/dev/null | awk '{ print $1 == "family" ? $2 : $1 }'
}

# Sets command (the first word that is one), operands, options, and of the option $prev its value and words.
_ksymaudit_read() {
	local kind name letter long what list i
	command='' operands='' options='' commands='' value='' words=''
	for ((i = 1; i < COMP_CWORD && ! ${#command}; i++)); do
		while IFS=$'\t' read -r kind name what _; do
			[[ $kind == command && $name == "${COMP_WORDS[i]}" ]] && command=$name operands=$what
		done < <(_ksymaudit_table)
	done
	while IFS=$'\t' read -r kind name letter long what _ list _; do
		[[ $kind == command ]] && commands+=" $name"
		[[ $kind == option && $name == "$command" ]] || continue
		options+=" --$long"
		[[ $letter == - ]] || options+=" -$letter"
		if [[ $what != - && ($prev == "--$long" || $prev == "-$letter") ]]; then
			value=$what
			[[ $list == - ]] || words=$list
		fi
	done < <(_ksymaudit_table)
}

_ksymaudit() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	local command operands options commands value words i files='' behind=''

	COMPREPLY=()
	# -f FORMAT=FILE comes as four words, with --format= as five: the last is a file
	i=$((COMP_CWORD - 1))
	[[ $prev == = ]] && i=$((COMP_CWORD - 2))
	if [[ ($cur == = || $prev == =) && ${COMP_WORDS[i]} != -* ]]; then
		[[ ${COMP_WORDS[i - 1]} == = ]] && i=$((i - 1))
		[[ ${COMP_WORDS[i - 1]} == -f || ${COMP_WORDS[i - 1]} == --format ]] && behind=FORMAT
	fi
	# --option=value comes as three words
	[[ $cur == = ]] && cur=''
	[[ $prev == = ]] && prev=${COMP_WORDS[COMP_CWORD - 2]}
	_ksymaudit_read
	[[ $behind ]] && value=FILE words=''
	if [[ ! $value && $cur == -* ]]; then
		words="${options:---version --help}"
	elif [[ ! $value && ! $command ]]; then
		words="$commands --version --help"
	elif [[ ! $words ]]; then
		case ${value:-$operands} in
		FAMILY | *FAMILY*) words=$(_ksymaudit_families) ;;
		KERNEL | OLD* | '[KERNEL'*) words=$(_ksymaudit_kernels) files=1 ;;
		FILE | DIR | MODULE* | REPO | PATH | *PATCH*) files=1 ;;
		STRING) words='GPL Proprietary' ;;
		NAME) words=$(_ksymaudit_names) ;;
		list*)
			case $prev in
			lint) files=1 ;;
			show) words=$(_ksymaudit_names) ;;
			*) words='list lint show' files=1 ;;
			esac
			;;
		esac
	fi
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
	if [[ $files ]]; then
		local found
		mapfile -t found < <(compgen -f -- "$cur")
		COMPREPLY+=("${found[@]}")
		compopt -o filenames 2>/dev/null
	fi
}
complete -F _ksymaudit ksymaudit
