# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# Sourced by the guest scripts that compare write buffers: how each is built over
# /dev/home, /dev/fast and, for metadata, /dev/meta, emptied, and taken away.  A
# subject S has make_S, which sets $DEV; drain_S, which returns when home has all;
# staged_S, bytes that home lacks; and end_S.  They come one after another in one boot, each
# on new devices.  Measures nothing.
#
# The devices are those of perf.md, section 2: home takes 5 ms a request, 4 at a time,
# 200 MB/s, mq-deadline, 64 requests; fast 80 us, 32 at a time, 1000 MB/s. No volatile
# caches: a flush costs them nothing.

# shellcheck disable=SC2034 # scripts read and override them
HOME_MB=1024 FAST_MB=192 META_MB=16 SPAN=536870912 WBT=default
HOME_MEMBER='irqmode=2 completion_nsec=5000000 hw_queue_depth=4 mbps=200'
FAST_MEMBER='irqmode=2 completion_nsec=80000 hw_queue_depth=32 mbps=1000'

queue_of() { echo "/sys/block/$(basename "$(readlink -f "$1")")/queue"; }

pair_of_devices() {
	local name
	# shellcheck disable=SC2086 # lists
	{
		nullb home $HOME_MB queue_mode=2 submit_queues=1 $HOME_MEMBER
		nullb fast $FAST_MB queue_mode=2 submit_queues=1 $FAST_MEMBER
		nullb meta $META_MB queue_mode=2 submit_queues=1 $FAST_MEMBER
	}
	echo mq-deadline >"$(queue_of /dev/home)/scheduler"
	echo 64 >"$(queue_of /dev/home)/nr_requests" || say "home keeps its own number of requests"
	[ "$WBT" = default ] || for name in home fast meta; do
		echo "$WBT" >"$(queue_of /dev/$name)/wbt_lat_usec"
	done
}

# All pages of the fast device are there, with zeroes: null_blk allocates them when
# they are written first, and a log would meet more of those than who writes in place.
have_pages() {
	dd if=/dev/zero of=/dev/fast bs=1M count="$FAST_MB" oflag=direct 2>/dev/null
}

# What was made since the last one goes now, not at the end.
take_away() {
	run_cleanup || fail "cleanup"
	CLEANUP=
}

# Reads, sectors read, writes, sectors written of a device since it was made.
requests_of() { awk '{ print $1, $3, $5, $7 }' "/sys/block/$(basename "$(readlink -f "$1")")/stat"; }

# --- the devices alone -------------------------------------------------------

make_home() { DEV=/dev/home; }
make_fast() { DEV=/dev/fast; }

# --- predshard ---------------------------------------------------------------

make_predshard_buffer() {
	DEV=/dev/mapper/buffered
	dm_create buffered <<TABLE
0 $(sectors /dev/home) predshard /dev/meta $SEGMENT 2 primary:/dev/home:0 buffer:/dev/fast:0
TABLE
	dmq message buffered write_mode buffer
}

staged_predshard_buffer() { echo $(($(dmq get buffered buffered_sectors) * 512)); }

drain_predshard_buffer() {
	dmq message buffered merge start
	dmq wait 600 buffered buffered_sectors = 0 || fail "not merged: $(dmsetup status buffered)"
}

# --- dm-writecache -----------------------------------------------------------

make_writecache() {
	DEV=/dev/mapper/writecache
	dm_create writecache <<TABLE
0 $(sectors /dev/home) writecache s /dev/home /dev/fast 4096 0
TABLE
}

# Status: errors, blocks, free blocks, blocks under writeback.
staged_writecache() { dmsetup status writecache | awk '{ print ($5 - $6) * 4096 }'; }
clean_writecache() { [ "$(staged_writecache)" = 0 ]; }

drain_writecache() {
	dmq message writecache flush
	wait_until 600 clean_writecache || fail "not written back: $(dmsetup status writecache)"
}

# --- dm-cache, writeback, smq ------------------------------------------------

cache_table() { # cache_table POLICY
	echo "0 $(sectors /dev/home) cache /dev/meta /dev/fast /dev/home 64 1 writeback $1 0"
}

make_cache() {
	DEV=/dev/mapper/cache
	requires_target cache
	dm_create cache <<TABLE
$(cache_table smq)
TABLE
}

# As wait_until, but seldom: each look is work for the one CPU.
wait_long() { # wait_long SECONDS COMMAND...
	local deadline
	deadline=$(($(uptime_cs) + $1 * 100))
	shift
	until "$@"; do
		[ "$(uptime_cs)" -lt $deadline ] || return 1
		sleep 0.5
	done
}

staged_cache() { dmsetup status cache | awk '{ print $14 * 32768 }'; }
clean_cache() { [ "$(staged_cache)" = 0 ]; }

drain_cache() {
	cache_table cleaner | dm_reload cache
	wait_long 600 clean_cache || fail "not clean: $(dmsetup status cache)"
	cache_table smq | dm_reload cache
}

# --- bcache, writeback -------------------------------------------------------

bcache_is_there() { [ -b /dev/bcache0 ] && [ -e /sys/block/bcache0/bcache/state ]; }
bcache_is_gone() { [ ! -e /sys/block/bcache0 ] && [ -z "$(ls -d /sys/fs/bcache/*-* 2>/dev/null)" ]; }

make_bcache() {
	local device set
	DEV=/dev/bcache0
	make-bcache --wipe-bcache -b 128k -C "$(readlink -f /dev/fast)" -B "$(readlink -f /dev/home)" \
		--writeback >&2
	for device in /dev/fast /dev/home; do readlink -f $device >/sys/fs/bcache/register; done
	on_exit end_bcache
	wait_until 30 bcache_is_there || fail "no bcache0: $(dmesg | tail)"
	echo 0 >/sys/block/bcache0/bcache/sequential_cutoff
	for set in /sys/fs/bcache/*-*; do
		echo 0 >"$set/congested_read_threshold_us"
		echo 0 >"$set/congested_write_threshold_us"
	done
	[ "$(sed 's/.*\[\(.*\)\].*/\1/' /sys/block/bcache0/bcache/cache_mode)" = writeback ] || fail "no writeback"
}

end_bcache() {
	local set
	echo 1 >/sys/block/bcache0/bcache/stop
	for set in /sys/fs/bcache/*-*; do echo 1 >"$set/stop"; done
	wait_until 60 bcache_is_gone
}

staged_bcache() { # "1.5M" and the like
	awk '{ v = $1; u = substr(v, length(v)); m = u == "k" ? 1024 : u == "M" ? 1048576 : u == "G" ? 1073741824 : 1; print v * m }' \
		/sys/block/bcache0/bcache/dirty_data
}
clean_bcache() { [ "$(cat /sys/block/bcache0/bcache/state)" = clean ]; }

drain_bcache() {
	local percent=/sys/block/bcache0/bcache/writeback_percent before
	before=$(cat $percent)
	echo 0 >$percent
	wait_long 900 clean_bcache || fail "not written back: $(cat /sys/block/bcache0/bcache/dirty_data)"
	echo "$before" >$percent
}
