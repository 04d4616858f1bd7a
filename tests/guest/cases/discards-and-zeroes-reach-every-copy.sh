# SPDX-License-Identifier: GPL-2.0
# A zeroed or discarded range would come back from one of the copies, or a
# write next to it would vanish with it, also where it crosses segments.
# timeout: 90
nullb meta 16
nullb a 16 discard=1
nullb b 16 discard=1
nullb c 16 discard=1
dm_create vol <<EOT
0 32768 predshard /dev/meta 128 3 primary:/dev/a:0 replica:/dev/b:0 replica:/dev/c:0
EOT
fill_fast vol
[ "$(cat "$(sysfs_of vol)/../queue/discard_max_bytes")" != 0 ] || fail "no discard offered"
stamp /dev/mapper/vol span=1000 writers=4 readers=1 ops=120 max=200 zero=4
filled vol
stamp /dev/mapper/vol first=90 span=1000 writers=4 readers=1 ops=120 max=200 zero=8 discard=3
identical /dev/a /dev/b /dev/c
random_data /dev/mapper/vol
blkdiscard -z -o 65024 -l 1049088 /dev/mapper/vol
blkdiscard -o 2097664 -l 3145728 /dev/mapper/vol
identical /dev/a /dev/b /dev/c
dd if=/dev/zero bs=512 count=2049 2>/dev/null >zeros
dd if=/dev/mapper/vol bs=512 skip=127 count=2049 iflag=direct 2>/dev/null | cmp - zeros
[ "$(stat_of vol discards)" -gt 0 ] || fail "$(dmsetup status vol)"
