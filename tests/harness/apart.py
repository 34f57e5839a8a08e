# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""A function run in a mount, network and process namespace of its own, as root or as a plain user.

    def body(folder): ...        # in a file of scenarios
    run_apart(__file__, "body", folder)

Inside, the loopback interface is up, every port is free, mount() works, and every process that is left over dies with
the function.
"""

import ctypes
import fcntl
import importlib.machinery
import importlib.util
import os
import socket
import struct
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))

from harness import scratch  # noqa: E402
from harness.story import skip  # noqa: E402


def run_apart(file, function, *arguments, seconds=300):
    own = [] if os.getuid() == 0 else ["-U", "--map-current-user", "--keep-caps"]
    apart = ["unshare", *own, "-n", "-m", "-p", "-f", "--kill-child", "--mount-proc"]
    if subprocess.run([*apart, "true"], capture_output=True, check=False).returncode:
        skip("no namespaces here")
    command = [*apart, sys.executable, os.path.join(HERE, "apart.py"), file, function, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=seconds, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-6000:]
    return done.stdout


def loopback_up():
    with socket.socket() as s:
        fcntl.ioctl(s, 0x8914, struct.pack("16sh", b"lo", 0x1 | 0x40))  # SIOCSIFFLAGS: IFF_UP, IFF_RUNNING


def mount_tmpfs(path, octets):
    os.makedirs(path, exist_ok=True)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mount(b"tmpfs", path.encode(), b"tmpfs", 0, b"size=%d,mode=0700" % octets):
        raise OSError(ctypes.get_errno(), "mount " + path)


def drop_ambient():
    """Sandboxes of the programs refuse to start with capabilities they did not ask for."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(47, 4, 0, 0, 0)  # PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL


def main():
    file, function, *arguments = sys.argv[1:]
    loopback_up()
    loader = importlib.machinery.SourceFileLoader("apart_story", file)
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    try:
        getattr(module, function)(*arguments)
    finally:
        scratch.clean()


if __name__ == "__main__":
    main()
    sys.stdout.flush()
    os._exit(0)
