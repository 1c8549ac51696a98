# SPDX-License-Identifier: GPL-2.0-or-later
"""imsctl doctor, on hosts that are directories"""

import gzip
import json

from harness import *

RELEASE = "6.12.117+deb12-amd64"
MODULES = f"/lib/modules/{RELEASE}"
CONFIG = f"/boot/config-{RELEASE}"

OPTIONS = """\
# Automatically generated file; DO NOT EDIT.
CONFIG_PCI_MSI=y
CONFIG_IRQ_DOMAIN_HIERARCHY=y
CONFIG_IRQ_REMAP=y
CONFIG_EVENTFD=y
CONFIG_VFIO=m
CONFIG_VFIO_GROUP=y
CONFIG_VFIO_MDEV=m
CONFIG_VFIO_IOMMU_TYPE1=m
# CONFIG_IOMMUFD is not set
"""

INTERRUPTS = """\
           CPU0       CPU1
  0:        104          0  IR-IO-APIC   2-edge      timer
 24:          0          0  DMAR-MSI   0-edge      dmar0
 25:          0          0  IR-PCI-MSIX-0000:00:02.0   0-edge      virtio0-config
 30:          0          0  IMS-0000:00:04.0   0-edge      vfio-ims[1](wq0)
NMI:          0          0   Non-maskable interrupts
"""

# Which CPU they go to.
PROC_IRQ = {f"/proc/irq/{irq}/effective_affinity_list": f"{cpu}\n"
            for irq, cpu in ((0, 0), (24, 0), (25, 1), (30, 0))}

# As of a kernel with CONFIG_GENERIC_IRQ_DEBUGFS.
VECTOR = "/sys/kernel/debug/irq/domains/VECTOR"
MATRIX = """\
name:   VECTOR
 size:   0
 mapped: 41
 flags:  0x00000003
Online bitmaps:        3
Global available:    590
Global reserved:      13
Total allocated:      16
System: 38: 0-19,32,50,128,236,240-242,244,246-255
 | CPU | avl | man | mac | act | vectors
     0   197     0     0    4  33-35,48
     1   195     0     0    6  33-38
     7   198     0     0    3  33-35
"""

NOT_REMAPPED = INTERRUPTS.replace("IR-", "")

MDEV = f"/sys/bus/mdev/devices/{A}/iommu_group"


def module(name, version=None):
    files = {f"/sys/module/{name}/initstate": "live\n"}
    if version:
        files[f"/sys/module/{name}/version"] = version + "\n"
    return files


def host():
    """One that has all, as recorded in the VM."""
    version = imsctl("--version").out.split()[1]
    groups = "../../../kernel/iommu_groups"
    return {
        "/proc/sys/kernel/osrelease": RELEASE + "\n",
        "/proc/interrupts": INTERRUPTS,
        **PROC_IRQ,
        "/sys/devices/system/cpu/online": "0-1\n",
        "/proc/self/status": "Name:\timsctl\nCapEff:\t000001ffffffffff\n",
        CONFIG: OPTIONS,
        f"{MODULES}/modules.dep":
            "kernel/drivers/vfio/vfio.ko.xz:\n"
            "kernel/drivers/vfio/vfio_iommu_type1.ko.xz: "
            "kernel/drivers/vfio/vfio.ko.xz\n"
            "kernel/drivers/vfio/mdev/mdev.ko.xz:\n"
            "updates/ims/ims.ko:\n"
            "updates/vfio_pci_ims/vfio_pci_ims.ko: updates/ims/ims.ko\n",
        f"{MODULES}/modules.builtin": "kernel/fs/configfs/configfs.ko\n",
        "/sys/class/iommu/dmar0": Link("../../devices/virtual/iommu/dmar0"),
        "/sys/kernel/iommu_groups/0/type": "DMA\n",
        "/sys/kernel/iommu_groups/4/type": "DMA\n",
        "/sys/bus/pci/devices/0000:00:04.0/iommu_group": Link(f"{groups}/4"),
        "/sys/bus/pci/devices/0000:00:05.0/iommu_group": Link(f"{groups}/5"),
        MDEV: Link(f"../{groups}/7"),
        "/dev/vfio/vfio": "",
        "/dev/vfio/7": "",
        "/sys/module/ims/parameters/allow_unsafe_interrupts": "N\n",
        **module("vfio"), **module("vfio_iommu_type1"), **module("mdev"),
        **module("ims", version), **module("vfio_pci_ims", version),
        **module("ims_vfunc", version),
    }


