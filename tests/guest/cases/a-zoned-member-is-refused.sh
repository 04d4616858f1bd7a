# SPDX-License-Identifier: GPL-2.0
# Writes would fail one after another on a device that takes them only in
# order.
nullb meta 16
nullb a 32
nullb z 32 zoned=1 zone_size=4
refuses "predshard.*is zoned, expected a conventional device" dmsetup create bad \
	--table "0 65536 predshard /dev/meta 2048 2 primary:/dev/a:0 replica:/dev/z:0"
