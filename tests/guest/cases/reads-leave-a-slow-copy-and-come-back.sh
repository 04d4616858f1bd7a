# SPDX-License-Identifier: GPL-2.0
# Readers would suffer from the slowest copy, or one that recovered would idle
# for ever: the shares of reads of three copies over time.
# kernels: 6.1 6.12
# timeout: 100
requires fio
nullb meta 16
nullb a 16 irqmode=2 completion_nsec=500000
nullb b 16 irqmode=2 completion_nsec=500000
nullb c 16 irqmode=2 completion_nsec=500000
dm_delay slow /dev/b 0
delay() { swap slow "0 32768 delay /dev/b 0 $1 /dev/b 0 0"; }
dm_create vol <<EOT
0 32768 predshard /dev/meta 2048 3 primary:/dev/a:0 replica:/dev/mapper/slow:0 replica:/dev/c:0
EOT
filled vol
# percent of the next 200 reads that each member gets
shares() {
	local all=$(stat_of vol reads) before
	before=$(for i in 0 1 2; do stat_of vol m$i.reads; done | xargs)
	until [ "$(stat_of vol reads)" -ge $((all + 200)) ]; do :; done
	for i in 0 1 2; do
		echo $((($(stat_of vol m$i.reads) - ${before%% *}) * 100 / ($(stat_of vol reads) - all)))
		before=${before#* }
	done | tee shares
}
all_above() { shares | awk -v p="$1" '$1 < p { exit 1 }'; }
slow_below() { shares | sed -n 2p | awk -v p="$1" '$1 >= p { exit 1 }'; }
load_begin fio --thread --name=r --filename=/dev/mapper/vol --rw=randread --bs=4k --direct=1 --ioengine=libaio \
	--iodepth=12 --time_based --runtime=90
wait_until 20 all_above 10 || fail "shares of three equal members: $(xargs <shares)"
delay 50
wait_until 10 slow_below 5 || fail "shares after 10 s with a slow member 1: $(xargs <shares)"
delay 0
wait_until 20 all_above 10 || fail "shares 20 s after it recovered: $(xargs <shares)"
load_alive
