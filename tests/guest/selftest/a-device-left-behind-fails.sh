# SPDX-License-Identifier: GPL-2.0
# A forgotten device would be found by the next case.
# kernels: 6.12
# expect: fail left behind
nullb disk 16
dmsetup create forgotten --table "0 32768 linear /dev/disk 0"
