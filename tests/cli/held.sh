# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# The part of guest.sh, which reads it, about shares and windows.

held=/sys/kernel/debug/mmuscope/mappings

prints() {	# NAME LINE: is that all that the last command printed?
	[ "$(cat out)" = "$2" ]
	ok $? "$1: $2"
	[ "$(cat out)" = "$2" ] || sed 's/^/# /' out err
}

# Starts a command that waits, and reads its first line into $told.
wait_beside() {	# COMMAND...
	rm -f beside
	"$@" <hold >beside &
	beside=$!
	exec 8>hold
	n=0
	while ! [ -s beside ] && [ $((n += 1)) -lt 50 ]; do sleep 0.1; done
	read -r told <beside
}

let_go() {	# NAME: standard input ends
	exec 8>&-
	wait $beside
	ok $? "$1: the end of standard input ends it well"
}

same_lists() {	# NAME
	{ mmuscope share list; mmuscope mmio list; } | sort >a
	sort $held >b
	same "$1: the lists are what debugfs prints"
}

# As usage.rst has it: one shell writes, another reads, a third one looks.
share_two() {
	ends 0 "share create" mmuscope share create scratch 8192 --mode 640
	ends 1 "share create again" mmuscope share create scratch 4096
	says "again" "mmuscope: share: scratch: a share of that name is there; 'mmuscope share rm' removes it"
	ends 0 "share poke" mmuscope share poke scratch 2 5a
	ends 0 "share peek" mmuscope share peek scratch 2
	prints "peek" "00000002  5a"
	wait_beside mmuscope share map scratch
	mmuscope share poke scratch 0 11
	address=$(echo "$told" | sed 's/.* at \([0-9a-f]*\)-.*/\1/')
	grep -q "^00000000  00 00 5a 00 " beside
	ok $? "share map dumps what was there: $told"
	mmuscope share info scratch >info.out
	frame=$(sed -n 's/^frames *\([0-9a-f]*\)-.*/\1/p' info.out)
	mmuscope translate $beside "$address" | grep -q "ram:$frame "
	ok $? "translate finds the frame that share info tells: $frame"
	same_lists "a share that is mapped"
	grep -q "^  $address-.* pid $beside comm mmuscope$" a
	ok $? "share list tells who maps it"
	block "json share-list" mmuscope share list --json
	block "json share-info" mmuscope share info --json scratch
	block "json share-peek" mmuscope share peek --json scratch 0 4
	block "json share-none" mmuscope share peek --json nonesuch 0
	let_go "share map"
	ends 0 "share map --once" mmuscope share map --once --read-only scratch 4
	grep -qx '00000000  11 00 5a 00  *|..Z.|' out
	ok $? "share map dumps what was written beside it"
}

share_map_json() {
	rm -f beside
	mmuscope share map --json scratch 4 <hold >beside &
	beside=$!
	exec 8>hold
	n=0
	while ! tail -c 2 beside | grep -q '}' && [ $((n += 1)) -lt 50 ]; do
		sleep 0.1
	done
	block "json share-map" cat beside
	block "json share-list" mmuscope share list --json
	let_go "share map --json"
}

share_widths() {
	ends 0 "poke of 64 bits" mmuscope share poke --width 64 scratch 1000 1122334455667788
	ends 0 "peek of 16 bits" mmuscope share peek --width 16 scratch 1002
	prints "16 of 64 bits" "00001002  5566"
	ends 0 "dump of 32 bits" mmuscope share peek --width 32 scratch 1000 12
	prints "dump" "00001000  55667788 11223344  00000000 00000000
00001010  00000000 00000000  00000000 00000000
*
00001030"
	# What lies beside a narrow one stays.
	for poke in '8 1011 aa' '16 1014 bbcc' '32 1018 ddeeff00'; do
		mmuscope share poke --width 64 scratch 1010 ffffffffffffffff
		mmuscope share poke --width 64 scratch 1018 ffffffffffffffff
		# shellcheck disable=SC2086 # width, offset and value
		mmuscope share poke scratch --width $poke
		mmuscope share peek scratch 1010 16 | head -n 1 | cut -c 10-58
	done >out
	prints "no wider than it says" " ff aa ff ff ff ff ff ff  ff ff ff ff ff ff ff ff
 ff ff ff ff cc bb ff ff  ff ff ff ff ff ff ff ff
 ff ff ff ff ff ff ff ff  00 ff ee dd ff ff ff ff"
	ends 1 "peek beyond the end" mmuscope share peek scratch 2000
	says "end" "mmuscope: share: scratch: it ends at 2000"
	ends 1 "peek across the end" mmuscope share peek scratch 1fff 2
	ends 1 "dump of more than there is" mmuscope share map scratch 8193
}

