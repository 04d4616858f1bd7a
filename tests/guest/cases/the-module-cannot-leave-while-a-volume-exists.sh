# SPDX-License-Identifier: GPL-2.0
# The kernel would jump into code that is gone. Afterwards it must leave, and
# come back.
nullb meta 16
nullb a 16
nullb b 16
line="0 32768 predshard /dev/meta 256 2 primary:/dev/a:0 replica:/dev/b:0"
dmsetup create vol --notable
on_exit 'dmsetup remove vol'
dmq load vol "$line"
! rmmod dm_predshard 2>/dev/null || fail "it left a loaded table behind"
dmsetup resume vol
! rmmod dm_predshard 2>/dev/null || fail "it left a live volume behind"
dd if=/dev/urandom of=/dev/mapper/vol bs=1M count=4 oflag=direct 2>/dev/null
dmq suspend vol
! rmmod dm_predshard 2>/dev/null || fail "it left a suspended volume behind"
dmq load vol "0 32768 linear /dev/a 0"
dmsetup resume vol
for round in 1 2 3; do
	rmmod dm_predshard || fail "it does not leave"
	! dmq load vol "$line" 2>/dev/null || fail "who answered?"
	load_predshard
done
dmq load vol "$line"
dmsetup resume vol
filled vol
identical /dev/mapper/vol /dev/a /dev/b
