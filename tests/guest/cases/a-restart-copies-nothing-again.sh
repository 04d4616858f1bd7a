# SPDX-License-Identifier: GPL-2.0
# Every restart would copy everything again, or trust a copy that it should not: in
# whatever order the devices are named, members are who they were.
nullb meta 16
nullb a 16
nullb b 16
nullb c 16
random_data /dev/a
line="0 28672 predshard /dev/meta 2048 3 primary:/dev/a:0"
dm_create vol <<EOT
$line replica:/dev/b:2048 replica:/dev/c:0
EOT
filled vol
stamp /dev/mapper/vol first=10 span=2000 writers=2 ops=200
dmsetup remove vol
dm_create vol <<EOT
$line replica:/dev/c:0 replica:/dev/b:2048
EOT
stat_is vol copies_left_segments 0 || fail "$(dmsetup status vol)"
stat_is vol m1.insync_segments 14 || fail "$(dmsetup status vol)"
for member in 1 2; do
	dev=$(stat_of vol m$member.dev)
	stat_is vol m$member.writes 0 || fail "member $member was written: $(dmsetup status vol)"
done
[ "$(stat_of vol m1.dev)" = "$(lsblk -dno MAJ:MIN /dev/b | xargs)" ] || fail "numbers were exchanged: $dev"
same /dev/mapper/vol /dev/a 28672
same /dev/mapper/vol /dev/b 28672 0 2048
same /dev/mapper/vol /dev/c 28672
# one that is not named is absent; named again it gets what it missed, without an order
dmsetup remove vol
dm_create vol <<EOT
0 28672 predshard /dev/meta 2048 2 primary:/dev/a:0 replica:/dev/c:0
EOT
stat_is vol members 2 || fail "$(dmsetup status vol)"
dd if=/dev/urandom of=/dev/mapper/vol bs=4k count=1 seek=600 oflag=direct 2>/dev/null
dmsetup remove vol
dm_create vol <<EOT
$line replica:/dev/c:0 replica:/dev/b:2048
EOT
filled vol
stat_is vol m1.copied_sectors 2048 || fail "not only what it missed: $(dmsetup status vol)"
same /dev/mapper/vol /dev/b 28672 0 2048
stat_is vol m1.state ok || fail "$(dmsetup status vol)"
