# SPDX-License-Identifier: GPL-2.0
# A forgotten mount would keep devices busy.
# kernels: 6.12
# expect: fail left behind: mount
mkdir there
mount -t tmpfs none there
