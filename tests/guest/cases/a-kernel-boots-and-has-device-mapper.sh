# SPDX-License-Identifier: GPL-2.0
# Nothing else can be tested if the guest has no device-mapper, disks and tools.

nullb disk 16
dm_linear line /dev/disk
[ "$(sectors /dev/mapper/line)" -eq 32768 ] || fail "wrong size: $(sectors /dev/mapper/line)"
dd if=/bin/busybox of=/dev/mapper/line bs=4096 count=16 oflag=direct 2>/dev/null
same /dev/mapper/line /dev/disk
