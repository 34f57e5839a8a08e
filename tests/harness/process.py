# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Programs under test: started, watched, killed, started again, and never left behind."""

import ctypes
import os
import random
import signal
import socket
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

LIBC = ctypes.CDLL(None, use_errno=True)
PR_SET_PDEATHSIG = 1

# The kernel counts the death of the *thread* that started a child as the death of its parent, so all children are
# started by one thread that lives as long as we do.
SPAWNER = ThreadPoolExecutor(max_workers=1)


class NotReady(Exception):
    pass


def wait_until(condition, what, seconds=30, pause=0.01, process=None):
    """Polls condition() until it is true and returns its value; says what did not happen otherwise."""
    until = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if process is not None and process.poll() is not None:
            raise NotReady("%s: the program ended with %s" % (what, process.returncode))
        if time.monotonic() > until:
            raise NotReady("%s: not within %g s" % (what, seconds))
        time.sleep(pause)


def accepts(port, host="127.0.0.1"):
    try:
        socket.create_connection((host, port), 1).close()
        return True
    except OSError:
        return False


def free_ports(count):
    """Free ports below the range that the kernel gives to outgoing connections, so that a port stays ours while
    its program is down."""
    found, held = [], []
    while len(found) < count:
        port = random.SystemRandom().randrange(15000, 32000)
        probe = socket.socket()
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            probe.close()
            continue
        held.append(probe)
        found.append(port)
    for probe in held:
        probe.close()
    return found


class Program:
    """One program: the same command each time it is started, output appended to one log file."""

    def __init__(self, name, command, log, ready, environment=None, user=None):
        self.name, self.command, self.log, self.ready = name, command, log, ready
        self.environment = environment
        # Where root runs us and the program is to be somebody else: (uid, gid).
        self.become = {"user": user[0], "group": user[1], "extra_groups": []} if user else {}
        self.process = None
        self.starts = 0

    def start(self, wait=True):
        parent = os.getpid()

        def die_with_parent():
            LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
            signal.pthread_sigmask(signal.SIG_SETMASK, [])
            if os.getppid() != parent:
                os._exit(127)

        with open(self.log, "ab") as log:
            self.process = SPAWNER.submit(
                subprocess.Popen,
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self.environment,
                start_new_session=True,
                preexec_fn=die_with_parent,
                **self.become,
            ).result()
        self.starts += 1
        if wait:
            self.wait_ready()
        return self

    def wait_ready(self, seconds=60):
        try:
            wait_until(self.ready, self.name + " is ready", seconds, process=self.process)
        except NotReady as error:
            raise NotReady("%s\n%s" % (error, self.tail())) from None

    def tail(self, octets=3000):
        try:
            with open(self.log, "rb") as file:
                return file.read()[-octets:].decode("utf-8", "replace")
        except FileNotFoundError:
            return ""

    @property
    def pid(self):
        return self.process.pid

    def running(self):
        return self.process is not None and self.process.poll() is None

    def signal(self, number):
        if self.running():
            self.process.send_signal(number)

    def kill(self):
        """SIGKILL: what a crash, a power cut or the kernel's memory killer look like."""
        if self.process is not None:
            self.signal(signal.SIGKILL)
            self.process.wait()

    def restart(self, wait=True):
        self.kill()
        self.start(wait)

    def stop(self, seconds=15):
        """SIGTERM, as an operator stops it; True if it obeyed in time."""
        if not self.running():
            return True
        self.signal(signal.SIGTERM)
        try:
            self.process.wait(seconds)
            return True
        except subprocess.TimeoutExpired:
            self.kill()
            return False
