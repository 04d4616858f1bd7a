# SPDX-License-Identifier: GPL-2.0
# Who puts a volume over a disk with data, or takes it away again, would find
# other data: the primary is adopted as it is and alone has all that was written.
nullb meta 16
nullb a 16
nullb b 16
nullb ref 16
random_data /dev/a
random_data /dev/b
dd if=/dev/a of=/dev/ref bs=1M skip=1 oflag=direct iflag=direct 2>/dev/null
log_mark
dm_create vol <<EOT
0 28672 predshard /dev/meta 2048 2 primary:/dev/a:2048 replica:/dev/b:2048
EOT
same /dev/mapper/vol /dev/ref 28672
filled vol
same /dev/a /dev/ref 28672 2048
for at in 0 13 1000 2040 2049 20000 28664; do
	dd if=/dev/urandom of=chunk bs=4k count=1 2>/dev/null
	for device in /dev/mapper/vol /dev/ref; do
		dd if=chunk of=$device bs=512 seek=$at oflag=direct conv=notrunc 2>/dev/null
	done
done
same /dev/mapper/vol /dev/ref 28672
dd if=/dev/a of=head bs=1M count=1 iflag=direct 2>/dev/null
dd if=/dev/a of=tail bs=1M skip=15 iflag=direct 2>/dev/null
dmsetup remove vol
same /dev/a /dev/ref 28672 2048
dd if=/dev/a bs=1M count=1 iflag=direct 2>/dev/null | cmp - head
dd if=/dev/a bs=1M skip=15 iflag=direct 2>/dev/null | cmp - tail
