# SPDX-License-Identifier: GPL-2.0
# A replica that was away for a second would be filled for hours, or be read where
# it missed a write.
# timeout: 90
nullb meta 16
nullb a 32
nullb b 32
dm_create vol <<EOT
0 65536 predshard /dev/meta 2048 2 primary:/dev/a:0 replica:/dev/b:0
EOT
filled vol
stat_becomes 30 vol intent_segments 0
message vol fail 1
copied=$(stat_of vol m1.copied_sectors)
for seek in 10 700 701 5000; do
	dd if=/dev/urandom of=/dev/mapper/vol bs=4k count=1 seek=$seek oflag=direct 2>/dev/null
done
stat_is vol m1.insync_segments 29 || fail "$(dmsetup status vol)"
same /dev/mapper/vol /dev/a
message vol return 1
filled vol
[ "$(stat_of vol m1.copied_sectors)" = $((copied + 3 * 2048)) ] || fail "not only what it missed: $(dmsetup status vol)"
identical /dev/a /dev/b
# the same with the primary: it is home again afterwards
stat_becomes 30 vol intent_segments 0
message vol fail 0
dd if=/dev/urandom of=/dev/mapper/vol bs=4k count=1 seek=900 oflag=direct 2>/dev/null
same /dev/mapper/vol /dev/b
message vol return 0
filled vol
stat_is vol m0.copied_sectors 2048 || fail "not only what it missed: $(dmsetup status vol)"
identical /dev/a /dev/b