share_refused() {
	ends 1 "no such share" mmuscope share map nonesuch
	says "none" "mmuscope: share: nonesuch: no such share; 'mmuscope share list' tells which there are"
	ends 1 "a name with a slash" mmuscope share create a/b 4096
	ends 1 "no whole page" mmuscope share create odd 100
	ends 1 "a page size that is none" mmuscope share create odd 8K --page 8K
	ends 1 "no such node" mmuscope share create odd 4K --node 99
	ends 1 "past the ceiling" mmuscope share create huge 999G
	ends 1 "a memory type that RAM cannot have" mmuscope share create odd 4K --memtype wp
	chmod 666 /dev/mmuscope
	ends 4 "another's share" su nobody -c 'mmuscope share peek scratch 0'
	ends 4 "another's share, to remove" su nobody -c 'mmuscope share rm scratch'
	ends 0 "his own" su nobody -c 'mmuscope share create his 4K'
	su nobody -c 'mmuscope share list' >out
	[ "$(grep -c '^share ' out)" = 1 ] && grep -q ' name his ' out
	ok $? "share list tells him of his own"
	block "json hidden-share-info" su nobody -c 'mmuscope share info --json his'
	su nobody -c "ulimit -l 4; mmuscope share create more 64K" 2>err
	grep -q 'RLIMIT_MEMLOCK is reached' err
	ok $? "RLIMIT_MEMLOCK: $(cat err)"
	ends 0 "his own, removed" su nobody -c 'mmuscope share rm his'
	chmod 600 /dev/mmuscope
}

share_kinds() {
	ends 0 "a large page" mmuscope share create large 2M --page 2M
	wait_beside mmuscope share map large 16
	address=$(echo "$told" | sed 's/.* at \([0-9a-f]*\)-.*/\1/')
	mmuscope maps --range "$address-$(printf %x $((0x$address + 0x200000)))" \
		$beside | grep -q "^  $address-[0-9a-f]* pmd ram:"
	ok $? "a large page is a pmd leaf"
	mmuscope maps $beside | grep -q ' mmuscope:share:large$'
	ok $? "maps tells it by its name"
	let_go "large page"
	ends 0 "write-combining" mmuscope share create wc 4K --memtype wc --contiguous
	mmuscope share info wc >out
	grep -qx 'memtype   wc' out && grep -qx 'flags     keep,contiguous' out
	ok $? "share info tells memory type and flags"
	ends 0 "rm of three" mmuscope share rm large wc scratch
	ends 1 "rm of none" mmuscope share rm scratch
	same_lists_empty "all removed"
}

same_lists_empty() {	# NAME
	{ mmuscope share list; mmuscope mmio list; cat $held; } >out
	[ ! -s out ]
	ok $? "$1: nothing is held"
	sed 's/^/# /' out
}

# Of the device with these numbers.
pci() {		# VENDOR DEVICE
	for device in /sys/bus/pci/devices/*; do
		[ "$(cat "$device/vendor") $(cat "$device/device")" = "0x$1 0x$2" ] &&
			basename "$device"
	done
}

# As usage.rst has it.
mmio_edu() {
	edu=$(pci 1234 11e8)
	ends 0 "identity" mmuscope mmio peek "$edu:0"
	phys=$(sed 's/ .*//' out)
	prints "identity" "$phys  010000ed"
	ends 0 "liveness, written" mmuscope mmio poke "$edu:0+4" 12345678
	ends 0 "liveness, read" mmuscope mmio peek "$edu:0+4"
	sed -i 's/.* //' out
	prints "edu inverts it" "edcba987"
	ends 0 "by address" mmuscope mmio peek "0x$phys" 2
	grep -qx "$phys  010000ed edcba987 *" out
	ok $? "by address: $(head -n 1 out)"
	ends 0 "by range" mmuscope mmio peek "$phys-$(printf %x $((0x$phys + 4096)))+4"
	ends 0 "map --once" mmuscope mmio map --once "$edu:0" 2
	tail -n +2 out >b
	mmuscope mmio peek "$edu:0" 2 >a
	same "map reads what peek reads"
	block "json edu" mmuscope mmio peek --json "$edu:0" 2
	block "json mmio-poke" mmuscope mmio poke --json "$edu:0+4" 1
	block "json mmio-map" mmuscope mmio map --once --json "$edu:0"
}

mmio_width() {
	ends 1 "unaligned" mmuscope mmio peek "$edu:0+2"
	says "unaligned" "mmuscope: mmio: ${phys%0}2: unaligned: not a multiple of what --width says"
	ends 0 "16 bits" mmuscope mmio peek --width 16 "$edu:0+2"
	ends 0 "64 bits" mmuscope mmio peek --width 64 "$edu:0+80"
	ends 1 "beyond its end" mmuscope mmio peek "$edu:0+100000"
	ends 1 "across its end" mmuscope mmio peek "$edu:0+ffffc" 2
}

mmio_beside() {
	# What is not touched is not in the page table.
	wait_beside mmuscope mmio map "$edu:0" 2
	mmuscope maps $beside | grep -q " mmio:$phys .*uc-"
	ok $? "maps tells the registers: $told"
	same_lists "a window that is mapped"
	grep -q "^mmio [0-9]* name $edu:0 phys $phys size 1048576 memtype uc- " a
	ok $? "mmio list tells where it is"
	block "json mmio-list" mmuscope mmio list --json
	ends 1 "a second window" mmuscope mmio peek "$edu:0"
	grep -q 'busy: another window has it' err
	ok $? "a second window: $(cat err)"
	let_go "mmio map"
	wait_beside mmuscope mmio map --shared "$edu:0"
	ends 0 "--shared" mmuscope mmio peek --shared "$edu:0"
	let_go "mmio map --shared"
	same_lists_empty "no window left"
}

