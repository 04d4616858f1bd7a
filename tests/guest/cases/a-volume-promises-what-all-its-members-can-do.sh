# SPDX-License-Identifier: GPL-2.0
# A file system would send what a member refuses, or an fsync nowhere: sector
# size, discard, write cache and read-only follow from the members.
nullb meta 16
nullb a 16 discard=1
nullb b 16 discard=1
nullb big 16 blocksize=4096 discard=1
nullb plain 16
nullb cached 16 cache_size=16 discard=1
line="0 32768 predshard /dev/meta 2048"
dm_create vol <<EOT
$line 1 primary:/dev/a:0
EOT
limit() { cat "$(sysfs_of vol)/../queue/$1"; }
expect() { # expect FILE VALUE WHEN
	[ "$(limit "$1")" = "$2" ] || fail "$3: $1 is $(limit "$1"), expected $2"
}
discards() { if [ "$(limit discard_max_bytes)" = 0 ]; then echo no; else echo yes; fi; }
reload() { swap vol "$line $*"; }
expect logical_block_size 512 alone
[ "$(discards)" = yes ] || fail "no discard"
reload 2 primary:/dev/a:0 replica:/dev/b:0 1 no_discard
[ "$(discards)" = no ] || fail "discard in spite of no_discard"
! blkdiscard /dev/mapper/vol 2>/dev/null || fail "discarded in spite of no_discard"
reload 2 primary:/dev/a:0 replica:/dev/plain:0
[ "$(discards)" = no ] || fail "discard though a member has none"
reload 2 primary:/dev/a:0 replica:/dev/cached:0
expect write_cache "write back" "a member with a cache"
[ "$(discards)" = yes ] || fail "no discard again"
reload 2 primary:/dev/a:0 replica:/dev/big:0
expect logical_block_size 4096 "a member of 4 KiB blocks"
filled vol
! dd if=/dev/mapper/vol of=/dev/null bs=512 count=1 iflag=direct 2>/dev/null || fail "512 bytes were read"
stamp /dev/mapper/vol span=800 unit=8 max=64 ops=100 writers=2
identical /dev/a /dev/big
dmsetup remove vol
# read-only: nothing is written, copies are not filled
dd if=/dev/urandom of=/dev/a bs=1M count=16 oflag=direct 2>/dev/null
echo "$line 2 primary:/dev/a:0 replica:/dev/b:0" | dmsetup create --readonly vol
[ "$(blockdev --getro /dev/mapper/vol)" = 1 ] || fail "not read-only"
! dd if=/dev/zero of=/dev/mapper/vol bs=4k count=1 oflag=direct 2>/dev/null || fail "written"
same /dev/mapper/vol /dev/a
! message vol resync 1 2>/dev/null || fail "an order that writes was taken"
same /dev/mapper/vol /dev/a
stat_is vol m1.writes 0 && stat_is vol m1.insync_segments 0 || fail "$(dmsetup status vol)"
dmsetup remove vol
# and can be made writable
echo "$line 2 primary:/dev/a:0 replica:/dev/b:0" | dmsetup create --readonly vol
reload 2 primary:/dev/a:0 replica:/dev/b:0
filled vol
identical /dev/a /dev/b
