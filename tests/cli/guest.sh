#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The guest's side of tests/cli/run: prints lines of TAP, and what the host is to
# look at as blocks: "@begin NAME", "@end STATUS" (nothing is lost of what stands
# between: a command's last line may lack its end).

pids=/sys/kernel/debug/mmuscope/pid
# shellcheck source=/dev/null
. /t/frames.sh
# shellcheck source=/dev/null
. /t/summary.sh
cd /tmp || exit 1

ok() {		# STATUS NAME
	if [ "$1" = 0 ]; then
		echo "ok - $2"
	else
		echo "not ok - $2"
	fi
}

same() {	# NAME: are /tmp/a and /tmp/b the same, and something?
	[ -s a ] && cmp -s a b
	ok $? "$1"
	cmp a b || diff a b | head -n 20 | sed 's/^/# /'
}

ends() {	# STATUS NAME COMMAND...: how does it end?
	want=$1 name=$2
	shift 2
	"$@" >out 2>err
	got=$?
	[ $got = "$want" ]
	ok $? "$name: status $want"
	[ $got = "$want" ] || sed "s/^/# ($got) /" out err | head -n 20
}

says() {	# NAME LINE: is that all that the last command complained?
	[ "$(cat err)" = "$2" ]
	ok $? "$1: $2"
	[ "$(cat err)" = "$2" ] || sed 's/^/# /' err
}

block() {	# NAME COMMAND...: for the host
	echo "@begin $1"
	shift
	"$@" 2>/dev/null
	echo "
@end $?"
}

