# SPDX-License-Identifier: GPL-2.0
# A file system on a buffered volume would find its metadata older than its
# journal, or files changed after a merge and a restart.
# timeout: 90
requires mkfs.ext4 e2fsck
nullb meta 16
nullb a 96
nullb log 24
line="0 196608 predshard /dev/meta 512 2 primary:/dev/a:0 buffer:/dev/log:0"
echo "$line" | dmsetup create vol
on_exit dm_remove vol
patient vol
message vol write_mode buffer
mkfs.ext4 -q /dev/mapper/vol
mkdir mnt
mount /dev/mapper/vol mnt
on_exit 'umount mnt 2>/dev/null || true'
mkdir mnt/tree
(cd /tools/tree && tar cf - . | head -c 12000000) | (cd mnt/tree && tar xf - 2>/dev/null || true)
sync
sum=$(checksum_tree mnt)
umount mnt
dmsetup remove vol
echo "$line" | dmsetup create vol
patient vol
e2fsck -fn /dev/mapper/vol >fsck.log || { cat fsck.log; fail "e2fsck"; }
message vol write_mode home
stat_becomes 30 vol buffered_sectors 0
mount -o ro /dev/a mnt 2>/dev/null && fail "the primary is in use"
mount /dev/mapper/vol mnt
[ "$sum" = "$(checksum_tree mnt)" ] || fail "files differ"
umount mnt
same /dev/mapper/vol /dev/a 196608
