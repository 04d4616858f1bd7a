# SPDX-License-Identifier: GPL-2.0
# The kernel may complain while every command of a case succeeds.
# kernels: 6.12
# expect: fail suspicious lines in the kernel log
echo "BUG: planted by the self-test" >/dev/kmsg
