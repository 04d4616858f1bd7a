# SPDX-License-Identifier: GPL-2.0
# Writers would wait for a copy in a far zone that they were promised not to
# wait for; and it must catch up when they pause.
# timeout: 60
nullb meta 16
nullb a 2
nullb b 2
dm_delay far /dev/b 0 200
dm_create vol <<EOT
0 4096 predshard /dev/meta 128 2 primary:/dev/a:0 replica:/dev/mapper/far:0
EOT
knob vol m1/copy_mode async
filled vol 40
longest() { # of 120 writes, in ms
	fio --name=w --filename=/dev/mapper/vol --rw=randwrite --bs=4k --size=2M --io_size=2M --direct=1 --number_ios=60 \
		--output-format=terse --terse-version=3 --thinktime=20ms >fio.out 2>&1 || { cat fio.out; fail fio; }
	cut -d';' -f80 fio.out | sed 's/\..*//' # maximum total latency of writes, us
}
max=$(longest)
log "in sync before: $max us"
[ "$max" -lt 150000 ] || fail "a write to an in-sync async copy took $max us"
[ "$(stat_of vol copies_left_segments)" -gt 0 ] || fail "no copy became stale: $(dmsetup status vol)"
max=$(longest)
log "while it is copied: $max us"
[ "$max" -lt 150000 ] || fail "a write to a segment that is being copied took $max us"
filled vol 40
identical /dev/a /dev/b
