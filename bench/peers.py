# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""The peers that the benchmarks run beside: Debian's cupsd and nginx, private, over TLS, on free ports."""

import os
import shutil
import subprocess

from harness.process import Program, accepts, free_ports

CUPS_FILES = """User nobody
Group lp
SystemGroup root
ServerRoot {root}/etc
RequestRoot {root}/spool
TempDir {root}/spool/tmp
CacheDir {root}/cache
StateDir {root}/state
ServerKeychain {root}/ssl
AccessLog {root}/log/access
ErrorLog {root}/log/error
PageLog {root}/log/page
FileDevice Yes
"""

CUPS_SETTINGS = """SSLListen 127.0.0.1:{port}
LogLevel warn
Browsing No
DefaultAuthType None
WebInterface No
MaxJobs 0
MaxClients 500
MaxClientsPerHost 500
MaxLogSize 0
KeepAliveTimeout 60
{more}
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

NGINX = """worker_processes 2;
daemon off;
pid {root}/nginx.pid;
error_log {root}/error.log;
{user}
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {root}/body;
    client_max_body_size 0;
    keepalive_requests 100000;
    server {{
        listen 127.0.0.1:{port} ssl;
        ssl_certificate {certificate};
        ssl_certificate_key {key};
        ssl_protocols TLSv1.2 TLSv1.3;
        root {root}/data;
        location / {{ dav_methods PUT DELETE; }}
    }}
}}
"""


class Peer:
    """A program in a folder of its own, gone when the block is left."""

    def __init__(self, folder, name):
        self.root = os.path.join(folder, name)
        shutil.rmtree(self.root, ignore_errors=True)
        os.makedirs(self.root)
        os.chmod(self.root, 0o755)
        self.port = free_ports(1)[0]
        self.program = None

    def write(self, name, text):
        path = os.path.join(self.root, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def run(self, name, command):
        self.program = Program(name, command, os.path.join(self.root, name + ".log"), lambda: accepts(self.port))
        self.program.start()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.program.stop()
        shutil.rmtree(self.root, ignore_errors=True)


class Cupsd(Peer):
    """Jobs are held on request; one raw queue whose device the benchmark chooses. durable: every job is written out
    before its answer (DirtyCleanInterval 0), which is not how it is installed."""

    def __init__(self, folder, durable, device="file:/dev/null"):
        super().__init__(folder, "cupsd-durable" if durable else "cupsd")
        self.durable, self.device = durable, device
        self.url = "https://localhost:%d/printers/held" % self.port

    def start(self):
        for name in ("spool/tmp", "cache", "state", "log", "ssl", "etc/ppd"):
            os.makedirs(os.path.join(self.root, name))
        for name in ("spool", "spool/tmp", "cache", "state", "log", "etc"):
            os.chmod(os.path.join(self.root, name), 0o777)
        files = self.write("etc/cups-files.conf", CUPS_FILES.format(root=self.root))
        more = "DirtyCleanInterval 0" if self.durable else ""
        settings = self.write("etc/cupsd.conf", CUPS_SETTINGS.format(port=self.port, more=more))
        self.write(
            "etc/printers.conf",
            "<Printer held>\nInfo held\nDeviceURI %s\nState Idle\nType 4\nAccepting Yes\nShared No\n"
            "JobSheets none none\nOpPolicy default\nErrorPolicy abort-job\n</Printer>\n" % self.device,
        )
        copy = os.path.join(self.root, "cupsd")
        shutil.copyfile("/usr/sbin/cupsd", copy)  # outside of the AppArmor profile of /usr/sbin/cupsd
        os.chmod(copy, 0o755)
        self.run("cupsd", [copy, "-f", "-c", settings, "-s", files])


class Nginx(Peer):
    """WebDAV PUT: it stores a file and flushes nothing."""

    def __init__(self, folder, certificate, key):
        super().__init__(folder, "nginx")
        self.certificate, self.key = certificate, key
        self.url = "https://localhost:%d" % self.port

    def start(self):
        for name in ("data", "body"):
            os.makedirs(os.path.join(self.root, name))
        user = "user root;" if os.getuid() == 0 else ""
        settings = self.write(
            "nginx.conf",
            NGINX.format(root=self.root, port=self.port, user=user, certificate=self.certificate, key=self.key),
        )
        self.run("nginx", [shutil.which("nginx") or "/usr/sbin/nginx", "-e", self.root + "/error.log", "-c", settings])


def versions():
    """What ran beside us."""
    nginx = subprocess.run(["/usr/sbin/nginx", "-v"], capture_output=True, text=True, check=False).stderr.strip()
    cups = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", "cups-daemon"], capture_output=True, text=True, check=False)
    return ["cupsd " + cups.stdout.strip(), nginx.replace("nginx version: ", "")]
