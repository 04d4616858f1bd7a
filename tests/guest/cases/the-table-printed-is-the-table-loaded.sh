# SPDX-License-Identifier: GPL-2.0
# Tools that read a table and load it again (lvm, an admin's script) would
# change the volume.
nullb meta 16
nullb mirror 16
for name in a b c d e f; do nullb $name 16; done
dm_create vol <<EOT
0 30000 predshard /dev/meta,/dev/mirror 256 6 replica:/dev/b:17:east primary:/dev/a:2048:east.1:fast_ssd buffer:/dev/c:0 shadow:/dev/d:5:x:y-z spare:/dev/e:0 replica:/dev/f:0 1 no_discard
EOT
number() { echo "$((0x$(stat -c %t "$1"))):$((0x$(stat -c %T "$1")))"; }
want="0 30000 predshard $(number /dev/meta),$(number /dev/mirror) 256 6 replica:$(number /dev/b):17:east primary:$(number /dev/a):2048:east.1:fast_ssd buffer:$(number /dev/c):0 shadow:$(number /dev/d):5:x:y-z spare:$(number /dev/e):0 replica:$(number /dev/f):0 1 no_discard"
table=$(dmsetup table vol)
[ "$table" = "$want" ] || fail "printed: $table
wanted:  $want"
filled vol
dmsetup load vol --table "$table"
[ "$(dmsetup table --inactive vol)" = "$table" ] || fail "loaded: $(dmsetup table --inactive vol)"
dmsetup resume vol
[ "$(dmsetup table vol)" = "$table" ] || fail "live: $(dmsetup table vol)"
stat_is vol copies_left_segments 0 || fail "copies were lost: $(dmsetup status vol)"
same /dev/mapper/vol /dev/a 30000 0 2048
same /dev/mapper/vol /dev/b 30000 0 17