def without(*names):
    return {k: v for k, v in host().items()
            if not any(k == n or k.startswith(n + "/") for n in names)}


def findings(files, fake="healthy"):
    with on(files):
        r = imsctl("doctor", "--json", fake=fake)
    equal(r.err, "")
    found = json.loads(r.out)
    for f in found:
        equal(list(f), ["schema", "check", "state", "message", "remedy",
                        "object"])
        assert f["state"] in ("ok", "warning", "failed", "unknown"), f
        equal(f["remedy"] is None, f["state"] == "ok", f["check"])
    failed = any(f["state"] == "failed" for f in found)
    equal(r.code, FAILED if failed else DONE)
    return found


def only(files, check, state, message, remedy, fake="healthy"):
    """Everything else is ok."""
    bad = [f for f in findings(files, fake) if f["state"] != "ok"]
    equal([(f["check"], f["state"]) for f in bad], [(check, state)])
    equal(bad[0]["message"], message)
    equal(bad[0]["remedy"], remedy)


CHECKS = ["kernel", "kernel-config", "iommu", "remapping", "cpu-vectors",
          "vfio", "vfio_iommu_type1", "mdev", "ims", "vfio_pci_ims",
          "ims_vfunc", "netlink",
          "privilege", "vfio-node", "vfio-groups", "driver", "store-domain",
          "store-group", "store-slots", "store-failures", "store-entries",
          "device-parent", "device-limit", "device-refusals", "vector-held",
          "vector-affinity", "vector-failures", "vector-drops",
          "vector-stuck", "vector-silent"]


@test
def doctor():
    with on(host()):
        golden("doctor.txt", "doctor", fake="healthy")
        out = golden("doctor-busy.txt", "doctor", fake="full,gone,limited")
        fits = imsctl("doctor", fake="healthy").out
    fits_the_width(fits)
    assert "\x1b" not in out
    equal([f["check"] for f in findings(host())], CHECKS)


@test
def doctor_without_anything():
    with on({}):
        r = imsctl("doctor", "--verbose", fake="absent")
        grouped = imsctl("doctor", fake="absent").out.splitlines()
    equal((r.code, r.err), (FAILED, ""))
    # That is one cause.
    equal([line.split(None, 2)[2] for line in grouped
           if line.startswith(("driver", "store", "device", "vector"))],
          ["15 checks need the kernel module, which does not answer: driver, "
           "store-domain, store-group, store-slots, store-failures, "
           "store-entries, device-parent and 8 more"])
    for check in CHECKS:
        assert f"\n{check} " in "\n" + r.out, check
    found = findings({}, fake="absent")
    equal([f["check"] for f in found], CHECKS)
    equal({f["check"]: f["state"] for f in found if f["state"] == "ok"},
          {"ims_vfunc": "ok", "vfio-groups": "ok"})


@test
def doctor_has_no_module():
    """As on a host where nothing of ours was loaded yet."""
    files = without("/sys/module", MDEV, "/dev/vfio")
    states = {f["check"]: f for f in findings(files, fake="absent")}
    equal(list(states), CHECKS)
    for name in ("ims", "vfio_pci_ims"):
        equal((states[name]["state"], states[name]["remedy"]),
              ("failed", f"modprobe {name}"))
    for name in ("vfio", "mdev", "vfio_iommu_type1"):
        equal((states[name]["state"], states[name]["remedy"]),
              ("warning", f"modprobe {name}"))
    equal((states["netlink"]["state"], states["netlink"]["message"]),
          ("failed", 'there is no family "ims"'))
    for name in CHECKS[CHECKS.index("driver"):]:
        equal((states[name]["state"], states[name]["remedy"],
               states[name]["object"]), ("unknown", "modprobe vfio_pci_ims", None))


