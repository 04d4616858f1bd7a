# SPDX-License-Identifier: GPL-2.0
# After a crash copies would differ for ever, or everything would be copied again:
# a write that is still on one copy only is found by its INTENT.
# timeout: 90
nullb meta 16
nullb a 16
nullb b 16
dm_linear way /dev/meta
dm_create vol <<EOT
0 28672 predshard /dev/mapper/way 2048 2 primary:/dev/a:0 replica:/dev/b:0
EOT
filled vol
# taken back while nobody writes
stat_becomes 30 vol intent_segments 0
dd if=/dev/urandom of=/dev/mapper/vol bs=4k count=1 seek=300 oflag=direct 2>/dev/null
dd if=/dev/urandom of=/dev/mapper/vol bs=4k count=1 seek=2000 oflag=direct 2>/dev/null
stat_is vol intent_segments 2 || fail "$(dmsetup status vol)"
# the machine stops: nothing reaches the metadata any more, and one copy misses a write
swap way "0 32768 error"
dmsetup remove vol
swap way "0 32768 linear /dev/meta 0"
dd if=/dev/urandom of=/dev/b bs=4k count=1 seek=300 oflag=direct conv=notrunc 2>/dev/null
dm_create vol <<EOT
0 28672 predshard /dev/mapper/way 2048 2 primary:/dev/a:0 replica:/dev/b:0
EOT
filled vol
stat_is vol m1.copied_sectors 4096 || fail "not only what was written: $(dmsetup status vol)"
same /dev/mapper/vol /dev/a 28672
same /dev/a /dev/b 28672
