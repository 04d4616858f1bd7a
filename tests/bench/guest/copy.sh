# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# How fast a copy fills when nothing else runs, against what the slower of the
# two members writes sequentially on its own (members of 200 and 100 MB/s); and
# what a fill costs 4k random reads and writes, 4 at a time, on members of
# 500 us: with the defaults, where the copier goes down to its floor of 1 MB/s
# while there is other I/O; with a limit of 10 MB/s, which changes nothing in that;
# and with a floor of 10 MB/s.  Members keep data, and the copier verifies as by
# default.  null_blk grants bandwidth in slices of 20 ms: a pause can be of that
# length.
# memory: 3072
# mode: warp
# allow-log: task modprobe:|echo 0 > /proc/sys/kernel/hung_task
# timeout: 400
# shellcheck source=tests/bench/subjects.sh
. /with/subjects.sh

# shellcheck disable=SC2034 # read by member
MEMBER='memory_backed=1 irqmode=0 submit_queues=1 hw_queue_depth=64' MEMBER_MB=256

fill_polls() { # fill_polls NAME MEMBER: status each 20 ms until the copy is complete
	local now=0
	while [ $now -lt 60000 ]; do
		echo "$now $1 status copies_left_segments m$2.copied_sectors"
		now=$((now + 20))
	done >plan
	bench-dm <plan >polls &
	poller=$!
}

# Bytes a second between a tenth and nine tenths of the copy.
fill_rate() { # fill_rate SECTORS
	awk -v all="$1" '{
			for (i = 1; i <= NF; i++) { split($i, w, "="); v[w[1]] = w[2] }
			s = 0; for (k in v) if (k ~ /copied_sectors/) s = v[k]
			if (s >= all / 10 && !t0) { t0 = v["at_ms"]; s0 = s }
			if (s <= all * 9 / 10) { t1 = v["at_ms"]; s1 = s }
		}
		END { if (t1 > t0) printf "%.1f\n", (s1 - s0) * 512 / (t1 - t0) / 1000 }' polls
}

# --- idle fill -------------------------------------------------------------

member fast mbps=200
member slow mbps=100
bench-io rw=write order=sequential size=1048576 depth=4 count=192 warm=32 /dev/slow >runs
alone=$(word iops <runs | awk '{ printf "%.1f\n", $1 * 1.048576 }')
row idle-fill slow-alone bandwidth "$alone" MB/s
nullb fill.meta 4
dm_create fill <<TABLE
$(table fill /dev/fast)
TABLE
fill_polls fill 1
dm_reload fill <<TABLE
$(table fill /dev/fast /dev/slow)
TABLE
wait_until 60 filled fill || fail "not filled: $(dmsetup status fill)"
kill $poller
wait $poller || true
rate=$(fill_rate "$(sectors /dev/slow)")
row idle-fill predshard2 bandwidth "$rate" MB/s
dm_remove fill

# --- foreground during a fill ----------------------------------------------

MEMBER='memory_backed=1 irqmode=2 completion_nsec=500000 submit_queues=1 hw_queue_depth=8 mbps=200'
member one
member two
nullb busy.meta 4
dm_create busy <<TABLE
$(table busy /dev/one)
TABLE
quiet

load() { # load SUBJECT: p99 of the foreground, and how far the copy got
	local before after
	before=$(status_word busy m1.copied_sectors) before=${before:-0}
	bench-io rw=mix depth=4 latency=1 warm_ms=200 ms=1500 /dev/mapper/busy >runs
	after=$(status_word busy m1.copied_sectors) after=${after:-0}
	row fill-under-load "$1" p99 "$(word p99_us <runs | median)" us
	row fill-under-load "$1" iops "$(word iops <runs | median)" IO/s
	row fill-under-load "$1" fill "$(awk "BEGIN { print ($after - $before) * 512 / 1.7e6 }")" MB/s
}

load no-fill
dm_reload busy <<TABLE
$(table busy /dev/one /dev/two)
TABLE
load defaults
echo 10240 >"$(knobs busy)/m1/copy_limit_kBps"
dmsetup message busy 0 resync 1
load limit-10MB/s
echo 0 >"$(knobs busy)/m1/copy_limit_kBps"
for knob in "$(knobs busy)"/m?/copy_floor_kBps; do echo 10240 >"$knob"; done
dmsetup message busy 0 resync 1
load floor-10MB/s
wait_until 60 filled busy || fail "not filled: $(dmsetup status busy)"
load filled
