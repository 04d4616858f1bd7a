# SPDX-License-Identifier: GPL-2.0
# What is the same every night would be met late every night: of a peak of writes
# from two to three o'clock, the first two nights are answered when it is there,
# and the third, which is forecast, before it begins; each is home before the
# next, and in the quiet hours nothing is done.
# mode: warp
# kernels: 6.12
# timeout: 900
nullb meta 16
nullb a 32
nullb log 256
dm_create vol <<EOT
0 65536 predshard /dev/meta 2048 2 primary:/dev/a:0 buffer:/dev/log:0
EOT
dmsetup mknodes
dir=$(sysfs_of vol)
knob vol home_writes_most 10
knob vol mode auto

now() { date +%s; }
hour=3600 day=86400
begin=$(($(now) / day * day))
end=$((begin + 2 * day + 6 * hour))
# The first slot of ten seconds is not whole, and says too much.
sleep 60
peak=0 at=$(now)
while [ "$at" -lt $end ]; do
	if [ $((at % day / hour)) = 2 ]; then
		count=120 every=10
	else
		count=30 every=300
	fi
	dd if=/dev/zero of=/dev/mapper/vol bs=512 count=$count oflag=direct 2>/dev/null
	# Is what was forecast to be ready so when it begins?
	if [ $every = 10 ] && [ $((at / day)) != $peak ]; then
		peak=$((at / day))
		log "a peak begins at $at: $(stat_of vol write_mode) $(stat_of vol buffered_sectors)"
		[ "$(stat_of vol buffered_sectors)" -lt 4000 ] || fail "not home yet: $(cat "$dir/decisions")"
		[ "$at" -lt $((begin + 2 * day)) ] || stat_is vol write_mode buffer || fail "not ready: $(cat "$dir/decisions")"
	fi
	at=$(now)
	sleep $((every - at % every))
	at=$(now)
done
decisions=$(dmsetup message vol 0 decisions)
log "$decisions"
log "$(dmsetup status vol)"
log "$(head -n 30 "$dir/forecast/hours_writes")"
log "$(cat "$dir/forecast/cost_ns")"

# done TEXT: at which seconds of which day, one a line: "<day> <second>"
done_at() { echo "$decisions" | awk -v begin="$begin" -v text="$1" '$2 == "done" && index($0, text) { s = $1 - begin; print int(s / 86400), s % 86400 }'; }
done_at 'buffer on' | grep -q '^0 72[0-9][0-9]$' || fail "the first night was not answered at once"
done_at 'buffer on' | awk '$1 == 2 && $2 >= 5400 && $2 < 7200 { ok = 1 } END { exit !ok }' || fail "the third night was not answered ahead"
echo "$decisions" | grep ' done buffer on' | tail -n 1 | grep -q 'are forecast' || fail "not for what is forecast"
for night in 0 1 2; do
	done_at 'buffer off' | awk -v night=$night '$1 == night && $2 > 10800 && $2 < 18000 { ok = 1 } END { exit !ok }' || fail "night $night: not off"
done
stat_is vol write_mode home || fail "on at the end: $(dmsetup status vol)"
if echo "$decisions" | grep -q ' failed '; then fail "something failed"; fi
# From six o'clock to half past one only what waited for its window goes home.
[ "$(done_at buffer | awk '$2 < 5400 || $2 > 21600' | wc -l)" = 0 ] || fail "it switched in quiet hours"
[ "$(done_at merge | wc -l)" -le 12 ] || fail "it merged all the time"
