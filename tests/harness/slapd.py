# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""A directory of this machine: OpenLDAP's slapd with memberOf, StartTLS and LDAPS, and a server that says yes to
everything."""

import base64
import os
import shutil
import socket
import ssl
import subprocess
import threading

from .process import Program, free_ports

BASE = "dc=example,dc=org"
ADMIN, ADMIN_PASSWORD = "cn=admin," + BASE, "adminpw"
SERVICE, SERVICE_PASSWORD = "uid=svc," + BASE, "svcpw"

CONFIG = """
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload memberof
moduleload refint
pidfile {folder}/slapd.pid
argsfile {folder}/slapd.args
sizelimit unlimited
attributetype ( 1.2.840.113556.1.4.221 NAME 'sAMAccountName' EQUALITY caseIgnoreMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )
attributetype ( 1.2.840.113556.1.4.8 NAME 'userAccountControl' EQUALITY integerMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE )
objectclass ( 1.3.6.1.4.1.99999.1 NAME 'adLikeUser' SUP top AUXILIARY MAY ( sAMAccountName $ userAccountControl ) )
TLSCertificateFile {certificate}
TLSCertificateKeyFile {key}
database mdb
suffix "dc=example,dc=org"
rootdn "cn=admin,dc=example,dc=org"
rootpw adminpw
directory {folder}/db
maxsize 104857600
index objectClass,mail,uid,employeeNumber,entryUUID eq
overlay memberof
memberof-refint TRUE
access to attrs=userPassword by anonymous auth by self write by * none
access to * by users read by anonymous none
"""

HEAD = """dn: dc=example,dc=org
objectClass: dcObject
objectClass: organization
o: Example
dc: example

dn: ou=people,dc=example,dc=org
objectClass: organizationalUnit
ou: people

dn: ou=groups,dc=example,dc=org
objectClass: organizationalUnit
ou: groups

dn: uid=svc,dc=example,dc=org
objectClass: account
objectClass: simpleSecurityObject
uid: svc
userPassword: svcpw

"""


def present():
    return os.path.exists("/usr/sbin/slapd") and shutil.which("ldapadd") is not None


def person(uid, domain="demo.example", password=None, card=None, department="Sales", name=None):
    lines = [
        "dn: uid=%s,ou=people,%s" % (uid, BASE),
        "objectClass: inetOrgPerson",
        "objectClass: adLikeUser",
        "uid: " + uid,
        "sAMAccountName: " + uid,
        "cn:: " + base64.b64encode((name or uid.title()).encode()).decode(),
        "sn: " + uid,
        "mail: %s@%s" % (uid, domain),
        "departmentNumber: " + department,
        "userPassword:: " + base64.b64encode((password or uid + "pw").encode()).decode(),
    ]
    if card:
        lines.append("employeeNumber: " + card)
    return "\n".join(lines) + "\n\n"


def group(name, *uids):
    members = "".join("member: uid=%s,ou=people,%s\n" % (uid, BASE) for uid in uids)
    return "dn: cn=%s,ou=groups,%s\nobjectClass: groupOfNames\ncn: %s\n%s\n" % (name, BASE, name, members)


def certificate(world, folder, name, alternative="IP:127.0.0.1", days=30, own=False):
    """A certificate and its key: of the world's authority, or its own."""
    key, out = os.path.join(folder, name + "-key.pem"), os.path.join(folder, name + ".pem")

    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], check=True, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    made = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=directory"]
    if own:
        openssl("req", "-x509", *made, "-days", "30", "-keyout", key, "-out", out, "-addext",
                "subjectAltName=" + alternative)
        return out, key
    extensions = os.path.join(folder, name + ".ext")
    with open(extensions, "w", encoding="utf-8") as file:
        file.write("subjectAltName=%s\nextendedKeyUsage=serverAuth\n" % alternative)
    openssl("req", *made, "-keyout", key, "-out", out + ".csr")
    openssl("x509", "-req", "-in", out + ".csr", "-CA", world.path("ca.pem"), "-CAkey", world.path("ca-key.pem"),
            "-CAcreateserial", "-days", str(days), "-extfile", extensions, "-out", out)
    return out, key


