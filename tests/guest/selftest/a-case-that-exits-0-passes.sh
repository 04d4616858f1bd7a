# SPDX-License-Identifier: GPL-2.0
# If this fails the harness fails everything.
# kernels: 6.12
# expect: pass
on_exit '[ -e second ]'
on_exit 'touch second'
sleep 1000 &
nullb disk 16
dm_linear line /dev/disk
