# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""A private cupsd: what a workstation brings, on a port of its own, without touching the machine's printing.

It runs a copy of Debian's cupsd (the copy is outside the AppArmor profile of /usr/sbin/cupsd) with the backends ipp
and ipps alone. PDF goes through untouched: what `lp` was given is what the queue gets. Its folder is new each time, and
where root starts it, it runs as "nobody" in a place of its own: root's CUPS would keep the certificates it trusts in
/etc/cups, among those of the machine's own printers.
"""

import grp
import os
import pwd
import shutil
import subprocess
import tempfile

from .process import Program, accepts, wait_until

CUPSD = "/usr/sbin/cupsd"


def is_there():
    return os.path.exists(CUPSD) and shutil.which("lpadmin") is not None and shutil.which("lp") is not None


FILES = """User {user}
Group {group}
SystemGroup {group}
ServerRoot {root}/etc
ServerBin {root}/bin
RequestRoot {root}/spool
TempDir {root}/spool/tmp
CacheDir {root}/cache
StateDir {root}/state
ServerKeychain {root}/ssl
AccessLog {root}/log/access
ErrorLog {root}/log/error
PageLog {root}/log/page
"""

SETTINGS = """Listen 127.0.0.1:{port}
LogLevel info
Browsing No
DefaultAuthType None
WebInterface No
<Location />
  Order allow,deny
  Allow from 127.0.0.1
</Location>
<Policy default>
  <Limit All>
    Order deny,allow
    Allow from 127.0.0.1
  </Limit>
</Policy>
"""


class Cups:
    def __init__(self, port, log):
        is_root = os.getuid() == 0
        user = pwd.getpwnam("nobody") if is_root else pwd.getpwuid(os.getuid())
        root = tempfile.mkdtemp(prefix="imprimatur-cups-", dir="/tmp" if is_root else None)
        os.chmod(root, 0o755)
        self.root, self.port = root, port
        for name in ("etc/ppd", "spool/tmp", "cache", "state", "log", "ssl", "bin/backend"):
            os.makedirs(os.path.join(root, name), mode=0o755, exist_ok=True)
        for name in ("filter", "monitor", "notifier", "daemon", "driver", "cgi-bin"):
            self._link("/usr/lib/cups/" + name, "bin/" + name)
        for name in ("ipp", "ipps"):
            self._link("/usr/lib/cups/backend/" + name, "bin/backend/" + name)
        names = {
            "root": root,
            "port": port,
            "user": user.pw_name,
            "group": grp.getgrgid(user.pw_gid).gr_name,
        }
        self._write("etc/cups-files.conf", FILES.format(**names))
        self._write("etc/cupsd.conf", SETTINGS.format(**names))
        self._write("etc/untouched.convs", "application/pdf application/vnd.cups-pdf 0 -\n")
        program = os.path.join(root, "cupsd")
        shutil.copyfile(CUPSD, program)
        os.chmod(program, 0o755)
        command = [program, "-f", "-c", os.path.join(root, "etc/cupsd.conf")]
        command += ["-s", os.path.join(root, "etc/cups-files.conf")]
        if is_root:
            for folder, _, _ in os.walk(root):
                os.chown(folder, user.pw_uid, user.pw_gid)
        environment = dict(os.environ, HOME=os.path.join(root, "spool/tmp"))
        become = (user.pw_uid, user.pw_gid) if is_root else None
        self.program = Program("cupsd", command, log, lambda: accepts(port), environment, become)

    def stop(self):
        self.program.stop()
        shutil.rmtree(self.root, ignore_errors=True)

    def _link(self, target, name):
        os.symlink(target, os.path.join(self.root, name))

    def _write(self, name, text):
        with open(os.path.join(self.root, name), "w", encoding="utf-8") as file:
            file.write(text)

    @property
    def server(self):
        return "127.0.0.1:%d" % self.port

    def add(self, name, uri):
        """The queue at an IPP address, driverless; returns when cupsd has asked the printer what it can."""
        environment = dict(os.environ, CUPS_SERVER=self.server)
        command = ["lpadmin", "-p", name, "-E", "-v", uri, "-m", "everywhere"]
        subprocess.run(command, check=True, env=environment, stdin=subprocess.DEVNULL)
        ppd = os.path.join(self.root, "etc", "ppd", name + ".ppd")
        wait_until(lambda: os.path.exists(ppd), "cupsd knows the queue " + name, 20, 0.02)

    def print(self, name, path, *options):
        command = ["lp", "-h", self.server, "-d", name, *options, path]
        done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
        if done.returncode:
            raise RuntimeError("lp: " + done.stderr)
        return done.stdout
