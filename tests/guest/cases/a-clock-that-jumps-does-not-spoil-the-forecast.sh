# SPDX-License-Identifier: GPL-2.0
# A clock that is set would leave the predictor stuck in an hour that never
# ends, or forecasting from days that never were: ahead is a gap that is filled,
# far back starts afresh and says so, and a volume that is suspended, reloaded
# or removed at any moment of it takes no harm.
# timeout: 120
nullb meta 16
nullb a 16
nullb b 16
table="0 32768 predshard /dev/meta 2048 2 primary:/dev/a:0 replica:/dev/b:0"
dm_create vol <<EOT
$table
EOT
dir=$(sysfs_of vol)/forecast
offset=0
shift_clock() { # shift_clock SECONDS; the end of the case takes it back
	date -s "@$(($(date +%s) + $1))" >/dev/null
	offset=$((offset + $1))
}
on_exit 'shift_clock $((-offset))'

sampled() { awk '$1 == "sample" { print $2 }' "$dir/cost_ns"; }
more_than() { [ "$(sampled)" -gt "$1" ]; }
ticked() { # ticked TIMES: that often from now on
	local before
	before=$(sampled)
	wait_until 60 more_than $((before + $1 - 1)) || fail "it does not tick: $(cat "$dir/cost_ns")"
}
history() { # history -ge|-eq HOURS
	case $1 in
	-ge) [ "$(stat_of vol history_hours)" -ge "$2" ] ;;
	-eq) [ "$(stat_of vol history_hours)" -eq "$2" ] ;;
	esac
}

ticked 2
dd if=/dev/urandom of=/dev/mapper/vol bs=4k count=64 oflag=direct 2>/dev/null
shift_clock 10800
wait_until 30 history -ge 3 || fail "three hours ahead: $(dmsetup status vol)"
[ "$(wc -l <"$dir/hours_writes")" = 72 ] || fail "no forecast: $(cat "$dir/hours_writes")"
shift_clock 864000
wait_until 30 history -ge 243 || fail "ten days ahead: $(dmsetup status vol)"

# Below an hour back it goes on; half a day back nothing is true any more.
log_mark
shift_clock -1800
ticked 2
history -ge 243 || fail "half an hour back: $(dmsetup status vol)"
shift_clock -43200
wait_until 30 history -eq 0 || fail "half a day back: $(dmsetup status vol)"
[ -z "$(cat "$dir/hours_reads")" ] || fail "still forecast: $(cat "$dir/hours_reads")"
log_has 'the clock went back by 4[0-9]* s, the load.s history starts afresh' || fail "not said"
shift_clock 3600
wait_until 30 history -ge 1 || fail "it does not go on: $(dmsetup status vol)"

# It rests while the volume is suspended, and lives through reloads.
dmsetup suspend vol
before=$(sampled)
shift_clock 3600
dmq resume vol
wait_until 30 history -ge 2 || fail "suspended for an hour: $(dmsetup status vol)"
i=0
while [ $i -lt 10 ]; do
	swap vol "$table"
	[ $((i % 3)) -ne 0 ] || shift_clock 3600
	i=$((i + 1))
done
ticked 1
[ "$(sampled)" -gt "$before" ] || fail "the predictor was made anew"
history -ge 2 || fail "a reload forgot the history: $(dmsetup status vol)"
[ "$(cat "$dir/bytes")" -le 65536 ] || fail "$(cat "$dir/bytes") bytes"
log "$(cat "$dir/cost_ns")"
