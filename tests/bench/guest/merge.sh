# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# How fast what lies in the buffer goes home when nothing else runs: random 4k
# blocks, 18 % of the span; then 64k blocks one after another.  Bytes are those that the buffer
# held when it was told to empty itself; time is from home's first request on ("delay" is
# until then: bcache waits half a minute); the requests that home gets are counted.
# Writeback throttling is off: it is the kernel's, not the subject's.  null_blk takes
# requests of up to 127 KiB unless told otherwise, so a long one is several of 5 ms; "1280k" is
# the same with requests of up to that, the block layer's default for real disks.
# modules: crc32c-intel bcache dm-writecache
# memory: 3072
# mode: warp
# allow-log: task modprobe:|echo 0 > /proc/sys/kernel/hung_task
# timeout: 900
# shellcheck source=tests/bench/subjects.sh
. /with/subjects.sh
# shellcheck source=tests/bench/buffers.sh
. /with/buffers.sh

# shellcheck disable=SC2034 # read by pair_of_devices
WBT=0

differs() { [ "$(requests_of /dev/home)" != "$1" ]; }

measure() { # measure CASE NAME SUBJECT
	local bytes before start first time
	sleep 10 # predshard's merge has a rate, which rises each second after a load
	bytes=$("staged_$3") before=$(requests_of /dev/home)
	start=$(uptime_cs)
	"drain_$3" &
	wait_until 60 differs "$before"
	first=$(uptime_cs)
	wait $!
	time=$(($(uptime_cs) - first))
	# shellcheck disable=SC2046,SC2086 # lists
	set -- "$1" "$2" $before $(requests_of /dev/home)
	row "$1" "$2" staged "$(awk "BEGIN { print $bytes / 1e6 }")" MB
	row "$1" "$2" delay $((10 * (first - start))) ms
	row "$1" "$2" bandwidth "$(awk "BEGIN { print $bytes / 1e4 / $time }")" MB/s
	row "$1" "$2" home-reads $(($7 - $3)) requests
	row "$1" "$2" home-read $((($8 - $4) / 2048)) MiB
	row "$1" "$2" home-writes $(($9 - $5)) requests
	row "$1" "$2" home-written $(((${10} - $6) / 2048)) MiB
}

measure_all() { # measure_all NAME SUBJECT [SUFFIX]
	pair_of_devices
	"make_$2"
	quiet
	bench-io rw=write depth=32 warm=0 count=24000 span=$SPAN seed=1 "$DEV" >&2
	measure "merge-random-4k${3:-}" "$1" "$2"
	bench-io rw=write order=sequential size=65536 depth=8 warm=0 count=1440 "$DEV" >&2
	measure "merge-seq-64k${3:-}" "$1" "$2"
	take_away
}

measure_all predshard predshard_buffer
measure_all writecache writecache
measure_all bcache bcache
HOME_MEMBER="$HOME_MEMBER max_sectors=2560"
measure_all predshard predshard_buffer -1280k
measure_all writecache writecache -1280k