@test
def doctor_knows_what_refuses_modules():
    """Only of ours: the kernel's own are signed. Not when they are loaded."""
    absent = without("/sys/module/ims", "/sys/module/vfio", "/sys/module/mdev")
    locked = {"/sys/kernel/security/lockdown": "none [integrity] confidentiality\n"}
    enforced = {"/sys/module/module/parameters/sig_enforce": "Y\n"}
    free = {"/sys/kernel/security/lockdown": "[none] integrity confidentiality\n",
            "/sys/module/module/parameters/sig_enforce": "N\n"}
    said = ("failed",
            "not loaded; this kernel wants modules signed by a key it trusts",
            "modprobe; if refused, mokutil --import /var/lib/dkms/mok.pub, "
            "and boot")
    for how, expected in (locked, said), (enforced, said), \
            (free, ("failed", "the module is not loaded", "modprobe ims")):
        found = {f["check"]: (f["state"], f["message"], f["remedy"])
                 for f in findings({**absent, **how})}
        equal(found["ims"], expected)
        equal(found["mdev"], ("warning", "the module is not loaded",
                              "modprobe mdev"))
        equal(findings({**host(), **how}), findings(host()))


@test
def doctor_looks_at_the_kernel():
    files = dict(host(), **{"/proc/sys/kernel/osrelease": "6.10.11-amd64\n"})
    files["/boot/config-6.10.11-amd64"] = OPTIONS
    only(files, "kernel", "warning", "6.10.11-amd64: not tested on that "
         "series", "boot Debian's kernel 6.1.x, 6.12.x or 7.3.x")
    states = {f["check"]: f["state"]
              for f in findings(without("/proc/sys/kernel"))}
    equal((states["kernel"], states["kernel-config"]), ("unknown", "unknown"))


@test
def doctor_reads_the_configuration():
    for option in ("CONFIG_PCI_MSI", "CONFIG_IRQ_DOMAIN_HIERARCHY",
                   "CONFIG_IRQ_REMAP", "CONFIG_EVENTFD", "CONFIG_VFIO",
                   "CONFIG_VFIO_MDEV",
                   "CONFIG_VFIO_IOMMU_TYPE1"):
        text = OPTIONS.replace(f"{option}=y", f"# {option} is not set") \
            .replace(f"{option}=m", f"# {option} is not set")
        bad = [f for f in findings({**host(), CONFIG: text})
               if f["state"] != "ok"]
        equal([(f["check"], f["state"]) for f in bad],
              [("kernel-config", "failed")])
        assert bad[0]["message"].startswith(f"{option} is not set: no ")
        assert f"{option}=y" in bad[0]["remedy"]
    files = without(CONFIG)
    only(files, "kernel-config", "unknown", "how the kernel was built is told "
         "nowhere", "install /boot/config-$(uname -r), or modprobe configs")
    for place in (f"{MODULES}/config", f"{MODULES}/build/.config",
                  "/proc/config.gz"):
        text = OPTIONS
        if place.endswith("gz"):
            text = gzip.compress(text.encode())
        config = [f for f in findings({**files, place: text})
                  if f["check"] == "kernel-config"][0]
        equal(config["message"], f"{place} has all 7 options")


