# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# What the cases about file systems share: files() copies real ones to a volume of
# three copies while these fill, and compares them after a remount and on a copy
# alone. A case defines make_fs DEVICE, which makes a file system, and check_fs DEVICE,
# which looks whether it is whole.

whole() { # whole DEVICE WHAT
	check_fs "$1" >fsck.log 2>&1 || { cat fsck.log; fail "fsck of $2"; }
}

files() {
	local want
	nullb meta 16
	nullb a 64 discard=1
	nullb b 64 discard=1
	nullb c 64 discard=1
	dm_create vol <<EOT
0 131072 predshard /dev/meta 1024 3 primary:/dev/a:0 replica:/dev/b:0 replica:/dev/c:0
EOT
	knob vol m1/copy_limit_kBps 20000
	make_fs /dev/mapper/vol
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
	whole /dev/mapper/vol "the volume"
	identical /dev/a /dev/b /dev/c
	dmsetup remove vol
	whole /dev/c "a copy"
	mount -o ro /dev/c mnt
	[ "$(checksum_tree mnt/net)" = "$want" ] || fail "files differ on the copy"
	umount mnt
}
