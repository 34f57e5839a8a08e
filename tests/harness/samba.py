# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""An Active Directory domain of this machine: Samba as its domain controller, of which only LDAP is started.

Its ports are those of every domain controller (389, 636), so each has a loopback address of its own, and only root may
start one.
"""

import base64
import os
import shutil
import socket
import subprocess

from .process import Program
from .slapd import certificate

ADMIN_PASSWORD = "Passw0rd.of.admin"
SERVICE_PASSWORD = "Passw0rd.of.svc"

EXTRA = """[global]
\tserver services = ldap
\tinterfaces = {address}/24
\tbind interfaces only = yes
\tncalrpc dir = {folder}/run/ncalrpc
\tpid directory = {folder}/run
\tlog file = {folder}/samba.log
\tldap server require strong auth = yes
\ttls keyfile = {folder}/tls-key.pem
\ttls certfile = {folder}/tls.pem
\ttls cafile = {authority}
"""

# A trust is made by two domains that talk to each other; what is left of it in each is this object.
TRUST = """
import sys, ldb
from samba.auth import system_session
from samba.dcerpc import security
from samba.ndr import ndr_pack
from samba.param import LoadParm
from samba.samdb import SamDB
conf, base, dns, name, direction = sys.argv[1:]
lp = LoadParm(conf)
db = SamDB(session_info=system_session(), lp=lp)
db.add({"dn": "CN=%s,CN=System,%s" % (dns, base), "objectClass": "trustedDomain", "trustPartner": dns, "flatName": name,
        "trustDirection": direction, "trustType": "2", "trustAttributes": "8",
        "securityIdentifier": ndr_pack(security.dom_sid("S-1-5-21-1-2-3"))}, ["local_oid:1.3.6.1.4.1.7165.4.3.12:0", "relax:0"])
"""


def present():
    return os.geteuid() == 0 and shutil.which("samba") is not None and shutil.which("samba-tool") is not None


def addresses(count):
    """Loopback addresses at which nobody serves a directory."""
    found = []
    start = os.getpid()
    for i in range(60000):
        address = "127.%d.%d.%d" % (100 + i % 100, (start >> 8) % 256, 1 + (start + i // 100) % 250)
        probes = []
        try:
            for port in (389, 636, 3268, 3269):
                probe = socket.socket()
                probes.append(probe)
                probe.bind((address, port))
            found.append(address)
        except OSError:
            pass
        finally:
            for probe in probes:
                probe.close()
        if len(found) == count:
            return found
    raise RuntimeError("no address is free")


class Samba:
    """One domain, "corp.example" with the short name CORP, say."""

    def __init__(self, world, dns, name, address):
        self.dns, self.name, self.address = dns, name, address
        self.base = ",".join("DC=" + part for part in dns.split("."))
        self.folder = world.path("samba-" + name.lower())
        self.log = os.path.join(self.folder, "log")
        words = ["samba-tool", "domain", "provision", "--targetdir=" + self.folder, "--realm=" + dns.upper(),
                 "--domain=" + name, "--adminpass=" + ADMIN_PASSWORD, "--server-role=dc", "--use-rfc2307",
                 "--dns-backend=SAMBA_INTERNAL", "--host-name=dc-" + name.lower(), "--host-ip=" + address]
        done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(done.stdout + done.stderr)
        os.makedirs(os.path.join(self.folder, "run"), exist_ok=True)
        chain, key = certificate(world, self.folder, "server", "IP:" + address)
        shutil.copy(chain, os.path.join(self.folder, "tls.pem"))
        shutil.copy(key, os.path.join(self.folder, "tls-key.pem"))
        os.chmod(os.path.join(self.folder, "tls-key.pem"), 0o600)
        with open(self.conf, encoding="utf-8") as file:
            conf = file.read()
        extra = EXTRA.format(folder=self.folder, address=address, authority=world.path("ca.pem"))
        kept = [line for line in conf.splitlines() if "log file" not in line and line.strip() != "[global]"]
        with open(self.conf, "w", encoding="utf-8") as file:
            file.write(extra + "\n".join(kept) + "\n")
        self.authority = world.path("ca.pem")
        command = ["samba", "-i", "-M", "single", "-s", self.conf, "--debug-stdout"]
        self.program = Program("samba-" + name.lower(), command, self.log, self._ready)

    @property
    def conf(self):
        return os.path.join(self.folder, "etc", "smb.conf")

    @property
    def ldaps(self):
        return "ldaps://" + self.address

    def trust(self, other, direction=3):
        """Before the start: this domain trusts the other one."""
        subprocess.run(["/usr/bin/python3", "-c", TRUST, self.conf, self.base, other.dns, other.name, str(direction)],
                       check=True, capture_output=True, stdin=subprocess.DEVNULL)

    def _ready(self):
        try:
            socket.create_connection((self.address, 636), 1).close()
            return True
        except OSError:
            return False

    def start(self):
        self.program.start()
        self.add(self.user("svc", SERVICE_PASSWORD))

    def stop(self):
        self.program.stop()

    # ---- what is in it ----------------------------------------------------------------------------------------

    def dn(self, name):
        return "CN=%s,CN=Users,%s" % (name, self.base)

    def user(self, name, password, **more):
        quoted = base64.b64encode(('"%s"' % password).encode("utf-16-le")).decode()
        lines = ["dn: " + self.dn(name), "objectClass: user", "sAMAccountName: " + name, "userAccountControl: 512",
                 "userPrincipalName: %s@%s" % (name, self.dns), "unicodePwd:: " + quoted]
        lines += ["%s: %s" % pair for pair in more.items()]
        return "\n".join(lines) + "\n\n"

    def group(self, name, *members):
        lines = ["dn: " + self.dn(name), "objectClass: group", "sAMAccountName: " + name]
        lines += ["member: " + self.dn(member) for member in members]
        return "\n".join(lines) + "\n\n"

    def change(self, ldif, tool="ldapmodify"):
        words = [tool, "-x", "-H", self.ldaps, "-D", "Administrator@" + self.dns, "-w", ADMIN_PASSWORD]
        environment = dict(os.environ, LDAPTLS_CACERT=self.authority)
        done = subprocess.run(words, input=ldif, text=True, capture_output=True, env=environment, check=False)
        if done.returncode:
            raise RuntimeError(done.stderr)

    def add(self, ldif):
        self.change(ldif, "ldapadd")

    def replace(self, name, attribute, value):
        self.change("dn: %s\nchangetype: modify\nreplace: %s\n%s: %s\n" % (self.dn(name), attribute, attribute, value))

    def settings(self, **more):
        """Of a method."""
        with open(self.authority, encoding="utf-8") as file:
            authority = file.read()
        return dict({"kind": "active-directory", "servers": [self.ldaps], "ca": authority, "base": self.base,
                     "bind_name": "svc@" + self.dns, "timeout_ms": 5000}, **more)
