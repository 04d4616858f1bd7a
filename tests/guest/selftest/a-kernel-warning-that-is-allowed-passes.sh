# SPDX-License-Identifier: GPL-2.0
# Cases that provoke errors need a way to say so.
# kernels: 6.12
# expect: pass
# allow-log: planted by the self-test
echo "BUG: planted by the self-test" >/dev/kmsg
