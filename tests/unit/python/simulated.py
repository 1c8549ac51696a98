# SPDX-License-Identifier: GPL-2.0-or-later
"""What the tests of the package share: programs that run on the simulated kernel.

Each is a process of its own, because the simulated kernel is made when the library is
loaded, as IMS_FAKE says."""

import json
import os
import pathlib
import subprocess
import sys
import textwrap

TOP = pathlib.Path(__file__).resolve().parents[3]
PACKAGE = TOP / "libims" / "python"

# test-python sets it: libims-testing.so, which takes the place of libims.so.0.
library = None

A = "83b8f4f2-509f-382f-3c1e-e6bfe0fa1001"
B = "83b8f4f2-509f-382f-3c1e-e6bfe0fa1002"


def run(arguments, fake=""):
    """Run Python with the package; its standard output. Warnings are errors."""
    env = dict(os.environ, IMS_FAKE=fake, LD_PRELOAD=str(library), PYTHONPATH=str(PACKAGE),
               PYTHONDONTWRITEBYTECODE="1", PYTHONWARNINGS="error", LC_ALL="C.UTF-8")
    p = subprocess.run([sys.executable, *arguments], env=env, capture_output=True, text=True,
                       timeout=120)
    if p.returncode:
        raise AssertionError(f"status {p.returncode}: {p.stderr}")
    return p.stdout


def program(code, fake=""):
    """What a program gives: it has the package as ims, an open context c, and says by
    give() what it found out."""
    head = "import ims, json, sys\nc = ims.Context()\ndef give(what): print(json.dumps(what))\n"
    return json.loads(run(["-c", head + textwrap.dedent(code)], fake))
