# SPDX-License-Identifier: GPL-2.0
# The demo's story, told in a booted kernel: one volume over four members in two zones, a real file system on it, reads
# from all copies, a replica and then the primary lost under verified reads and writes, both returned with only what they
# missed, and a restart that copies nothing. Every step checks what it says and the demo fails if it is not so.
# timeout: 400
# allow-log: .*(I/O error|predshard|Buffer I/O).*

requires fio mkfs.ext4

MB=96                    # size of the volume
SECTORS=$((MB * 2048))
DISK=$((SECTORS + 2048)) # of a member: one MiB more, for its superblock
STEP=0

step() {
	STEP=$((STEP + 1))
	printf '\n=== %d. %s\n' $STEP "$*"
}

say() { printf '    %s\n' "$*"; }

# shown COMMAND...: print it as a prompt would, then run it
shown() {
	printf '  # %s\n' "$*"
	"$@" | fold -s -w 116 | sed 's/^/    /'
}

status() { dmsetup status vol | tr ' ' '\n' | sed -n "s/^$1=//p"; }
in_sync() { [ "$(status copies_left_segments)" = 0 ]; }

# A member is a dm-linear over a simulated SSD (8 ms a request, 8 at a time), so that it
# can be taken away while in use.
member() {
	nullb "disk-$1" $((MB + 1)) irqmode=2 completion_nsec=8000000 hw_queue_depth=8 memory_backed=1
	dm_linear "$1" "/dev/disk-$1"
}

unplug() {
	echo "0 $DISK error" | dmsetup load "$1"
	dmsetup suspend --noflush --nolockfs "$1"
	dmsetup resume "$1"
}

plug() {
	echo "0 $DISK linear /dev/disk-$1 0" | dmsetup load "$1"
	dmsetup suspend --noflush --nolockfs "$1"
	dmsetup resume "$1"
}

create_volume() {
	dmsetup create --noudevsync vol <<TABLE
0 $SECTORS predshard /dev/meta 2048 4 primary:/dev/mapper/east-1:0:east replica:/dev/mapper/east-2:0:east replica:/dev/mapper/west-1:0:west replica:/dev/mapper/west-2:0:west
TABLE
	dmsetup mknodes
	patient vol # on a busy host an emulated disk can be still for seconds
}

# Files are read, written and read back; it ends by itself, with an error if anything is not as it was written.
load_begins() {
	fio --name=load --directory=/mnt --size=8M --numjobs=2 --rw=randrw --bs=4k --iodepth=16 --ioengine=libaio --direct=1 \
		--verify=crc32c --verify_backlog=64 --fsync=64 --time_based --runtime=12 >load.log 2>&1 &
	load=$!
	sleep 2
}

load_ended_well() { wait $load || { cat load.log; fail "the load saw an error"; }; }

# Nobody wrote for a while, so no segment's copies may differ.
no_intent() { [ "$(status intent_segments)" = 0 ]; }

is_failed() { [ "$(status "m$1.state")" = failed ]; }

iops() { sed -n 's/.*IOPS=\([0-9.k]*\).*/\1/p' "$1" | head -n 1; }

read_test() { # read_test LABEL: reads from whatever copies there are
	fio --name=r --filename=/dev/mapper/vol --rw=randread --bs=4k --iodepth=64 --ioengine=libaio \
		--direct=1 --time_based --runtime=3 >fio.log 2>&1 || fail "fio: $(cat fio.log)"
	printf '    %-28s %8s reads/s\n' "$1" "$(iops fio.log)"
}

step "Four members in two zones, and a metadata device"
nullb meta 16
for m in east-1 east-2 west-1 west-2; do member $m; done
say "east-1 (primary), east-2, west-1, west-2: $((MB + 1)) MiB each, 8 ms per request, 8 requests at a time"

step "One volume over them"
create_volume
on_exit '[ ! -e /dev/mapper/vol ] || dmsetup remove --noudevsync --retry vol'
shown dmsetup table vol
shown dmsetup status vol

step "A file system with real files, while the copies are being filled"
shown mkfs.ext4 -q -F /dev/mapper/vol
mkdir -p /mnt
mount /dev/mapper/vol /mnt
on_exit 'umount /mnt'
(cd /tools/tree && find . -type f | head -n 2500 | cpio -o -H newc 2>/dev/null) | (cd /mnt && cpio -id 2>/dev/null)
sync
(cd /mnt && find . -type f -exec md5sum {} +) | sort -k 2 >before
say "$(wc -l <before) files, $(du -sm /mnt | cut -f 1) MB copied and checksummed"
wait_until 60 in_sync || fail "copies are not in sync: $(dmsetup status vol)"
say "all copies are in sync: $(status m0.insync_segments) segments on each of four members"