@test
def doctor_looks_at_modules():
    for name, state in (("vfio", "warning"), ("mdev", "warning"),
                        ("ims", "failed"), ("vfio_iommu_type1", "warning")):
        only(without(f"/sys/module/{name}"), name, state,
             "the module is not loaded", f"modprobe {name}")
    files = without("/sys/module/mdev", f"{MODULES}/modules.dep")
    only(files, "mdev", "failed", "the module is neither loaded nor installed",
         "boot a kernel that has it, such as Debian's")
    files[f"{MODULES}/modules.builtin"] = "kernel/drivers/vfio/mdev/mdev.ko\n"
    equal([f["message"] for f in findings(files) if f["check"] == "mdev"],
          ["built in"])
    # Only some drivers need it.
    files = without("/sys/module/ims_vfunc")
    equal([(f["state"], f["message"]) for f in findings(files)
           if f["check"] == "ims_vfunc"],
          [("ok", "not loaded: no driver has asked for it")])
    # One that is being loaded, or has failed to be.
    files = dict(host(), **{"/sys/module/mdev/initstate": "coming\n"})
    only(files, "mdev", "warning", "the module is not loaded", "modprobe mdev")
    files = without("/sys/module/ims", f"{MODULES}/modules.dep")
    only(files, "ims", "failed", "the module is neither loaded nor installed",
         "apt install ims-dkms linux-headers-$(uname -r)")
    version = imsctl("--version").out.split()[1]
    only({**host(), **module("ims", "0.0.9")}, "ims", "warning",
         f"version 0.0.9 is loaded; imsctl is {version}",
         "install the modules and imsctl from one source, and load them again")
    only(without("/sys/module/ims/version"), "ims", "unknown",
         "loaded, but does not tell its version",
         "install the modules and imsctl from one source")


@test
def doctor_asks_the_kernel():
    found = {f["check"]: f for f in findings(host(), fake="absent")}
    equal((found["netlink"]["state"], found["netlink"]["remedy"]),
          ("failed", "nsenter --target 1 --net imsctl doctor"))
    # In another network namespace there is no use in loading the module again.
    for name in CHECKS[CHECKS.index("driver"):]:
        equal((found[name]["message"], found[name]["remedy"]),
              ("the kernel module does not answer in this network namespace",
               "nsenter --target 1 --net imsctl doctor"))
    found = {f["check"]: f for f in findings(host(), fake="no-socket")}
    equal(found["netlink"]["message"], "socket(AF_NETLINK, NETLINK_GENERIC): "
          "Too many open files")
    # Lists that never settle are better than none.
    equal([f for f in findings(host(), "healthy,disturbed")
           if f["state"] != "ok"], [])
    # A module that does not know of stores.
    found = {f["check"]: f["state"] for f in findings(host(), "healthy,closed")}
    equal(found["netlink"], "failed")
    equal(found["vector-drops"], "unknown")


@test
def doctor_looks_at_the_iommu():
    files = dict(host(), **{"/proc/interrupts": NOT_REMAPPED})
    only(files, "remapping", "failed", "none: any DMA could forge interrupts, "
         "so that stores are refused", "enable it with VT-d or AMD-Vi in the "
         "firmware; without: modprobe ims allow_unsafe_interrupts=1")
    files["/sys/module/ims/parameters/allow_unsafe_interrupts"] = "Y\n"
    only(files, "remapping", "warning", "none: any DMA can forge interrupts, "
         "as allow_unsafe_interrupts admits",
         "enable it with VT-d or AMD-Vi in the firmware")
    files = {**without("/proc/interrupts"), VECTOR: MATRIX}
    only(files, "remapping", "unknown",
         "/proc/interrupts does not tell",
         "dmesg | grep -e DMAR-IR -e 'AMD-Vi: Interrupt remapping'")
    only(without("/sys/class/iommu"), "iommu", "warning", "none is in use",
         "enable VT-d or AMD-Vi in the firmware; boot with intel_iommu=on")
    only(without("/sys/kernel/iommu_groups"), "iommu", "warning",
         "it is there, but devices' DMA does not go through it",
         "boot with intel_iommu=on")
    only(without("/sys/bus/pci/devices/0000:00:04.0"), "store-group",
         "warning", "store 0000:00:04.0: its device is in no IOMMU group",
         "boot with intel_iommu=on")


def room(files):
    found = [f for f in findings(files) if f["check"] == "cpu-vectors"]
    equal(len(found), 1)
    return found[0]["state"], found[0]["message"], found[0]["remedy"]


