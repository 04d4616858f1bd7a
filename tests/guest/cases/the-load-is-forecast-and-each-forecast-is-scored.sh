# SPDX-License-Identifier: GPL-2.0
# Nobody would know what is to come, or how far to trust it: over two virtual
# days of writes by day and quiet by night, each hour is forecast, scored when it
# comes, and the quiet and the busy hours of the next days are told apart.
# mode: warp
# kernels: 6.12
# timeout: 900
nullb meta 16
nullb a 16
dm_create vol <<EOT
0 32768 predshard /dev/meta 2048 1 primary:/dev/a:0
EOT
dmsetup mknodes
dir=$(sysfs_of vol)/forecast

# Nothing is known yet, and that is what the files say.
[ -z "$(cat "$dir/hours_writes")" ] || fail "a forecast from nothing: $(cat "$dir/hours_writes")"
stat_is vol history_hours 0 || fail "history: $(dmsetup status vol)"
stat_is vol writes_peak_s - || fail "peak: $(dmsetup status vol)"
[ "$(cat "$dir/bytes")" -le 65536 ] || fail "$(cat "$dir/bytes") bytes"

now() { date +%s; }
until_s() { # until_s EPOCH: virtual time
	[ "$(now)" -ge "$1" ] || sleep $(($1 - $(now)))
}
begin=$(($(now) / 3600 * 3600 + 3600))
hours=52

hour=0
while [ $hour -lt $hours ]; do
	until_s $((begin + hour * 3600 + 60))
	count=20
	case $((hour % 24)) in
	8 | 9 | 1[0-7]) count=200 ;;
	esac
	dd if=/dev/zero of=/dev/mapper/vol bs=4k count=$count oflag=direct 2>/dev/null
	hour=$((hour + 1))
done
until_s $((begin + hours * 3600 + 5))
log "after $hours hours: $(dmsetup status vol)"
for file in score class spikes cost_ns hours_from hours_writes minutes_writes; do
	log "$file: $(cat "$dir/$file")"
done

[ "$(stat_of vol history_hours)" -ge $hours ] || fail "history: $(stat_of vol history_hours)"
[ "$(wc -l <"$dir/hours_writes")" = 72 ] || fail "not 72 hours: $(cat "$dir/hours_writes")"
[ "$(wc -l <"$dir/minutes_writes")" = 3 ] || fail "not 3 steps: $(cat "$dir/minutes_writes")"
[ "$(cat "$dir/hours_from")" = $((begin + hours * 3600)) ] || fail "forecast from $(cat "$dir/hours_from")"
awk '$2 > $3 || $3 > $4 { exit 1 }' "$dir/hours_writes" || fail "quantiles are not in order"

# 20 and 200 requests an hour are 0.006 and 0.056 a second; by name of the hour.
awk -v first=$((hours % 24)) '{ h = ($1 - 1 + first) % 24; if (h >= 8 && h < 18) { busy += $3; n++ } else { quiet += $3; m++ } }
	END { exit !(busy / n > 4 * quiet / m) }' "$dir/hours_writes" || fail "day and night are alike"
# What is scored is the hour itself: a load that repeats is in its band.
awk '$1 == "writes" && $2 == 1 && $3 > 24 && $5 > 600 { ok++ }
	$1 == "writes" && $2 == 24 && $3 > 24 && $5 > 600 { ok++ }
	END { exit ok != 2 }' "$dir/score" || fail "score: $(cat "$dir/score")"
[ "$(stat_of vol traffic)" = write ] || [ "$(stat_of vol traffic)" = idle ] || fail "traffic: $(stat_of vol traffic)"
