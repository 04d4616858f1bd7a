# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# Writes through a buffer of 192 MB on a fast device before a slow home: bursts
# of 4k writes with an fsync after each 32; 24,000 random 4k writes, less than the buffer
# takes; 15 s more of the same, until it is full and beyond; 256 MB in 64k writes
# one after another; 70 % reads and 30 % writes, zipf.  Latencies are from submission
# to completion.  Between the parts home gets all.  Simulated devices in virtual
# time, without seeks, and one CPU of one instruction a ns, slower than a real one.
# modules: crc32c-intel bcache dm-writecache dm-cache dm-cache-smq
# memory: 3072
# mode: warp
# allow-log: task modprobe:|echo 0 > /proc/sys/kernel/hung_task
# timeout: 1200
# shellcheck source=tests/bench/subjects.sh
. /with/subjects.sh
# shellcheck source=tests/bench/buffers.sh
. /with/buffers.sh

values() { # values CASE SUBJECT METRIC=KEY...: of the line in runs
	local case=$1 subject=$2 metric
	shift 2
	for metric; do
		row "$case" "$subject" "${metric%%=*}" "$(word "${metric#*=}" <runs)" \
			"$(case $metric in iops*) echo IO/s ;; *) echo us ;; esac)"
	done
}

drain() { # the devices alone have nothing to drain
	case $1 in
	home | fast) ;;
	*) "drain_$1" ;;
	esac
}

SUBJECTS='home=home fast=fast predshard=predshard_buffer writecache=writecache bcache=bcache cache=cache'
LATENCIES='iops=iops mean=mean_us p50=p50_us p99=p99_us p99.9=p999_us max=max_us'

measure() { # measure NAME SUBJECT
	pair_of_devices
	"make_$2"
	quiet
	bench-io eager=1 rw=write depth=8 fsync=32 latency=1 warm=0 count=6144 span=$SPAN "$DEV" >runs
	# shellcheck disable=SC2086 # a list
	values burst-4k-fsync "$1" $LATENCIES fsync-mean=flush_mean_us fsync-p99=flush_p99_us fsync-max=flush_max_us
	drain "$2"
	bench-io eager=1 rw=write depth=32 latency=1 warm=0 count=24000 span=$SPAN seed=1 "$DEV" >runs
	# shellcheck disable=SC2086 # a list
	values absorb-4k-qd32 "$1" $LATENCIES
	bench-io eager=1 rw=write depth=32 latency=1 warm=0 ms=$SUSTAINED_MS span=$SPAN seed=2 "$DEV" >runs
	# shellcheck disable=SC2086 # a list
	values sustained-4k-qd32 "$1" $LATENCIES
	drain "$2"
	bench-io eager=1 rw=write order=sequential size=65536 depth=8 latency=1 warm=0 count=4096 "$DEV" >runs
	row seq-64k-qd8 "$1" bandwidth "$(word iops <runs | awk '{ print $1 * 0.065536 }')" MB/s
	values seq-64k-qd8 "$1" mean=mean_us p99=p99_us p99.9=p999_us max=max_us
	drain "$2"
	bench-io eager=1 rw=mix reads=70 order=zipf depth=32 latency=1 warm_ms=2000 ms=5000 span=$SPAN seed=3 "$DEV" >runs
	values mix-70-30-zipf "$1" iops=iops read-mean=read_mean_us read-p99=read_p99_us \
		write-mean=write_mean_us write-p99=write_p99_us write-p99.9=write_p999_us
	take_away
}

for pair in $SUBJECTS; do
	SUSTAINED_MS=15000
	[ "$pair" != fast=fast ] || SUSTAINED_MS=1000 # it does not get full
	measure "${pair%%=*}" "${pair#*=}"
done