def with_interrupts(on_cpus, online="0-1\n"):
    """So many interrupts on each CPU of the list."""
    files = without("/proc/irq")
    lines, irq = INTERRUPTS.splitlines()[:1], 100
    for cpu, count in on_cpus:
        for irq in range(irq, irq + count):
            lines.append(f" {irq}:   0   0  IR-PCI-MSI 0-edge  nvme0q{irq}")
            files[f"/proc/irq/{irq}/effective_affinity_list"] = f"{cpu}\n"
        irq += 1
    files["/proc/interrupts"] = "\n".join(lines) + "\n"
    files["/sys/devices/system/cpu/online"] = online
    return files


@test
def doctor_estimates_cpu_vectors():
    equal(room(host()), ("ok", "estimate: 396 left on 2 CPUs, 197 on CPU 0, "
                         "the fullest", None))
    # CPUs beyond a gap; one without an interrupt; one that is offline.
    equal(room(with_interrupts([(0, 10), (9, 20), (5, 30)], "0-3,9\n"))[1],
          "estimate: 970 left on 5 CPUs, 180 on CPU 9, the fullest")
    only(with_interrupts([(0, 1), (1, 200)]), "cpu-vectors", "warning",
         "estimate: 199 left on 2 CPUs, 0 on CPU 1, the fullest",
         "imsctl affinity set: choose other CPUs than that one")
    only(with_interrupts([(0, 161), (1, 200)]), "cpu-vectors", "warning",
         "estimate: 39 left on 2 CPUs, 0 on CPU 1, the fullest",
         "close devices, or let other drivers use fewer interrupts, such as "
         "by ethtool -L")
    # An estimate is not below nothing.
    assert room(with_interrupts([(0, 1), (1, 210)]))[1].startswith(
        "estimate: 199 left on 2 CPUs, 0 on ")
    for files in (without("/proc/irq"), without("/sys/devices/system/cpu")):
        only(files, "cpu-vectors", "unknown", "/proc does not tell which CPUs "
             "get interrupts", "mount -t proc proc /proc")


@test
def doctor_knows_cpu_vectors():
    """Some kernels tell, and then there is no estimate."""
    equal(room({**host(), VECTOR: MATRIX}),
          ("ok", "590 left on 3 CPUs, 195 on CPU 1, the fullest", None))
    text = MATRIX.replace("     7   198", "     7     0")
    only({**host(), VECTOR: text}, "cpu-vectors", "warning",
         "590 left on 3 CPUs, 0 on CPU 7, the fullest",
         "imsctl affinity set: choose other CPUs than that one")
    text = MATRIX.replace("available:    590", "available:     59")
    equal(room({**host(), VECTOR: text})[0], "warning")
    # Not what is looked for.
    for text in ("", MATRIX.split("Global")[0], MATRIX.split(" | CPU")[0]):
        assert room({**host(), VECTOR: text})[1].startswith("estimate: 396 ")


@test
def doctor_looks_at_entries():
    def entries(fake):
        found = [f for f in findings(host(), "healthy," + fake)
                 if f["check"] == "store-entries"]
        equal(len(found), 1)
        return found[0]["state"], found[0]["message"]

    # All stores of one IOMMU have a part in its table, as have others, here two.
    equal(entries("user"),
          ("ok", "INTEL-IR-0: at most 65524 of 65536 left, stores hold 10"))
    remedy = "imsctl list -o name,parent,slots,entries; close a device"
    only(host(), "store-entries", "warning",
         "INTEL-IR-0: at most 8191 of 65536 left, stores hold 57343", remedy,
         "healthy,idle-entries=57338")
    equal(entries("idle-entries=57337")[0], "ok")
    # Each has a table.
    equal(entries("amd"),
          ("ok", "0000:00:04.0: at most 502 of 512 left, stores hold 10"))
    only(host(), "store-entries", "warning",
         "0000:00:04.0: at most 63 of 512 left, stores hold 449", remedy,
         "healthy,amd,idle-entries=444")
    equal(entries("amd,idle-entries=443")[0], "ok")
    equal(entries("amd,idle-entries=600")[1],
          "0000:00:04.0: at most 0 of 512 left, stores hold 605")
    equal(entries("no-domain"), ("unknown", "how many entries the remapping "
                                 "tables have is not known"))
    equal(entries("not-remapped"),
          ("ok", "no store's interrupts need an entry"))
    equal(entries("no-stores,empty"), ("ok", "there is no store"))


