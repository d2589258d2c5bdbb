#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The guest's side of tests/audit/run: lines "ok - NAME" and "not ok - NAME".

cd /tmp || exit 1

ok() {		# STATUS NAME
	if [ "$1" = 0 ]; then
		echo "ok - $2"
	else
		echo "not ok - $2"
	fi
}

audit() {	# STATUS NAME ARGUMENT...: how does it end? Its findings are in a
	want=$1 name=$2
	shift 2
	mmuscope audit "$@" >out 2>err
	got=$?
	[ $got = "$want" ]
	ok $? "$name: status $want"
	[ $got = "$want" ] || sed "s/^/# ($got) /" out err
	awk '$2 ~ /^(kernel|[0-9]+)$/ { split($3, at, "-"); print $1, at[1] }' \
		out | sort >a
}

same() {	# NAME: are a and b the same?
	cmp -s a b
	ok $? "$1"
	cmp -s a b || diff a b | sed 's/^/# /'
}

clean() {	# NAME
	audit 0 "$1" --outside
	: >b
	same "$1: no finding"
	sed 's/^/# /' out
}

clean "a clean machine"
hole=$(mmuscope phys --flat | awk '$2 == "hole" { split($1, a, "-"); h = a[1] } END { print h }')
insmod /t/plant.ko hole=0x"$hole" || exit 1
sort /sys/module/plant/parameters/plant >b
audit 3 "the kernel's half"
same "the kernel's half: each that was planted, $(wc -l <b) of them, and no other"

mkfifo in victim.out
victim <in >victim.out &
victim=$!
exec 3>in 4<victim.out
while read -r line <&4 && [ "$line" != ready ]; do
	echo "$line"
done >planted
audit 3 "a process" --outside $victim
# What its page contradicts is the kernel's mapping of it.
grep -v MEMTYPE planted | sort >b
same "a process: each that was planted but the conflict, $(wc -l <b) of them, and no other"
audit 3 "a process, in its VMAs" $victim
grep -v OUTSIDE b >wanted
mv wanted b
same "a process, in its VMAs: one less"
sort planted /sys/module/plant/parameters/plant >b
audit 3 "all" --outside
same "all: each that was planted, $(wc -l <b) of them, and no other"
sed 's/^/# /' out
audit 0 "another process" 1
mmuscope audit -c victim >other
mmuscope audit $victim >named
cmp -s other named
ok $? "-c says what the PID says"
audit 42 "no such process" 999999
echo "@begin"
mmuscope audit --outside --json
echo "@end"

mount -t securityfs none /sys/kernel/security
exec 3>&-
wait $victim
ok $? "the process ends well"
rmmod plant
clean "all taken away"
echo confidentiality >/sys/kernel/security/lockdown
audit 4 "a kernel that is locked down"
grep -q "the kernel's half: Permission denied" err
ok $? "a kernel that is locked down: it says what is missing"
