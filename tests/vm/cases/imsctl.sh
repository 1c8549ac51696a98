#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# imsctl against the real kernel: what it shows, and each wrong call's exit
# status and text.
. "$IMS_TOP/tests/vm/guest.sh"

nobody() { setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all "$@"; }

# Before anything is loaded.
gives "no module: exit 5, and how to load it" 5 "imsctl: .*vfio_pci_ims" imsctl list
gives "no module: trigger, too" 5 "imsctl: .*vfio_pci_ims" imsctl trigger "$IMS_WQ0" 1
gives "no module: no half of a scrape: exit 5" 5 "^imsctl: [^#]*$" imsctl metrics
gives "doctor says what is missing: exit 1" 1 $'\nvfio_pci_ims +failed .*\nnetlink +failed .*\nvector-drops +unknown ' imsctl doctor --verbose
gives "help needs no module" 0 "list.*trigger" imsctl --help
gives "nor does the version" 0 "^imsctl [0-9]+\.[0-9]+\.[0-9]+" imsctl --version

load && make_wq "$IMS_WQ0" "$IMS_WQ1" || exit
gives "no device is open: an empty list" 0 "" imsctl list --noheadings
gives "and an empty array" 0 "^\[\]$" imsctl list --json

open_wq a "$IMS_WQ0" || exit
gives "vectors are bound" 0 "^ok$" ask a bind 0 5
gives "one gets a cookie of its own, then a slot" 0 "^ok$" ask a cookie 7 0xabcdef0123456789
gives "bound" 0 "^ok$" ask a bind 7 1

# How the kernel was built, this VM does not say, and that of tests/vm/debug does.
not_ok() { imsctl doctor | awk '!/^ +try: / && $2 != "ok" && $1 != "kernel-config" { print $1 }'; }
gives "doctor finds nothing wrong: exit 0" 0 $'\nremapping +ok .*\nstore-domain +ok .*\nvector-drops +ok ' imsctl doctor
gives "nothing else either" 0 "^$" not_ok

# Lists.
parent=$(edu_address)
gives "the device with its figures" 0 "$IMS_WQ0 +$(edu_address) +32 +6" imsctl list
gives "its vectors" 0 $'\n +1 +live +ims +[0-9]+ +[0-9]+' imsctl list "$IMS_WQ0"
gives "the emulated vector has neither slot nor IRQ" 0 $'\n +0 +live +emulated +- +-' imsctl list "$IMS_WQ0"
gives "a prefix will do" 0 $'\n +1 +live' imsctl list c0ff
gives "the cookie of vector 7" 0 "0xabcdef0123456789" imsctl list "$IMS_WQ0"
check "JSON has six vectors" bash -c "imsctl list $IMS_WQ0 --json | python3 -c 'import json,sys; sys.exit(len(json.load(sys.stdin)) != 6)'"

gives "the store by the side of its figures" 0 "$(edu_address) +ims_edu +[0-9]+ +[0-9]+ +5 " imsctl list --stores
gives "the parent's address names the only device" 0 $'\n +1 +live +ims' imsctl list "$(edu_address)"
gives "the vectors of all devices, with owners" 0 "$IMS_WQ0 +7 +live +ims .* [0-9]+/wqtool" imsctl list --vectors
gives "what is live is green on a terminal" 0 $'\e\[32mlive *\e\[0m' env TERM=xterm script -qc "imsctl list $IMS_WQ0" /dev/null
gives "unless nobody wants that" 0 "1 +live +ims" env TERM=xterm NO_COLOR=1 script -qc "imsctl list $IMS_WQ0" /dev/null
gives "short names on a terminal" 0 $'\n'"${IMS_WQ0:0:8} +${parent#0000:} " env COLUMNS=40 script -qc "imsctl list" /dev/null
gives "which are names" 0 $'\n +1 +live' imsctl list "${IMS_WQ0:0:4}..${IMS_WQ0: -2}"
gives "the address without its domain is one" 0 $'\n +1 +live' imsctl list "${parent#0000:}"
gives "and so is the number" 0 $'\n +1 +live' imsctl list "$(imsctl list c0ff --noheadings -o device_id | sort -u)"
gives "the most first" 0 "^3$" bash -c "imsctl list c0ff --sort vector --noheadings -o vector | sed -n 3p"
gives "sums by the process" 0 $'\nwqtool +1 +6 +6 ' imsctl list --by vm
gives "in a last line" 0 $'\ntotal +- +6 +6 ' imsctl list --by parent --total
gives "those of the parent" 0 "^$IMS_WQ0$" imsctl list --parent "${parent#0000:}" --noheadings -o name
gives "what is closed" 0 "^$IMS_WQ1 +$parent +ims_edu-" imsctl list --closed --noheadings
gives "by state" 0 "^26$" bash -c "imsctl list c0ff --state absent --noheadings | wc -l"
gives "by states" 0 "^32$" bash -c "imsctl list c0ff --state absent,idle,live --noheadings | wc -l"
gives "by backing" 0 "^0$" imsctl list c0ff --backing emulated --noheadings -o vector
gives "by cookie" 0 "^7$" imsctl list --vectors --cookie 0xabcdef0123456789 --noheadings -o vector
gives "by owner" 0 "^$IMS_WQ0$" imsctl list --owner wqtool --noheadings -o name
gives "by another: exit 3" 3 "^imsctl: no virtual device was opened by qemu-system-x86$" imsctl list --owner qemu-system-x86
gives "by the process that stands for a virtual machine" 0 "^$IMS_WQ0$" imsctl list --vm wqtool --noheadings -o name
gives "no virtual machine: the command" 0 "^vm  wqtool$" imsctl show c0ff -o vm
gives "with counts: none yet" 0 "" imsctl list --vectors --nonzero --noheadings