step "Reads come from all copies at once"
for m in 1 2 3; do dmsetup message vol 0 drop_copy $m 0 "$(status segments)"; done
read_test "1 copy"
for m in 1 2 3; do
	dmsetup message vol 0 add_copy $m 0 "$(status segments)"
	wait_until 60 in_sync || fail "copy $m was not filled"
	read_test "$((m + 1)) copies"
done

step "A replica (west-1) dies under read and write load, and comes back"
wait_until 90 no_intent || fail "intent stays: $(dmsetup status vol)"
copied=$(status m2.copied_sectors)
load_begins
unplug west-1
wait_until 20 is_failed 2 || fail "west-1 was not found failed: $(dmsetup status vol)"
say "west-1 unplugged: member 2 is $(status m2.state), the volume is $(status state)"
plug west-1
dmsetup message vol 0 return 2
say "west-1 plugged in again: member 2 is $(status m2.state), and gets what it missed"
load_ended_well
wait_until 60 in_sync || fail "west-1 did not come back in sync"
say "load finished without an error ($(iops load.log) verified reads/s); all copies are in sync again"
missed=$((($(status m2.copied_sectors) - copied) / 2048))
if [ $missed = 0 ] || [ $missed -ge $MB ]; then fail "$missed MiB were copied to west-1"; fi
say "$missed of $MB MiB were copied to west-1: what it missed, and what was written meanwhile"

step "The primary (east-1) dies under read and write load, and comes back"
wait_until 90 no_intent || fail "intent stays: $(dmsetup status vol)"
copied=$(status m0.copied_sectors)
load_begins
unplug east-1
wait_until 20 is_failed 0 || fail "east-1 was not found failed: $(dmsetup status vol)"
say "east-1 unplugged: member 0 is $(status m0.state), the volume is $(status state)"
writes=$(status writes)
load_ended_well
[ "$(status writes)" -gt "$writes" ] || fail "no write was done without the primary"
is_failed 0 || fail "east-1 came back by itself"
say "load finished without an error ($(iops load.log) verified reads/s), $(($(status writes) - writes)) writes without the primary"
plug east-1
dmsetup message vol 0 return 0
wait_until 60 in_sync || fail "east-1 did not come back in sync"
[ "$(status state)" = ok ] || fail "the volume is $(status state)"
missed=$((($(status m0.copied_sectors) - copied) / 2048))
if [ $missed = 0 ] || [ $missed -ge $((MB / 2)) ]; then fail "$missed MiB were copied to east-1"; fi
say "east-1 plugged in again: $missed of $MB MiB were copied to it, the rest was not written meanwhile"

step "What it all came to"
[ "$(status read_errors) $(status write_errors)" = "0 0" ] || fail "errors: $(dmsetup status vol)"
say "read errors seen by the user: $(status read_errors), write errors: $(status write_errors)"
printf '\n    %-8s %-8s %-8s %10s %10s %12s %12s\n' member role zone 'MB read' 'MB written' 'MB copied to' 'read p99 us'
for m in 0 1 2 3; do
	printf '    m%-7s %-8s %-8s %10s %10s %12s %12s\n' $m "$(status m$m.role)" "$(status m$m.zone)" \
		$(($(status m$m.read_sectors) / 2048)) $(($(status m$m.write_sectors) / 2048)) \
		$(($(status m$m.copied_sectors) / 2048)) "$(status m$m.read_p99_us)"
done

step "The volume is removed and created again"
umount /mnt
dmsetup remove --noudevsync --retry vol
create_volume
in_sync || fail "something must be copied: $(dmsetup status vol)"
say "at once: the volume is $(status state), copies_left_segments=$(status copies_left_segments)," \
	"intent_segments=$(status intent_segments)"
for m in east-2 west-1 west-2; do same /dev/disk-east-1 /dev/disk-$m $SECTORS || fail "$m differs from the primary"; done
for m in 0 1 2 3; do [ "$(status m$m.copied_sectors)" = 0 ] || fail "something was copied to member $m"; done
say "nothing was copied, and all four members are identical, byte by byte"
mkdir -p /mnt
mount /dev/mapper/vol /mnt
(cd /mnt && find . -type f ! -name 'load.*' -exec md5sum {} +) | sort -k 2 >after
cmp before after || fail "files differ"
say "every file has its checksum"
