# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Printers that are a queue of another print server, by which somebody else accounts; and what goes over the wire."""

import http.client
import os
import shutil
import subprocess
import tempfile

import ippwire as ipp
from harness import cups
from harness import demo_world as demo
from harness.documents import pdf
from harness.judged import Judged
from harness.process import NotReady, Program, accepts, free_ports, wait_until
from harness.story import equal, refused, skip

ADA, GRACE = "ada@demo.example", "grace@demo.example"
SECRET = "Layoffs in Grüße.pdf"
CUPS_LPD = "/usr/lib/cups/daemon/cups-lpd"


class Server(cups.Cups):
    """A print server of somebody else's, with a queue "counted" that prints into nothing. Its list of jobs is the account."""

    def __init__(self, folder):
        super().__init__(free_ports(1)[0], os.path.join(folder, "server.log"))
        policy = "<Policy default>\n"
        self.add_settings("etc/cups-files.conf", "", "FileDevice Yes\n")
        self.add_settings("etc/cupsd.conf", "", "PreserveJobHistory Yes\nPreserveJobFiles No\n")
        self.add_settings("etc/cupsd.conf", policy, policy + "  JobPrivateAccess all\n  JobPrivateValues none\n")
        self.program.start()
        environment = dict(os.environ, CUPS_SERVER=self.server)
        subprocess.run(["lpadmin", "-p", "counted", "-E", "-v", "file:///dev/null", "-m", "raw"], check=True, env=environment, stdin=subprocess.DEVNULL,
                       capture_output=True)

    def add_settings(self, name, before, settings):
        path = os.path.join(self.root, name)
        with open(path, encoding="utf-8") as file:
            text = file.read()
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.replace(before, settings, 1) if before else settings + text)

    def jobs(self):
        """[(user, title, copies)], as the server tells them."""
        path = "/printers/counted"
        asked = {
            "attributes-charset": ipp.values(ipp.CHARSET, "utf-8"),
            "attributes-natural-language": ipp.values(ipp.LANGUAGE, "en"),
            "printer-uri": ipp.values(ipp.URI, "ipp://%s%s" % (self.server, path)),
            "which-jobs": ipp.values(ipp.KEYWORD, "all"),
            "requested-attributes": ipp.values(ipp.KEYWORD, "job-name", "job-originating-user-name", "copies"),
        }
        connection = http.client.HTTPConnection(self.server, timeout=20)
        connection.request("POST", path, ipp.format(0x0200, 0x000A, 1, [(ipp.OPERATION, asked)]), {"Content-Type": "application/ipp"})
        _, code, _, groups = ipp.parse(connection.getresponse().read)
        connection.close()
        assert code in (0, 1), hex(code)
        return [(ipp.first(job, "job-originating-user-name", ""), ipp.first(job, "job-name", ""), ipp.first(job, "copies", 1)) for tag, job in groups if tag == ipp.JOB]

    def wait(self, user, title):
        def there():
            return [row for row in self.jobs() if row[:2] == (user, title)]

        try:
            return wait_until(there, "a job", 30, 0.1)
        except NotReady:
            raise NotReady("no job of %s called %s, of %r" % (user, title, self.jobs())) from None


def tools():
    if not cups.is_there():
        skip("no cupsd here")


def hand_over(world, printer, email=ADA, title=SECRET, **more):
    api = world.api(email)
    job = api.submit(pdf("to be counted"), title)["id"]
    (delivery,) = world.wait_release(api, api.release(printer, [job], **more)["id"])
    equal((delivery["state"], delivery["reason"]), ("sent", "handed-over"), "what is said of it")
    return job, "imprimatur " + delivery["id"]


def add(world, name, address, user, **more):
    body = {"name": name, "addresses": [address], "formats": ["application/pdf"], "forward": dict({"user": user}, **more)}
    return Judged(world, demo.ADMINISTRATOR).call("POST", "/v1/printers", body, 201)


