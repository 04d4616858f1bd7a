# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# Three members of 500 us under 4k random reads, 32 at a time; then one takes
# 5 ms per request (the table under it is swapped for one on a slower device),
# and later 500 us again.  Compared with a volume of two such members: the reads'
# p99 in the windows from one second after the change on; and how long until the
# slow one gets less than 1 % of the reads, and more than 10 % again.  Status is
# asked every 100 ms by a process that runs already.
# mode: warp
# allow-log: task modprobe:|echo 0 > /proc/sys/kernel/hung_task
# timeout: 400
# shellcheck source=tests/bench/subjects.sh
. /with/subjects.sh

# shellcheck disable=SC2034 # read by member
MEMBER='irqmode=2 completion_nsec=500000 submit_queues=1 hw_queue_depth=8' MEMBER_MB=64
SLOW_MS=1000 GOOD_MS=4000 END_MS=15000 # END: an upper bound

make_predshard two 2
members three 2
member three.fast
member three.slow completion_nsec=5000000
dm_linear changing /dev/three.fast
# shellcheck disable=SC2086 # a list
volume three $DEVICES /dev/mapper/changing
good=$(dmsetup table changing) slow="0 $(sectors /dev/three.slow) linear /dev/three.slow 0"
quiet

# The plan: status every 100 ms, and the two changes.
{
	now=0
	while [ $now -lt $END_MS ]; do
		case $now in
		"$SLOW_MS") echo "$now changing reload $slow" ;;
		"$GOOD_MS") echo "$now changing reload $good" ;;
		esac
		echo "$now three status reads m2.reads"
		now=$((now + 100))
	done
} >plan

bench-io depth=32 latency=1 warm_ms=500 runs=3 ms=400 /dev/mapper/two >runs
row slow-member two-members p99 "$(word p99_us <runs | median)" us

# One line per poll: ms since the change before it, share of the third member
# in the reads since the poll before, and which change that was.
shares() {
	awk '{ for (i = 1; i <= NF; i++) { split($i, w, "="); v[w[1]] = w[2] } }
		$1 == "reload" { since = v["at_ms"]; change++ }
		$1 == "status" {
			reads = v["reads"] - old_reads
			if (NR > 1 && reads > 0)
				printf "%d %.4f %d\n", v["at_ms"] - since,
					(v["m2.reads"] - old_third) / reads, change
			old_reads = v["reads"]; old_third = v["m2.reads"]
		}' polls
}

used_again() { shares | awk '$3 == 2 && $2 > 0.1 { n++ } END { exit n < 5 }'; }

bench-io depth=32 latency=1 window_ms=100 ms=60000 /dev/mapper/three >windows &
load=$!
bench-dm <plan >polls &
changes=$!
wait_until 60 sh -c "[ \"\$(grep -c reload polls)\" = 2 ]" || fail "the changes were not made"
wait_until $((END_MS / 1000)) used_again || say "not used again"
kill $changes || true # it may be through
kill $load
wait $load || fail "the load failed"

# Median p99 of the windows from FIRST to LAST ms after change NUMBER (0: before 1).
window_p99() { # window_p99 FIRST LAST NUMBER
	awk -v first="$1" -v last="$2" -v number="$3" '
		FNR == NR { if ($1 == "reload") { sub(/at_ms=/, "", $2); at[++n] = $2 } next }
		/^window_ms/ {
			for (i = 1; i <= NF; i++) { split($i, w, "="); v[w[1]] = w[2] }
			t = v["window_ms"] - at[number]
			if (t >= first && t < last) print v["p99_us"]
		}' polls windows | median
}

# Time of the first poll after change NUMBER from which on the share stays so.
time_until() { # time_until NUMBER CONDITION-ON-SHARE
	shares | awk -v number="$1" "
		\$3 != number { next }
		{ share = \$2; if (!($2)) at = \"\"; else if (at == \"\") at = \$1 }
		END { print at == \"\" ? \"never\" : at / 1000 }"
}

row slow-member three-members p99-before "$(window_p99 -600 0 1)" us
row slow-member three-members p99 "$(window_p99 1000 2900 1)" us
row slow-member three-members p99-first-second "$(window_p99 0 1000 1)" us
row slow-member three-members p99-recovered "$(window_p99 1000 60000 2)" us
row slow-member three-members share-below-1% "$(time_until 1 'share < 0.01')" s
row slow-member three-members share-above-10% "$(time_until 2 'share > 0.1')" s
