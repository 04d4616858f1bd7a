# SPDX-License-Identifier: GPL-2.0
# Cleanup that does not work would spoil the next case unseen.
# kernels: 6.12
# expect: fail FAIL: cleanup: false
on_exit false
