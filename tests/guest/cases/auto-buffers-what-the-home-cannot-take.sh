# SPDX-License-Identifier: GPL-2.0
# A peak would meet a home that cannot take it, or a volume that only advises
# would change: in manual nothing is decided, in advise it is said with its reason
# and nothing else happens, in auto the buffer goes on, off when it is quiet again
# and the dwell is over, and what it holds comes home; and that stays so over a
# suspend and a reload.
# timeout: 400
nullb meta 16
nullb a 32
nullb log 64
offset=0
shift_clock() { # shift_clock SECONDS; the end of the case takes it back
	date -s "@$(($(date +%s) + $1))" >/dev/null
	offset=$((offset + $1))
}
on_exit 'shift_clock $((-offset))'
# No hour ends while this runs: what is forecast is another case's. Before there is
# a volume: one that sees the clock go back waits until it is there again.
shift_clock $(((3900 - $(date +%s) % 3600) % 3600))
table="0 65536 predshard /dev/meta 2048 2 primary:/dev/a:0 buffer:/dev/log:0"
dm_create vol <<EOT
$table
EOT
dmsetup mknodes
dir=$(sysfs_of vol)
decided() { grep -qE "$1" "$dir/decisions"; }
decides() { # decides REGEX: within four ticks, on a busy host
	wait_until 120 decided "$1" || fail "not decided: $1 in: $(cat "$dir/decisions"), $(stat_of vol writes) writes, $(cat "$dir/forecast/cost_ns" load.log)"
}
sampled() { awk '$1 == "sample" { print $2 }' "$dir/forecast/cost_ns"; }
seconds_pass() { # seconds_pass N: of the predictor
	local want
	want=$(($(sampled) + $1))
	wait_until 120 past "$want" || fail "it does not tick"
}
past() { [ "$(sampled)" -ge "$1" ]; }

knob vol home_writes_most 20
load_begin fio --name=load --filename=/dev/mapper/vol --direct=1 --rw=randwrite --bs=4k --rate_iops=100 --time_based --runtime=150
seconds_pass 25
[ -z "$(cat "$dir/decisions")" ] || fail "manual decides: $(cat "$dir/decisions")"

message vol mode advise
decides '^[0-9]+ advised buffer on.*the line is 16/s'
seconds_pass 12
stat_is vol write_mode home || fail "advise has switched: $(dmsetup status vol)"
stat_is vol buffered_sectors 0 || fail "advise has buffered: $(dmsetup status vol)"
[ "$(grep -c 'advised buffer on' "$dir/decisions")" = 1 ] || fail "said again and again: $(cat "$dir/decisions")"

knob vol mode auto
decides '^[0-9]+ done buffer on'
stat_becomes 5 vol write_mode buffer
stat_exceeds 20 vol buffered_sectors 0
load_alive
kill -TERM "$LOAD"
wait "$LOAD" || true

# Quiet, but held by the dwell; then off, and home.
swap vol "$table"
seconds_pass 25
stat_is vol write_mode buffer || fail "it flaps: $(cat "$dir/decisions")"
shift_clock 1860
decides '^[0-9]+ done buffer off.*no peak ahead'
stat_becomes 5 vol write_mode home
decides '^[0-9]+ done merge'
stat_becomes 60 vol buffered_sectors 0

# The same by message; and in manual it is over.
said=$(dmsetup message vol 0 decisions)
[ "$said" = "$(cat "$dir/decisions")" ] || fail "the message says: $said"
message vol mode manual
seconds_pass 12
[ "$(cat "$dir/decisions")" = "$said" ] || fail "manual decides: $(cat "$dir/decisions")"
log "$said"
identical /dev/mapper/vol /dev/a || fail "the primary has not got all of it"
