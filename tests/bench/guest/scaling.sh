# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# Reads from one, two and three copies on members that take 500 us and eight
# requests at a time; and from a pair of which one member takes 5 ms, after the
# volume had a second to learn that.  Simulated queueing in virtual time: a
# member serves requests independently of each other, without seeks, caches or
# a shared bus.  Where cpu-idle is near 0, the one CPU is what limits.
# modules: raid1
# mode: warp
# allow-log: task modprobe:|echo 0 > /proc/sys/kernel/hung_task
# timeout: 400
# shellcheck source=tests/bench/subjects.sh
. /with/subjects.sh

FAST='irqmode=2 completion_nsec=500000 submit_queues=1 hw_queue_depth=8'
SLOW='irqmode=2 completion_nsec=5000000 submit_queues=1 hw_queue_depth=8'
MEMBER=$FAST MEMBER_MB=64

# An I/O that is waited for is no work either.
idle_ticks() { awk '/^cpu / { print $5 + $6 }' /proc/stat; }

measure() { # measure CASE SUBJECT DEVICE BENCH-IO-OPTIONS...
	local case=$1 subject=$2 device=$3 idle start
	shift 3
	start=$(uptime_cs) idle=$(idle_ticks)
	bench-io runs=3 ms=100 warm_ms=100 latency=1 "$@" "$device" >runs
	idle=$(($(idle_ticks) - idle)) start=$(($(uptime_cs) - start))
	row "$case" "$subject" iops "$(word iops <runs | median)" IO/s
	row "$case" "$subject" mean "$(word mean_us <runs | median)" us
	row "$case" "$subject" p99 "$(word p99_us <runs | median)" us
	row "$case" "$subject" cpu-idle $((100 * idle / start)) %
}

# The same 64 in flight from four processes: a single one that waits inside a
# member that is full sends nothing to the others meanwhile.
four() { # four SUBJECT DEVICE
	local i
	for i in 1 2 3 4; do
		bench-io ms=300 warm_ms=100 depth=16 "$2" >"runs.$i" &
	done
	wait
	row read-4k-4x16 "$1" iops "$(cat runs.? | word iops | awk '{ s += $1 } END { print s }')" IO/s
}

depths() { # depths SUBJECT DEVICE
	measure read-4k-qd1 "$1" "$2" depth=1
	measure read-4k-qd16 "$1" "$2" depth=16
	measure read-4k-qd64 "$1" "$2" depth=64
	four "$1" "$2"
}

pair() { # pair SUBJECT DEVICE
	measure pair-read-4k-qd64 "$1" "$2" depth=64 warm_ms=1000
	measure pair-read-4k-qd1 "$1" "$2" depth=1 warm_ms=1000
}

member raw
make_raid1 raid1-2 2 && raid1_2=$MD
make_raid1 raid1-3 3 && raid1_3=$MD
make_predshard predshard1 1
make_predshard predshard2 2
make_predshard predshard3 3
member pair.fast
MEMBER=$SLOW member pair.slow
member md.fast
MEMBER=$SLOW member md.slow
volume pair /dev/pair.slow /dev/pair.fast
array /dev/md.slow /dev/md.fast
quiet

depths raw /dev/raw
depths raid1-2 "$raid1_2"
depths raid1-3 "$raid1_3"
depths predshard1 /dev/mapper/predshard1
depths predshard2 /dev/mapper/predshard2
depths predshard3 /dev/mapper/predshard3
sequential='order=sequential size=65536 depth=16'
# shellcheck disable=SC2086 # a list
{
	measure seq-64k-qd16 raw /dev/raw $sequential
	measure seq-64k-qd16 raid1-2 "$raid1_2" $sequential
	measure seq-64k-qd16 predshard2 /dev/mapper/predshard2 $sequential
}
pair fast-alone /dev/raw
pair raid1-2 "$MD"
pair predshard2 /dev/mapper/pair
