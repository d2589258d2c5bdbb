#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The demo, inside the guest: a program with memory of every kind, and what
# mmuscope says of it. Fails when the story does not go as told.

here=$(dirname "$0")
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

# The lines of maps or pagetable ($2) that speak of an address ($1).
lines_of() {
	awk -v at="$1" '
		function pad(hex) { return substr("0000000000000000", length(hex) + 1) hex }
		/[0-9a-f]-[0-9a-f]/ {
			match($0, /[0-9a-f]+-[0-9a-f]+/)
			split(substr($0, RSTART, RLENGTH), range, "-")
			if (pad(range[1]) <= pad(at) && pad(at) < pad(range[2]))
				print
		}' "$pid/$zoo/$2"
}

# Show the page's extent, which has to be backed by $1, after what ($2).
page_is() {
	extent=$(lines_of "$page" maps | tail -n 1)
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
		{ print }' /tmp/pieces "$pid/$zoo/maps"
}

registers() {
	bar=$(head -n 1 "$edu/resource" | sed 's/^0x0*\([0-9a-f]*\) .*/\1/')
	grep -q " mmio:$bar " "$pid/$zoo/maps" ||
		fail "registers are not at $bar, where the PCI bus has them"
}

start
heading "cat $pid/$zoo/maps"
maps
[ -z "$edu" ] || registers

heading "cat $pid/$zoo/summary"
cat "$pid/$zoo/summary"

heading "address 1200000000, table by table ($pid/$zoo/pagetable)"
lines_of 1200000000 pagetable

heading "one page, $page, as time goes by"
page_is none "never touched"
ask touch
page_is ram: "after a write"
ask pageout
page_is swap: "after page-out"

heading "every page of the program against pagemap"
"$here/agree" "$zoo" || failed=1
exit $failed
