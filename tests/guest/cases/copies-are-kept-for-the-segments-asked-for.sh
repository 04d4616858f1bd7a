# SPDX-License-Identifier: GPL-2.0
# Space and time would go to copies nobody wanted, or wanted ones be missing:
# add_copy and drop_copy act on these segments and no others.
nullb meta 16
nullb a 16
nullb b 16
random_data /dev/a
dm_create vol <<EOT
0 32700 predshard /dev/meta 256 2 primary:/dev/a:0 replica:/dev/b:0
EOT
filled vol
message vol drop_copy 1 0 128
stat_is vol m1.wanted_segments 0 && stat_is vol m1.insync_segments 0 || fail "$(dmsetup status vol)"
dd if=/dev/zero of=/dev/b bs=1M count=16 oflag=direct 2>/dev/null
copied=$(stat_of vol m1.copied_sectors)
message vol add_copy 1 3 5
message vol add_copy 1 6 4
message vol add_copy 1 127 1
filled vol
stat_is vol m1.wanted_segments 8 && stat_is vol m1.insync_segments 8 || fail "$(dmsetup status vol)"
[ $(($(stat_of vol m1.copied_sectors) - copied)) = $((7 * 256 + 188)) ] || fail "copied: $(dmsetup status vol)"
same /dev/a /dev/b $((7 * 256)) $((3 * 256)) $((3 * 256))
same /dev/a /dev/b 188 $((127 * 256)) $((127 * 256))
dd if=/dev/b bs=128k count=127 iflag=direct 2>/dev/null | tr -d '\0' | wc -c >size
[ "$(dd if=/dev/b bs=128k count=3 iflag=direct 2>/dev/null | tr -d '\0' | wc -c)" = 0 ] || fail "segments in front were copied"
[ "$(dd if=/dev/b bs=128k skip=10 count=117 iflag=direct 2>/dev/null | tr -d '\0' | wc -c)" = 0 ] || fail "segments behind were copied"
# one that is wanted already is not copied again; one dropped gets no writes
copied=$(stat_of vol m1.copied_sectors)
message vol add_copy 1 3 5
message vol drop_copy 1 4 1
filled vol
[ "$(stat_of vol m1.copied_sectors)" = "$copied" ] || fail "copied again: $(dmsetup status vol)"
writes=$(stat_of vol m1.write_sectors)
dd if=/dev/urandom of=/dev/mapper/vol bs=128k seek=4 count=1 oflag=direct 2>/dev/null
[ "$(stat_of vol m1.write_sectors)" = "$writes" ] || fail "a dropped copy is written"
dd if=/dev/urandom of=/dev/mapper/vol bs=128k seek=5 count=1 oflag=direct 2>/dev/null
[ "$(stat_of vol m1.write_sectors)" = $((writes + 256)) ] || fail "a copy is not written: $(dmsetup status vol)"
same /dev/mapper/vol /dev/a 32700
