# SPDX-License-Identifier: GPL-2.0-or-later
"""The package and the library: prototypes, coverage, captures."""

import json
import re
import shutil
import subprocess
import tempfile
import unittest

from simulated import PACKAGE, program

# Exported, and of no use to Python: it has files, bytes and references of its own.
NOT_FOR_PYTHON = re.compile(
    r"ims_(capture_(read|read_fd|write|write_fd|write_buffer)|\w+_copy|ctx_set_log|error_get_errno|"
    r"vector_(trigger|configure|reset_stats|quiet|rate_limit)_range|vector_list_get|"
    r"vfio_(open_\w+|get_\w+|map_\w+|unmap_\w+|attach|detach|trigger_some|bind_request|"
    r"(read|write)(8|16|32|64)))$")


class Prototypes(unittest.TestCase):
    def test_they_are_what_the_headers_say(self):
        p = subprocess.run([PACKAGE / "prototypes", "--check"], capture_output=True, text=True)
        self.assertEqual((p.returncode, p.stderr), (0, ""))

    def test_the_library_has_all_of_them(self):
        self.assertEqual(program("""
            from ims import _library, _prototypes
            give([n for n in _prototypes.PROTOTYPES if not hasattr(_library._library, n)])"""), [])

    def test_the_package_uses_all_of_them(self):
        text = "".join(f.read_text() for f in (PACKAGE / "ims").glob("*.py")
                       if f.name != "_prototypes.py")
        names = re.findall(r'^    "(ims_\w+)"', (PACKAGE / "ims" / "_prototypes.py").read_text(), re.M)

        def used(name):
            # Some names are made of an object and what is done with it.
            parts = name.split("_")
            return f'"{name}"' in text or any(
                re.search(rf'f"ims_[^"]*{{[^"]*}}_?{"_".join(parts[i:])}"', text) or
                f'"{"_".join(parts[i:])}"' in text for i in range(2, len(parts)))

        self.assertEqual([n for n in names if not used(n) and not NOT_FOR_PYTHON.match(n)], [])


class Captures(unittest.TestCase):
    CAPTURE = json.dumps({
        "capture": 1, "time-ns": 5, "stores": [{"id": 1, "name": "s", "size": 8}],
        "devices": [{"id": 1, "name": "d", "parent": "s", "store-id": 1, "vectors": 2}],
        "vectors": [{"device-id": 1, "device-name": "d", "index": 0, "state": "live"}]})

    def test_from_bytes_and_from_a_file(self):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            file.write(self.CAPTURE)
            file.flush()
            self.assertEqual(program(f"""
                found = []
                for capture in ({self.CAPTURE.encode()!r}, {file.name!r}):
                    with ims.Context(capture) as context:
                        found.append([context.capture_time, context.device("d").vector(0).state])
                give(found)"""), [[5, "live"]] * 2)

    def test_no_capture(self):
        self.assertIn("capture", program("""
            try:
                ims.Context(b"{}")
                give("")
            except ims.Error as e:
                give(str(e))"""))


class Vfio(unittest.TestCase):
    def test_a_device_that_is_not_there(self):
        self.assertIn("nope", program("""
            try:
                ims.VfioDevice(c, "nope")
                give("")
            except ims.Error as e:
                give(str(e))"""))


class Types(unittest.TestCase):
    @unittest.skipUnless(shutil.which("mypy"), "mypy is not installed")
    def test_mypy(self):
        p = subprocess.run(["mypy", "--strict", "--cache-dir=/dev/null", "-p", "ims"],
                           cwd=PACKAGE, capture_output=True, text=True)
        self.assertEqual(p.returncode, 0, p.stdout)
