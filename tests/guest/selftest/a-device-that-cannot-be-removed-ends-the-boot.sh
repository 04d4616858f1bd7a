# SPDX-License-Identifier: GPL-2.0
# Later cases must not run on top of a wreck.
# kernels: 6.12
# expect: fail cannot be
nullb disk 16
dm_linear line /dev/disk
dmsetup suspend line
dd if=/dev/zero of=/dev/mapper/line bs=4096 count=1 oflag=direct &
wait_until 5 sh -c 'grep -q "^State:.D" /proc/[0-9]*/status' || fail "dd does not wait"
