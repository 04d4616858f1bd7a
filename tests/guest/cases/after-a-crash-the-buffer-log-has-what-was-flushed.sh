# SPDX-License-Identifier: GPL-2.0
# A power cut would take back what fsync or O_DSYNC had promised while it was
# only in the buffer log, or on its way home.
# timeout: 120
# allow-log: I/O error|rescheduling|lost async page write|could not be
nullb meta 16
nullb a 32 cache_size=32
nullb log 64 cache_size=64
line="0 65536 predshard /dev/mapper/wmeta 256 2 primary:/dev/mapper/wa:0 buffer:/dev/mapper/wlog:0"
for round in 1 2 3 4; do
	for name in meta a log; do dm_linear w$name /dev/$name; done
	echo "$line" | dmsetup create vol
	on_exit dm_remove vol
	patient vol
	if [ $round -gt 1 ]; then
		stamp /dev/mapper/vol first=$((round * 4000 - 4000)) span=1500 check=must || fail "the volume lost what was flushed, round $round"
	fi
	message vol write_mode buffer
	if [ $round = 3 ]; then message vol write_mode home; fi
	stamp /dev/mapper/vol first=$((round * 4000)) span=1500 writers=3 readers=0 ops=80 max=200 zero=20 flush=10 dsync=10 seed=$round state=must
	if [ $round = 2 ]; then message vol write_mode home; sleep 0.3; fi
	# With the home gone first, nothing of the log can come home any more.
	if [ $((round % 2)) = 0 ]; then order="meta log a"; else order="a log meta"; fi
	for name in $order; do swap w$name "0 $(sectors /dev/$name) error"; done
	dmsetup remove vol
	for name in log a meta; do dmsetup remove w$name; done
	power_cut a log
done
for name in meta a log; do dm_linear w$name /dev/$name; done
echo "$line" | dmsetup create vol
on_exit dm_remove vol
patient vol
stamp /dev/mapper/vol first=16000 span=1500 check=must || fail "the volume lost what was flushed, at the end"