# One object.
gives "show the device" 0 $'\nparent +0000:.*\nlive +6\n.*\ngone +no' imsctl show "$IMS_WQ0"
gives "show a vector" 0 $'\nvector +7\nstate +live\n.*\ncookie +0xabcdef0123456789\n.*\nown_cookie +yes' imsctl show c0ff 7
gives "show one that was not used" 0 $'\nstate +absent\n' imsctl show c0ff 31
gives "show the store" 0 $'\ndriver +ims_edu\n.*\nused +5\n' imsctl show --store "$(edu_address)"
gives "no such store: exit 3" 3 "^imsctl: store 0000:ff:1f.7: no such" imsctl show --store 0000:ff:1f.7
gives "no such vector to show: exit 3" 3 "beyond the 32 declared" imsctl show c0ff 32

# What the kernel says agrees with the kernel's own list.
irq=$(imsctl list "$IMS_WQ0" --json | python3 -c 'import json,sys; print([v["irq"] for v in json.load(sys.stdin) if v["vector"] == 3][0])')
gives "the Linux IRQ is the kernel's" 0 "^ *$irq:.*vfio-ims\[3\]\($IMS_WQ0\)" grep "vfio-ims\[3\]" /proc/interrupts

# Triggering.
gives "hardware first: one work item" 0 "^result 24 eventfd 1$" ask a work 4 3
gives "trigger one" 0 "" imsctl trigger "$IMS_WQ0" 3
gives "its eventfd counts" 0 "^eventfd 1$" ask a take 3
gives "trigger a range" 0 "" imsctl trigger c0ffee 0-4
for v in 0 1 2 3 4; do gives "vector $v was signalled" 0 "^eventfd 1$" ask a take $v; done
gives "trigger a list" 0 "" imsctl trigger c0ffee 7,1-2
for v in 1 2 7; do gives "vector $v was signalled" 0 "^eventfd 1$" ask a take $v; done
gives "trigger the host's interrupt" 0 "" imsctl trigger c0ffee 1-3,7 --interrupt
for v in 1 2 3 7; do gives "vector $v was interrupted" 0 "^eventfd 1$" ask a take $v; done
gives "the emulated vector has no interrupt: exit 1" 1 "vector 0 has no Linux interrupt" imsctl trigger c0ffee 0,1 --interrupt
gives "a dry run" 0 "" imsctl trigger c0ffee 1,3 --dry-run
gives "of the interrupt" 0 "" imsctl trigger c0ffee 1-3 --dry-run --interrupt
gives "of what cannot be: exit 1" 1 "vector 5 has no trigger" imsctl trigger c0ffee 1,5 -n
for v in 0 1 2 3; do gives "vector $v stayed silent" 0 "^eventfd 0$" ask a take $v; done
gives "six have counts" 0 "^6$" bash -c "imsctl list c0ff --nonzero --noheadings | wc -l"
gives "counts agree" 0 "delivered\": *2,.*loopback\": *2" \
	bash -c "imsctl list $IMS_WQ0 --json | tr -d '\n' | grep -o '\"vector\": *3,[^}]*'"

