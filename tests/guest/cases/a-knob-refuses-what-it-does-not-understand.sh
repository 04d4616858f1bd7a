# SPDX-License-Identifier: GPL-2.0
# A wrong value would be taken for another one: each file says what it expects,
# and keeps what it had. What is right is read back as written.
nullb meta 16
nullb a 16
nullb b 16
dm_create vol <<EOT
0 32768 predshard /dev/meta 2048 2 primary:/dev/a:0:east:fast replica:/dev/b:0:west
EOT
filled vol
dir=$(sysfs_of vol)
while read -r file bad; do
	before=$(cat "$dir/$file")
	refuses "predshard.* ${file#*/} does not take this value, expected" dmq set "$dir/$file" "$bad
"
	[ "$(cat "$dir/$file")" = "$before" ] || fail "$file took '$bad'"
done <<'EOT'
mode automatic
mode
read_policy nearest
local_zone north
copy_verify some
write_mode both
write_mode buffer
buffer_bypass_kB 4
merge_floor_kBps 4
merge_high_percent 50
merge_low_percent 20
suspect_errors 0
fail_errors -1
suspect_stall_ms 1s
fail_stall_ms 1000001
m1/weight 0
m1/weight 1001
m1/copy_mode later
m0/copy_mode async
m1/copy_limit_kBps 10M
m1/copy_limit_kBps 4294967296
m0/copy_floor_kBps 0
mode aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
EOT
for file in m0/device m1/role m1/zone m0/tier m1/state statistics/reads; do
	[ ! -w "$dir/$file" ] || [ "$(stat -c %a "$dir/$file")" = 444 ] || fail "$file can be written"
done
while read -r file value; do
	knob vol "$file" "$value"
	[ "$(cat "$dir/$file")" = "$value" ] || fail "$file: wrote $value, read $(cat "$dir/$file")"
done <<'EOT'
mode advise
mode auto
mode manual
read_policy home
read_policy balanced
local_zone west
copy_verify all
copy_verify none
suspect_errors 7
fail_errors 77
suspect_stall_ms 777
fail_stall_ms 7777
m1/weight 1
m1/weight 1000
m1/copy_mode async
m1/copy_mode sync
m1/copy_limit_kBps 5000
m1/copy_floor_kBps 50
EOT
[ "$(cat "$dir/m0/device" "$dir/m0/role" "$dir/m0/zone" "$dir/m0/tier" "$dir/m0/state")" = \
"$(stat_of vol m0.dev)
primary
east
fast
ok" ] || fail "$(grep -r . "$dir/m0")"
for file in reads read_sectors writes write_sectors discards flushes read_errors write_errors read_retries repairs; do
	[ -r "$dir/statistics/$file" ] || fail "no statistics/$file"
done
dmsetup mknodes
dd if=/dev/mapper/vol of=/dev/null bs=4k count=5 iflag=direct 2>/dev/null
[ "$(cat "$dir/statistics/reads")" = "$(stat_of vol reads)" ] || fail "statistics and status disagree"
