# SPDX-License-Identifier: GPL-2.0
# A write would be acknowledged that a restart forgets, or a block read as new
# and then as old again, after the primary refused writes, then everything.
# timeout: 60
nullb meta 16
nullb a 8
nullb b 8
nullb c 8
dm_linear way /dev/a
dm_create vol <<EOT
0 16384 predshard /dev/meta 256 3 primary:/dev/mapper/way:0 replica:/dev/b:0 replica:/dev/c:0
EOT
filled vol
fill_fast vol
load_begin stamp /dev/mapper/vol first=100 span=2000 writers=3 readers=1 ops=130000 max=40 pause=500 errors=1
stat_exceeds 5 vol writes 100
swap way "0 16384 error"
stat_becomes 20 vol m0.state failed
stat_is vol state read-only || fail "$(dmsetup status vol)"
load_alive
load_end
log "$(cat load.log)"
[ "$(stat_of vol write_errors)" -gt 0 ] || fail "$(dmsetup status vol)"
stat_is vol read_errors 0 || fail "$(dmsetup status vol)"
! /tools/bin/dd if=/dev/zero of=/dev/mapper/vol bs=4k count=1 oflag=direct 2>err || fail "a write was acknowledged"
grep -q 'Input/output error' err || fail "no EIO: $(cat err)"
# what is read now stays
dd if=/dev/mapper/vol bs=1M iflag=direct 2>/dev/null | md5sum >seen
swap way "0 16384 linear /dev/a 0"
message vol return 0
filled vol
stat_is vol state ok || fail "$(dmsetup status vol)"
dd if=/dev/mapper/vol bs=1M iflag=direct 2>/dev/null | md5sum | cmp - seen || fail "data changed when the primary came back"
stamp /dev/mapper/vol first=100 span=2000 writers=3 ops=100
identical /dev/a /dev/b /dev/c
