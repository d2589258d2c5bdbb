#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# guest-run.sh 'PROGRAM [ARG]...'... - runs programs of this directory, in the
# guest, one after another, and makes one TAP of theirs: names are prefixed with
# the program's, and a program fails as a whole if it dies or takes longer than
# LIMIT seconds (100), has no plan or another one, or leaves a splat in the
# kernel's log.

here=$(dirname "$0")
log=/tmp/guest-run.log

# Huge pages are to be made by those who test them, and by nobody else.
echo 100000000 >/sys/kernel/mm/transparent_hugepage/khugepaged/scan_sleep_millisecs

# What has come to the kernel's log since the last time; nothing is left out.
news() {
	dmesg >$log
	tail -n "+$((seen + 1))" $log
	seen=$(wc -l <$log)
}

run() {
	seen=0
	news >/dev/null
	for command; do
		echo "@start $command"
		start=$(cut -d. -f1 /proc/uptime)
		# shellcheck disable=SC2086 # it may have arguments
		timeout -s KILL "${LIMIT:-100}" "$here"/$command
		echo "@exit $?"
		news >/tmp/guest-run.news
		awk -f /lib/known-splats /tmp/guest-run.news |
			grep -E -f /lib/splats | sed 's/^/@splat /'
		echo "@end $(($(cut -d. -f1 /proc/uptime) - start))"
	done
}

run "$@" | awk '
	function result(ok, name) {
		total++
		failed += !ok
		print (ok ? "ok" : "not ok"), total, program ": " name
	}
	$1 == "@start" { program = $2; own = bad = splats = 0; plan = "none" }
	$1 == "@exit" { status = $2 }
	$1 == "@splat" {
		if (++splats <= 10)
			print "# " substr($0, 8)
	}
	$1 == "@end" {
		if (plan != own)
			result(0, "plan is " plan ", results are " own)
		if (status != (bad > 0))
			result(0, "exit status " status " after " bad " failures")
		if (splats)
			result(0, splats " bad lines in the kernel log")
		if ($2 >= 2)
			print "# " program ": " $2 " s"
	}
	/^@/ { fflush(); next }
	/^(not )?ok / {
		own++
		bad += $1 == "not"
		ok = $1 == "ok"
		sub(/^(not )?ok [0-9]+ /, "")
		result(ok, $0)
		fflush()
		next
	}
	/^1\.\.[0-9]+$/ { plan = substr($0, 4); next }
	{ print /^#/ ? $0 : "# " $0; fflush() }
	END { print "1.." total + 0; exit failed > 0 }
'
