# SPDX-License-Identifier: GPL-2.0
# Access patterns nobody thought of would break the volume: requests of a
# recorded virtual machine, with copies that come and go.
# files: ../shared/data/traces/cloudphysics_vm.csv
[ -r /with/cloudphysics_vm.csv ] || skip "the trace is not here"
nullb meta 16
nullb a 32
nullb b 32
nullb c 32
dm_create vol <<EOT
0 65536 predshard /dev/meta 512 3 primary:/dev/a:0 replica:/dev/b:0 replica:/dev/c:0
EOT
fill_fast vol
load_begin stamp /dev/mapper/vol trace=/with/cloudphysics_vm.csv ops=5000 writers=4 readers=1 max=128 flush=200 passes=2
for round in 1 2 3; do
	message vol resync $((1 + round % 2))
	filled vol
done
wait $LOAD || fail "$(cat load.log)"
log "$(cat load.log)"
identical /dev/a /dev/b /dev/c
