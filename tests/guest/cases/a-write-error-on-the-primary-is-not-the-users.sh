# SPDX-License-Identifier: GPL-2.0
# The user would see an error although other copies are there, or a restart would
# forget a write that was acknowledged after the primary died.
# timeout: 60
nullb meta 16
nullb a 8
nullb b 8
nullb c 8
dm_linear way /dev/a
dm_create vol <<EOT
0 14336 predshard /dev/meta 256 3 primary:/dev/mapper/way:0 replica:/dev/b:0 replica:/dev/c:0
EOT
filled vol
fill_fast vol
load_begin stamp /dev/mapper/vol first=100 span=1700 writers=3 readers=1 ops=130000 max=40 pause=500
stat_exceeds 20 vol writes 100
swap way "0 16384 error"
stat_becomes 20 vol m0.state failed
stat_is vol state degraded || fail "$(dmsetup status vol)"
writes=$(stat_of vol writes)
stat_exceeds 20 vol writes $((writes + 100))
load_alive
load_end
log "$(cat load.log)"
stat_is vol write_errors 0 && stat_is vol read_errors 0 || fail "$(dmsetup status vol)"
# what is read now stays, also when the volume is removed and the primary is back
dd if=/dev/mapper/vol bs=1M iflag=direct 2>/dev/null | md5sum >seen
dmsetup remove vol
swap way "0 16384 linear /dev/a 0"
dm_create vol <<EOT
0 14336 predshard /dev/meta 256 3 primary:/dev/mapper/way:0 replica:/dev/b:0 replica:/dev/c:0
EOT
stat_is vol m0.state failed || fail "it came back by itself: $(dmsetup status vol)"
dd if=/dev/mapper/vol bs=1M iflag=direct 2>/dev/null | md5sum | cmp - seen || fail "a restart forgot writes"
message vol return 0
filled vol
stat_is vol state ok || fail "$(dmsetup status vol)"
dd if=/dev/mapper/vol bs=1M iflag=direct 2>/dev/null | md5sum | cmp - seen || fail "data changed when the primary came back"
stamp /dev/mapper/vol first=100 span=1700 writers=3 ops=100
same /dev/a /dev/b 14336
same /dev/a /dev/c 14336
