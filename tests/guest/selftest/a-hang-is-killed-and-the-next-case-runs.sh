# SPDX-License-Identifier: GPL-2.0
# A hang would stop the whole run.
# kernels: 6.12
# expect: fail no verdict in time: hung
# timeout: 3
sleep 1000