@test
def doctor_says_what_ran_out():
    for kind, error, what, remedy in (
            ("device-limit", "ENOSPC", "the device may use no more slots",
             "imsctl limit set: raise the limit of the device"),
            ("store-full", "ENOSPC", "the store has no slot left for it",
             "imsctl limit set --store: raise the limit of the store, or close a "
             "device"),
            ("entries", "ENOSPC", "the interrupt-remapping table has no entry "
             "left", "imsctl list -o name,parent,slots,entries; close a "
             "device"),
            ("cpu-vectors", "ENOSPC", "the CPUs have no interrupt vector left",
             "see cpu-vectors; imsctl affinity set: choose CPUs that have some "
             "left"),
            ("no-memory", "ENOMEM", "the host has no memory left",
             "free -h; raise the memory limit of the process's cgroup")):
        only(host(), "device-refusals", "warning", f"device {A}: 1 request "
             f"refused, 10.0s ago: vector 7, {error}, {kind}: "
             f"{what}", remedy, f"healthy,refused={kind}")
        # What has been made good since is told, and no fault any more.
        equal([(f["message"], f["object"]) for f in
               findings(host(), f"healthy,refused={kind},refused-vector=1")
               if f["check"] == "device-refusals" and f["state"] == "ok"],
              [(f"device {A}: 1 request refused, 10.0s ago: vector 1, {error}, "
                f"{kind}; that vector is live now", A)])


@test
def doctor_tells_a_cause_once():
    def lines(*args, fake):
        with on(host()):
            return imsctl("doctor", *args, fake=fake).out.splitlines()

    # A line, the names of the first few, and what to do about the first.
    found = lines(fake="healthy,many-refused")
    groups = [i for i, line in enumerate(found)
              if line.startswith("device-refusals")]
    equal([found[i].split(None, 2)[2] for i in groups],
          ["11 devices had requests refused, store-full: the store has no slot "
           "left for them: many0, many1, many2, many3, many4, many5, many6, "
           "many7, many8, many9, many10",
           f"device {A}: 1 request refused, 10.0s ago: vector 1, ENOSPC, "
           "entries; that vector is live now"][:len(groups)])
    equal(found[groups[0] + 1].strip(), "try: imsctl limit set --store: raise the "
          "limit of the store, or close a device")
    # Names that are long are fewer.
    long = [line.split(None, 2)[2] for line in
            lines(fake="healthy,not-remapped,many-refused=long-name-of-a-device-")
            if line.startswith(("device-refusals", "store-domain"))]
    equal(long, ["2 stores' domains do not remap interrupts: 0000:00:04.0, "
                 "0000:00:05.0",
                 "11 devices had requests refused, store-full: the store has no "
                 "slot left for them: long-name-of-a-device-0, "
                 "long-name-of-a-device-1, long-name-of-a-device-2, "
                 "long-name-of-a-device-3 and 7 more"])
    # All of them, for people and for programs.
    many = [f"many{i}" for i in range(11)]
    equal([line.split()[3] for line in
           lines("--verbose", fake="healthy,many-refused")
           if line.startswith("device-refusals")], [f"{n}:" for n in many])
    equal([f["object"] for f in findings(host(), "healthy,many-refused")
           if f["check"] == "device-refusals"], many)
    # What a refused request was about is not told again as a vector's failure.
    for fake, told in (("", True), ("refused=entries", False)):
        equal([f["state"] for f in findings(host(), fake)
               if f["check"] == "vector-failures"],
              ["warning" if told else "ok"])