# Cookies: hardware checks them.
gives "the default cookie" 0 "^$IMS_WQ0 +0x[0-9a-f]+$" imsctl cookie get c0ff default --noheadings
default=$(imsctl cookie get c0ff default --noheadings -o cookie)
gives "a vector with its own" 0 "^0xabcdef0123456789$" imsctl cookie get c0ff 7 --noheadings -o cookie
gives "another for the next allocation" 0 "" imsctl cookie set c0ff 7 0x77
gives "both are shown" 0 "^0xabcdef0123456789>0x77$" imsctl cookie get c0ff 7 --noheadings -o cookie
gives "and hardware fires with the old one" 0 "^result 6 eventfd 1$" ask a work 3 7
gives "a dry run for now" 0 "" imsctl cookie set c0ff 7 0x88 --now -n
gives "changes nothing" 0 "^0xabcdef0123456789>0x77$" imsctl cookie get c0ff 7 --noheadings -o cookie
gives "now" 0 "" imsctl cookie set c0ff 7 0x88 --now
gives "it is in force" 0 "^0x88$" imsctl cookie get c0ff 7 --noheadings -o cookie
gives "and hardware fires with the new one" 0 "^result 6 eventfd 1$" ask a work 3 7
gives "cleared, now" 0 "" imsctl cookie clear c0ff 7 --now
gives "the default is in force" 0 "^$default/default$" imsctl cookie get c0ff 7 --noheadings -o cookie
gives "an emulated vector has none: exit 1" 1 "vector 0 .*emulated" imsctl cookie set c0ff 0 1
gives "no such vector: exit 3" 3 "beyond the 32 declared" imsctl cookie set c0ff 32 1
gives "cookies of several" 0 "" imsctl cookie set c0ff 3,29-31 0x66
gives "are theirs" 0 $'^ 3 +[^\n]*0x66\n29 +0x66\n30 +0x66\n31 +0x66$' imsctl cookie c0ff 3,29-31 --noheadings -o vector,cookie
gives "one that is refused leaves all as they were: exit 1" 1 "vector 0 is emulated" imsctl cookie set c0ff 0-3 0x67
gives "as they were" 0 ">?0x66$" imsctl cookie c0ff 3 --noheadings -o cookie
gives "all cleared" 0 "" imsctl cookie clear c0ff all
gives "another default" 0 "" imsctl cookie set c0ff default 0xd
gives "is pending" 0 "^$default>0xd/default$" imsctl cookie get c0ff 7 --noheadings -o cookie
gives "and the old one again" 0 "" imsctl cookie set c0ff default "$default"

# Counts.
gives "stats of some, in any state" 0 $'^ 3 +2 +2\n28 +- +-$' imsctl stats c0ff 3,28 --noheadings -o vector,delivered,loopback
gives "reset, dry" 0 "" imsctl stats reset c0ff -n
gives "changes nothing" 0 "^3 +2 +2$" imsctl stats c0ff 3 --noheadings -o vector,delivered,loopback
gives "reset a range" 0 "" imsctl stats reset c0ff 3-4
gives "begins anew" 0 "^3 +0 +0 +[0-9.]+s *$" imsctl stats c0ff 3 --noheadings -o vector,delivered,loopback,since
gives "and leaves the others" 0 $'^2\n7$' imsctl stats c0ff 2,7 --nonzero --noheadings -o vector
gives "reset all" 0 "" imsctl stats reset c0ff
gives "nothing is counted" 0 "" imsctl stats c0ff --nonzero --noheadings
gives "no such vector: exit 3" 3 "vector 32 is beyond the 32 declared" imsctl stats c0ff 32
gives "the store" 0 "^5 +[5-9]$" imsctl stats --store "$(edu_address)" --noheadings -o used,peak
gives "reset the store" 0 "" imsctl stats reset --store "$(edu_address)"
gives "its peak is what is in use" 0 "^5 +5$" imsctl stats --store "$(edu_address)" --noheadings -o used,peak

# Nothing is heard of them.
of() { imsctl list c0ff --noheadings -o vector "$@" | tr -d ' \n'; }
gives "a vector is masked" 0 "^ok$" ask a mask 3
sleep 0.2
gives "for some time" 0 "^3$" of --stuck 0.1
gives "and not for an hour" 0 "^$" of --stuck 1h
gives "the others are silent" 0 "^01247$" of --silent 0.1
gives "and not for a day" 0 "^$" of --silent 1d
gives "it is masked no more" 0 "^ok$" ask a unmask 3
gives "nor stuck" 0 "^$" of --stuck 0.01

# Limits.
gives "what the device may use" 0 "^5 +[0-9]+ +0$" imsctl limit c0ff --noheadings -o slots,limit,reservation
gives "less" 0 "" imsctl limit set c0ff 6 --reservation 6
gives "is what it says" 0 "^5 +6 +6$" imsctl limit c0ff --noheadings -o slots,limit,reservation
gives "a slot more is all that there is" 0 "^error 28 " ask a bind 8 2
gives "doctor knows" 0 $'^store-failures\ndevice-refusals$' not_ok
gives "too few for what is in use: exit 1" 1 "^imsctl: device $IMS_WQ0: " imsctl limit set c0ff 4 --reservation 0
gives "too much to be reserved: exit 1" 1 "^imsctl: device $IMS_WQ0: " imsctl limit set c0ff 0 --reservation 1000000
gives "a dry run" 0 "" imsctl limit set c0ff 5 --reservation 0 -n
gives "changes nothing" 0 "^5 +6 +6$" imsctl limit c0ff --noheadings -o slots,limit,reservation
gives "a store's limit" 0 "" imsctl limit set --store "$(edu_address)" 6
gives "is what it says" 0 "^6 +5 +6 +0$" imsctl limit --store "$(edu_address)" --noheadings -o limit,used,reserved,available
gives "too low: exit 1" 1 "^imsctl: store $(edu_address): " imsctl limit set --store "$(edu_address)" 5
gives "back to all" 0 "" imsctl limit set c0ff 0 --reservation 0
size=$(imsctl limit --store "$(edu_address)" --noheadings -o size)
gives "of the store, too" 0 "" imsctl limit set --store "$(edu_address)" "$size"

