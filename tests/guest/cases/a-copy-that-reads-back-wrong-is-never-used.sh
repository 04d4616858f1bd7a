# SPDX-License-Identifier: GPL-2.0
# Readers would get what a disk or cable damaged on the way to the copy, with
# copy_verify switched on.
# timeout: 60
requires_target flakey
nullb meta 16
nullb a 8
nullb b 8
# without the byte that damages, which would not
dd if=/dev/urandom bs=1M count=8 2>/dev/null | tr '\252' '\000' | dd of=/dev/a bs=1M oflag=direct iflag=fullblock 2>/dev/null
dm_linear way /dev/b
dm_create vol <<EOT
0 16384 predshard /dev/meta 256 2 primary:/dev/a:0 replica:/dev/mapper/way:0
EOT
filled vol
knob vol copy_verify all
swap way "0 16384 flakey /dev/b 0 0 1000 5 corrupt_bio_byte 32 w 170 0"
message vol resync 1
copied=$(stat_of vol m1.copied_sectors)
stat_exceeds 20 vol m1.copied_sectors $copied
stat_is vol m1.insync_segments 0 || fail "damaged copies are used: $(dmsetup status vol)"
for try in 1 2 3; do same /dev/mapper/vol /dev/a; done
if same /dev/a /dev/b >/dev/null; then fail "nothing was damaged"; fi
swap way "0 16384 linear /dev/b 0"
filled vol
identical /dev/a /dev/b