# The registers of QEMU's device for teaching, if the guest has it.
edu() {
	for device in /sys/bus/pci/devices/*; do
		case $(cat "$device/vendor" "$device/device") in
		"0x1234
0x11e8")
			echo 1 >"$device/enable"
			echo "$device/resource0"
			;;
		esac
	done
}

start_zoo() {
	registers=$(edu)
	mkfifo in out.zoo
	zoo ${registers:+"$registers"} <in >out.zoo &
	zoo=$!
	exec 3>in 4<out.zoo
	while read -r line <&4 && [ "$line" != ready ]; do :; done
}

maps() {
	for pid in "$zoo" 1; do
		mmuscope maps "$pid" >a
		cat $pids/"$pid"/maps >b
		same "maps of $pid is what debugfs prints"
	done
	mmuscope maps --no-header "$zoo" 1 >a
	cat $pids/"$zoo"/maps $pids/1/maps >b
	same "maps of two processes"
	mmuscope maps "$zoo" | grep -q ' mmio:[0-9a-f]* .*,uc-$'
	ok $? "the registers of a device are there"
	mmuscope maps self | grep -q ' /t/mmuscope$'
	ok $? "self is the command itself"

	# Started by this name, it wants to know what it is to be.
	name='/tmp/busybox
\ x'
	cp /bin/busybox "$name"
	"$name" sleep 1000 &
	named=$!
	sleep 1
	mmuscope maps $named >a
	cat $pids/$named/maps >b
	same "a name with an end of line in it"
	grep -q '/tmp/busybox\\012. x$' a
	ok $? "an end of line in a name is \\012"
	kill $named
}

# The extents that lie in a range, by a look at all; it starts and ends at theirs.
# To awk 4e1000 is a number, unless it is put together with something.
range() {
	mmuscope maps "$zoo" >all
	from=$(awk '$3 ~ /^ram:/ && ++n == 9 { split($1, a, "-"); print a[1] }' all)
	to=$(awk '$3 ~ /^swap:/ { split($1, a, "-"); print a[2]; exit }' all)
	mmuscope maps --range "$from-$to" "$zoo" | grep '^  ' >a
	awk -v from="$from" -v to="$to" '
		/^  / { split($1, a, "-") }
		# As words: 4e1000 is a number too.
		/^  / && a[1] "" == from "" { on = 1 }
		/^  / && on { print }
		a[2] "" == to "" { on = 0 }' all >b
	same "maps --range $from-$to"
	ends 1 "a range beyond all" mmuscope maps --range 0-f000000000000000 1
	ends 0 "a range where nothing is" mmuscope maps --range 1000-2000 1
}

filters() {
	mmuscope maps "$zoo" >all
	mmuscope maps --only anon,dirty "$zoo" | grep '^  ' >a
	grep '^  .*[ ,]dirty,.*anon' all >b
	same "maps --only anon,dirty"
	mmuscope maps --any swap,poison "$zoo" | grep '^  ' >a
	grep -E '^  .* (swap|poison):' all >b
	same "maps --any swap,poison"
	mmuscope maps --not ram,none "$zoo" | grep '^  ' >a
	grep -E '^  [^ ]+ [a-z0-9]+ (swap|poison|marker|mmio)' all >b
	same "maps --not ram,none"
	mmuscope maps --only pmd,ram --not zero "$zoo" | grep '^  ' >a
	grep -E '^  [^ ]+ pmd ram:' all | grep -v zero >b
	same "maps --only pmd,ram --not zero"
}

# Lines "ADDRESS FRAME", by pagemap.
pagemap() {
	for address; do
		dd if=/proc/"$zoo"/pagemap bs=8 count=1 \
			skip=$((0x$address >> 12)) 2>/dev/null |
			od -An -t x8 | {
			read -r entry
			printf '%s %x\n' "$address" \
				$(((0x$entry & ((1 << 55) - 1)) << 12))
		}
	done
}

translations() {
	# pagemap says nothing of what a driver or the kernel itself maps.
	addresses=$(awk '
		/^  / && $3 ~ /^ram:/ && ($5 !~ /special/ || $5 ~ /zero/) {
			split($1, a, "-")
			print a[1]
		}' all)
	# shellcheck disable=SC2086 # a list of words
	pagemap $addresses >b
	# shellcheck disable=SC2086
	mmuscope translate "$zoo" $addresses | awk '
		/^[0-9a-f]/ { address = $1 }
		/ physical address / { print address, $NF }' >a
	same "translate's frames are pagemap's, $(wc -l <b) of them"
	page=$(echo "$addresses" | head -n 1)
	mmuscope vtop "$zoo" "0x$page" >a
	mmuscope translate "$zoo" "$page" >b
	same "vtop is translate, 0x or not"
	# shellcheck disable=SC2086
	mmuscope translate "$zoo" $addresses 1100000000 1900000000 5000 >a
	grep -E '^  (pgd|p4d|pud|pmd|pte) table' a | awk '
		$1 == "pgd" && root && $3 "" != root "" { bad++ }
		$1 == "pgd" { root = $3 }
		wanted != "" && $3 "" != wanted "" { bad++ }
		{ wanted = $0 ~ / -> table:/ ? $0 : ""
		  sub(/.* -> table:/, "", wanted); sub(/ .*/, "", wanted) }
		END { exit !NR || bad > 0 }'
	ok $? "each table is where the entry before points to"
	grep -q 'bring the page back from swap:.* on /dev/ram0;' a
	ok $? "a swapped page says where it is"
	grep -q 'A read would get the zero page; a write would get a new' a
	ok $? "an untouched page says what a touch gives"
	grep -q 'A read, a write or an instruction fetch would raise SIGSEGV, because nothing is mapped' a
	ok $? "an address without a VMA says so"
}

swap() {
	mmuscope swap "$zoo" >a
	grep -E '^  [0-9a-f]+-[0-9a-f]+ ' a >runs
	grep -E '^  .* swap:' all >b
	cp a swap.out
	mv runs a
	same "swap lists the runs that maps has"
	kb=$(awk '/^Swap:/ { print $2 }' $pids/"$zoo"/summary)
	grep -qxE " *$kb  total" swap.out
	ok $? "swap's total is the summary's Swap ($kb kB)"
	grep -qxE " *$kb  0 /dev/ram0" swap.out
	ok $? "swap names the area"
}

processes() {
	ends 42 "maps of no process" mmuscope maps 999999
	says "no process" "mmuscope: maps: pid 999999: No such process"
	ends 42 "translate of no process" mmuscope translate 999999 1000
	ends 42 "some not found" mmuscope summary 1 999999
	grep -q '^Pid: *1$' out
	ok $? "some not found: the others are told of"
	ends 1 "a kernel thread" mmuscope maps 2
	ends 42 "-c that nothing has" mmuscope maps -c nonesuch
	says "-c" "mmuscope: maps: nonesuch: no process of this name"
	ends 42 "-c does not find the command itself" mmuscope maps -c mmuscope
	ends 0 "-c" mmuscope maps -c zoo --range 1000000000-1000001000
	grep -c '^[0-9]*: zoo$' out | grep -qx 2
	ok $? "-c finds zoo and its child"
	ends 0 "-c" mmuscope summary -c init
	cp out a
	mmuscope summary 1 >b
	# shellcheck disable=SC2154 # of summary.sh
	sed -i "$cost" a b
	same "-c init is PID 1"
}

