# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2086,SC2046
#
# The part of guest.sh that is of summaries, of one process and of all. $zoo is the
# zoo's PID.

# What differs from one scan to the next: what it costs, and in how many parts pages
# are that who looks has, too.
cost='/^\(Holds\|LongestHold\|LongestHoldNs\|Changed\|Pss[A-Za-z]*\):/d'

summary() {
	for pid in "$zoo" 1; do
		mmuscope summary "$pid" | sed "$cost" >a
		sed "$cost" $pids/"$pid"/summary >b
		same "summary of $pid is what debugfs prints, cost and parts aside"
	done
}

# The largest first; nobody but those without memory is left out.
ranking() {
	sleep 100 &
	for by in 2:pss 3:rss; do
		ends 0 "summary --all by ${by#*:}" mmuscope summary --all --sort "${by#*:}"
		sed '1d;$d' out >rows
		awk -v c="${by%:*}" '$c > last && NR > 1 { exit 1 } { last = $c }' rows
		ok $? "summary --all: the largest ${by#*:} first"
	done
	set -- $(awk -v pid="$zoo" '$1 == pid { print $2, $3, $7 }' rows) \
		$(awk '/^(Pss|Rss|Swap):/ { print $2 }' $pids/"$zoo"/summary)
	[ $# = 6 ] && [ "$2 $3" = "$4 $6" ] &&
		[ $(($1 - $5)) -lt 64 ] && [ $(($5 - $1)) -lt 64 ]
	ok $? "summary --all says of the zoo what its summary says: $*"
	[ "$(wc -l <rows) processes; " = "$(sed -n '$s/;.*/; /p' out)" ]
	ok $? "summary --all: as many rows as it says: $(tail -n 1 out)"
	grep -q ' left out: [1-9][0-9]* without memory of their own, 0 not permitted$' out
	ok $? "summary --all: the kernel's own are left out, and nobody else"
	kill $!
	block "json summary-all" mmuscope summary --all --json
}
