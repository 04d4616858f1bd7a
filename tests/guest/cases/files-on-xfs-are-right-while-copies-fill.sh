# SPDX-License-Identifier: GPL-2.0
# A file system on a volume would lose files: real ones are copied while the
# replicas fill, checked after a remount, by fsck, and on a copy alone.
# timeout: 90
# modules: xfs
nullb meta 16
nullb a 64 discard=1
nullb b 64 discard=1
nullb c 64 discard=1
dm_create vol <<EOT
0 131072 predshard /dev/meta 1024 3 primary:/dev/a:0 replica:/dev/b:0 replica:/dev/c:0
EOT
knob vol m1/copy_limit_kBps 20000
TEST_DIR=1 TEST_DEV=1 QA_CHECK_FS=1 mkfs.xfs -q -f -m reflink=0,rmapbt=0 /dev/mapper/vol
mkdir mnt
on_exit 'umount mnt 2>/dev/null || true'
mount -o discard /dev/mapper/vol mnt
cp -r /tools/tree/scsi mnt/
cp -r /tools/tree/net mnt/
want=$(checksum_tree /tools/tree/net)
[ "$(checksum_tree mnt/net)" = "$want" ] || fail "files differ before the remount"
rm -r mnt/scsi
fstrim mnt
umount mnt
filled vol
mount /dev/mapper/vol mnt
[ "$(checksum_tree mnt/net)" = "$want" ] || fail "files differ after the remount"
umount mnt
xfs_repair -n /dev/mapper/vol >fsck.log 2>&1 || { cat fsck.log; fail "fsck of the volume"; }
identical /dev/a /dev/b /dev/c
dmsetup remove vol
xfs_repair -n /dev/c >fsck.log 2>&1 || { cat fsck.log; fail "fsck of a copy"; }
mount -o ro /dev/c mnt
[ "$(checksum_tree mnt/net)" = "$want" ] || fail "files differ on the copy"
umount mnt