pipes() {
	mmuscope maps "$zoo" "$zoo" "$zoo" "$zoo" "$zoo" "$zoo" "$zoo" 2>err |
		head -n 1 >out
	[ -s out ] && [ ! -s err ]
	ok $? "a reader that goes away is no error message"
	mmuscope maps "$zoo" "$zoo" >/dev/full 2>err
	[ $? = 1 ]
	ok $? "a full disk is one: status 1"
	grep -q 'cannot write: No space left on device' err
	ok $? "a full disk is one: $(cat err)"
}

# More than a pipe takes, so that the signal comes in the middle.
interrupt() {
	mkfifo pipe
	# shellcheck disable=SC2046
	mmuscope maps --json $(yes "$zoo" | head -n 20) >pipe &
	command=$!
	exec 5<pipe
	sleep 1
	kill -TERM $command
	block "json interrupted" cat <&5
	wait $command
	[ $? = 143 ]
	ok $? "interrupted: ends by the signal"
	exec 5<&-
}

unprivileged() {
	mkdir -p /etc
	echo 'root:x:0:0::/:/bin/sh
nobody:x:65534:65534::/tmp:/bin/sh' >/etc/passwd
	ends 4 "the device is closed to others" su nobody -c 'mmuscope maps self'
	says "closed" "mmuscope: /dev/mmuscope: Permission denied: it is root's; mmuscope(4) tells how to give it to a group"
	ends 4 "doctor, device closed" su nobody -c 'mmuscope doctor'
	chmod 666 /dev/mmuscope
	ends 4 "somebody else's process" su nobody -c 'mmuscope maps 1'
	mkfifo his.in his.out
	su nobody -c 'exec zoo' <his.in >his.out 2>/dev/null &
	his=$!
	exec 6>his.in 7<his.out
	while read -r line <&7 && [ "$line" != ready ]; do :; done
	ends 0 "his own" su nobody -c "mmuscope maps $his"
	grep -q '^  .* ram:- ' out && grep -q '^  .* swap:- ' out &&
		! grep -qE '(ram|swap):[0-9a-f]' out
	ok $? "his own: frames and slots are hidden"
	su nobody -c "mmuscope translate $his 1200001000 1900001000" >out
	grep -q 'bring the page back from swap;' out &&
		! grep -qE '(ram|swap|table|address) ?:?[0-9a-f]{4}' out
	ok $? "his own: and so are tables"
	su nobody -c "mmuscope swap $his" | grep -q '^ *64  - '
	ok $? "his own: and areas"
	ends 0 "doctor, device open" su nobody -c 'mmuscope doctor'
	ends 0 "summary --all of one user" su nobody -c "mmuscope summary --all"
	grep -q ' [1-9][0-9]* not permitted$' out
	ok $? "summary --all: others are counted: $(tail -n 1 out)"
	ends 4 "phys, without rights" su nobody -c 'mmuscope phys'
	says "phys" "mmuscope: phys: Permission denied: it takes CAP_SYS_ADMIN"
	ends 4 "audit, without rights" su nobody -c 'mmuscope audit'
	block "json phys-denied" su nobody -c 'mmuscope phys --json'
	block "json audit-denied" su nobody -c 'mmuscope audit --json'
	block "json hidden" su nobody -c "mmuscope maps --json $his"
	block "json hidden-translate" su nobody -c "mmuscope translate --json $his 1200001000 1900001000"
	block "json hidden-summary" su nobody -c "mmuscope summary --json $his"
	block "json hidden-swap" su nobody -c "mmuscope swap --json $his"
	block "json hidden-frame" su nobody -c 'mmuscope frame --json 100'
	block "json hidden-who" su nobody -c 'mmuscope who --json 100'
	block "json hidden-common" su nobody -c "mmuscope common --json $his $his"
	ends 4 "frames take more" su nobody -c 'mmuscope frame 100'
	says "frames" "mmuscope: frame: Permission denied: it takes CAP_SYS_ADMIN to look at frames"
	block "json denied" su nobody -c 'mmuscope maps --json 1'
	chmod 600 /dev/mmuscope
}

