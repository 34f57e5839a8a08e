# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""The organisation's own authority: printers get certificates from it, are known by them, and by nobody else's."""

import base64
import os
import shutil
import socket
import ssl
import subprocess

from harness import demo_world as demo, ippeve
from harness.certificates import certificate_request, openssl, require_authority
from harness.client import Refused
from harness.command_line import CommandLine, REFUSED
from harness.documents import pdf
from harness.process import free_ports, wait_until
from harness.story import equal, refused, skip

EST_PORT = free_ports(1)[0]
SETTINGS = {"service": {"est.listen": "127.0.0.1:%d" % EST_PORT, "delivery.attempts_max": "1"}}
ADA = "ada@demo.example"


class Device:
    """An ippeveprinter that has the certificate it is given."""

    def __init__(self, world, name):
        if not ippeve.is_there():
            skip("ippeveprinter is not here")
        self.world, self.name = world, name
        self.printer = ippeve.Printer(world.folder, name, ["application/pdf"])
        world.programs.programs["ippeve-" + name] = self.printer.program
        body = {"name": name, "addresses": [self.printer.uri], "formats": ["application/pdf"]}
        self.id = world.admin.post("/v1/printers", body)["id"]
        self.key = self.certificate = None

    @classmethod
    def of(cls, world, name):
        devices = world.__dict__.setdefault("devices", {})
        if name not in devices:
            devices[name] = cls(world, name)
        return devices[name]

    def install(self, key, certificate):
        self.printer.program.stop()
        for end, content in (("key", key), ("crt", certificate)):
            with open(os.path.join(self.printer.folder, "ssl", "localhost." + end), "w", encoding="ascii") as file:
                file.write(content)
        self.printer.program.start()
        self.key, self.certificate = key, certificate

    def file(self, end):
        """What is installed, for programs that read files."""
        path = os.path.join(self.printer.folder, "mine." + end)
        with open(path, "w", encoding="ascii") as file:
            file.write(self.key if end == "key" else self.certificate)
        return path

    def prints(self):
        """The end of a delivery to it."""
        ada = self.world.api(ADA)
        made = ada.release(self.id, [ada.submit(pdf("certified"))["id"]])
        ended = self.world.wait_release(ada, made["id"])[0]
        return ended["state"], ended["reason"]

    def identity(self):
        return self.world.admin.get("/v1/printers/" + self.id)["identity"]


GOOD, STRANGER = ("printed", "completed-by-printer"), ("not-printed", "identity-mismatch")


def root_file(world):
    path = world.path("authority.pem")
    with open(path, "w", encoding="ascii") as file:
        file.write(require_authority(world.admin))
    return path


def text_of(certificate):
    return openssl("x509", "-noout", "-text", octets=certificate.encode()).decode()


def verify(world, certificate):
    done = subprocess.run(["openssl", "verify", "-purpose", "sslserver", "-CAfile", root_file(world)], input=certificate.encode(),
                          capture_output=True, check=False)
    return done.returncode == 0


def curl(world, port, path, *words, body=None):
    """The status and the answer of a client that is not ours."""
    command = ["curl", "-sS", "--max-time", "30", "--cacert", world.programs.authority(), "-w", "\n%{http_code}", *words]
    if body is not None:
        command += ["-H", "Content-Type: application/pkcs10", "-H", "Content-Transfer-Encoding: base64", "--data-binary", "@-"]
    done = subprocess.run([*command, "https://localhost:%d/.well-known/est/demo/%s" % (port, path)], input=body, capture_output=True, check=True)
    answer, _, status = done.stdout.rpartition(b"\n")
    return int(status), answer


def unpack(answer):
    """The certificates of a certs-only message, PEM."""
    return openssl("pkcs7", "-inform", "DER", "-print_certs", octets=base64.b64decode(answer)).decode()


def base64_request(request):
    return base64.encodebytes(openssl("req", "-outform", "DER", octets=request.encode()))


def enrolled(world, device):
    """By a code, over EST; the code as well."""
    code = world.admin.post("/v1/printers/%s/certificate-code" % device.id, None)
    key, request = certificate_request()
    status, answer = curl(world, world.ports["service"], "simpleenroll", "-u", "%s:%s" % (device.name, code["code"]), body=base64_request(request))
    equal(status, 200, "enrolment: %s" % answer[:300])
    device.install(key, unpack(answer))
    return code


def story_there_is_one_authority(world):
    with refused(409, "no-authority"):
        world.admin.get("/v1/authority")
    line = CommandLine(world, "admin")
    line.login(demo.ADMINISTRATOR)
    line.run("authority", "make")
    shown, beside = line.run("authority", "show")
    told = world.admin.get("/v1/authority")
    equal(shown, told["certificate"], "the root")
    assert told["fingerprint"] in beside, beside
    text = text_of(shown)
    for word in ("CA:TRUE, pathlen:0", "Certificate Sign, CRL Sign", "ecdsa-with-SHA256", "Imprimatur: " + demo.TITLE, "serialNumber"):
        assert word in text, (word, text)
    with refused(409, "taken"):
        world.admin.post("/v1/authority", None)
    status, answer = curl(world, world.ports["service"], "cacerts")
    equal((status, text_of(unpack(answer))), (200, text), "the root by EST")
    with refused(403):
        world.api(ADA).post("/v1/authority", None)


