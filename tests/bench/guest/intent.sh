# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# How many writes wait until INTENT is durable: random 4k writes, 32 at a time, over
# 16384 segments with a copy each, as 16 GiB have in segments of 1 MiB; once on members
# that do 4000 writes a second (1 ms, 4 at a time) and once on members that do 800 (5 ms).  INTENT
# belongs to segments and a write to one of them, whatever their size, so that they
# are of 64 KiB here: 1 GiB is filled sooner.  Members keep no data; they are filled without
# latency, by a linear mapping that is swapped then.  Counted is each write that
# asks for INTENT, by a kprobe, in windows; the first begins without INTENT.
# A minute is the time after which INTENT of what nobody writes to is taken back.
# modules: crc32c-intel
# mode: warp
# allow-log: task modprobe:|echo 0 > /proc/sys/kernel/hung_task
# timeout: 1200
# shellcheck source=tests/bench/subjects.sh
. /with/subjects.sh

# shellcheck disable=SC2034 # read by member
MEMBER='irqmode=0 submit_queues=1 hw_queue_depth=128' MEMBER_MB=1024 SEGMENT=128
TRACING=/sys/kernel/tracing

# The first number is all hits, of a line "event hits misses".
asked() { awk '$1 == "predshard_asks" { print $2 }' $TRACING/kprobe_profile; }

window() { # window CASE SUBJECT MS
	local before
	before=$(asked)
	bench-io rw=write depth=32 warm=0 latency=1 ms="$3" seed="$((SEED += 1))" /dev/mapper/vol >runs
	row "$1" "$2" writes "$(word ios <runs)" writes
	row "$1" "$2" waited "$(awk "BEGIN { print ($(asked) - $before) * 100 / $(word ios <runs) }")" %
	row "$1" "$2" mean "$(word mean_us <runs)" us
	row "$1" "$2" p99 "$(word p99_us <runs)" us
	row "$1" "$2" intent-segments "$(stat_of vol intent_segments)" segments
}

SEED=0
member a
member b
dm_linear la /dev/a
dm_linear lb /dev/b
volume vol /dev/mapper/la /dev/mapper/lb
echo 'p:predshard_asks fan_ask_intent' >$TRACING/kprobe_events
on_exit "echo >$TRACING/kprobe_events"
echo 1 >$TRACING/events/kprobes/predshard_asks/enable
on_exit "echo 0 >$TRACING/events/kprobes/predshard_asks/enable"

on_members() { # on_members LATENCY-NS DEPTH: from now on, with no INTENT
	MEMBER="irqmode=2 completion_nsec=$1 submit_queues=1 hw_queue_depth=$2"
	member "a.$1"
	member "b.$1"
	swap la "0 $(sectors /dev/a) linear /dev/a.$1 0"
	swap lb "0 $(sectors /dev/b) linear /dev/b.$1 0"
	stat_becomes 60 vol intent_segments 0
}

on_members 1000000 4
window intent-4000 first-10s 10000
window intent-4000 until-1min 50000
window intent-4000 after-1min 90000
on_members 5000000 4
window intent-800 first-10s 10000
window intent-800 until-5min 290000
window intent-800 after-5min 180000
