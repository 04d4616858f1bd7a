# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Sourced by the host side of the guest tests: how a guest is put together and
# started.  Decides the emulator, its flags and what is in the initramfs;
# knows nothing of cases and verdicts.

# shellcheck source=scripts/cache.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/cache.sh"

GUEST=$REPO/tests/guest
export GUEST_TOOLS=$REPO/build/guest-tools

# prepare KERNEL...: everything a boot needs that is slow to make, once.
prepare() {
	local kernel
	"$REPO/scripts/kernels" qemu-10 qemu-7.2 6.12 "$@"
	make -s -C "$GUEST/tools"
	TOOLS_IMAGE=$("$GUEST/images" tools)
	for kernel; do "$GUEST/images" modules "$kernel" >/dev/null; done
	mkdir -p "$REPO/build/guest"
}

# kvm or tcg.  Some hosts offer a /dev/kvm that boots no stock kernel: believe
# one that did, and remember the verdict until this host boots again.
accelerator() {
	local verdict
	verdict=$CACHE/kvm-$(cat /proc/sys/kernel/random/boot_id)
	if [ ! -e "$verdict" ]; then
		rm -f "$CACHE"/kvm-*
		if kvm_boots; then echo kvm; else echo tcg; fi >"$verdict"
	fi
	cat "$verdict"
}

kvm_boots() {
	local dir status=0
	[ -w /dev/kvm ] || return 1
	dir=$(mktemp -d)
	: >"$dir/plan"
	echo probe >"$dir/nonce"
	make_initramfs 6.12 "$dir" "$dir/initramfs"
	ACCELERATOR=kvm qemu_command 6.12 normal 1024 "$dir"
	timeout -k 1 20 "${QEMU[@]}" </dev/null 2>/dev/null | grep -q '@probe done' || status=1
	rm -rf "$dir"
	return $status
}

# Modules the guest needs before it can mount the disk that holds all others.
early_modules() { # early_modules KERNEL
	modprobe -d "$CACHE/$1/root" -S "$(cat "$CACHE/$1/release")" \
		--show-depends -a virtio_pci virtio_blk ext4 |
		awk '$1 == "insmod" && !seen[$2]++ { print $2 }'
}

# make_initramfs KERNEL FOLDER OUT: FOLDER holds plan, nonce and whatever else
# this boot is about; the rest is added to it.
make_initramfs() {
	local dir=$2 path
	mkdir -p "$dir/bin" "$dir/boot" "$dir/lib/predshard" "$dir/lib/modules" "$dir/lib64" \
		"$dir/usr/bin" "$dir/dev"
	cp /bin/busybox "$GUEST_TOOLS"/* "$dir/bin/"
	cp "$GUEST/init" "$dir/init"
	cp "$GUEST/lib.sh" "$GUEST/case" "$dir/lib/predshard/"
	for path in "$REPO/build/$(cat "$CACHE/$1/release")"/*.ko; do
		if [ -e "$path" ]; then cp "$path" "$dir/lib/predshard/"; fi
	done
	early_modules "$1" | while read -r path; do
		cp "$path" "$dir/boot/"
		basename "$path"
	done >"$dir/boot/modules.list"
	ln -sfn /tools/lib "$dir/lib/x86_64-linux-gnu"
	ln -sfn /tools/lib/ld-linux-x86-64.so.2 "$dir/lib64/ld-linux-x86-64.so.2"
	(cd "$dir" && find . -path "./${3##*/}" -prune -o -print | cpio -o -H newc --quiet) >"$3"
}

# Warp mode: one CPU whose clock counts instructions and skips idle time, and
# nothing from outside: a fixed date (a Monday) and a fixed seed.  Without erms
# and fsrm a copied page counts as 512 instructions, not 4096.  Without cx16
# because QEMU 7.2 gets the flags wrong after cmpxchg16b, which crashes 6.12
# (6 of 12 boots; 0 of 13 without it).
WARP=(-accel tcg -icount "shift=0,sleep=off" -smp 1 -cpu "max,-la57,-erms,-fsrm,-cx16"
	-rtc "base=2026-01-05T00:00:00,clock=vm" -seed 1)

# Everywhere without la57: an interrupt that meets the kernel while it identifies
# its CPU finds 5-level paging forgotten, which KASAN takes for wild accesses.

# qemu_command KERNEL MODE MEMORY_MB FOLDER [KERNEL_ARGUMENTS]: sets QEMU.
# FOLDER has the initramfs and an optional "out" disk; "console" is written.
# Standard input and output of the emulator are the guest's second serial port.
qemu_command() {
	local home=$CACHE/qemu-10/root how
	if [ "$2" = warp ]; then
		home=$CACHE/qemu-7.2/root
		how=("${WARP[@]}")
	elif [ "$ACCELERATOR" = kvm ]; then
		how=(-accel kvm -smp 2 -cpu host)
	else
		how=(-accel "tcg,thread=multi" -smp 2 -cpu "max,-la57")
	fi
	QEMU=("$home/usr/bin/qemu-system-x86_64" -L "$home/usr/share/seabios" -L "$home/usr/share/qemu"
		"${how[@]}" -m "$3" -nodefaults -display none -no-reboot
		-kernel "$CACHE/$1/vmlinuz" -initrd "$4/initramfs"
		-append "console=ttyS0 printk.devkmsg=on panic=-1 oops=panic nokaslr mitigations=off kasan_multi_shot mode=$2 ${5:-}"
		-serial "file:$4/console" -chardev "stdio,id=verdict,signal=off" -serial chardev:verdict)
	attach "$TOOLS_IMAGE" readonly=on
	attach "$CACHE/$1/modules.img" readonly=on
	if [ -e "$4/out" ]; then attach "$4/out" cache=unsafe; fi
}

attach() { # attach IMAGE OPTION: the guest sees /dev/vda, vdb, vdc in this order
	QEMU+=(-drive "if=none,id=disk${#QEMU[@]},format=raw,file=$1,$2"
		-device "virtio-blk-pci,drive=disk${#QEMU[@]}")
}