def story_a_request_is_signed(world):
    device = Device.of(world, "north")
    equal(device.prints(), GOOD, "with a certificate of its own making")
    wait_until(lambda: device.identity()["spki"], "what it showed is pinned")
    pinned = device.identity()["spki"]
    key, request = certificate_request("rsa:2048")
    with open(world.path("north.csr"), "w", encoding="ascii") as file:
        file.write(request)
    line = CommandLine(world, "admin")
    line.login(demo.ADMINISTRATOR)
    certificate, _ = line.run("printer", "certificate", "north", "--request", world.path("north.csr"))
    text = text_of(certificate)
    assert "DNS:localhost, URI:urn:uuid:" + device.id in text and "CA:FALSE" in text and "asked-for" not in text, text
    assert verify(world, certificate), "by its root"
    equal(device.prints(), GOOD, "before it has the new one")
    device.install(key, certificate)
    equal(device.prints(), GOOD, "with it")
    equal(device.identity()["spki"], pinned, "what was pinned")
    equal(len(device.identity()["issued"]), 1, "keys of certificates")
    listed, _ = line.run("certificate", "list", "--printer", "north")
    assert "localhost" in listed, listed
    for bad in ("", "MAA=", request.replace("MII", "MIJ", 1), certificate, certificate_request("rsa:1024")[1], certificate_request("ed25519")[1]):
        with refused(400):
            world.admin.post("/v1/printers/%s/certificates" % device.id, {"request": bad})
    line.run("printer", "certificate", "north", "--request", world.path("nothing"), expect=REFUSED)


def story_a_printer_enrols_and_renews_by_itself(world):
    device = Device.of(world, "south")
    code = enrolled(world, device)
    assert verify(world, device.certificate), "by its root"
    equal(device.prints(), GOOD, "with its first certificate")
    equal(device.identity()["spki"], None, "nothing is pinned beside it")
    again = curl(world, world.ports["service"], "simpleenroll", "-u", "south:" + code["code"], body=base64_request(certificate_request()[1]))
    equal(again[0], 401, "the same code again")
    key, request = certificate_request()
    words = ["--cert", device.file("crt"), "--key", device.file("key")]
    status, answer = curl(world, EST_PORT, "simplereenroll", *words, body=base64_request(request))
    equal(status, 200, "renewal: %s" % answer[:300])
    equal(device.prints(), GOOD, "with the first, while the second is on its way")
    device.install(key, unpack(answer))
    equal(device.prints(), GOOD, "with the second")
    equal(len(device.identity()["issued"]), 2, "keys of certificates")
    kinds = [e["event"] for e in world.admin.all("/v1/audit/records") if e["subject"] == device.id]
    equal((kinds.count("certificate-issued"), kinds.count("printer-swapped")), (2, 0), "what is in the trail: %s" % kinds)
    # Whoever has no certificate of ours, or none at all, renews nothing; nor is there anything else at that address.
    device.key, device.certificate = stranger()
    words = ["--cert", device.file("crt"), "--key", device.file("key")]
    equal(curl(world, EST_PORT, "simplereenroll", *words, body=base64_request(request))[0], 401, "a stranger's certificate")
    equal(curl(world, EST_PORT, "simplereenroll", body=base64_request(request))[0], 401, "none")
    equal(curl(world, EST_PORT, "../../../v1/me", "--path-as-is")[0], 400, "no way around")
    device.install(key, unpack(answer))


def stranger():
    both = openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", "-", "-subj", "/CN=localhost").decode()
    key, begin, certificate = both.partition("-----BEGIN CERTIFICATE-----")
    return key, begin + certificate


def story_another_printers_certificate_is_a_strangers(world):
    north, south = Device.of(world, "north"), Device.of(world, "south")
    mine = south.key, south.certificate
    south.install(north.key, north.certificate)
    equal(south.prints(), STRANGER, "with that of another printer, of the same authority")
    south.install(*stranger())
    equal(south.prints(), STRANGER, "with one of its own making")
    south.install(*mine)
    equal(south.prints(), GOOD, "with its own again")


