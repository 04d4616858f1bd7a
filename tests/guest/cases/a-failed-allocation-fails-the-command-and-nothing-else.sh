# SPDX-License-Identifier: GPL-2.0
# An admin's command under memory shortage would crash the kernel, leak, or
# leave half a volume: each allocation of load, resume and messages fails once.
# kernels: debug
# modules: loop
# timeout: 180
# null_blk counts its own injected timeouts as allocations; a loop device does its
# work elsewhere
for name in meta a b c meta2 log; do
	truncate -s 4M "$name.img"
	device=$(losetup -f --show "$name.img")
	on_exit "losetup -d $device; rm /dev/$name"
	ln -s "$device" "/dev/$name"
done
# only what is called from the module, by address
start=$(cat /sys/module/dm_predshard/sections/.text)
size=$(awk '$1 == "dm_predshard" { print $2 }' /proc/modules)
for kind in failslab fail_page_alloc; do
	inject=/sys/kernel/debug/$kind
	echo "$start" >$inject/require-start
	printf '0x%x' $((start + size)) >$inject/require-end
	echo 32 >$inject/stacktrace-depth
	echo N >$inject/ignore-gfp-wait
	echo 0 >$inject/verbose
	if [ -e $inject/min-order ]; then echo 0 >$inject/min-order; fi
done
# every_allocation COMMAND...: run it with the 1st, 2nd, ... allocation failing
# until it succeeds three times in a row; $UNDO undoes that
every_allocation() {
	local n=0 good=0
	while [ $good -lt 3 ]; do
		n=$((n + 1))
		[ $n -lt 400 ] || fail "never succeeds: $*"
		if sh -c "echo $n >/proc/self/fail-nth; exec dmq $*" >/dev/null 2>err; then
			good=$((good + 1))
			eval "$UNDO"
		else
			good=0
			grep -q 'Cannot allocate memory' err || fail "allocation $n of $*: $(cat err)"
		fi
	done
	log "$n allocations: $*"
}
two="0 8192 predshard /dev/meta 256 2 primary:/dev/a:0 replica:/dev/b:0"
three="0 8192 predshard /dev/meta 256 3 primary:/dev/a:0 replica:/dev/b:0 replica:/dev/c:0"
dmsetup create vol --notable
on_exit 'dmsetup remove --retry vol'
UNDO='dmq clear vol'
every_allocation load vol "'$two'"
[ "$(cat /sys/module/dm_predshard/refcnt)" = 0 ] || fail "a reference is left"
dmq load vol "$two"
UNDO=
every_allocation resume vol
dmq resume vol
dmsetup mknodes vol
filled vol
random_data /dev/mapper/vol
identical /dev/a /dev/b
UNDO='dmq clear vol'
every_allocation load vol "'$three'"
dmq load vol "$three"
UNDO=
every_allocation resume vol
dmq resume vol
every_allocation message vol add_copy 2 0 3
every_allocation message vol drop_copy 2 1 1
every_allocation message vol resync 1
every_allocation message vol fail 2
every_allocation message vol return 2
filled vol
same /dev/mapper/vol /dev/a
same /dev/a /dev/b
# and with a write buffer
buffered="0 8192 predshard /dev/meta2 256 2 primary:/dev/c:0 buffer:/dev/log:0"
dmsetup remove vol
dmsetup create vol --notable
UNDO='dmq clear vol'
every_allocation load vol "'$buffered'"
dmq load vol "$buffered"
UNDO='dmsetup remove vol; dmsetup create vol --notable; dmq load vol "$buffered"'
every_allocation resume vol
dmq resume vol
UNDO=
every_allocation message vol write_mode buffer
dmsetup mknodes vol
random_data /dev/mapper/vol
every_allocation message vol merge start
every_allocation message vol write_mode home
stat_becomes 20 vol buffered_sectors 0
same /dev/mapper/vol /dev/c
