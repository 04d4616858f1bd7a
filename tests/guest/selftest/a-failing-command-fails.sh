# SPDX-License-Identifier: GPL-2.0
# A case could go on after an error and pass.
# kernels: 6.12
# expect: fail line 5: a command ended with status 3
(exit 3)
true