def story_a_cups_server_sees_whose_job_it_is(world):
    tools()
    with tempfile.TemporaryDirectory(prefix="imprimatur-world-") as folder:
        server = Server(folder)
        try:
            address = "ipp://%s/printers/counted" % server.server
            made = add(world, "counted", address, "{user}")
            equal((made["forward"], made["warnings"]), ({"user": "{user}", "titles": False}, ["unencrypted"]), "what it is")
            job, name = hand_over(world, "counted")
            server.wait("ada", name)  # not what it is called, which is nobody's to know
            assert not any(SECRET in row for row in server.jobs()), server.jobs()
            number = world.api(ADA).job(job)["number"]
            told = world.ipp("pull").job(number)
            equal((told["job-state"][0][1], told["job-state-message"][0][1]), (9, "Handed over to another print server, which goes on with it."), "over IPP")

            world.admin.patch("/v1/printers/counted", {"forward": {"user": "OFFICE\\{email}", "titles": True}})
            hand_over(world, "counted", GRACE)
            server.wait("OFFICE\\" + GRACE, SECRET)
            before = world.api(ADA).get("/v1/printers/counted")
            equal((before["identity"]["uuid"], before["warnings"]), (None, []), "a queue is no device; people are shown no warning")

            # By IPPS its key is what it is known by: the first delivery pins it, another key gets nothing.
            tls = "ipps://localhost:%d/printers/counted" % server.port
            world.admin.patch("/v1/printers/counted", {"addresses": [tls]})
            hand_over(world, "counted")
            pinned = wait_until(lambda: world.admin.get("/v1/printers/counted")["identity"]["spki"], "the key is pinned")
            equal(len(pinned), 64, "the key")
            world.admin.patch("/v1/printers/counted", {"identity": {"spki": "ab" * 32}})
            count = len(server.jobs())
            job = world.api(ADA).submit(pdf("for another"))["id"]
            (delivery,) = world.wait_release(world.api(ADA), world.api(ADA).release("counted", [job])["id"], 60)
            equal((delivery["state"], delivery["reason"]), ("not-printed", "identity-mismatch"), "another server's key")
            equal(len(server.jobs()), count, "what that server got")
        finally:
            server.stop()


def story_copies_go_along(world):
    tools()
    with tempfile.TemporaryDirectory(prefix="imprimatur-world-") as folder:
        server = Server(folder)
        try:
            add(world, "copied", "ipp://%s/printers/counted" % server.server, "{user}", titles=True)
            hand_over(world, "copied", title="thrice", ticket={"copies": 3})
            equal(server.wait("ada", "thrice"), [("ada", "thrice", 3)], "the job at the server")
        finally:
            server.stop()


def story_cups_lpd_sees_it_too(world):
    tools()
    if not os.path.exists(CUPS_LPD) or shutil.which("socat") is None:
        skip("no cups-lpd, or no socat")
    with tempfile.TemporaryDirectory(prefix="imprimatur-world-") as folder:
        server = Server(folder)
        port = free_ports(1)[0]
        lpd = Program("cups-lpd", ["socat", "TCP-LISTEN:%d,bind=127.0.0.1,reuseaddr,fork" % port, "EXEC:%s -n -o document-format=application/octet-stream" % CUPS_LPD],
                      os.path.join(folder, "lpd.log"), lambda: accepts(port), dict(os.environ, CUPS_SERVER=server.server))
        lpd.start()
        try:
            add(world, "by-lpd", "lpd://127.0.0.1:%d/counted" % port, "{user}", titles=True)
            hand_over(world, "by-lpd")
            server.wait("ada", "Layoffs in Gr??e.pdf")  # RFC 1179 has no other letters
            # A name that LPD cannot carry whole would be somebody else's: nothing is sent, and it is said why.
            world.admin.patch("/v1/printers/by-lpd", {"forward": {"user": "{email} of a department with a long name"}})
            count = len(server.jobs())
            job = world.api(ADA).submit(pdf("long"))["id"]
            (delivery,) = world.wait_release(world.api(ADA), world.api(ADA).release("by-lpd", [job])["id"])
            equal((delivery["state"], delivery["reason"]), ("not-printed", "user-name-not-for-lpd"), "a name too long for it")
            equal((len(server.jobs()), world.api(ADA).job(job)["state"]), (count, "held"), "nothing went")
        finally:
            lpd.stop()
            server.stop()


LPRNG = """mkdir -p {0} && mount -t tmpfs t {0} && mkdir -p {0}/up {0}/wk && mount -t overlay o -o lowerdir=/etc,upperdir={0}/up,workdir={0}/wk /etc
mkdir -p /etc/lprng /run/lprng
printf 'lpd_listen_port={2}\\nlpd_port={2}\\nforce_localhost@\\n' > /etc/lprng/lpd.conf
printf 'DEFAULT ACCEPT\\n' > /etc/lprng/lpd.perms
printf 'counted:\\n :sd={3}/spool\\n :lp={3}/spool/out\\n :sh\\n :af={3}/spool/acct\\n' > /etc/printcap
mkdir -p {3}/spool && touch {3}/spool/out {3}/spool/acct && chown -R daemon:lp {3}/spool && chmod 755 {3}
{1}/usr/sbin/checkpc -f
exec {1}/usr/sbin/lpd -F -D1"""


