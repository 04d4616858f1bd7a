# SPDX-License-Identifier: GPL-2.0
# Every restart would begin with weeks of not knowing what comes: history,
# forecasts and scores are saved each hour and at the removal, a crash costs the
# last hour, a damaged saving leaves the one before, and when both are damaged,
# or full of rubbish, the volume works and says that it starts afresh.
# timeout: 150
nullb meta 16
nullb mirror 16
nullb a 16
create() {
	dm_create vol <<-EOT
	0 32768 predshard /dev/meta,/dev/mirror 2048 1 primary:/dev/a:0
	EOT
	dmsetup mknodes
	dir=$(sysfs_of vol)/forecast
}
offset=0
shift_clock() { # shift_clock SECONDS; the end of the case takes it back
	date -s "@$(($(date +%s) + $1))" >/dev/null
	offset=$((offset + $1))
}
on_exit 'shift_clock $((-offset))'
area() { dd if="/dev/$1" bs=4k skip=16 count=64 iflag=direct 2>/dev/null | md5sum; }
area_changed() { [ "$(area meta)" != "$1" ]; }
history_is() { [ "$(stat_of vol history_hours)" -eq "$1" ]; }
history_at_least() { [ "$(stat_of vol history_hours)" -ge "$1" ]; }
sampled() { [ "$(awk '$1 == "sample" { print $2 }' "$dir/cost_ns")" -ge 1 ]; }
forecast_there() { [ "$(wc -l <"$dir/hours_writes")" = 72 ]; }
live() { # live HOURS: so many more, saved
	local before want
	wait_until 30 sampled || fail "it does not tick"
	before=$(area meta)
	want=$(($(stat_of vol history_hours) + $1))
	dd if=/dev/urandom of=/dev/mapper/vol bs=4k count=64 oflag=direct 2>/dev/null
	shift_clock $(($1 * 3600))
	wait_until 30 history_at_least $want || fail "no $want hours: $(dmsetup status vol)"
	wait_until 30 area_changed "$before" || fail "it was not saved"
}

create
live 3
live 50
hours=$(stat_of vol history_hours)
[ "$(area meta)" = "$(area mirror)" ] || fail "the mirror has something else"

# An orderly restart: all is there again, at once.
dm_remove vol
create
wait_until 30 forecast_there || fail "no forecast after a restart"
history_at_least "$hours" || fail "after a restart: $(dmsetup status vol), it was $hours"

# A crash: the metadata as they were after the last hour.
live 2
hours=$(stat_of vol history_hours)
dd if=/dev/meta of=saved bs=4k iflag=direct 2>/dev/null
dd if=/dev/mirror of=saved2 bs=4k iflag=direct 2>/dev/null
live 100
dm_remove vol
dd if=saved of=/dev/meta bs=4k oflag=direct 2>/dev/null
dd if=saved2 of=/dev/mirror bs=4k oflag=direct 2>/dev/null
create
wait_until 30 forecast_there || fail "no forecast after a crash"
history_at_least "$hours" || fail "after a crash: $(dmsetup status vol), it was $hours"

# The first data block of either place is damaged on both devices: the other counts.
dm_remove vol
for place in 17 49; do
	dd if=/dev/meta of=good bs=4k iflag=direct 2>/dev/null
	dd if=/dev/mirror of=good2 bs=4k iflag=direct 2>/dev/null
	for device in meta mirror; do
		dd if=/dev/urandom of=/dev/$device bs=4k seek=$place count=1 oflag=direct 2>/dev/null
	done
	create
	wait_until 30 forecast_there || fail "block $place is bad: no forecast"
	dm_remove vol
	dd if=good of=/dev/meta bs=4k oflag=direct 2>/dev/null
	dd if=good2 of=/dev/mirror bs=4k oflag=direct 2>/dev/null
done

# One device has nothing but rubbish there: the other has it all.
dd if=/dev/urandom of=/dev/meta bs=4k seek=16 count=64 oflag=direct 2>/dev/null
create
wait_until 30 forecast_there || fail "rubbish on one device: no forecast"
dm_remove vol

# Both places are damaged on both: it starts afresh, says so, and is well.
for device in meta mirror; do
	for place in 17 49; do
		dd if=/dev/urandom of=/dev/$device bs=4k seek=$place count=1 oflag=direct 2>/dev/null
	done
done
log_mark
create
log_has 'what is known of the load cannot be read .* starts afresh' || fail "damage was not said"
stat_is vol state ok || fail "it matters: $(dmsetup status vol)"
wait_until 30 history_is 0 || fail "a history from damage: $(dmsetup status vol)"
live 1
dm_remove vol
create
wait_until 30 history_at_least 1 || fail "it is not saved any more: $(dmsetup status vol)"

# Rubbish all over is as if nothing had ever been saved.
dm_remove vol
for device in meta mirror; do
	dd if=/dev/urandom of=/dev/$device bs=4k seek=16 count=64 oflag=direct 2>/dev/null
done
create
wait_until 30 history_is 0 || fail "a history from rubbish: $(dmsetup status vol)"
stat_is vol state ok || fail "it matters: $(dmsetup status vol)"