# Affinity.
effective() { cat "/proc/irq/$irq/effective_affinity_list"; }
gives "to CPU 1" 0 "" imsctl affinity set c0ff 3 1
gives "it is what it says" 0 "^$irq +1 +1$" imsctl affinity get c0ff 3 --noheadings -o irq,cpu,affinity
gives "and what the kernel does" 0 "^1$" effective
gives "to CPU 0, dry" 0 "" imsctl affinity set c0ff 3 0 --dry-run
gives "changes nothing" 0 "^1$" effective
gives "to CPU 0" 0 "" imsctl affinity set c0ff 3 0
gives "is done" 0 "^0$" effective
gives "hardware fires there" 0 "^result 6 eventfd 1$" ask a work 3 3
gives "no such CPU: exit 1" 1 "^imsctl: device $IMS_WQ0: vector 3: " imsctl affinity set c0ff 3 4000
gives "a CPU that the caller may not use: exit 4" 4 "CPU 1 " taskset 1 imsctl affinity set c0ff 3 1
gives "left to the kernel" 0 "" imsctl affinity clear c0ff 3
gives "nobody has said so" 0 "^-$" imsctl affinity get c0ff 3 --noheadings -o affinity
gives "several at once" 0 "" imsctl affinity set c0ff 2-3,7 0-1
gives "are what it says" 0 $'^2 +0-1\n3 +0-1\n7 +0-1$' imsctl affinity c0ff 2,3,7 --noheadings -o vector,affinity
gives "spread" 0 "" imsctl affinity spread c0ff 2,3,7 --cpus 0,1
gives "one CPU for each" 0 $'^2 +0 +0\n3 +1 +1\n7 +0 +0$' imsctl affinity c0ff 2-3,7 --noheadings -o vector,cpu,affinity
gives "all of them cleared" 0 "" imsctl affinity clear c0ff all
gives "nobody has said so" 0 $'^-\n-\n-$' imsctl affinity c0ff 2,3,7 --noheadings -o affinity
gives "spread where the kernel would" 0 "" imsctl affinity spread c0ff
gives "each that was used has one" 0 "^[0-9]+( +[0-9]+)*$" bash -c "imsctl affinity c0ff --noheadings -o affinity | sed 1d | xargs"
gives "cleared again" 0 "" imsctl affinity clear c0ff all

# Metrics. The parser is Prometheus' own.
families='
import sys
from prometheus_client.openmetrics.parser import text_string_to_metric_families
for family in text_string_to_metric_families(sys.stdin.read()):
    for s in family.samples:
        print(s.name, s.labels.get("device", "-"), s.labels.get("vector", "-"), int(s.value))
'
parse() { imsctl metrics "$@" >"/tmp/metrics.$$" && /usr/bin/python3 -c "$families" <"/tmp/metrics.$$"; }
count() { imsctl list c0ff --noheadings -o "$1" | awk '{ sum += $1 } END { print sum }'; }
gives "metrics of the device" 0 $'\n'"ims_device_slots $IMS_WQ0 - 5"$'\n' parse
gives "and the store" 0 $'\n'"ims_store_used - - 5"$'\n' parse
gives "who has it open" 0 "ims_device_info.device=\"$IMS_WQ0\",store=\"$(edu_address)\",owner_pid=\"[0-9]+\",owner_comm=\"wqtool\",vm=\"wqtool\". 1" imsctl metrics
gives "its counts are its vectors' in sum" 0 $'\n'"ims_device_delivered_total $IMS_WQ0 - $(count delivered)"$'\n' parse
gives "no vectors" 1 "" bash -c "imsctl metrics | grep ims_vector"
gives "unless asked for" 0 $'\n'"ims_vector_loopback_total $IMS_WQ0 7 $(imsctl stats c0ff 7 --noheadings -o loopback)"$'(\n|$)' parse --vectors
gives "nobody may see metrics" 0 "ims_device_slots" nobody imsctl metrics

