# SPDX-License-Identifier: GPL-2.0-or-later
"""The processes of the host that IMS_FAKE=fleet simulates: 50 QEMUs"""

import contextlib
import os
import pathlib
import tempfile

FIRST_PID, VMS = 4000, 50


def vm_name(number):
    return f"{('web', 'db', 'cache', 'batch')[number % 4]}-{number:02}"


@contextlib.contextmanager
def fleet():
    with tempfile.TemporaryDirectory() as root:
        for number in range(VMS):
            proc = pathlib.Path(root, "proc", str(FIRST_PID + number))
            proc.mkdir(parents=True)
            (proc / "comm").write_text("qemu-system-x86\n")
            (proc / "cmdline").write_bytes(
                b"/usr/bin/qemu-system-x86_64\0-name\0guest="
                + vm_name(number).encode() + b",debug-threads=on\0-S\0")
        os.environ["IMS_FAKE_ROOT"] = root
        try:
            yield
        finally:
            del os.environ["IMS_FAKE_ROOT"]
