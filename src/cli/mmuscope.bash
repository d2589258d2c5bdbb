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
	maps) echo -c --comm --range --only --any --not --max-hold --budget --threads ;;
	translate | vtop) echo -c --comm --kernel --user ;;
	summary) echo -c --comm --all --sort ;;
	audit) echo -c --comm --outside ;;
	swap | common) echo -c --comm --range ;;
	kernel) echo --range --only --any --not --user --summary ;;
	frame) echo --range ;;
	who) echo --scan ;;
	phys) echo --range --flat --count ;;
	entry) echo --level --arch ;;
	'share create')
		echo --mode --page --node --contiguous --memtype
		;;
	'share map') echo --read-only --once --width ;;
	'share peek' | 'share poke') echo --width ;;
	'mmio map')
		echo --read-only --once --width --shared --unlisted --memtype
		;;
	'mmio peek') echo --width --shared --unlisted ;;
	'mmio poke') echo --width --shared --unlisted --yes ;;
	'mmio grant') echo --group --width --read-only ;;
	'mmio revoke') echo --group ;;
	esac
	echo --json --no-header -h --help -V --version
}

# The shares that there are, or the BARs of PCI devices that have registers.
_mmuscope_held() {
	case $1 in
	share\ create | share\ list) ;;
	share\ *)
		"${COMP_WORDS[0]}" share list 2>/dev/null |
			sed -n 's/^share [0-9]* name \([^ ]*\) .*/\1/p'
		;;
	mmio\ list | mmio\ grants) ;;
	mmio\ *)
		(cd /sys/bus/pci/devices && awk 'FNR <= 6 && /2[0-9a-f][0-9a-f]$/ {
			sub("/resource", "", FILENAME)
			print FILENAME ":" FNR - 1
		}' ./*/resource | sed 's|^\./||') 2>/dev/null
		;;
	esac
}

_mmuscope_arguments() {
	case $1 in
	share\ * | mmio\ *) _mmuscope_held "$1" ;;
	frame | who) # which takes a colon and an address
		printf '%s\n' phys: self: && (cd /proc && printf '%s:\n' [0-9]*)
		;;
	maps | translate | vtop | summary | swap | common | audit)
		echo self
		(cd /proc && printf '%s\n' [0-9]*)
		;;
	esac
}

_mmuscope() {
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
	local command=${COMP_WORDS[1]} choice

	case $command in
	share | mmio) command="$command ${COMP_WORDS[2]}" ;;
	esac
	if [ "$COMP_CWORD" = 1 ]; then
		choice='maps translate vtop summary swap kernel frame who common phys audit entry share mmio doctor -h -V'
	elif [ "$COMP_CWORD $before" = '2 share' ]; then
		choice='create list info map peek poke rm -h'
	elif [ "$COMP_CWORD $before" = '2 mmio' ]; then
		choice='list map peek poke grant revoke grants -h'
	else
		case $before in
		-c | --comm) choice=$(_mmuscope_comms) ;;
		--only | --any | --not) choice=$(_mmuscope_words "$word") ;;
		--level) choice='pgd p4d pud pmd pte' ;;
		--arch) choice='x86_64 arm64' ;;
		--sort) choice='pss rss' ;;
		--page) choice='4K 2M' ;;
		--memtype) choice='wb wc uc- uc' ;;
		--width) choice='8 16 32 64' ;;
		--group) choice=$(compgen -g) ;;
		--range | --mode | --node | --max-hold | --budget | --threads) choice= ;;
		*)
			case $word in
			-*) choice=$(_mmuscope_options "$command") ;;
			*) choice=$(_mmuscope_arguments "$command") ;;
			esac
			;;
		esac
	fi
	case $command in
	'mmio '*)
		# Readline takes a colon for the end of a word.
		word=${COMP_LINE:0:COMP_POINT}
		word=${word##* }
		;;
	esac
	mapfile -t COMPREPLY < <(compgen -W "$choice" -- "$word")
	[[ $word != *:* ]] || COMPREPLY=("${COMPREPLY[@]#"${word%"${word##*:}"}"}")
}

complete -F _mmuscope mmuscope
