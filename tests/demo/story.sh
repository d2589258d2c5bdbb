#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The demo, inside the guest: a program with memory of every kind, and what
# mmuscope says of it. Fails when the story does not go as told.

here=$(dirname "$0")
export NO_COLOR=1		# what is shown here is also piped and kept
pid=/sys/kernel/debug/mmuscope/pid
failed=0

heading() {
	printf '\n=== %s\n\n' "$1"
}

fail() {
	echo "demo: $*"
	failed=1
}

# $1: a word for the program, "" to read what it says of itself
ask() {
	[ -z "$1" ] || echo "$1" >&3
	while read -r line <&4; do
		case $line in
		ready | done) return 0 ;;
		*) echo "$line" ;;
		esac
	done
	fail "the program died"
}

# The page after an address.
next() {
	printf '%x' $((0x$1 + 0x1000))
}

# Show the page's extent, which has to be backed by $1, after what ($2).
page_is() {
	extent=$(mmuscope maps "$zoo" --range "$page-$(next "$page")" | tail -n 1)
	printf '%-17s%s\n' "$2:" "$extent"
	case $extent in
	*" $1"*) ;;
	*) fail "page $page should be $1" ;;
	esac
}

find_edu() {
	for device in /sys/bus/pci/devices/*; do
		if [ "$(cat "$device/vendor" "$device/device" | tr '\n' ' ')" = "0x1234 0x11e8 " ]; then
			echo 1 >"$device/enable"
			echo "$device"
		fi
	done
}

start() {
	edu=$(find_edu)
	mkfifo /tmp/in /tmp/out
	"$here/zoo" ${edu:+"$edu/resource0"} </tmp/in >/tmp/out &
	zoo=$!
	exec 3>/tmp/in 4</tmp/out
	ask '' >/tmp/pieces
	page=$(sed -n 's/^page //p' /tmp/pieces)
}

maps() {
	awk '
		NR == FNR { start = $1; sub(/-.*/, "", start)
			    sub(/^[^ ]* /, ""); what[start] = $0; next }
		/^[^ ]/ { start = $1; sub(/-.*/, "", start)
			  if (start in what) print "# " what[start] }
		{ print }' /tmp/pieces /tmp/maps
}

registers() {
	bar=$(head -n 1 "$edu/resource" | sed 's/^0x0*\([0-9a-f]*\) .*/\1/')
	grep -q " mmio:$bar " /tmp/maps ||
		fail "registers are not at $bar, where the PCI bus has them"
}

start
mmuscope maps "$zoo" >/tmp/maps || fail "mmuscope maps"
cmp -s /tmp/maps "$pid/$zoo/maps" ||
	fail "debugfs has other maps: $pid/$zoo/maps"
heading "mmuscope maps $zoo"
maps
[ -z "$edu" ] || registers

heading "mmuscope summary $zoo"
mmuscope summary "$zoo" || fail "mmuscope summary"

heading "mmuscope translate $zoo 1200000123"
mmuscope translate "$zoo" 1200000123 || fail "mmuscope translate"

heading "one page, $page, as time goes by"
page_is none "never touched"
ask touch
page_is ram: "after a write"
ask pageout
page_is swap: "after page-out"
mmuscope translate "$zoo" "$page" | tail -n 1

heading "every page of the program against pagemap"
"$here/agree" "$zoo" || failed=1
exit $failed
