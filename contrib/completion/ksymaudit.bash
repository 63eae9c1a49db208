# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# bash completion for ksymaudit(1)

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

_ksymaudit() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	local command='' i words='' operand=file
	local common='--format --output --jobs --rules --color --progress --quiet --verbose --strict --fail-on --help'
	local shorts='-f -o -j -q -v -h'
	local findings='jsonl sarif junit github gitlab'
	local axes='removed class namespace owner crc prototype added'

	COMPREPLY=()
	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		exports | check | diff | history | review | wrappers | users | explain | rules)
			command=${COMP_WORDS[i]}
			break
			;;
		esac
	done
	# -f FORMAT=FILE comes as four words, with --format= as five: the last is a file
	i=$((COMP_CWORD - 1))
	[[ $prev == = ]] && i=$((COMP_CWORD - 2))
	if [[ ($cur == = || $prev == =) && ${COMP_WORDS[i]} != -* ]]; then
		[[ ${COMP_WORDS[i - 1]} == = ]] && i=$((i - 1))
		[[ ${COMP_WORDS[i - 1]} == -f || ${COMP_WORDS[i - 1]} == --format ]] && operand=file-of-format
	fi
	# --option=value comes as three words
	[[ $cur == = ]] && cur=''
	[[ $prev == = ]] && prev=${COMP_WORDS[COMP_CWORD - 2]}

	[[ $operand == file-of-format ]] && prev=--output
	case $prev in
	--format | -f)
		case $command in
		exports) words='text json tsv symvers' ;;
		check) words="text json $findings markdown html" ;;
		diff) words="text json tsv markdown html $findings" ;;
		review) words="text json markdown $findings html" ;;
		wrappers | users) words="text json tsv $findings markdown html" ;;
		history) words='text json tsv markdown html' ;;
		explain) words='text json' ;;
		*) words='text' ;;
		esac
		;;
	--color | --progress) words='auto always never' ;;
	--fail-on)
		words='error warning note never'
		[[ $command == diff ]] && words="$axes break never"
		;;
	--only)
		words=$axes
		[[ $command == history ]] &&
			words='reclassified namespace moved renamed introduced removed present'
		;;
	--family) words=$(ksymaudit rules list 2>/dev/null | sed -n 's/^family  *\([^ ]*\).*/\1/p') ;;
	--class) words='plain gpl gpl-future unused unused-gpl unknown' ;;
	--defined-in) words='vmlinux modules' ;;
	--assume-license) words='GPL Proprietary' ;;
	--kernel | -k | --new) words=$(_ksymaudit_kernels) operand=both ;;
	--output | -o | --module | -m | --rules | --waivers | --baseline | --write-baseline | --config) operand=only-file ;;
	--repository | -C | --path | --cache) operand=only-file ;;
	--jobs | -j | --namespace | --owner | --grep | --since | --until | --onto | --depth | --to) return ;;
	*) operand=none ;;
	esac
	if [[ $operand == none ]]; then
		case $command in
		exports)
			words="$common $shorts --class --namespace --owner --grep --family --prototypes --defined-in"
			operand=kernel
			;;
		check)
			words="$common $shorts --kernel -k --assume-license --rebuild --family --waivers --baseline --write-baseline --predict --explain"
			operand=both
			;;
		diff)
			words="$common $shorts --interactive -i --module -m --only --prototypes --family --class --namespace --owner --grep --defined-in"
			operand=kernel
			;;
		history) words="$common $shorts --repository -C --since --until --path --only --family --stats --cache --no-cache" ;;
		review)
			words="$common $shorts --repository -C --onto --kernel -k --config --waivers --explain"
			operand=both
			;;
		wrappers)
			words="$common $shorts --depth --thin --to --family --owner --grep --all"
			operand=kernel
			;;
		users)
			words="$common $shorts --none --new --by-family --family --class --namespace --owner --defined-in"
			operand=kernel
			;;
		explain) words="$common $shorts --kernel -k --repository -C" ;;
		rules) words="list lint show $common $shorts" ;;
		*) words='exports check diff history review wrappers users explain rules --version --help' ;;
		esac
		if [[ $cur != -* ]]; then
			case $command in
			exports | diff | wrappers | users) words=$(_ksymaudit_kernels) operand=both ;;
			check | review) words='' operand=both ;;
			history) words=$(ksymaudit rules list 2>/dev/null | sed -n 's/^family  *\([^ ]*\).*/\1/p') ;;
			explain) words=$(ksymaudit rules list 2>/dev/null | awk '{ print $1 == "family" ? $2 : $1 }') ;;
			rules)
				case $prev in
				lint) words='' operand=both ;;
				show) words=$(ksymaudit rules list 2>/dev/null | awk '{ print $1 == "family" ? $2 : $1 }') ;;
				*) words='list lint show' operand=both ;;
				esac
				;;
			esac
		else
			operand=none
		fi
	fi
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
	if [[ $operand == both || $operand == only-file ]]; then
		local files
		mapfile -t files < <(compgen -f -- "$cur")
		COMPREPLY+=("${files[@]}")
		compopt -o filenames 2>/dev/null
	fi
}
complete -F _ksymaudit ksymaudit
