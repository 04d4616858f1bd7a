# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# Instructions per I/O, and how many of them each target adds to the bare member
# ("extra"): one CPU, no device latency, no data.  Also the route's memory per
# segment.  Counts what the CPU executes, which is not time: no cache misses,
# no contention, no real device.  Medians; the spread is the largest minus the
# smallest run.
# modules: raid1
# mode: warp
# allow-log: task modprobe:|echo 0 > /proc/sys/kernel/hung_task
# timeout: 400
# shellcheck source=tests/bench/subjects.sh
. /with/subjects.sh

RUNS=3 COUNT=3000 COUNT_64K=1000

measure() { # measure CASE BENCH-IO-OPTIONS...: a row per subject
	local case=$1 base='' pair name device value
	shift
	for pair in $SUBJECTS; do
		name=${pair%%=*} device=${pair#*=}
		bench-io runs=$RUNS "$@" "$device" >runs
		value=$(word ns_per_io <runs | median)
		base=${base:-$value}
		row "$case" "$name" instructions "$value" instr/IO
		row "$case" "$name" spread "$(word ns_per_io <runs | spread)" instr/IO
		[ "$name" = raw ] || row "$case" "$name" extra \
			"$(awk "BEGIN { print $value - $base }")" instr/IO
	done
}

directions() { # directions SUFFIX OPTIONS...: random reads and writes
	local suffix=$1
	shift
	measure "read-$suffix" rw=read "$@"
	measure "write-$suffix" rw=write "$@"
}

member raw
make_linear linear
make_stripe stripe
make_mirror mirror
make_raid1 raid1 2
make_predshard predshard1 1
make_predshard predshard2 2
make_predshard predshard3 3
make_with_buffer with-buffer
SUBJECTS="raw=/dev/raw linear=/dev/mapper/linear stripe=/dev/mapper/stripe
	mirror=/dev/mapper/mirror raid1=$MD predshard1=/dev/mapper/predshard1
	predshard2=/dev/mapper/predshard2 predshard3=/dev/mapper/predshard3
	with-buffer=/dev/mapper/with-buffer"
quiet

row route predshard1 bytes-per-segment "$(status_word predshard1 route_bytes_per_segment)" B
directions 4k-qd1 depth=1 count=$COUNT
directions 4k-qd32 depth=32 batch=16 count=$COUNT
directions 4k-qd32-uring engine=uring depth=32 batch=16 count=$COUNT
directions seq-4k-qd32 order=sequential depth=32 batch=16 count=$COUNT
directions 64k-qd1 size=65536 depth=1 count=$COUNT_64K
directions seq-64k-qd32 order=sequential size=65536 depth=32 batch=16 count=$COUNT_64K
