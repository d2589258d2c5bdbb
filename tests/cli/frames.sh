# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
#
# The part of guest.sh that is of frames, who maps them, physical memory and the
# kernel. $zoo is the zoo's PID.

# Lines "FRAME KIND", by pagemap and maps: of anonymous memory, small and huge.
frames() {
	anon=$(awk '/^  / && $3 ~ /^ram:/ && $5 ~ /anon/ && $5 !~ /ksm|hugetlb/ {
		split($1, a, "-")
		print a[1]
	}' all)
	# shellcheck disable=SC2086 # a list of words
	pagemap $anon | while read -r _ phys; do
		printf '%x anon\n' $((0x$phys >> 12))
	done >b
	# shellcheck disable=SC2046,SC2086
	mmuscope frame $(printf "$zoo:%s\n" $anon) | awk '{ print $1, $2 }' >a
	same "frame's frames are pagemap's, $(wc -l <b) of them"
	# shellcheck disable=SC2046
	mmuscope frame $(awk '{ print $1 }' b) | awk '{ print $1, $2 }' >a
	same "frames by number"
	# shellcheck disable=SC2046
	mmuscope frame $(awk '{ print "phys:" $1 "abc" }' b) | awk '{ print $1, $2 }' >a
	same "frames by physical address"
	mmuscope frame --range 100000-110000 >a
	mmuscope frame 100 101 102 103 104 105 106 107 108 109 10a 10b 10c 10d 10e 10f >b
	same "frame --range"
	mmuscope frame 0 | grep -qE '^0 reserved +0:DMA refs:1 maps:0 .* reserved$'
	ok $? "frame 0 is reserved"
	ends 0 "a frame beyond memory" mmuscope frame fffffffff phys:fffffffffffff000
	grep -qxE 'f{9} none     - refs:0 maps:0 pins:0 nopage' out
	ok $? "a frame beyond memory: none"
	ends 1 "an address that maps nothing" mmuscope frame "$zoo:0"
	says "no frame" "mmuscope: frame: $zoo:0: no frame is mapped there now"
	ends 42 "an address of no process" mmuscope frame 999999:1000
}

# The zoo and its child have memory in common; init is of the same program as sh.
who() {
	child=$(pidof zoo | tr ' ' '\n' | grep -vx "$zoo")
	text=$(mmuscope maps 1 | awk '$4 == "r-xu" { split($1, a, "-"); print a[1]; exit }')
	mmuscope who "1:$text" >a
	tail -n 1 a | grep -qE '^  [0-9]+ mappers, by the reverse map of its file; that is all$'
	ok $? "who says how, and that it is all: $(tail -n 1 a)"
	grep -qE "^  1 $text pte r-xu .* init$" a && grep -qE "^  $$ $text pte r-xu .* sh$" a
	ok $? "who finds init and the shell"
	# The filters are busybox, too.
	mmuscope who --scan "1:$text" >out
	grep '^  .*,shared' a | sort >b
	grep '^  .*,shared' out | sort >a
	same "who --scan finds the same"
	mmuscope who "self:$text" "1:$text" | grep -c ' that is all$' | grep -qx 2
	ok $? "who of two"
	mmuscope who 100 | tail -n 1 | grep -q 'mappers, .* that is all$'
	ok $? "who of a frame of the kernel's"
	ends 1 "who of nothing" mmuscope who "$zoo:0"

	ends 0 "common" mmuscope common "$zoo" "$child" 1
	[ "$(tail -n 3 out | cut -d: -f1)" = "$zoo $child
$zoo 1
$child 1" ]
	ok $? "common: a line for each pair"
	# All of the pages that the child has not copied, for one pair at a time.
	mmuscope common "$zoo" "$child" >out
	awk '/^[0-9a-f]+-[0-9a-f]+$/ { split($1, a, "-")
			sum += ("0x" a[2]) - ("0x" a[1]) }
		/ kB in common$/ { kb = $3 }
		END { print sum / 1024; print kb > "/tmp/b" }' out >a
	same "common: the extents add up to $(cat b) kB"
	ends 42 "common with nobody" mmuscope common 1 999999
}

