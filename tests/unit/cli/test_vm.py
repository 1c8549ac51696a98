# SPDX-License-Identifier: GPL-2.0-or-later
"""The virtual machine that has a device open, on hosts that are directories"""

import contextlib
import json
import os
import pathlib
import tempfile

from harness import *

COMM = b"qemu-system-x86"
QEMU = "/usr/bin/qemu-system-x86_64"
LIBVIRT = [QEMU, "-name", "guest=web,debug-threads=on", "-S"]
# As systemd 252 names them.
SCOPE = r"/machine.slice/machine-qemu\x2d1\x2dweb.scope/libvirt/emulator"


@contextlib.contextmanager
def process(pid=4242, comm=COMM, argv=None, cgroup=None):
    """The only one of a host. 4242 is the number of the one that has A open."""
    with tempfile.TemporaryDirectory() as root:
        proc = pathlib.Path(root, "proc", str(pid))
        proc.mkdir(parents=True)
        (proc / "comm").write_bytes(comm + b"\n")
        if argv is not None:
            words = (w if isinstance(w, bytes) else w.encode() for w in argv)
            (proc / "cmdline").write_bytes(b"".join(w + b"\0" for w in words))
        if cgroup is not None:
            (proc / "cgroup").write_text(f"0::{cgroup}\n")
        os.environ["IMS_FAKE_ROOT"] = root
        try:
            yield
        finally:
            del os.environ["IMS_FAKE_ROOT"]


def vm(device=A, **kwargs):
    with process(**kwargs):
        r = imsctl("show", device, "--json", "-o", "vm")
    equal((r.code, r.err), (DONE, ""))
    return json.loads(r.out)[0]["vm"]


def named(*value):
    return vm(argv=[QEMU, *value])


@test
def vm_of_libvirt():
    equal(vm(argv=LIBVIRT, cgroup=SCOPE), "web")
    with process(argv=LIBVIRT):
        golden("list-vm.txt", "list")
        golden("list-vectors-vm.txt", "list", "--vectors", "--state", "live")
        devices = json.loads(imsctl("list", "--json").out)
        vectors = json.loads(imsctl("list", "--vectors", "--json").out)
        shown = imsctl("show", A).out
        metrics = imsctl("metrics").out
    equal([d["vm"] for d in devices], ["web", None, None])
    equal({(v["device"], v["vm"]) for v in vectors},
          {(A, "web"), ("wq0", None)})
    assert "\nvm              web\n" in shown, shown
    assert 'owner_comm="qemu-system-x86",vm="web"} 1\n' in metrics, metrics


@test
def vm_as_qemu_reads_its_option():
    equal(named("-name", "web"), "web")
    equal(named("--name", "web,process=qemu"), "web")
    equal(named("-name", "debug-threads=on,guest=web"), "web")
    equal(named("-name", "guest=a,,b=c,debug-threads=on"), "a,b=c")
    equal(named("-name", "a,,b,debug-threads=on"), "a,b")
    equal(named("-name", "first", "-S", "-name", "guest=second"), "second")
    equal(named("-name", "first", "-name", "debug-threads=on"), "first")
    equal(vm(argv=["kvm", "-id", "100", "-name", "web"]), "web")


@test
def vm_without_a_name():
    """The command, then."""
    command = COMM.decode()
    equal(named(), command)
    equal(named("-name"), command)
    equal(named("-name", ""), command)
    equal(named("-name", "guest="), command)
    equal(named("-name", "debug-threads=on"), command)
    equal(named("-S", "debug-threads=on,guest=web"), command)
    equal(vm(argv=[]), command)
    equal(vm(), command)
    # A name among the options of what is no QEMU is another thing's.
    equal(vm(argv=["/usr/bin/find", "-name", "web"]), command)


@test
def vm_of_a_scope():
    equal(vm(argv=[QEMU], cgroup=SCOPE), "web")
    equal(vm(cgroup=r"/machine.slice/machine-we\x2db\x20\xc3\xa9.scope"),
          "we-b \u00e9")
    equal(vm(cgroup=r"/machine.slice/machine-qemu\x2d17\x2dq\x2d1.scope"),
          "q-1")
    equal(vm(cgroup=r"/machine.slice/machine-qemu\x2dweb.scope"), "qemu-web")
    equal(vm(cgroup=r"/machine.slice/machine-qemu\x2d1\x2d.scope"), "qemu-1-")
    # Of cgroup v1, which has a line for each controller.
    equal(vm(cgroup=f"/\n12:devices:{SCOPE}\n1:name=systemd:{SCOPE}"), "web")
    # What is no escape stays as it is.
    equal(vm(cgroup=r"/machine-a\x00\xzz\x2.scope/x"), r"a\x00\xzz\x2")
    for cgroup in ("/", "/user.slice", "/machine.slice/machine-web.service",
                   "/machine.slice/machine-.scope", "/machine-",
                   "/machine.slice/machine-a.scope.d"):
        equal(vm(cgroup=cgroup), COMM.decode(), cgroup)


@test
def vm_of_another_process():
    """Nothing is known of a process that is gone, whoever has its number now."""
    equal(vm(comm=b"bash", argv=LIBVIRT, cgroup=SCOPE), None)
    equal(vm(comm=b"", argv=LIBVIRT), None)
    equal(vm(pid=4243, argv=LIBVIRT), None)
    # The kernel told no command to compare with.
    equal(vm("wq0", pid=99, argv=LIBVIRT), None)
    equal(imsctl("list", "-o", "vm", "--noheadings").out, "-\n-\n-\n")


