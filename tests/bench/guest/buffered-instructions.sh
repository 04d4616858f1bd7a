# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# Instructions per buffered write beyond the bare device's for the same write
# ("extra"), on devices that keep data and take no time: new places (a fifth of them were
# written before), places that all were written before, and 64k.  The subjects' own writes to
# the buffer are in it, home's part is not: nothing goes there meanwhile.  Medians;
# the spread is the largest minus the smallest run.
# modules: crc32c-intel bcache dm-writecache dm-cache dm-cache-smq
# memory: 3072
# mode: warp
# allow-log: task modprobe:|echo 0 > /proc/sys/kernel/hung_task
# timeout: 600
# shellcheck source=tests/bench/subjects.sh
. /with/subjects.sh
# shellcheck source=tests/bench/buffers.sh
. /with/buffers.sh

# shellcheck disable=SC2034 # read by pair_of_devices
HOME_MEMBER='irqmode=0 hw_queue_depth=128' FAST_MEMBER=$HOME_MEMBER
base_new='' base_again='' base_64k=''

measure() { # measure CASE NAME BASE BENCH-IO-OPTIONS...
	local case=$1 name=$2 base=$3 value
	shift 3
	bench-io rw=write runs=3 depth=32 batch=16 "$@" "$DEV" >runs
	value=$(word ns_per_io <runs | median)
	row "$case" "$name" instructions "$value" instr/IO
	row "$case" "$name" spread "$(word ns_per_io <runs | spread)" instr/IO
	[ -z "$base" ] || row "$case" "$name" extra "$(awk "BEGIN { print $value - $base }")" instr/IO
	VALUE=$value
}

# 64k first for dm-cache: its blocks must be in before it takes writes to them.
measure_all() { # measure_all NAME SUBJECT
	pair_of_devices
	have_pages
	"make_$2"
	quiet
	measure buffered-write-4k-qd32 "$1" "$base_new" warm=500 count=3000 span=$SPAN seed=1
	base_new=${base_new:-$VALUE}
	measure rebuffered-write-4k-qd32 "$1" "$base_again" warm=8192 count=3000 span=8388608 seed=2
	base_again=${base_again:-$VALUE}
	measure buffered-write-64k-qd32 "$1" "$base_64k" order=sequential size=65536 warm=64 count=192
	base_64k=${base_64k:-$VALUE}
	take_away
}

measure_all raw fast
measure_all predshard predshard_buffer
measure_all writecache writecache
measure_all cache cache
measure_all bcache bcache
