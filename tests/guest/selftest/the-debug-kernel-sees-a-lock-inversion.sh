# SPDX-License-Identifier: GPL-2.0
# The sanitizer gate would be open: lock-inversion.
# kernels: debug
# files: build/selftest/predshard_planted.ko
# expect: fail suspicious lines
[ -e /sys/module/predshard_planted ] || insmod /with/predshard_planted.ko
echo lock-inversion >/sys/module/predshard_planted/parameters/bug