def story_lprng_sees_it_too(world):
    """Where it is unpacked (its package takes cups away): IMPRIMATUR_LPRNG names the folder."""
    root = os.environ.get("IMPRIMATUR_LPRNG")
    if not root or os.getuid() != 0:
        skip("IMPRIMATUR_LPRNG names no folder, or this is not root")
    with tempfile.TemporaryDirectory(prefix="imprimatur-lprng-", dir="/tmp") as folder:
        os.chmod(folder, 0o755)
        port = free_ports(1)[0]
        script = LPRNG.format(os.path.join(folder, "etc"), root, port, folder)
        lpd = Program("lprng", ["unshare", "-m", "--propagation", "private", "sh", "-c", script], os.path.join(folder, "log"), lambda: accepts(port))
        lpd.start()
        try:
            add(world, "by-lprng", "lpd://127.0.0.1:%d/counted" % port, "{user}", titles=True)
            hand_over(world, "by-lprng", title="For LPRng")
            out = os.path.join(folder, "spool", "out")
            wait_until(lambda: os.path.getsize(out) > 0, "LPRng has printed it")
            with open(os.path.join(folder, "spool", "acct"), encoding="utf-8") as file:
                account = file.read()
            assert "ada" in account, account
        finally:
            lpd.stop()


def story_what_is_no_such_queue_is_refused(world):
    admin = Judged(world, demo.ADMINISTRATOR)
    good = {"name": "astray", "addresses": ["lpd://localhost:9/q"], "formats": ["application/pdf"]}
    for forward in ({"user": "ada"}, {"user": ""}, {"user": "{"}, {"user": "{user"}, {"user": "{home}"}, {"user": "}{user}"}, {"user": "{user}\n"},
                    {"user": "x" * 128 + "{user}"}, {"titles": True}, {"user": "{user}", "more": 1}, "{user}"):
        status = admin.call("POST", "/v1/printers", dict(good, forward=forward))["status"]
        assert status in (400, 422), forward
    admin.call("POST", "/v1/printers", dict(good, addresses=["socket://localhost:9"], forward={"user": "{user}"}), 422)


def story_only_ipps_is_encrypted(world):
    admin = Judged(world, demo.ADMINISTRATOR)
    mixed = {"name": "mixed", "addresses": ["ipps://localhost:9/ipp/print", "socket://localhost:9"], "formats": ["application/pdf"]}
    made = admin.call("POST", "/v1/printers", mixed, 201)
    equal(made["warnings"], ["unencrypted-fallback"], "of one with both")
    equal(admin.call("GET", "/v1/printers/lobby", expect=200)["warnings"], [], "of one with IPPS alone")
    equal(admin.call("GET", "/v1/printers/lab", expect=200)["warnings"], ["unencrypted"], "of a raw port")
    trail = [e["detail"] for e in world.admin.all("/v1/audit/records?subject=" + made["id"]) if e["event"] == "printer-made"]
    equal(trail, ["mixed warning=unencrypted-fallback"], "in the trail")

    # A site demands it: what was there may stay, and is not used; nothing new is taken.
    admin.call("POST", "/v1/sites", {"name": "vault", "encrypted_only": True}, 201)
    equal(admin.call("PATCH", "/v1/printers/mixed", {"site": "vault"})["code"], "not-encrypted", "moving it there")
    admin.call("PATCH", "/v1/printers/mixed", {"site": "vault", "addresses": ["ipps://localhost:9/ipp/print"]}, 200)
    admin.call("DELETE", "/v1/printers/mixed", expect=204)
    admin.call("PATCH", "/v1/tenant", {"encrypted_only": True}, 200)
    refusal = admin.call("POST", "/v1/printers", dict(mixed, name="raw", addresses=["socket://localhost:9"]), 409)
    equal(refusal["code"], "not-encrypted", "a new one")
    assert "ipps://" in refusal["detail"], refusal
    admin.call("PATCH", "/v1/printers/lab", {"location": "Down"}, 200)
    ada = world.api(ADA)
    job = ada.submit(pdf("secret"))["id"]
    with refused(409, "not-encrypted"):
        ada.release("lab", [job])
    ada.release("lobby", [job])
    world.wait_job(ada, job, "done")
    admin.call("PATCH", "/v1/tenant", {"encrypted_only": False}, 200)


def story_where_it_is_demanded_nothing_falls_back(world):
    """The printer's TLS port is closed, its raw port open: openly would work, and is not tried."""
    raw = world.admin.get("/v1/printers/lab")["addresses"][0]
    closed = free_ports(1)[0]
    world.admin.post("/v1/printers", {"name": "both", "addresses": ["ipps://localhost:%d/ipp/print" % closed, raw], "formats": ["application/pdf"]})
    ada = world.api(ADA)
    world.admin.patch("/v1/tenant", {"encrypted_only": True})
    before = len(world.paper("lab"))
    job = ada.submit(pdf("stays"))["id"]
    (delivery,) = world.wait_release(ada, ada.release("both", [job])["id"], 90)
    equal((delivery["state"], delivery["reason"]), ("not-printed", "connect-refused"), "what became of it")
    equal(len(world.paper("lab")), before, "paper")
    world.admin.patch("/v1/tenant", {"encrypted_only": False})
    (delivery,) = world.wait_release(ada, ada.release("both", [job])["id"], 90)
    equal(delivery["state"] in ("printed", "sent"), True, "openly, where that is allowed")