# What a doctor would find.
gives "a limit" 0 "" imsctl limit set c0ff 5
gives "is found by doctor" 0 $'\ndevice-limit +warning +device '"$IMS_WQ0"$' is at its limit of 5 slots\n +try: imsctl limit set '"$IMS_WQ0 31"$'\n' imsctl doctor
remedy=$(imsctl doctor --json | python3 -c 'import json,sys; print(*[f["remedy"] for f in json.load(sys.stdin) if f["check"] == "device-limit"])')
gives "its remedy" 0 "" $remedy
gives "helps" 0 $'\ndevice-limit +ok ' imsctl doctor
gives "for nobody, permissions are lacking: exit 0" 0 $'\nprivilege +warning .*\nvfio-node +ok .*\nvfio-groups +warning +/dev/vfio/[0-9]+ of device [^\n]*: Permission denied\n +try: chown USER /dev/vfio/[0-9]+\n' nobody imsctl doctor --verbose
gives "that of several is one cause" 0 $'\nvfio-groups +warning +2 devices\' files cannot be opened: [^,\n]*, [^,\n]*\n' nobody imsctl doctor
gives "no limit" 0 "" imsctl limit set c0ff 0
# What the kernel gives is as the schema says.
valid() {
	python3 -c 'import json, jsonschema, subprocess, sys
run = lambda *a: json.loads(subprocess.run(["imsctl", *a], check=True, stdout=subprocess.PIPE).stdout)
found = run(*sys.argv[1:], "--json")
assert found
jsonschema.Draft202012Validator(run("schema", sys.argv[1])).validate(found)' "$@"
}
check "list is as the schema says" valid list
check "so are vectors" valid list --vectors --state live,idle,absent
check "and stores" valid list --stores
check "one vector" valid show c0ff 3
check "cookies" valid cookie get c0ff
check "affinities" valid affinity get c0ff
check "counts" valid stats c0ff
check "limits" valid limit c0ff

# Captures: what they tell is what the kernel tells. Which virtual machine it is
# imsctl finds out by itself.
captured=$(mktemp)
# How long ago it was goes on.
no_age() { sed '/^ims_device_refused_last_seconds/d'; }
as_captured() { cmp <(imsctl "$@" | no_age) <(nobody imsctl "$@" --input - <"$captured" | no_age); }
gives "capture" 0 "" imsctl capture "$captured"
check "the owner's only" test "$(stat -c %a "$captured")" = 600
check "devices" as_captured list --json
check "vectors" as_captured list --vectors --json
check "absent ones" as_captured list c0ff --state absent --json
check "stores" as_captured list --stores --json
check "one vector" as_captured show c0ff 7 --json
check "cookies" as_captured cookie get c0ff
check "a configuration" as_captured save c0ff
check "metrics" as_captured metrics --vectors
gives "nothing can be changed there" 2 "set goes without --input" imsctl cookie set c0ff 1 1 --input "$captured"
gives "without privilege, too" 0 '"index": 7, "state": "live"' nobody imsctl capture
gives "but no cookies: no line has one" 1 "" grep 'cookie' <(nobody imsctl capture)

# Configurations: there and back.
conf=$(mktemp -d)
cookie_of_7() { imsctl cookie get c0ff 7 --noheadings -o cookie; }
gives "save" 0 "" imsctl save c0ff "$conf/old"
gives "it has all of it" 0 "device $IMS_WQ0.*limit [0-9]+.*default-cookie $default.*vector 0 emulated"$'\n'"vector 1-31 cookie default.*vector 1-31 affinity default$" cat "$conf/old"
gives "there is no difference" 0 "" imsctl diff c0ff "$conf/old"
gives "nothing to apply" 0 "^device $IMS_WQ0: nothing to change$" imsctl apply "$conf/old"
sed -E 's/^limit .*/limit 9/; s/^reservation .*/reservation 7/; s/^vector 1-31 cookie .*/vector 1-6 cookie default\nvector 7 cookie 0x77\nvector 8-31 cookie 0x88/; s/^vector 1-31 affinity .*/vector 7 affinity 1/' "$conf/old" >"$conf/new"
gives "a difference: exit 6" 6 $'\n-limit 9\n\\+limit [0-9]+\n.*-vector 7 cookie 0x77\n.*-vector 8-31 cookie 0x88\n' imsctl diff c0ff "$conf/new"
check "as the schema says" python3 -c "
import json, jsonschema, subprocess
p = subprocess.run(['imsctl', 'diff', 'c0ff', '$conf/new', '--json'], stdout=subprocess.PIPE)
assert p.returncode == 6
jsonschema.Draft202012Validator(json.loads(subprocess.check_output(['imsctl', 'schema', 'diff']))).validate(json.loads(p.stdout))"
gives "apply, dry" 0 "28 settings would be changed" imsctl apply "$conf/new" -n
gives "changes nothing" 0 "" imsctl diff c0ff "$conf/old"
gives "apply" 0 "28 settings changed" imsctl apply "$conf/new"
gives "it is what it says" 0 "^5 +9 +7$" imsctl limit c0ff --noheadings -o slots,limit,reservation
gives "with a cookie for the next allocation" 0 "^$default>0x77$" cookie_of_7
gives "and an affinity" 0 "^1 +1$" imsctl affinity c0ff 7 --noheadings -o cpu,affinity
gives "there is no difference" 0 "" imsctl diff c0ff "$conf/new"
settings() { imsctl list c0ff --json && imsctl limit c0ff --json; }
settings >"$conf/before"
printf 'version 1\nlimit 8\nvector 7 cookie 0x99\nvector 9 cookie default\nvector 0 cookie 1\n' >"$conf/bad"
gives "what the driver says is refused: exit 1" 1 "^imsctl: $conf/bad:5: device $IMS_WQ0: vector 0 is emulated" imsctl apply c0ff "$conf/bad"
printf 'version 1\nvector 7 cookie 0x99\nlimit 4\nreservation 0\n' >"$conf/bad"
gives "and so is what the kernel refuses: exit 1, with the line" 1 "^imsctl: $conf/bad:3: device $IMS_WQ0: " imsctl apply c0ff "$conf/bad"
printf 'version 1\nvector 32 cookie 1\n' >"$conf/bad"
gives "no such vector: exit 3" 3 "^imsctl: $conf/bad:2: .*beyond the 32 declared" imsctl apply c0ff "$conf/bad"
chmod -R a+rX "$conf"; chmod a+r "$conf/old"
gives "nobody may not apply: exit 4" 4 "CAP_SYS_ADMIN" nobody imsctl apply "$conf/old"
gives "nor save: exit 4" 4 "CAP_SYS_ADMIN" nobody imsctl save c0ff
gives "limits are a part of that" 0 '"limit": *9,' cat "$conf/before"
check "nothing was changed" cmp <(settings) "$conf/before"
gives "back" 0 "28 settings changed" imsctl apply "$conf/old"
gives "no cookie is to come" 0 "^$default/default$" cookie_of_7
gives "there is no difference" 0 "" imsctl diff c0ff "$conf/old"
gives "hardware fires as ever" 0 "^result 6 eventfd 1$" ask a work 3 4

