# SPDX-License-Identifier: GPL-2.0
# A message that is refused would have changed half of what it named: there
# are 64 different sets of copies, and the 65th is one too many.
# timeout: 90
nullb meta 16
for name in a b c d e f g h; do nullb $name 8; done
dm_create vol <<EOT
0 16384 predshard /dev/meta 128 8 primary:/dev/a:0 replica:/dev/b:0 replica:/dev/c:0 replica:/dev/d:0 replica:/dev/e:0 replica:/dev/f:0 replica:/dev/g:0 replica:/dev/h:0
EOT
# segment n: the replicas of the bits of n; 0 and 64 to 127 keep all
segment=1
while [ $segment -lt 64 ]; do
	for bit in 1 2 3 4 5 6 7; do
		if [ $((segment >> (bit - 1) & 1)) = 0 ]; then message vol drop_copy $bit $segment 1; fi
	done
	segment=$((segment + 1))
done
message vol drop_copy 7 100 1 # as segment 63
wanted() { dmsetup status vol | tr ' ' '\n' | grep wanted; }
before=$(wanted)
# for segment 100 there is a set, for the next ones none
refuses "more than 64 different sets of copies" dmq message vol drop_copy 1 100 28
[ "$(wanted)" = "$before" ] || fail "half of it was done: $(wanted) instead of $before"
# what no segment uses any more can be used again: segment 2 joins segment 6,
# and segment 1 gets a set of its own, without any replica
message vol add_copy 3 2 1
message vol drop_copy 1 1 1
filled vol
