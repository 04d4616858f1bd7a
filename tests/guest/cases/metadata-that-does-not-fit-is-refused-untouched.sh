# SPDX-License-Identifier: GPL-2.0
# Somebody's data would be formatted, or a volume assembled from the wrong parts:
# every device that does not belong is refused by name, and nothing is written.
# timeout: 90
nullb meta 16
nullb other 16
nullb a 16
nullb b 16
nullb small 1
table() { echo "0 28672 predshard $1 2048 2 primary:/dev/a:0 replica:${2:-/dev/b}:0"; }
image() { md5sum </dev/$1; }
refused() { # refused PATTERN DEVICE TABLE: that, and DEVICE is as before
	local before
	before=$(image "$2")
	log_mark
	echo "$3" >table
	if dmsetup create vol <table 2>/dev/null; then fail "taken: $3"; fi
	log_has "$1" || fail "not said: $1: $(dmesg | tail -n 3)"
	[ "$(image "$2")" = "$before" ] || fail "$2 was written"
}
mkfs.ext4 -q /dev/meta
refused 'holds something that is not predshard' meta "$(table /dev/meta)"
dd if=/dev/zero of=/dev/meta bs=1M count=16 oflag=direct 2>/dev/null
nullb big 2097152 memory_backed=0
refused 'has 2048 sectors, expected at least' small "0 4294967296 predshard /dev/small 128 1 primary:/dev/big:0"
dm_create vol <<EOT
$(table /dev/meta)
EOT
filled vol
echo "0 28672 predshard /dev/meta 2048 1 primary:/dev/other:0" >line
log_mark
if dmsetup create second <line 2>/dev/null; then fail "one metadata device in two volumes"; fi
log_has 'in use by another volume' || fail "not said why"
dmsetup remove vol
refused 'segment size is 4096 sectors, expected 2048' meta "0 28672 predshard /dev/meta 4096 2 primary:/dev/a:0 replica:/dev/b:0"
refused 'is member 1 of this volume' meta "0 28672 predshard /dev/meta 2048 2 primary:/dev/b:0 replica:/dev/a:0"
refused 'is member 1 of another volume' b "$(table /dev/other)"
# a superblock with a bad bit is no superblock: the other one counts, with both bad nothing does
dd if=/dev/meta of=head bs=4k count=2 iflag=direct 2>/dev/null
printf 'x' | dd of=/dev/meta bs=1 seek=100 conv=notrunc 2>/dev/null
printf 'x' | dd of=/dev/meta bs=1 seek=4300 conv=notrunc 2>/dev/null
refused 'both superblocks are damaged' meta "$(table /dev/meta)"
dd if=head of=/dev/meta bs=4k count=2 oflag=direct conv=notrunc 2>/dev/null
dm_create vol <<EOT
$(table /dev/meta)
EOT
stat_is vol copies_left_segments 0 || fail "$(dmsetup status vol)"