# Batches.
batch="$conf/batch"
printf '# Vector 7\ncookie set c0ff 7 0x77\nlimit set c0ff 9\nlist c0ff -o vector,cookie --noheadings\n' >"$batch"
gives "a batch, dry" 0 $'\n *7 +'"$default/default"$'(\n|$)' imsctl --dry-run --batch "$batch"
gives "changes nothing" 0 "" imsctl diff c0ff "$conf/old"
gives "a batch" 0 $'\n *7 +'"$default>0x77"$'(\n|$)' imsctl --batch "$batch"
gives "is done" 0 "^9$" imsctl limit c0ff --noheadings -o limit
printf 'limit set c0ff 10\ncookie set c0ff 32 0x78\ncookie set c0ff 7 0x79\nlimit set c0ff 11\n' >"$batch"
gives "one with an error in the middle: exit 3, with the line" 3 "^imsctl: $batch:2: device $IMS_WQ0: .*beyond the 32 declared.*"$'\n'"imsctl: $batch:2: the batch ends here: 2 of 4 commands not run$" imsctl --batch "$batch"
gives "is done up to there" 0 "^10$" imsctl limit c0ff --noheadings -o limit
gives "and not beyond" 0 "^$default>0x77$" cookie_of_7
gives "dry, it finds the same: exit 3" 3 "^imsctl: $batch:2: device $IMS_WQ0: " imsctl -n --batch "$batch"
printf 'limit set c0ff 12\nlist --frob\ntrigger c0ff\n' >"$batch"
gives "one with wrong lines: exit 2, with each" 2 "^imsctl: $batch:2: list: .*--frob.*"$'\n'"imsctl: $batch:3: trigger: VECTORS is missing"$'\n'"imsctl: $batch: nothing was run$" imsctl --batch "$batch"
gives "does nothing" 0 "^10$" imsctl limit c0ff --noheadings -o limit
gives "back, from standard input" 0 "" bash -c "printf 'cookie clear c0ff 7\nlimit set c0ff 0\n' | imsctl --batch -"
gives "there is no difference" 0 "" imsctl diff c0ff "$conf/old"

# As devices are opened.
mkdir "$conf/ims"
printf 'version 1\nlimit 11\nvector 3-4 cookie 0x33\n' >"$conf/ims/$IMS_WQ1.conf"
imsctl apply --watch "$conf/ims" >"$conf/log" 2>&1 &
watch=$!
open_wq w "$IMS_WQ1" || exit
check "it is configured when it is opened" until_has "$conf/log" "^device $IMS_WQ1: $conf/ims/$IMS_WQ1.conf: 3 settings changed$"
gives "with its limit" 0 "^11$" imsctl limit decade --noheadings -o limit
gives "and its cookies" 0 $'\n3 +0x33\n4 +0x33$' imsctl cookie get decade --noheadings -o vector,cookie
close_wq w
: >"$conf/log"
open_wq w "$IMS_WQ1" || exit
check "each time" until_has "$conf/log" "^device $IMS_WQ1: .*: 3 settings changed$"
close_wq w
kill $watch
wait $watch 2>/dev/null

# Completion asks the kernel for names.
completes() {
	bash -c '. <(imsctl completion bash); COMP_WORDS=(imsctl "$@"); COMP_CWORD=$#; _imsctl; echo "${COMPREPLY[@]}"' - "$@"
}
gives "a device's name" 0 "^$IMS_WQ0$" completes list c0
gives "a vector's number" 0 "^0 1 2 3 4 7 8 9 10 .*31$" completes show "$IMS_WQ0" ""
gives "an owner" 0 "^wqtool$" completes list --owner wq

