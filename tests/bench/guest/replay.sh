# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# How long an activation takes, on devices of 80 us and 1000 MB/s: of a volume of a million
# segments, with nothing to replay, and with a buffer of 1 GiB full of 4k and of
# 64k writes; by what is more than with an empty log, for 1 GiB.  From the call to the end of
# the resume; the volume was removed orderly, which leaves the log as it is.
# modules: crc32c-intel
# memory: 3072
# mode: warp
# allow-log: task modprobe:|echo 0 > /proc/sys/kernel/hung_task
# timeout: 600
# shellcheck source=tests/bench/subjects.sh
. /with/subjects.sh
# shellcheck source=tests/bench/buffers.sh
. /with/buffers.sh

# shellcheck disable=SC2034 # read by pair_of_devices
HOME_MEMBER='irqmode=0 hw_queue_depth=128 memory_backed=0' HOME_MB=65536 FAST_MB=1088 META_MB=64

create() { # create: ms that it took; the clock has 10
	local start end
	start=$(uptime_cs)
	dmq create buffered
	dmq load buffered "$TABLE"
	dmq resume buffered
	end=$(uptime_cs)
	dmsetup mknodes buffered
	echo $(((end - start) * 10))
}

remove() { dmsetup remove --retry buffered; }

activation() { # activation CASE SUBJECT: row, and $TOOK
	TOOK=$(create)
	row "$1" "$2" activation "$TOOK" ms
}

volume_table() { # volume_table SEGMENT-SECTORS SECTORS
	TABLE="0 $2 predshard /dev/meta $1 2 primary:/dev/home:0 buffer:/dev/fast:0"
}

# --- metadata ----------------------------------------------------------------

pair_of_devices
on_exit 'dm_remove buffered'
TABLE="0 $(sectors /dev/home) predshard /dev/meta 128 1 primary:/dev/home:0"
segments=$(($(sectors /dev/home) / 128))
activation segments first
remove
activation segments again
row segments again per-million "$(awk "BEGIN { print $TOOK * 1e6 / $segments }")" ms
remove
take_away

# --- log -----------------------------------------------------------------------

replay() { # replay CASE BENCH-IO-OPTIONS...
	local case=$1 empty percent bytes
	shift
	pair_of_devices
	on_exit 'dm_remove buffered'
	volume_table 2048 2097152
	activation "$case" first
	dmq message buffered write_mode buffer
	dmq message buffered merge pause
	remove
	activation "$case" empty-log
	empty=$TOOK
	bench-io rw=write depth=32 warm=0 "$@" /dev/mapper/buffered >&2
	percent=$(stat_of buffered buffer_used_percent)
	bytes=$(requests_of /dev/fast | awk '{ print $4 * 512 }')
	row "$case" full-log used "$percent" %
	row "$case" full-log log "$(awk "BEGIN { print $bytes / 1073741824 }")" GiB
	remove
	activation "$case" full-log
	row "$case" full-log per-GiB "$(awk "BEGIN { print ($TOOK - $empty) * 1073741824 / $bytes / 1000 }")" s
	remove
	take_away
}

replay replay-4k count=258000
replay replay-64k size=65536 count=14900
