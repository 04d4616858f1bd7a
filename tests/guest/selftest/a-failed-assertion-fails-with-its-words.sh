# SPDX-License-Identifier: GPL-2.0
# A failure without its reason helps nobody.
# kernels: 6.12
# expect: fail FAIL: the reason
fail "the reason"
