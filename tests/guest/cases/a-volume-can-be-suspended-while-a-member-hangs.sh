# SPDX-License-Identifier: GPL-2.0
# A reload that is to take out a dead replica, or a snapshot, would stop all
# I/O until that replica answers.
# timeout: 60
nullb meta 16
nullb a 8
nullb b 8
dm_linear stuck /dev/b
dm_create vol <<EOT
0 16384 predshard /dev/meta 256 2 primary:/dev/a:0 replica:/dev/mapper/stuck:0
EOT
filled vol
impatient vol
on_exit 'dmq resume stuck'
load_begin stamp /dev/mapper/vol span=2000 writers=3 readers=0 ops=130000 pause=500
stat_exceeds 20 vol writes 200
dmq suspend stuck
stat_becomes 20 vol m1.state failed
timeout 10 /tools/bin/dmsetup suspend vol || fail "suspend waits for the dead replica: $(dmsetup status vol)"
timeout 10 /tools/bin/dmsetup resume vol || fail "resume waits for the dead replica"
load_alive
# a table without the member: taken or refused, but I/O goes on
if echo "0 16384 predshard /dev/meta 256 1 primary:/dev/a:0" | dmsetup load vol 2>/dev/null; then
	timeout 10 /tools/bin/dmsetup resume vol || log "refused"
fi
stat_exceeds 20 vol writes "$(stat_of vol writes)"
dmq resume stuck
load_end
stat_becomes 20 vol m1.late 0
swap vol "0 16384 predshard /dev/meta 256 1 primary:/dev/a:0"
same /dev/mapper/vol /dev/a
