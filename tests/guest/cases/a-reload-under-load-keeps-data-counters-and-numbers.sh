# SPDX-License-Identifier: GPL-2.0
# A running volume could not be changed: members come and go, it grows, its
# labels change, while verified I/O goes on and nothing is forgotten.
# timeout: 90
nullb meta 16
nullb a 16
nullb b 16
nullb c 16
p="primary:/dev/a:0:east" b="replica:/dev/b:0:east" c="replica:/dev/c:0:west"
dm_create vol <<EOT
0 16384 predshard /dev/meta 256 2 $p $b
EOT
filled vol
fill_fast vol
dir=$(sysfs_of vol)
knob vol m1/weight 55
knob vol fail_errors 99
log_mark
load_begin stamp /dev/mapper/vol span=6000 writers=3 readers=1 ops=130000 max=32 pause=1000 flush=100
reload() { # reload LENGTH MEMBER...
	local length=$1 reads
	shift
	reads=$(stat_of vol reads)
	swap vol "0 $length predshard /dev/meta 256 $# $*"
	[ "$(stat_of vol reads)" -ge "$reads" ] || fail "counters went back"
	[ "$(cat "$dir/m1/weight" "$dir/fail_errors" | xargs)" = "55 99" ] || fail "knobs were lost"
	load_alive
}
reload 16384 $p $c $b # in another order
fill_fast vol
stat_is vol m1.insync_segments 64 || fail "copies were lost: $(dmsetup status vol)"
[ "$(stat_of vol m1.dev)" = "$(cat "$dir/m1/device")" ] && stat_is vol m2.zone west || fail "$(dmsetup status vol)"
filled vol
reload 16384 $p $b
[ ! -e "$dir/m2" ] || fail "m2 is left in sysfs"
stat_is vol members 2 || fail "$(dmsetup status vol)"
reload 16384 $p $c $b
fill_fast vol
reload 16384 $p $b # while it fills
reload 16384 $p replica:/dev/b:0:north:fast
[ "$(cat "$dir/m1/zone" "$dir/m1/tier" | xargs)" = "north fast" ] && stat_is vol m1.zone north || fail "labels: $(dmsetup status vol)"
knob vol local_zone north
reload 32768 $p $b $c
stat_is vol segments 128 && [ "$(sectors /dev/mapper/vol)" = 32768 ] || fail "$(dmsetup status vol)"
fill_fast vol
filled vol
stat_is vol m1.wanted_segments 128 && stat_is vol m2.insync_segments 128 || fail "$(dmsetup status vol)"
load_end
# a member that left and returned is a new one to fill, also under the old number
reload_after_load() { swap vol "0 32768 predshard /dev/meta 256 $# $*"; }
reload_after_load $p $c
[ ! -e "$dir/m1" ] || fail "m1 is left in sysfs"
dd if=/dev/urandom of=/dev/mapper/vol bs=1M count=2 oflag=direct 2>/dev/null
reload_after_load $p $c $b
[ "$(cat "$dir/m1/device")" = "$(stat_of vol m1.dev)" ] && [ "$(cat "$dir/m1/weight")" = 100 ] || fail "m1 is not new"
filled vol
identical /dev/a /dev/b /dev/c