# Wrong calls: nothing is signalled.
gives "no such device: exit 3" 3 "^imsctl: .*nosuch.*no such" imsctl list nosuch
gives "no such device to trigger: exit 3" 3 "^imsctl: .*nosuch.*no such" imsctl trigger nosuch 1
gives "no such vector: exit 3, both named" 3 "^imsctl: device $IMS_WQ0: .*99.* beyond the 32 declared" imsctl trigger "$IMS_WQ0" 99
gives "a range that goes too far: exit 3" 3 "beyond the 32 declared" imsctl trigger "$IMS_WQ0" 3-32
gives "a vector without trigger: exit 1, and which" 1 "^imsctl: device $IMS_WQ0: .*vector 5 has no trigger" imsctl trigger "$IMS_WQ0" 3-6
gives "no vector: usage" 2 "^imsctl: " imsctl trigger "$IMS_WQ0"
gives "no device: usage" 2 "^imsctl: " imsctl trigger
gives "no number: usage" 2 "^imsctl: .*x" imsctl trigger "$IMS_WQ0" x
gives "a range from high to low: usage" 2 "^imsctl: .*4-3" imsctl trigger "$IMS_WQ0" 4-3
gives "a negative number: usage" 2 "^imsctl: " imsctl trigger "$IMS_WQ0" -1
gives "a number above 32 bits: usage" 2 "^imsctl: .*4294967296" imsctl trigger "$IMS_WQ0" 4294967296
gives "unknown verb: usage" 2 "^imsctl: .*frobnicate" imsctl frobnicate
gives "unknown option: usage" 2 "^imsctl: .*--frob" imsctl list --frob
gives "unknown column: usage" 2 "^imsctl: .*frob" imsctl list -o frob
gives "too many arguments: usage" 2 "^imsctl: " imsctl list a b
gives "a full disk is told: exit 1" 1 "^imsctl: .*No space left" bash -c "imsctl list >/dev/full"
for v in 0 1 2 3 4; do gives "vector $v stayed silent" 0 "^eventfd 0$" ask a take $v; done

# The monitor: what is done next, by imsctl and by the device's user.
dir=$(mktemp -d)
imsctl monitor --json --banner --sync >"$dir/json" &
json=$!
imsctl monitor --banner >"$dir/text" &
text=$!
check "it listens" until_has "$dir/json" '"event": "listening"'
check "and knows what there is" until_has "$dir/json" '"event": "synced"'
check "the store" grep -q "\"store-sync\".*\"name\": \"$(edu_address)\"" "$dir/json"
check "the device" grep -q "\"device-sync\".*\"name\": \"$IMS_WQ0\"" "$dir/json"
check "its vectors" grep -q "\"vector-sync\".*\"vector\": 7, \"state\": \"live\"" "$dir/json"
check "the other listens, too" until_has "$dir/text" " listening$"
gives "a cookie" 0 "" imsctl cookie set c0ff 7 0x99
check "is told" until_has "$dir/text" " vector-change $IMS_WQ0 7 cookie=0x[0-9a-f]+/default->0x[0-9a-f]+>0x99$"
gives "a limit" 0 "" imsctl limit set c0ff 5
check "is told" until_has "$dir/text" " device-change $IMS_WQ0 limit=[0-9]+->5"
gives "a vector too many" 0 "^error 28 " ask a bind 8 1
check "is told" until_has "$dir/json" "\"alert\".*\"device\": \"$IMS_WQ0\".*\"vector\": 8, \"alert\": \"device-limit\", \"error\": \"ENOSPC\""
gives "no limit" 0 "" imsctl limit set c0ff 0
gives "and no cookie" 0 "" imsctl cookie clear c0ff 7 --now
gives "counts begin anew" 0 "" imsctl stats reset c0ff 7
check "which is no change" until_has "$dir/text" " vector-reset $IMS_WQ0 7$"
check "each line is an object" python3 -c "import json; [json.loads(l) for l in open('$dir/json')]"
check "as the schema says" python3 -c "
import json, jsonschema, subprocess
schema = json.loads(subprocess.check_output(['imsctl', 'schema', 'monitor']))
for line in open('$dir/json'):
    jsonschema.Draft202012Validator(schema).validate(json.loads(line))"
kill $json $text
wait $json $text 2>/dev/null
gives "it ends by count" 0 $'^[0-9:.]+ store-sync [^\n]*\n[0-9:.]+ device-sync [^\n]*$' imsctl monitor --sync --count 2
# What changed before has been told.
sleep 2
gives "it ends by itself" 0 "" imsctl monitor --idle-timeout 0.2
gives "one device's" 0 $'^[0-9:.]+ device-sync '"$IMS_WQ0"' .*' imsctl monitor c0ff --sync --count 1 --event device
gives "everybody may listen" 0 "^[0-9:.]+ store-sync " nobody imsctl monitor --sync --count 1

