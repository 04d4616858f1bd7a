# SPDX-License-Identifier: GPL-2.0
# A restored image of a replica would be read as if it had every write, and one of
# the metadata would say that copies are in sync which are not.
nullb meta 16
nullb a 16
nullb b 16
volume() {
	dm_create vol <<EOT
0 28672 predshard /dev/meta 2048 2 primary:/dev/a:0 replica:/dev/b:0
EOT
}
image() { dd if=/dev/$1 of=$1.img bs=1M iflag=direct 2>/dev/null; }
restore() { dd if=$1.img of=/dev/$1 bs=1M oflag=direct 2>/dev/null; }
volume
filled vol
dmsetup remove vol
image b
image meta
volume
stat_is vol copies_left_segments 0 || fail "$(dmsetup status vol)"
dd if=/dev/urandom of=/dev/mapper/vol bs=1M count=3 oflag=direct 2>/dev/null
dmsetup remove vol
restore b
volume
filled vol
[ "$(stat_of vol m1.copied_sectors)" -ge 28672 ] || fail "the clone was believed: $(dmsetup status vol)"
same /dev/a /dev/b 28672
dmsetup remove vol
restore meta
log_mark
if echo "0 28672 predshard /dev/meta 2048 2 primary:/dev/a:0 replica:/dev/b:0" >line && dmsetup create vol <line 2>/dev/null; then
	fail "old metadata was believed: $(dmsetup status vol)"
fi
log_has 'was used by activation' || fail "no word about why"
