# SPDX-License-Identifier: GPL-2.0
# The loss of one metadata device would stop the volume, or a mirror that missed
# changes would be believed later.
nullb meta 16
nullb mirror 16
nullb a 16
nullb b 16
dm_linear way /dev/meta
line="0 28672 predshard /dev/mapper/way,/dev/mirror 2048 2 primary:/dev/a:0 replica:/dev/b:0"
dm_create vol <<EOT
$line
EOT
filled vol
stat_is vol metadata ok || fail "$(dmsetup status vol)"
swap way "0 32768 error"
stamp /dev/mapper/vol first=10 span=2000 writers=2 ops=200
stat_becomes 20 vol metadata degraded
stat_is vol state degraded || fail "$(dmsetup status vol)"
stat_is vol write_errors 0 || fail "$(dmsetup status vol)"
dmsetup remove vol
swap way "0 32768 linear /dev/meta 0"
# alone, the one that was dropped is behind its members: refused
log_mark
if echo "0 28672 predshard /dev/mapper/way 2048 2 primary:/dev/a:0 replica:/dev/b:0" | dmsetup create other 2>/dev/null; then
	stat_is other copies_left_segments 14 || fail "a stale mirror was believed: $(dmsetup status other)"
	dmsetup remove other
	fail "the stale half of a pair was taken"
fi
log_has 'predshard' || fail "no word about why"
dm_create vol <<EOT
$line
EOT
stat_is vol copies_left_segments 0 || fail "$(dmsetup status vol)"
stat_is vol metadata ok || fail "it was not taken in again: $(dmsetup status vol)"
same /dev/a /dev/b 28672
dmsetup remove vol
# and now the other one dies for good
dd if=/dev/zero of=/dev/mirror bs=1M count=16 oflag=direct 2>/dev/null
dm_create vol <<EOT
$line
EOT
stat_is vol copies_left_segments 0 || fail "$(dmsetup status vol)"