# As a tree, what lies in another behind it; flat, each address once.
physical() {
	mmuscope phys | sed 's/ ([^()]* of [0-9a-f]*:.*)$//' >a
	cat /sys/kernel/debug/mmuscope/physical >b
	same "phys is what debugfs prints, devices aside"
	mmuscope phys | grep -q ' (BAR 0 of 1234:11e8, no driver)$'
	ok $? "the registers of a device without a driver"
	mmuscope phys --flat | cut -d' ' -f1 >flat
	cut -d- -f1 flat | tail -n +2 >a
	cut -d- -f2 flat | head -n -1 >b
	same "phys --flat: each range starts where the one before ends"
	head -n 1 flat | grep -q '^0-'
	ok $? "phys --flat: from 0 on"
	mmuscope phys --flat --range 9f000-100000 | cut -d' ' -f1 >flat
	head -n 1 flat | grep -q '^9f000-' && tail -n 1 flat | grep -q -e '-100000$'
	ok $? "phys --flat --range: from its start to its end"
	code=$(sed -n 's/^ *\([0-9a-f]*\)-.* : Kernel code$/\1/p' /proc/iomem)
	# Where the kernel was put is chance.
	mmuscope phys "0x$code" | awk 'NR < 4 { sub("DMA32", "Normal"); print $2, $NF }' >a
	printf 'ram RAM\nzone Normal\nkernel code\n' >b
	same "phys of an address: what it lies in"
	mmuscope phys "0x$code" | grep -qE '^  kernel [0-9a-f]+ [a-z]+ r[-w]x- .* \[kernel\]$'
	ok $? "phys of an address: where the kernel maps its code"
	frame=$(mmuscope translate "$zoo" "$page" | awk '/ physical address / { print $NF }')
	mmuscope phys "$frame" | grep -q "^  $zoo $page "
	ok $? "phys of an address: which process maps it"
	mmuscope phys "$frame" | grep -q '^  kernel .* \[direct map\]$'
	ok $? "phys of an address: and where the kernel does"
	mmuscope phys --count | grep -cE ' zone .* [a-z:0-9,]*(free|reserved):' | grep -qx 4
	ok $? "phys --count: four parts of zones"
	ends 1 "phys beyond all" mmuscope phys ffffffffffff000
	says "phys beyond all" "mmuscope: phys: there are no such addresses"
}

kernel() {
	half=/sys/kernel/debug/mmuscope/kernel
	still='/^[^ ]/ { skip = /\[(vmalloc|direct map)\]$/ } !skip'
	# The stacks of those who look are in vmalloc, and what is set for them splits the
	# direct map. What is there for a moment only is not at the second look.
	for _ in 1 2 3 4 5; do
		mmuscope kernel 2>err | awk "$still" >a
		awk "$still" $half/maps >b
		! cmp -s a b || break
	done
	same "kernel is what debugfs prints, where it stands still"
	image=ffffffff80000000-ffffffffc0000000
	mmuscope kernel --range $image | grep '^  ' >a
	sed -n '/\[kernel\]$/,/\[modules\]$/p' b | grep '^  ' >c
	mv c b
	same "kernel --range $image is the kernel's image"
	mmuscope kernel --summary | cut -d: -f1 >a
	cut -d: -f1 $half/summary >b
	same "kernel --summary has the lines of debugfs"
	ends 0 "nothing of the kernel is writable and executable" \
		mmuscope kernel --only write,exec
	[ ! -s out ]
	ok $? "and nothing is told then"
	text=$(awk '/ : Kernel code$/ { split($1, a, "-"); print a[1] }' /proc/iomem)
	mmuscope translate --kernel _text _text+10 | sed -n 's/.* physical address //p' >a
	printf '%x\n' $((0x$text)) $((0x$text + 0x10)) >b
	same "translate --kernel _text is where the kernel's code is"
	ends 1 "kernel, a range that is not its" mmuscope kernel --range 1000-2000
	echo 2 >/proc/sys/kernel/kptr_restrict
	ends 4 "kernel, addresses hidden" mmuscope kernel
	echo 0 >/proc/sys/kernel/kptr_restrict
	block "json kernel" mmuscope kernel --json --range $image
	block "json kernel-summary" mmuscope kernel --json --summary
	block "json kernel-translate" mmuscope translate --kernel --json _text
}