@test
def vm_of_a_capture():
    """The process is one of another host, or of another time."""
    with tempfile.TemporaryDirectory() as top, contextlib.ExitStack() as stack:
        file = str(pathlib.Path(top, "capture.json"))
        gives("", "capture", file)
        stack.enter_context(process(argv=LIBVIRT))
        equal(imsctl("list", "-o", "vm", "--input", file).out,
              "VM\n-\n-\n-\n")
        # In a batch, what comes next is about this host again.
        batch = pathlib.Path(top, "batch")
        batch.write_text(f"list -o vm --input {file}\nlist -o vm\n")
        gives("VM\n-\n-\n-\nVM\nweb\n-\n-\n", "--batch", str(batch))


@test
def vm_with_a_hostile_name():
    """It goes to no terminal as it is, and breaks no line."""
    name = b"a\nb\x1b[31m\"\\\xff\xc3\xa9"
    equal(vm(argv=[QEMU, "-name", b"guest=" + name]),
          "a\nb\x1b[31m\"\\\ufffd\u00e9")
    with process(argv=[QEMU, "-name", name]):
        gives("vm  a?b?[31m\"\\?\u00e9\n", "show", A, "-o", "vm")
        metrics = imsctl("metrics").out
    assert ',vm="a\\nb?[31m\\"\\\\\ufffd\u00e9"} 1\n' in metrics, metrics


@test
def vm_is_bounded():
    """What is long is cut, and what begins far behind is not read."""
    equal(named("-name", "x" * 3000), "x" * 255)
    equal(named("-name", "guest=" + "y" * 5000), COMM.decode())
    equal(named("-device", "z" * 5000, "-name", "web"), COMM.decode())
    equal(vm(cgroup="/" + "x/" * 4000 + SCOPE), COMM.decode())
    equal(vm(cgroup=f"/machine-{'w' * 400}.scope"), "w" * 255)


def monitored(*args, fake):
    r = imsctl("monitor", "--idle-timeout", "0.5", *args, fake=fake)
    equal((r.code, r.err), (DONE, ""))
    return r.out.splitlines()


@test
def monitor_of_a_machine():
    with process(argv=LIBVIRT):
        equal(monitored("--vm", "we", fake="changes"), [])
        web = monitored("--vm", "web", fake="changes")
        # Also its end, and nothing of a device that is not known any more. No
        # store is a machine's.
        equal(web, [line for line in monitored(fake="changes")
                    if line.split()[2] == A][:6])
        equal(web[-1].split()[1], "device-delete")
        alerts = monitored("--vm", "none,web", "--event", "alert",
                           fake="events")
    equal([line.split()[1] for line in alerts], ["alert"] * 3)


@test
def vm_of_containers():
    id = "0123456789abcdef" * 4
    for cgroup in (f"/docker/{id}", f"/system.slice/docker-{id}.scope",
                   f"/machine.slice/libpod-{id}.scope/container",
                   f"/kubepods.slice/pod1.slice/cri-containerd-{id}.scope"):
        equal(vm(argv=["/usr/bin/worker"], cgroup=cgroup), "0123456789ab")
    # A QEMU in one goes by its own name, and a machine by that.
    equal(vm(argv=LIBVIRT, cgroup=f"/docker/{id}"), "web")
    equal(vm(argv=["x"], cgroup=f"/machine-a.scope/docker/{id}"), "a")
    equal(vm(argv=["x"], cgroup=r"/machine-lxc\x2d12\x2dbox.scope"), "box")
    # Not ids.
    for cgroup in (f"/docker/{id[:-1]}", f"/docker/{id}0", f"/docker/x{id}",
                   f"/docker/{id}x", f"/{id.upper()}"):
        equal(vm(argv=["x"], cgroup=cgroup), COMM.decode())


@test
def vm_as_a_filter():
    with process(argv=LIBVIRT):
        equal(json.loads(imsctl("list", "--json", "--vm", "web").out),
              [d for d in json.loads(imsctl("list", "--json").out)
               if d["name"] == A])
        vectors = json.loads(imsctl("list", "--json", "--vectors",
                                    "--vm", "none,web").out)
        equal(vectors, json.loads(imsctl("list", A, "--json").out))
        # What nobody has is told, and so are the wrong devices.
        for args in ([], ["--vectors"], ["--json"]):
            fails(NO_OBJECT, "imsctl: no virtual device was opened by we\n",
                  "list", "--vm", "we", *args)
            fails(NO_OBJECT, "imsctl: no virtual device was opened by nobody\n",
                  "list", "--owner", "nobody", *args)
            fails(NO_OBJECT, "imsctl: no virtual device was opened by 99 and "
                  "web\n", "list", "--owner", "99", "--vm", "web", *args)
        fails(NO_OBJECT, f"imsctl: device {B}: it was opened by somebody "
              "else\n", "list", B, "--vm", "web")
        equal(json.loads(imsctl("list", B, "--owner", "7", "--json").out), [])
    usage("list: --vm: a value is empty", "list", "--vm", "a,,b")


@test
def vm_is_captured():
    """Who it was is known where the capture is looked at."""
    with tempfile.TemporaryDirectory() as tmp:
        file = str(pathlib.Path(tmp) / "capture.json")
        with process(argv=[QEMU, "-name", b"w\xffb\"s"]):
            gives("", "capture", file)
            shown = imsctl("list", "--json").out
        assert '"vm-bytes": "77ff622273"' in pathlib.Path(file).read_text()
        equal(imsctl("list", "--json", "--input", file, fake="no-socket").out,
              shown)
        # As it was then, whoever has that number here and now.
        with process(argv=LIBVIRT):
            equal(imsctl("list", "--json", "--input", file).out, shown)
            fails(NO_OBJECT, "imsctl: no virtual device was opened by web\n",
                  "list", "--vm", "web", "--input", file)
        assert ',vm="w\ufffdb\\"s"}' in \
            imsctl("metrics", "--input", file, fake="no-socket").out
