# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# Completion of mmuscope(1) for bash.

_mmuscope_comms() {
	sort -u /proc/[0-9]*/comm 2>/dev/null
}

_mmuscope_words() {
	local done='' words

	words=$("${COMP_WORDS[0]}" maps -h 2>/dev/null | sed -n 's/^WORD: //p')
	# Of a list only the last word is to be completed.
	[[ $1 != *,* ]] || done=${1%,*},
	# shellcheck disable=SC2086 # a list of words
	printf "$done%s\n" $words
}

_mmuscope_options() {
	case $1 in
	maps) echo -c --comm --range --only --any --not ;;
	translate | vtop | summary) echo -c --comm ;;
	swap) echo -c --comm --range ;;
	entry) echo --level --arch ;;
	esac
	echo --json --no-header -h --help -V --version
}

_mmuscope_pids() {
	case $1 in
	maps | translate | vtop | summary | swap)
		echo self
		(cd /proc && printf '%s\n' [0-9]*)
		;;
	esac
}

_mmuscope() {
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
	local command=${COMP_WORDS[1]} choice

	if [ "$COMP_CWORD" = 1 ]; then
		choice='maps translate vtop summary swap entry doctor -h -V'
	else
		case $before in
		-c | --comm) choice=$(_mmuscope_comms) ;;
		--only | --any | --not) choice=$(_mmuscope_words "$word") ;;
		--level) choice='pgd p4d pud pmd pte' ;;
		--arch) choice='x86_64 arm64' ;;
		--range) choice= ;;
		*)
			case $word in
			-*) choice=$(_mmuscope_options "$command") ;;
			*) choice=$(_mmuscope_pids "$command") ;;
			esac
			;;
		esac
	fi
	mapfile -t COMPREPLY < <(compgen -W "$choice" -- "$word")
}

complete -F _mmuscope mmuscope
