# SPDX-License-Identifier: GPL-2.0
# An admin's slip would build a wrong volume or overwrite a device: each bad
# line is refused, the log names what is wrong, and no device changes.
# timeout: 120
nullb meta 4
nullb a 4
nullb b 4
nullb small 2
nullb frozen 4
for name in a b small; do random_data /dev/$name; done
checksums() { for name in meta a b small frozen; do dd if=/dev/$name bs=1M iflag=direct 2>/dev/null | md5sum; done; }
before=$(checksums)
mknod alias b $((0x$(stat -c %t /dev/a))) $((0x$(stat -c %T /dev/a)))
alias=$(realpath alias)
blockdev --setro /dev/frozen
p=primary:/dev/a:0 L32=z234567890123456789012345678901x
big=18014398509481984
many=$(seq 0 15 | sed 's,.*,spare:/dev/x&:0,' | tr '\n' ' ')
count=0
dmq create bad
on_exit dmq remove bad
while IFS='|' read -r line regex; do
	[ -n "$line" ] || continue
	eval "line=\"$line\" regex=\"$regex\""
	refuses "predshard.*($regex)" dmq load bad "$line"
	count=$((count + 1))
done <<'EOT'
0 8192 predshard|argument 1: missing, expected the metadata device
0 8192 predshard meta 2048 1 $p|argument 1: metadata device 'meta', expected a path
0 8192 predshard /dev/none 2048 1 $p|metadata device '/dev/none' cannot be opened
0 8192 predshard /dev/meta,/dev/meta 2048 1 $p|metadata mirror '/dev/meta', expected another
0 8192 predshard /dev/a 2048 1 $p|device '/dev/a', expected another device than argument 1
0 8192 predshard $alias 2048 1 $p|is named twice
0 8192 predshard /dev/meta|argument 2: missing, expected the segment size
0 8192 predshard /dev/meta 0 1 $p|segment size '0', expected a power of two from 128 to 131072
0 8192 predshard /dev/meta 64 1 $p|segment size '64', expected a power
0 8192 predshard /dev/meta 3000 1 $p|segment size '3000', expected a power
0 8192 predshard /dev/meta 262144 1 $p|segment size '262144', expected a power
0 8192 predshard /dev/meta 1M 1 $p|segment size '1M', expected a power
0 8192 predshard /dev/meta 2048|argument 3: missing, expected the number of members
0 8192 predshard /dev/meta 2048 0|number of members '0', expected 1 to 16
0 8192 predshard /dev/meta 2048 17 $p $many|number of members '17', expected 1 to 16
0 8192 predshard /dev/meta 2048 -1 $p|number of members '-1', expected 1 to 16
0 8192 predshard /dev/meta 2048 2 $p|argument 5: missing, expected a member
0 8192 predshard /dev/meta 2048 1 $p replica:/dev/b:0|feature count 'replica:/dev/b:0', expected
0 8192 predshard /dev/meta 2048 2 $p copy:/dev/b:0|argument 5: unknown role 'copy', expected primary, replica
0 8192 predshard /dev/meta 2048 1 replica:/dev/a:0|exactly one of them to be primary
0 8192 predshard /dev/meta 2048 2 $p primary:/dev/b:0|argument 5: second primary '/dev/b', expected only one
0 8192 predshard /dev/meta 2048 2 $p replica:/dev/a:0|argument 5: device '/dev/a', expected no overlap with argument 4
0 8192 predshard /dev/meta 2048 2 $p replica:$alias:0|is named twice
0 8192 predshard /dev/meta 2048 2 $p replica:/dev/none:0|replica '/dev/none' cannot be opened
0 8192 predshard /dev/meta 2048 2 $p replica:b:0|device 'b', expected a path
0 8192 predshard /dev/meta 2048 2 $p replica:/dev/b|argument 5: member
0 8192 predshard /dev/meta 2048 2 $p replica:/dev/small:0|has 4096 sectors behind offset 0, expected at least 8192
0 8193 predshard /dev/meta 2048 1 $p|has 8192 sectors behind offset 0, expected at least 8193
0 8192 predshard /dev/meta 2048 1 primary:/dev/a:1|has 8191 sectors behind offset 1, expected at least 8192
0 8192 predshard /dev/meta 2048 1 primary:/dev/a:70000|has 0 sectors behind offset 70000
0 8192 predshard /dev/meta 2048 1 primary:/dev/a:$big|offset '$big', expected at most
0 8192 predshard /dev/meta 2048 1 primary:/dev/a:-1|argument 4: member
0 8192 predshard /dev/meta 2048 1 $p:9th|zone '9th', expected a letter
0 8192 predshard /dev/meta 2048 1 $p:$L32|zone '.*expected a letter
0 8192 predshard /dev/meta 2048 1 $p:east:fa/st|tier 'fa/st', expected a letter
0 8192 predshard /dev/meta 2048 1 $p:east:fast:more|argument 4: member
0 8192 predshard /dev/meta 2048 1 $p 1|missing, expected a feature
0 8192 predshard /dev/meta 2048 1 $p 1 discard|unknown feature 'discard', expected no_discard
0 8192 predshard /dev/meta 2048 1 $p 2 no_discard no_discard|repeated feature 'no_discard'
0 8192 predshard /dev/meta 2048 1 $p 0 no_discard|extra argument 'no_discard'
0 8192 predshard /dev/meta 2048 2 $p replica:/dev/frozen:0|frozen.*read-only|cannot be opened for writing
EOT
log "$count lines"
refuses "predshard.*(alone|begins behind sector 0)" dmq load bad "0 2048 linear /dev/b 0;2048 4096 predshard /dev/meta 2048 1 $p"
refuses "predshard.*argument 4: member" dmsetup create worse --table "0 8192 predshard /dev/meta 2048 1 /dev/a:0"
[ ! -e /dev/mapper/worse ] || fail "something was created"
[ "$(cat /sys/module/dm_predshard/refcnt)" = 0 ] || fail "a reference is left"
blockdev --setrw /dev/frozen
[ "$(checksums)" = "$before" ] || fail "something was written"
