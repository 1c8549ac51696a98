#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""usage: spec.py ims.yaml FILE

The netlink family's operations and attributes as tables for C: see spec.h.
"""

import sys

import yaml

TYPES = ["u32", "u64", "string", "flag", "pad"]


def ident(name):
    return name.replace("-", "_")


def request(op, verb):
    """The attributes that an operation takes; None when there is no such verb."""
    if verb not in op:
        return None
    return op[verb].get("request", {}).get("attributes", [])


with open(sys.argv[1], encoding="utf-8") as file:
    spec = yaml.safe_load(file)
sys.stdout = open(sys.argv[2], "w", encoding="utf-8")
consts = {d["name"]: d["value"] for d in spec["definitions"] if d["type"] == "const"}
enums = {d["name"]: len(d["entries"]) for d in spec["definitions"] if d["type"] == "enum"}

ops = [(number, op) for number, op in enumerate(spec["operations"]["list"], 1)
       if "do" in op or "dump" in op]
used = {op["attribute-set"] for _, op in ops}

print("// Made by spec.py from ims.yaml.")
print('#include "spec.h"\n')
for attrs in spec["attribute-sets"]:
    if attrs["name"] not in used:
        continue
    print(f"static const struct spec_attr {ident(attrs['name'])}_attrs[] = {{")
    for number, attr in enumerate(attrs["attributes"], 1):
        checks = attr.get("checks", {})
        fields = [f'"{attr["name"]}"', str(number),
                  "SPEC_" + TYPES[TYPES.index(attr["type"])].upper(),
                  str(consts.get(checks.get("max-len"), 0)),
                  str(enums.get(attr.get("enum"), 0)),
                  str(int(attr.get("multi-attr", False)))]
        print(f"\t{{ {', '.join(fields)} }},")
    print("};\n")

for number, op in ops:
    names = [a["name"] for s in spec["attribute-sets"] if s["name"] == op["attribute-set"]
             for a in s["attributes"]]
    for verb in "do", "dump":
        taken = request(op, verb)
        if taken:
            places = ", ".join(str(names.index(a)) for a in taken)
            print(f"static const unsigned char {ident(op['name'])}_{verb}[] = {{ {places} }};")

print("\nconst struct spec_op spec_ops[] = {")
for number, op in ops:
    attrs = f"{ident(op['attribute-set'])}_attrs"
    print(f'\t{{ "{op["name"]}", {number}, {attrs}, sizeof({attrs}) / sizeof(*{attrs}), {{')
    for verb in "do", "dump":
        taken = request(op, verb)
        if taken is None:
            print("\t  { false, NULL, 0 },")
        elif not taken:
            print("\t  { true, NULL, 0 },")
        else:
            name = f"{ident(op['name'])}_{verb}"
            print(f"\t  {{ true, {name}, sizeof({name}) }},")
    print("\t} },")
print("};\n")
print("const unsigned int spec_nr_ops = sizeof(spec_ops) / sizeof(*spec_ops);")
