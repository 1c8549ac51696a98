#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The kernel's own YNL client with our specification: what another language, or
# somebody who has never heard of libims, sees of the family.
. "$IMS_TOP/tests/vm/guest.sh"

# tests/run looks for it: see tests/vm/ynl-source.
source=${IMS_KERNEL_SOURCE:-}
[[ -n $source ]] || {
	echo "1..1"
	echo "ok 1 - the kernel's YNL client # SKIP the package linux-source-6.12 is not installed"
	exit 0
}
# Laid out as in the kernel's tree, where everybody can read it.
tree=/tmp/ynl
mkdir -p $tree/Documentation/netlink/specs $tree/tools/net $tree/bin
cp -r "$source/tools/net/ynl" $tree/tools/net/
cp "$source"/Documentation/netlink/genetlink*.yaml $tree/Documentation/netlink/
cp "$IMS_TOP/include/uapi/linux/ims.yaml" $tree/Documentation/netlink/specs/
# Debian's own interpreter has the packages that the client needs.
cat >$tree/bin/ynl <<END
#!/bin/sh
exec /usr/bin/python3 -B $tree/tools/net/ynl/cli.py --output-json \
	--spec $tree/Documentation/netlink/specs/ims.yaml "\$@"
END
cp "$IMS_TOP/tests/vm/ynltool.py" $tree/bin/
chmod -R a+rX $tree && chmod a+x $tree/bin/*
PATH=$PATH:$tree/bin
nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all)

load && make_wq "$IMS_WQ0" && open_wq a "$IMS_WQ0" || exit
gives "vectors are bound" 0 "^ok$" ask a bind 0 5
wq="\"device-name\": \"$IMS_WQ0\""

# The command line itself, unchanged.
gives "it accepts the specification, and lists its operations" 0 \
	"vector-set.*trigger.*stats-reset" ynl --list-ops
gives "it dumps" 0 "\"name\": \"$IMS_WQ0\", \"uuid\": \"$IMS_WQ0\"" ynl --dump device-get
gives "it changes" 0 "^null$" \
	ynl --do vector-set --json "{$wq, \"index\": 2, \"cookie\": 81985529216486895, \"cookie-mode\": \"now\"}"
gives "it shows the kernel's reason" 1 "vector 7 has no trigger" \
	ynl --do trigger --json "{$wq, \"index\": 7}"

# The same by its library.
# start_tool COMMAND...: its descriptors again, under numbers that subshells keep
start_tool() {
	local in out
	coproc tool { exec "$@" /usr/bin/python3 -B $tree/bin/ynltool.py $tree; }
	in=${tool[1]} out=${tool[0]}
	exec {tool_in}>&"$in" {tool_out}<&"$out" {in}>&- {out}<&-
}
end_tool() {
	local pid=$tool_PID
	exec {tool_in}>&- {tool_out}<&-
	wait "$pid"
}
tell() {
	local line
	echo "$*" >&$tool_in && read -r line <&$tool_out && echo "$line"
}
start_tool env
gives "listens" 0 "^ok$" tell subscribe events
gives "stores" 0 "^\[\{\"id\": [0-9]+, \"name\": \"$(edu_address)\", \"driver\": \"ims_edu\", .*\"size\": 256, .*\"used\": 4, " \
	tell dump store-get
gives "devices" 0 "\"vectors\": 32, \"live\": 5, \"held\": 0, \"emulated\": 1, \"slots\": 4" tell dump device-get
gives "vectors" 0 "\"backing\": \"emulated\".*\"backing\": \"ims\"" tell dump vector-get
gives "filtered by the kernel" 0 "^\[\{[^}]*\"index\": 0,[^}]*\}\]$" \
	tell dump vector-get "{$wq, \"backing\": \"emulated\"}"
gives "absent ones when they are asked for" 0 "^\[\{[^}]*\"index\": 5,.*\"index\": 31, \"state\": \"absent\"\}\]$" \
	tell dump vector-get "{$wq, \"state\": \"absent\"}"
gives "the cookie, in hexadecimal as the specification hints" 0 \
	"\"cookie\": \"0x123456789abcdef\", \"cookie-own\"" tell do vector-get "{$wq, \"index\": 2}"
gives "a list is triggered" 0 "^null$" tell do trigger "{$wq, \"list\": [1, 3]}"
for v in 1 3; do gives "vector $v was signalled" 0 "^eventfd 1$" ask a take $v; done
gives "vector 2 was not" 0 "^eventfd 0$" ask a take 2
gives "validate-only: refused as it would be" 0 "^error:.*slots are in use, more than the limit" \
	tell do device-set "{\"name\": \"$IMS_WQ0\", \"limit\": 1, \"validate-only\": true}"
gives "validate-only: accepted" 0 "^null$" \
	tell do device-set "{\"name\": \"$IMS_WQ0\", \"limit\": 9, \"validate-only\": true}"
gives "and nothing has changed" 0 "\"limit\": 33," tell do device-get "{\"name\": \"$IMS_WQ0\"}"
gives "a limit is set" 0 "^null$" tell do device-set "{\"name\": \"$IMS_WQ0\", \"limit\": 20}"
gives "a vector is unbound" 0 "^ok$" ask a unbind 4 1
gives "both were told, in order" 0 \
	"^\[\[\"device-change-ntf\", .*\"limit\": 20,.*\], \[\"vector-change-ntf\", .*\"index\": 4, \"state\": \"idle\"" \
	tell events
end_tool

# And by nobody.
start_tool "${nobody[@]}"
gives "nobody may list" 0 "$IMS_WQ0" tell dump device-get
# An answer without the word, and not an error or none.
without_cookie() {
	local answer
	answer=$(tell "$@")
	echo "$answer"
	[[ $answer == *"$IMS_WQ0"* && $answer != *cookie* ]]
}
check "but sees no default cookie" without_cookie dump device-get
check "nor others" without_cookie dump vector-get
gives "nor may change anything" 0 "^error:.*this needs CAP_SYS_ADMIN" tell do trigger "{$wq, \"index\": 1}"
gives "nor listen" 0 "^error:.*not permitted" tell subscribe events
end_tool

close_wq a
drop_wq "$IMS_WQ0" && unload || exit
finish
