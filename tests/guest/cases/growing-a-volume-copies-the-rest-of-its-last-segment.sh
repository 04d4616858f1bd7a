# SPDX-License-Identifier: GPL-2.0
# Reads would return what lies on a replica behind the old end, which nobody
# copied: a volume that ends within a segment is made longer.
nullb meta 16
nullb a 32
nullb b 32
random_data /dev/a
random_data /dev/b
dm_create vol <<EOT
0 40000 predshard /dev/meta 2048 2 primary:/dev/a:0 replica:/dev/b:0
EOT
filled vol
for length in 40400 45000 65536; do
	dm_reload vol <<EOT
0 $length predshard /dev/meta 2048 2 primary:/dev/a:0 replica:/dev/b:0
EOT
	filled vol
	for try in 1 2 3; do
		same /dev/mapper/vol /dev/a $length || fail "wrong data at length $length, read $try"
	done
	same /dev/a /dev/b $length || fail "the copy differs at length $length"
done