def story_a_revoked_one_is_too(world):
    device = Device.of(world, "south")
    for row in world.admin.all("/v1/certificates?printer=south"):
        world.admin.delete("/v1/certificates/" + row["id"])
    equal(device.identity()["issued"], [], "keys of certificates")
    equal(device.prints(), STRANGER, "with a revoked one")
    words = ["--cert", device.file("crt"), "--key", device.file("key")]
    equal(curl(world, EST_PORT, "simplereenroll", *words, body=base64_request(certificate_request()[1]))[0], 401, "renewed by a revoked one")
    # What is not known by any key any more is not pinned by itself; an administrator says that it may be.
    device.install(*stranger())
    equal(device.prints(), STRANGER, "with one of its own making")
    world.admin.call("PATCH", "/v1/printers/" + device.id, {"identity": None})
    equal(device.identity()["issued"], None, "what is known of it")
    equal(device.prints(), GOOD, "accepted")


def story_a_client_of_strongswan(world):
    """pki --est, which speaks EST and shares no code with us."""
    pki = shutil.which("pki")
    if pki is None or b"--est" not in subprocess.run([pki, "--help"], capture_output=True, check=False).stdout:
        skip("pki with EST is not installed (package strongswan-pki)")
    device = Device.of(world, "west")
    url = "https://localhost:%d"  # it knows no labels
    trusted = ["--cacert", world.programs.authority(), "--cacert", root_file(world)]

    def run(request, *words):
        done = subprocess.run([pki, "--est", "--outform", "pem", *trusted, *words], input=openssl("req", "-outform", "DER", octets=request.encode()),
                              capture_output=True, check=False)
        equal(done.returncode, 0, "pki --est: %s" % done.stderr.decode()[-800:])
        return done.stdout.decode()

    code = world.admin.post("/v1/printers/%s/certificate-code" % device.id, None)
    key, request = certificate_request()
    device.install(key, run(request, "--url", url % world.ports["service"], "--userpass", "west:" + code["code"]))
    equal(device.prints(), GOOD, "with what it got")
    key, request = certificate_request()
    renewed = run(request, "--url", url % EST_PORT, "--cert", device.file("crt"), "--key", device.file("key"))
    device.install(key, renewed)
    equal(device.prints(), GOOD, "with what it renewed")


def shown_at(world, port):
    """What is shown there to a client that trusts the root alone; None where it does not."""
    context = ssl.create_default_context(cafile=root_file(world))
    try:
        with socket.create_connection(("localhost", port), 10) as plain, context.wrap_socket(plain, server_hostname="localhost") as connection:
            return ssl.DER_cert_to_PEM_cert(connection.getpeercert(binary_form=True))
    except OSError:
        return None


def story_an_agents_door_has_one_by_itself(world):
    root_file(world)
    agent = next(a["id"] for a in world.admin.all("/v1/agents") if a["enrolled"])
    doors, port = "/v1/agents/%s/doors" % agent, free_ports(1)[0]
    world.admin.put(doors, {"ipp": {"port": port, "queues": ["pull"], "dns_sd": False}})
    wait_until(lambda: shown_at(world, port), "clients that trust the root trust the door")
    shown = text_of(shown_at(world, port))
    assert "DNS:localhost" in shown and "URI:urn:uuid:" + agent in shown and "CA:FALSE" in shown, shown
    issued = len(world.admin.all("/v1/certificates?agent=" + agent))
    world.programs.restart("agent")
    wait_until(lambda: shown_at(world, port), "after a restart, too")
    equal(len(world.admin.all("/v1/certificates?agent=" + agent)), issued, "certificates of the door after a restart")
    # Another name is another certificate.
    world.admin.put(doors, {"ipp": {"port": port, "queues": ["pull"], "dns_sd": False, "host": "print.north.example"}})
    wait_until(lambda: "DNS:print.north.example" in text_of(shown_at(world, port) or require_authority(world.admin)), "the name that the door was given")
    world.admin.put(doors, {})


def story_how_a_printer_is_protected_is_one_page(world):
    device, line = Device.of(world, "west"), CommandLine(world, "admin")
    line.login(demo.ADMINISTRATOR)
    shown = line.json("printer", "protection", "west")
    equal((shown["encrypted"], shown["addresses"], shown["direct"]), ("always", [device.printer.uri], []), "a printer with IPPS alone")
    if device.identity()["issued"]:
        equal(shown["recognised"], "a certificate of the organisation's authority", "how it is recognised")
    assert [c for c in shown["checks"] if c["name"] == "ipps" and c["outcome"] == "good"], shown["checks"]
    line.run("printer", "secure", "west")
    equal(line.json("printer", "protection", "west")["holding"], ["west"], "queues that hold")
    line.run("printer", "unsecure", "west")
    page, _ = line.run("printer", "protection", "lab")
    assert "never" in page and "ipps" not in page, page


def story_who_may_have_them_signed(world):
    device = Device.of(world, "north")
    for somebody in (world.api(ADA),):
        for ask in (lambda: somebody.post("/v1/printers/%s/certificates" % device.id, {"request": certificate_request()[1]}),
                    lambda: somebody.post("/v1/printers/%s/certificate-code" % device.id, None), lambda: somebody.get("/v1/certificates")):
            try:
                ask()
                raise AssertionError("it was not refused")
            except Refused as answer:
                equal(answer.status, 403, "for a person")