# shellcheck disable=SC2154 # some of them are of frames.sh
json() {
	block "json maps" mmuscope maps --json "$zoo"
	block "debugfs maps" cat $pids/"$zoo"/maps
	block "json several" mmuscope maps --json 1 999999 self 2
	block "json summary" mmuscope summary --json "$zoo" 1
	block "debugfs summary" cat $pids/"$zoo"/summary
	# shellcheck disable=SC2086
	block "json translate" mmuscope translate --json "$zoo" $addresses \
		1100000000 1900000000 1a00001000 5000
	block "json swap" mmuscope swap --json "$zoo" 1
	block "json phys" mmuscope phys --json
	block "json phys-flat" mmuscope phys --json --flat --range 0-100000000
	block "json phys-count" mmuscope phys --json --count
	block "json phys-address" mmuscope phys --json 100000
	block "json audit" mmuscope audit --json 1
	block "json audit-none" mmuscope audit --json 999999
	page=$(echo "$anon" | head -n 1)
	block "json frame" mmuscope frame --json "$zoo:$page" "$zoo:0x$page" "$zoo:0" fffffffff
	block "json who" mmuscope who --json "$zoo:$page" 100
	block "json common" mmuscope common --json "$zoo" "$child"
	block "json doctor" mmuscope doctor --json
	block "json nothing" mmuscope maps --json -c nonesuch
	block "terminal colour" mmuscope maps 1
	block "terminal plain" env NO_COLOR=1 mmuscope maps 1
}

# There is no way back from it.
locked_down() {
	mount -t securityfs none /sys/kernel/security
	mmuscope doctor | grep -q ' lockdown *none$'
	ok $? "doctor: no lockdown"
	mkfifo before
	mmuscope kernel >before 2>/dev/null &
	before=$!
	exec 8<before
	head -c 100 <&8 >/dev/null
	if ! echo confidentiality >/sys/kernel/security/lockdown; then
		ok 1 "the kernel can be locked down"
		return
	fi
	ends 0 "doctor in a kernel that is locked down" mmuscope doctor
	mv out doctor
	for line in 'lockdown *confidentiality' 'the kernel loads signed modules only' \
		'the kernel is locked down: no registers' 'pages can be shared' \
		"the kernel's half may not be looked at"; do
		grep -q "$line" doctor
		ok $? "doctor, locked down: $line"
	done
	ends 0 "maps in a kernel that is locked down" mmuscope maps "$zoo"
	ends 4 "registers in a kernel that is locked down" mmuscope mmio peek \
		"$(pci 1234 11e8):0"
	grep -q 'the kernel is locked down' err
	ok $? "registers, locked down: $(cat err)"
	ends 4 "kernel in a kernel that is locked down" mmuscope kernel
	ends 1 "and so is debugfs" cat /sys/kernel/debug/mmuscope/kernel/maps
	cat <&8 >/dev/null
	wait $before
	[ $? = 4 ]
	ok $? "a scan of the kernel that has begun before ends there"
}

absent() {
	umount $pids
	rmmod mmuscope
	ends 5 "without the module" mmuscope maps self
	says "absent" "mmuscope: /dev/mmuscope: No such file: is the module loaded? (modprobe mmuscope)"
	ends 5 "doctor without the module" mmuscope doctor
	block "json absent" mmuscope maps --json self
	block "json doctor-absent" mmuscope doctor --json
	ln -s null /dev/mmuscope
	ends 5 "with another device" mmuscope maps self
	grep -q 'ABI' err
	ok $? "with another device: $(cat err)"
}

# Nothing is to change between two looks: no huge page is to be put together.
echo 0 >/sys/kernel/mm/transparent_hugepage/khugepaged/max_ptes_none
start_zoo
maps
summary
ranking
range
filters
translations
swap
physical
frames
who
kernel
processes
pipes
interrupt
json
unprivileged
# shellcheck source=/dev/null
. /t/held.sh
locked_down
absent