@test
def doctor_looks_at_captures():
    with tempfile.TemporaryDirectory() as tmp:
        path = f"{tmp}/capture.json"
        imsctl("capture", path, fake="full,refused=store-full")
        r = imsctl("doctor", "--input", path, "--json", fake="no-socket")
    equal((r.code, r.err), (DONE, ""))
    found = json.loads(r.out)
    # What is to be had on that host only is left out.
    equal(list(dict.fromkeys(f["check"] for f in found)),
          [c for c in CHECKS[CHECKS.index("driver"):] if c != "store-group"])
    with on(host()):
        there = json.loads(imsctl("doctor", "--json",
                                  fake="full,refused=store-full").out)
    # Nor is it known how many entries others hold there.
    equal([f for f in found if f not in there],
          [f for f in found if f["check"] == "store-entries"])
    equal([f["object"] for f in found if f["check"] == "device-refusals"], [A])


@test
def doctor_looks_at_affinities():
    only(host(), "vector-affinity", "warning", f"device {A}: interrupts on "
         "other CPUs than they may go to: 2, vector 1 on CPU 3, its affinity "
         "is 0-1", f"imsctl affinity set {A} 1 CPUS: some that are online and "
         "have vectors left", "healthy,affinity-broken")


@test
def doctor_finds_stuck_vectors():
    """Masked since 90 s: 2, with an interrupt that waits, and 3, without."""
    only(host(), "vector-stuck", "warning", f"device {A}: masked vectors with an "
         "interrupt that waits: 1, vector 2 for 10 s",
         f"imsctl list {A} --stuck 10s; look at its driver in the guest",
         "healthy,now=100")
    equal([f["state"] for f in findings(host(), "healthy,now=99")
           if f["check"] == "vector-stuck"], ["ok"])


@test
def doctor_hears_nothing():
    """Worth a word, and no fault: who has no work has nothing to signal."""
    def silent(now):
        found = [f for f in findings(host(), f"healthy,now={now}")
                 if f["check"] == "vector-silent"]
        equal({f["state"] for f in found}, {"ok"})
        return [f["message"] for f in found]

    equal(silent(3599), ["no live vector was silent for an hour"])
    text = "live vectors that were silent for an hour"
    equal(silent(3600), [f"device wq0: {text}: 1, of which never heard of: 1, "
                         "the first is 0"])
    equal(silent(3700), [f"device {A}: {text}: 2, of which never heard of: 0, "
                         "the first is 0",
                         f"device wq0: {text}: 1, of which never heard of: 1, "
                         "the first is 0"])


@test
def doctor_looks_at_permissions():
    files = host()
    # All but CAP_SYS_ADMIN.
    files["/proc/self/status"] = "CapInh:\t0\nCapEff:\t000001ffffdfffff\n"
    only(files, "privilege", "warning", "no CAP_SYS_ADMIN: nothing can be "
         "changed, and cookies are not shown",
         "run imsctl as root, or with CAP_SYS_ADMIN")
    only(without("/proc/self"), "privilege", "unknown", "/proc does not tell "
         "what this process may do", "mount -t proc proc /proc")
    only(without("/dev/vfio/vfio"), "vfio-node", "warning",
         "/dev/vfio/vfio: No such file or directory", "modprobe vfio")
    only(without("/dev/vfio/7"), "vfio-groups", "warning",
         f"/dev/vfio/7 of device {A}: No such file or directory",
         "modprobe vfio; udevadm trigger")
    files = without(MDEV)
    files[f"/sys/bus/mdev/devices/{A}/uevent"] = ""
    only(files, "vfio-groups", "failed",
         f"device {A} is in no IOMMU group", "dmesg | grep -i vfio")


def message(files, check):
    return [(f["state"], f["message"]) for f in findings(files)
            if f["check"] == check]


@test
def doctor_looks_at_functions():
    function = "/sys/bus/ims_vfunc/devices/0000:00:04.0-3"
    group = {f"{function}/iommu_group": Link("../../../kernel/iommu_groups/8")}
    files = {**host(), **group, "/dev/vfio/8": ""}
    equal(message(files, "vfio-groups"),
          [("ok", "virtual devices that can be opened: 2")])
    equal(message(without("/dev/vfio/7", MDEV), "vfio-groups"),
          [("ok", "there is no virtual device")])
    files = {**host(), **group}
    only(files, "vfio-groups", "warning", "/dev/vfio/8 of device "
         "0000:00:04.0-3: No such file or directory",
         "modprobe vfio; udevadm trigger")
    files[f"{function}/vfio-dev/vfio3/uevent"] = ""
    only(files, "vfio-groups", "warning", "/dev/vfio/8 of device "
         "0000:00:04.0-3: No such file or directory",
         "modprobe vfio; udevadm trigger")


