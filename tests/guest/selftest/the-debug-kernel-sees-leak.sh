# SPDX-License-Identifier: GPL-2.0
# The sanitizer gate would be open: leak.
# kernels: debug
# files: build/selftest/predshard_planted.ko
# expect: pass
[ -e /sys/module/predshard_planted ] || insmod /with/predshard_planted.ko
echo leak >/sys/module/predshard_planted/parameters/bug