class Slapd:
    def __init__(self, world, ldif, name="slapd", pair=None):
        self.world = world
        self.folder = world.path(name)
        os.makedirs(os.path.join(self.folder, "db"), exist_ok=True)
        self.plain_port, self.tls_port = free_ports(2)
        self.pair = pair or certificate(world, self.folder, "server")
        with open(os.path.join(self.folder, "slapd.conf"), "w", encoding="utf-8") as file:
            file.write(CONFIG.format(folder=self.folder, certificate=self.pair[0], key=self.pair[1]).lstrip())
        subprocess.run(["/usr/sbin/slapadd", "-q", "-f", self.conf], input=HEAD, text=True, check=True, capture_output=True)
        urls = "ldap://127.0.0.1:%d ldaps://127.0.0.1:%d" % (self.plain_port, self.tls_port)
        command = ["/usr/sbin/slapd", "-f", self.conf, "-h", urls, "-d", "0"]
        self.program = Program(name, command, os.path.join(self.folder, "log"), self._ready)
        self.program.start()
        self.add(ldif)  # through the server, whose overlay writes memberOf

    @property
    def conf(self):
        return os.path.join(self.folder, "slapd.conf")

    def _ready(self):
        for port in (self.plain_port, self.tls_port):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
            except OSError:
                return False
        return True

    @property
    def ldaps(self):
        return "ldaps://127.0.0.1:%d" % self.tls_port

    @property
    def ldap(self):
        return "ldap://127.0.0.1:%d" % self.plain_port

    def change(self, ldif, tool="ldapmodify"):
        subprocess.run([tool, "-x", "-H", self.ldap, "-D", ADMIN, "-w", ADMIN_PASSWORD], input=ldif, text=True,
                       check=True, capture_output=True)

    def add(self, ldif):
        self.change(ldif, "ldapadd")

    def remove(self, uid):
        self.change("dn: uid=%s,ou=people,%s\nchangetype: delete\n" % (uid, BASE))

    def replace(self, uid, attribute, value):
        self.change("dn: uid=%s,ou=people,%s\nchangetype: modify\nreplace: %s\n%s: %s\n"
                    % (uid, BASE, attribute, attribute, value))

    def stop(self):
        self.program.stop()


def settings(world, *servers, **more):
    """Of a method, for these servers and the world's authority."""
    with open(world.path("ca.pem"), encoding="utf-8") as file:
        authority = file.read()
    return dict({"servers": list(servers), "ca": authority, "base": BASE, "bind_name": SERVICE, "timeout_ms": 3000},
                **more)


# ---- a server that says yes ---------------------------------------------------------------------------------------


def ber(tag, *parts):
    body = b"".join(parts)
    if len(body) < 128:
        return bytes([tag, len(body)]) + body
    size = len(body).to_bytes(4, "big")
    return bytes([tag, 0x84]) + size + body


def text(value):
    return ber(4, value if isinstance(value, bytes) else value.encode())


def result(number, tag):
    return ber(0x30, number, ber(tag, b"\x0a\x01\x00", text(""), text("")))


class Yes:
    """Lets everybody in, with any password or none, and has one person for every question."""

    def __init__(self, world, uid="mallory"):
        self.uid = uid
        self.port = free_ports(1)[0]
        folder = world.path("yes")
        os.makedirs(folder, exist_ok=True)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(*certificate(world, folder, "server"))
        self.listener = socket.create_server(("127.0.0.1", self.port))
        self.binds = []
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def ldaps(self):
        return "ldaps://127.0.0.1:%d" % self.port

    def stop(self):
        self.listener.close()

    def _serve(self):
        while True:
            try:
                peer, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(peer,), daemon=True).start()

    def _talk(self, peer):
        try:
            with self.context.wrap_socket(peer, server_side=True) as tls:
                while self._answer(tls):
                    pass
        except (OSError, IndexError):
            pass

    @staticmethod
    def _read(tls, count):
        out = b""
        while len(out) < count:
            piece = tls.recv(count - len(out))
            if not piece:
                raise OSError("ended")
            out += piece
        return out

    def _message(self, tls):
        head = self._read(tls, 2)
        length = head[1]
        if length & 0x80:
            length = int.from_bytes(self._read(tls, length & 0x7F), "big")
        return self._read(tls, length)

    def _answer(self, tls):
        body = self._message(tls)
        number, operation = body[: 2 + body[1]], body[2 + body[1]]
        if operation == 0x60:
            self.binds.append(body)
            tls.sendall(result(number, 0x61))
        elif operation == 0x63:
            values = {
                "uid": self.uid, "cn": "Mallory", "mail": self.uid + "@demo.example", "employeeNumber": "0badc0de",
                "entryUUID": "00000000-0000-0000-0000-00000000beef",
            }
            attributes = b"".join(ber(0x30, text(n), ber(0x31, text(v))) for n, v in values.items())
            name = "uid=%s,%s" % (self.uid, BASE)
            tls.sendall(ber(0x30, number, ber(0x64, text(name), ber(0x30, attributes))) + result(number, 0x65))
        return operation != 0x42


class Silent:
    """Takes connections and says nothing; or so little at a time that it never ends."""

    def __init__(self, drips=b""):
        self.port = free_ports(1)[0]
        self.drips = drips
        self.listener = socket.create_server(("127.0.0.1", self.port))
        self.peers = []
        self.ended = threading.Event()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                peer, _ = self.listener.accept()
            except OSError:
                return
            self.peers.append(peer)
            if self.drips:
                threading.Thread(target=self._drip, args=(peer,), daemon=True).start()

    def _drip(self, peer):
        for octet in self.drips:
            if self.ended.wait(0.05):
                return
            try:
                peer.sendall(bytes([octet]))
            except OSError:
                return

    def stop(self):
        self.ended.set()
        self.listener.shutdown(socket.SHUT_RDWR)  # the one who waits in accept() goes on
        self.listener.close()
        for peer in self.peers:
            peer.close()