@test
def doctor_looks_at_cdevs():
    """A kernel that has them, and no groups."""
    dev = f"/sys/bus/mdev/devices/{A}/vfio-dev/vfio3/dev"
    files = without(MDEV, "/dev/vfio")
    files.update({dev: "511:3\n", "/dev/vfio/devices/vfio3": "",
                  "/dev/iommu": ""})
    equal(message(files, "vfio-node"), [("ok", "/dev/iommu can be opened")])
    equal(message(files, "vfio-groups"),
          [("ok", "virtual devices that can be opened: 1")])
    del files["/dev/vfio/devices/vfio3"]
    only(files, "vfio-groups", "warning", "/dev/vfio/devices/vfio3 of device "
         f"{A}: No such file or directory", "modprobe vfio; udevadm trigger")


@test
def doctor_looks_at_stores():
    only(host(), "driver", "warning", "no driver has a store",
         "modprobe your device's driver; for QEMU's edu, ims_edu",
         fake="no-stores,empty")
    only({**host(), **module("ims_edu")}, "driver", "warning",
         "ims_edu is loaded, but has no store", "dmesg | grep -i ims",
         fake="no-stores,empty")
    bad = [f for f in findings(host(), "healthy,not-remapped")
           if f["state"] != "ok"]
    equal([f["message"] for f in bad],
          [f"store 0000:00:0{i}.0: its domain VECTOR does not remap interrupts"
           for i in (4, 5)])
    equal([f["state"] for f in findings(host(), "healthy,no-domain")
           if f["check"] == "store-domain"], ["unknown", "unknown"])
    only(host(), "store-slots", "warning", "store 0000:00:04.0 is full: slots "
         "in use: 3, reserved: 4, limit: 4",
         "imsctl limit set --store 0000:00:04.0 2048", "healthy,full")
    only(host(), "device-limit", "warning",
         f"device {A} is at its limit of 3 slots",
         f"imsctl limit set {A} 31", "healthy,limited")
    only(host(), "device-parent", "warning",
         "device wq0: its parent is gone",
         "end the process that has it open: 99", "healthy,gone")
    found = {f["check"]: f for f in findings(host(), fake="")}
    equal(found["store-failures"]["message"], "store 0000:00:04.0: requests "
          "for slots that failed: 18446744073709551615")
    equal(found["vector-drops"]["message"],
          f"device {A}: interrupts that met no trigger: 2")
    equal(found["vector-failures"]["remedy"],
          f"imsctl stats {A} -o vector,failed; imsctl stats reset {A}")
    equal(found["vector-failures"]["message"], f"device {A}: attempts to make a "
          "vector live that failed: 1, of vectors: 1, the first is 2")
    found = {f["check"]: f for f in findings(host(), fake="failed=1")}
    equal((found["vector-failures"]["state"],
           found["vector-failures"]["message"]),
          ("ok", f"device {A}: attempts to make a vector live that failed: 1, "
           "of vectors: 1, the first is 1; live now"))


@test
def doctor_with_many_vectors():
    files = host()
    files["/sys/bus/pci/devices/0000:00:06.0/iommu_group"] = Link("../4")
    # Full, and as much as it can have.
    only(files, "store-slots", "warning", "store 0000:00:06.0 is full: slots "
         "in use: 5000, reserved: 0, limit: 5000",
         "imsctl list: close a device, or lower its reservation",
         "healthy,large")


@test
def wrong_calls_of_doctor():
    usage("doctor: unexpected argument 'x'", "doctor", "x")
    usage("doctor: it has no option '--output'", "doctor", "-o", "x")