# Rates: in sum, what was triggered while they were watched.
imsctl top c0ff --json --interval 0.2 >"$dir/top" &
top=$!
watched() {
	python3 - "$dir/top" "$1" <<'END'
import json, sys
done = 0
for line in open(sys.argv[1]):
    if line.endswith("\n"):
        f = json.loads(line)
        for v in f["vectors"]:
            assert v["vector"] == 3 or not v["total_rate"], v
            done += (v[sys.argv[2]] or 0) * f["elapsed_ns"] / 1e9
print(round(done))
END
}
comes_to() {
	local i
	for ((i = 0; i < 300; i++)); do
		[[ $(watched "$1") != "$2" ]] || return 0
		sleep 0.1
	done
	cat "$dir/top"
	return 1
}
check "top shows frames" until_has "$dir/top" '"vector": 3, .*"total_rate": 0'
for v in 1 2 3 4 5 6 7; do imsctl trigger c0ff 3; done
gives "work" 0 "^result 24 eventfd" ask a work 4 3
gives "and more" 0 "^result 6 eventfd" ask a work 3 3
check "seven signals in sum" comes_to loopback_rate 7
check "two interrupts" comes_to delivered_rate 2
check "nothing is lost" comes_to dropped_rate 0
gives "a reset makes no rate" 0 "" imsctl stats reset c0ff
imsctl trigger c0ff 3
check "eight signals in sum" comes_to loopback_rate 8
gives "one since its eventfd was read" 0 "^eventfd 1$" ask a take 3
check "it runs until it is told to stop" kill $top
wait $top
check "and dies of that" test $? = $((128 + 15))
gives "top in a pipe" 0 $'^[0-9:.]+  vectors: [^\n]*\nDEVICE +VECTOR .*\n[^\n]* +3 +[0-9]+ .* 0.0' bash -c "imsctl top --count 1 --interval 0.1 | cat"
gives "nobody may look at rates" 0 "DELIVERED/s" nobody imsctl top --by device --count 1 --interval 0.1
gives "on a terminal" 0 $'\e\[.1049h.*vectors: 1-[0-9]+ of [0-9]+ .*\e\[.1049l' env TERM=xterm script -qc "imsctl top c0ff --count 1 --interval 0.1" /dev/null
gives "no such device: exit 3" 3 "no such virtual device" imsctl top nosuch

# Two devices that begin alike.
open_wq b "$IMS_WQ1" || exit
gives "both are listed" 0 "$IMS_WQ0.*$IMS_WQ1" imsctl list
gives "their parent's address fits both: exit 3" 3 "several: $IMS_WQ0, $IMS_WQ1" imsctl list "$(edu_address)"
gives "an empty name is no device" 2 "^imsctl: " imsctl list ""

# Without privilege.
gives "nobody may list" 0 "$IMS_WQ0" nobody imsctl list
gives "nobody sees vectors" 0 $'\n +3 +live' nobody imsctl list "$IMS_WQ0"
gives "but no cookie" 1 "" bash -c "setpriv --reuid=65534 --clear-groups imsctl list $IMS_WQ0 --json | grep -i '\"cookie\": *\"'"
gives "nobody may not choose by cookie: exit 4" 4 "^imsctl: .*CAP_SYS_ADMIN" nobody imsctl list c0ff --cookie 1
gives "nobody may not see cookies: exit 4" 4 "^imsctl: .*CAP_SYS_ADMIN" nobody imsctl cookie get c0ff
gives "nobody may not set cookies: exit 4" 4 "^imsctl: .*CAP_SYS_ADMIN" nobody imsctl cookie set c0ff 7 1
gives "nobody may look at counts" 0 "^3 +0 +1 " nobody imsctl stats c0ff --nonzero --noheadings
gives "nobody may not reset them: exit 4" 4 "^imsctl: .*CAP_SYS_ADMIN" nobody imsctl stats reset c0ff
gives "nobody may not limit: exit 4" 4 "^imsctl: .*CAP_SYS_ADMIN" nobody imsctl limit set c0ff 32
gives "nobody may not trigger: exit 4" 4 "^imsctl: .*CAP_SYS_ADMIN" nobody imsctl trigger "$IMS_WQ0" 3
gives "CAP_NET_ADMIN is not enough: exit 4" 4 "^imsctl: .*CAP_SYS_ADMIN" \
	setpriv --bounding-set=-sys_admin imsctl trigger "$IMS_WQ0" 3
gives "vector 3 stayed silent" 0 "^eventfd 0$" ask a take 3

close_wq a
close_wq b
gives "a device that is closed is no device" 3 "no such" imsctl list "$IMS_WQ0"
unload || exit
gives "the capture is there without the module" 0 "^$IMS_WQ0$" imsctl list --input "$captured" --noheadings -o name
finish
