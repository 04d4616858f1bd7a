# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# Whether a second CPU that does I/O too doubles what one does: 4k random
# reads, 32 at a time, on members without latency, from one and from two processes,
# each on its CPU; medians of five runs of each by turns.  Real time under
# an emulator with a thread per CPU, so the figures mean something only if the
# host has two CPUs to itself: tests/bench/run writes down its load, and only
# the ratio between one and two is of interest.
# timeout: 300
# shellcheck source=tests/bench/subjects.sh
. /with/subjects.sh

# shellcheck disable=SC2034 # read by member
MEMBER='irqmode=0 submit_queues=2 hw_queue_depth=128'

job() { # job CPU DEVICE: its IOPS
	taskset "$1" bench-io depth=32 batch=16 warm_ms=100 ms=400 "$2" | word iops
}

measure() { # measure SUBJECT DEVICE: adds to the runs of the subject
	local one two
	one=$(job 1 "$2")
	job 2 "$2" >other &
	two=$(job 1 "$2")
	wait $!
	echo "$one $((two + $(cat other)))" >>"runs.$1"
}

member raw
make_linear linear
make_predshard predshard1 1
quiet
[ "$(nproc)" -ge 2 ] || fail "one CPU"
for turn in 1 2 3 4 5; do
	say "turn $turn"
	measure raw /dev/raw
	measure linear /dev/mapper/linear
	measure predshard1 /dev/mapper/predshard1
done
for subject in raw linear predshard1; do
	row two-cpus $subject one-job "$(awk '{ print $1 }' runs.$subject | median)" IO/s
	row two-cpus $subject two-jobs "$(awk '{ print $2 / $1 }' runs.$subject | median)" ratio
	row two-cpus $subject spread "$(awk '{ print $2 / $1 }' runs.$subject | spread)" ratio
done
