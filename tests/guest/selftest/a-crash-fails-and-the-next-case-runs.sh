# SPDX-License-Identifier: GPL-2.0
# A guest that dies in the middle must not count as passed.
# kernels: 6.12
# expect: fail the guest died
echo c >/proc/sysrq-trigger
sleep 1000
