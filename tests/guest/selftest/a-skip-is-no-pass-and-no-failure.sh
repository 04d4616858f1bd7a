# SPDX-License-Identifier: GPL-2.0
# A skip without a reason would hide a hole in the tests.
# kernels: 6.12
# expect: skip no such-program in the guest
requires such-program
