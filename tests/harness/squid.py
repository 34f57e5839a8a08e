# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""A web proxy of this machine: squid, which asks for a user and a password by Basic, by Digest, or by either."""

import os
import pwd
import shutil
import subprocess
import tempfile

from .process import Program, accepts, free_ports

USER, PASSWORD = "branch-office", "through the wall"
HELPERS = "/usr/lib/squid"
CONFIG = """
http_port 127.0.0.1:{port}
{auth}
acl known proxy_auth REQUIRED
acl service port {allowed}
{who}
http_access deny all
logformat plain %Ss/%>Hs %rm %ru %un %<st %{{Proxy-Authorization}}>h
access_log stdio:{folder}/access.log logformat=plain
cache_log {folder}/cache.log
cache_store_log none
pid_filename {folder}/squid.pid
coredump_dir {folder}
cache deny all
pinger_enable off
shutdown_lifetime 0 seconds
visible_hostname proxy.test
{user}
"""
SCHEMES = {
    "basic": "auth_param basic program %s/basic_ncsa_auth {folder}/basic\nauth_param basic utf8 on" % HELPERS,
    "digest": "auth_param digest program %s/digest_file_auth {folder}/digest\nauth_param digest realm wall" % HELPERS,
}


def is_there():
    return shutil.which("squid") is not None and os.path.exists(HELPERS + "/digest_file_auth")


class Squid:
    def __init__(self, allowed, schemes=("basic",), needs_user=True):
        """allowed: the one port that may be connected to."""
        self.folder = tempfile.mkdtemp(prefix="imprimatur-squid-")
        self.port = free_ports(1)[0]
        root = os.getuid() == 0
        hashed = subprocess.run(["openssl", "passwd", "-apr1", PASSWORD], check=True, capture_output=True, text=True).stdout.strip()
        self.write("basic", "%s:%s\n" % (USER, hashed))
        self.write("digest", "%s:%s\n" % (USER, PASSWORD))
        fields = {"folder": self.folder, "port": self.port, "allowed": allowed}
        self.write("squid.conf", CONFIG.format(
            auth="\n".join(SCHEMES[s].format(**fields) for s in schemes), user="cache_effective_user proxy" if root else "",
            who="http_access allow CONNECT service known" if needs_user else "http_access allow CONNECT service", **fields))
        if root:
            entry = pwd.getpwnam("proxy")
            for name in ["."] + os.listdir(self.folder):
                os.chown(os.path.join(self.folder, name), entry.pw_uid, entry.pw_gid)
        self.program = Program("squid", ["squid", "-N", "-f", os.path.join(self.folder, "squid.conf")], os.path.join(self.folder, "squid.out"),
                               lambda: accepts(self.port))

    def write(self, name, content):
        with open(os.path.join(self.folder, name), "w", encoding="utf-8") as file:
            file.write(content)

    def __enter__(self):
        self.program.start()
        return self

    def __exit__(self, *_):
        self.program.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def url(self):
        return "http://127.0.0.1:%d" % self.port

    def tunnels(self):
        """What was asked of it, once it is over: [{"result", "method", "to", "user", "octets", "told"}]."""
        path = os.path.join(self.folder, "access.log")
        if not os.path.exists(path):
            return []
        with open(path, encoding="utf-8") as file:
            rows = [line.rstrip("\n").split(" ", 5) for line in file]
        return [dict(zip(("result", "method", "to", "user", "octets", "told"), row)) for row in rows]
