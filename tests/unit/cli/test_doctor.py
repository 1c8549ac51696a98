# SPDX-License-Identifier: GPL-2.0-or-later
"""imsctl doctor, on hosts that are directories"""

import contextlib
import gzip
import json
import os
import pathlib
import tempfile

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

NOT_REMAPPED = INTERRUPTS.replace("IR-", "")

MDEV = f"/sys/bus/mdev/devices/{A}/iommu_group"


class Link(str):
    """A file that is a symbolic link."""


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
    }


@contextlib.contextmanager
def on(files):
    with tempfile.TemporaryDirectory() as root:
        for name, text in files.items():
            path = pathlib.Path(root + name)
            path.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(text, Link):
                path.symlink_to(text)
            elif isinstance(text, bytes):
                path.write_bytes(text)
            else:
                path.write_text(text)
        os.environ["IMS_FAKE_ROOT"] = root
        try:
            yield
        finally:
            del os.environ["IMS_FAKE_ROOT"]


def without(*names):
    return {k: v for k, v in host().items()
            if not any(k == n or k.startswith(n + "/") for n in names)}


def findings(files, fake="healthy"):
    with on(files):
        r = imsctl("doctor", "--json", fake=fake)
    equal(r.err, "")
    found = json.loads(r.out)
    for f in found:
        equal(list(f), ["schema", "check", "state", "message", "remedy"])
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


CHECKS = ["kernel", "kernel-config", "iommu", "remapping", "vfio",
          "vfio_iommu_type1", "mdev", "ims", "vfio_pci_ims", "netlink",
          "privilege", "vfio-node", "vfio-groups", "driver", "store-domain",
          "store-group", "store-slots", "store-failures", "device-parent",
          "device-limit", "device-refusals", "vector-held", "vector-failures",
          "vector-drops"]


@test
def doctor():
    with on(host()):
        golden("doctor.txt", "doctor", fake="healthy")
        out = golden("doctor-busy.txt", "doctor", fake="full,gone,limited")
        fits = imsctl("doctor", fake="healthy").out
    fits_the_screen(fits)
    assert "\x1b" not in out
    equal([f["check"] for f in findings(host())], CHECKS)


@test
def doctor_without_anything():
    with on({}):
        r = imsctl("doctor", fake="absent")
    equal((r.code, r.err), (FAILED, ""))
    for check in CHECKS:
        assert f"\n{check} " in "\n" + r.out, check
    found = findings({}, fake="absent")
    equal([f["check"] for f in found], CHECKS)
    equal({f["check"]: f["state"] for f in found if f["state"] == "ok"},
          {"vfio-groups": "ok"})


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
        equal(states[name]["state"], "unknown")


@test
def doctor_looks_at_the_kernel():
    files = dict(host(), **{"/proc/sys/kernel/osrelease": "6.10.11-amd64\n"})
    files["/boot/config-6.10.11-amd64"] = OPTIONS
    only(files, "kernel", "warning", "6.10.11-amd64: not tested on that "
         "series", "boot Debian's kernel 6.12.x or 6.1.x")
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
    # One that is being loaded, or has failed to be.
    files = dict(host(), **{"/sys/module/mdev/initstate": "coming\n"})
    only(files, "mdev", "warning", "the module is not loaded", "modprobe mdev")
    files = without("/sys/module/ims", f"{MODULES}/modules.dep")
    only(files, "ims", "failed", "the module is neither loaded nor installed",
         "cmake --build build --target modules_install && depmod")
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
    only(without("/proc/interrupts"), "remapping", "unknown",
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
         "imsctl limit --store 0000:00:04.0 --limit 2048", "healthy,full")
    only(host(), "device-limit", "warning",
         f"device {A} is at its limit of 3 slots",
         f"imsctl limit {A} --limit 31", "healthy,limited")
    only(host(), "device-parent", "warning",
         "device wq0: its parent is gone",
         "end the process that has it open: 99", "healthy,gone")
    found = {f["check"]: f for f in findings(host(), fake="")}
    equal(found["store-failures"]["message"], "store 0000:00:04.0: requests "
          "for slots that failed: 18446744073709551615")
    equal(found["vector-drops"]["message"],
          f"device {A}: interrupts that met no trigger: 2")
    equal(found["vector-failures"]["remedy"],
          f"imsctl stats {A} -o vector,failed; then --reset")


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