mmio_refused() {
	insmod /lib/e1000.ko
	nic=$(pci 8086 100e)
	ends 1 "a driver's" mmuscope mmio peek "$nic:0"
	start=$(sed -n "s/ *\([0-9a-f]*\)-.* : $nic$/\1/p" /proc/iomem)
	says "a driver's" "mmuscope: mmio: $start-$(printf %x $((0x$start + 0x20000))): busy: held by PCI $nic / e1000"
	block "json mmio-busy" mmuscope mmio peek --json "$nic:0"
	rmmod e1000
	setpci_off "$nic"
	ends 1 "a device that is off" mmuscope mmio peek "$nic:0"
	says "off" "mmuscope: mmio: $nic:0: the device is off: echo 1 >/sys/bus/pci/devices/$nic/enable"
	echo 1 >"/sys/bus/pci/devices/$nic/enable"
	ends 0 "a device that is on again" mmuscope mmio peek "$nic:0"
	ends 1 "I/O ports" mmuscope mmio peek "$nic:1"
	ends 4 "RAM" mmuscope mmio peek 1000000
	ends 1 "IOAPIC" mmuscope mmio map fec00000
	says "IOAPIC" "mmuscope: mmio: fec00000-fec00400: busy: held by IOAPIC 0"
	ends 1 "a hole" mmuscope mmio peek ff000000
	ends 1 "past all bits" mmuscope mmio peek ffffffffffff0000
	ends 1 "no such name" mmuscope mmio peek nonesuch
	ends 1 "a name that several have" mmuscope mmio peek 'PCI Bus 0000:00'
	ends 0 "a name" mmuscope mmio peek 'HPET 0'
	grep -q '8086a201' out
	ok $? "a name: $(cat out)"
	ends 0 "less than a page" mmuscope mmio map --once 'HPET 0' 2
	grep -q ', 4096 bytes$' out && grep -q ' 8086a201 ' out
	ok $? "less than a page: all of it is mapped"
}

# Decoding of memory, off: bit 1 of byte 4.
setpci_off() {
	printf '\000' | dd of="/sys/bus/pci/devices/$1/config" bs=1 seek=4 \
		conv=notrunc 2>/dev/null
}

mmio_grants() {
	echo 'root:x:0:
nobody:x:65534:' >/etc/group
	chmod 666 /dev/mmuscope
	mmuscope doctor | grep -q ' registers of devices may be read'
	ok $? "doctor: root may"
	su nobody -c 'mmuscope doctor' | grep -q ' only registers that are granted'
	ok $? "doctor: others may not"
	ends 4 "without a grant" su nobody -c "mmuscope mmio peek $edu:0"
	ends 0 "grant" mmuscope mmio grant "$edu:0" --group nobody
	ends 1 "grant again" mmuscope mmio grant "$edu:0" --group nobody
	ends 0 "with a grant" su nobody -c "mmuscope mmio peek $edu:0"
	ends 0 "with a grant, map" su nobody -c "mmuscope mmio map --once $edu:0"
	ends 4 "a part of it" su nobody -c "mmuscope mmio peek $phys"
	ends 4 "to grant" su nobody -c "mmuscope mmio grant $edu:0 --group 0"
	ends 0 "grants" mmuscope mmio grants
	prints "grants" "$phys-$(printf %x $((0x$phys + 0x100000))) group nobody width 8,16,32,64"
	block "json mmio-grants" mmuscope mmio grants --json
	ends 0 "revoke" mmuscope mmio revoke "$edu:0" --group 65534
	ends 1 "revoke again" mmuscope mmio revoke "$edu:0" --group 65534
	ends 4 "without a grant again" su nobody -c "mmuscope mmio peek $edu:0"
	ends 0 "grant of a width" mmuscope mmio grant "$edu:0" --group nobody \
		--width 16 --width 32 --read-only
	mmuscope mmio grants >out
	grep -q 'group nobody width 16,32 read-only$' out
	ok $? "grants: $(cat out)"
	ends 0 "its width" su nobody -c "mmuscope mmio peek $edu:0"
	ends 4 "another width" su nobody -c "mmuscope mmio peek --width 8 $edu:0"
	ends 4 "to write" su nobody -c "mmuscope mmio poke $edu:0+4 1 </dev/null"
	ends 4 "to map" su nobody -c "mmuscope mmio map --once $edu:0"
	ends 0 "revoke of a width" mmuscope mmio revoke "$edu:0" --group nobody
	ends 0 "no grants" mmuscope mmio grants
	prints "no grants" ""
	chmod 600 /dev/mmuscope
}

# The zoo has mapped edu's registers by sysfs and is not to be in the way.
mkfifo hold
share_two
share_map_json
share_widths
share_refused
share_kinds
mmio_edu
mmio_width
mmio_beside
mmio_refused
mmio_grants
