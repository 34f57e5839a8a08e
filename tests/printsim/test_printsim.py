# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""The virtual printers, tested by hand-made clients: what they say happened is what happened."""

import hashlib
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import ippwire as ipp  # noqa: E402
from control import Control, truth  # noqa: E402

PDF = b"%PDF-1.4\n% imprimatur-test-document:a-1 \n1 0 obj<</Type /Page>>endobj\n" + b"x" * 5000 + b"\n%%EOF\n"
NAME = "imprimatur 0192f0a0-1111-7222-8333-444455556666"
UEL = b"\x1b%-12345X"


def envelope(document):
    name = NAME.encode()
    return (
        UEL + b"@PJL\r\n@PJL ECHO abc123\r\n@PJL USTATUS JOB = ON\r\n@PJL JOB NAME = \"" + name + b"\"\r\n"
        b"@PJL ENTER LANGUAGE = PDF\r\n" + document + UEL + b"@PJL\r\n@PJL EOJ NAME = \"" + name + b"\"\r\n" + UEL
    )


class PrintsimTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="printsim-")
        self.process = None
        self.truth_path = os.path.join(self.folder.name, "truth.jsonl")
        self.ports = {}
        self.start()

    def start(self):
        printers = [
            {"name": "tls", "kind": "ipps"},
            {"name": "plain", "kind": "ipp", "print_ms": 20},
            {"name": "raw", "kind": "raw"},
            {"name": "mute", "kind": "raw", "pjl": False},
            {"name": "lpd", "kind": "lpd"},
        ]
        for printer in printers:
            printer["port"] = self.ports.get(printer["name"], 0)
        path = os.path.join(self.folder.name, "config.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump({"state": self.folder.name, "printers": printers}, file)
        command = [sys.executable, os.path.join(HERE, "printsim.py"), "--config", path]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        self.assertTrue(line.startswith("READY "), line)
        self.ports = {name: p["port"] for name, p in json.loads(line[6:]).items()}
        self.control = Control(os.path.join(self.folder.name, "control"))

    def stop(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()

    def tearDown(self):
        self.stop()
        self.folder.cleanup()

    def connect(self, name):
        return socket.create_connection(("127.0.0.1", self.ports[name]), 10)

    def events(self, printer, event):
        return truth(self.truth_path, printer, event)

    def wait_event(self, printer, event):
        until = time.monotonic() + 10
        while time.monotonic() < until:
            found = self.events(printer, event)
            if found:
                return found
            time.sleep(0.01)
        self.fail("no %s at %s" % (event, printer))

    def paper(self, printer):
        folder = os.path.join(self.folder.name, "paper", printer)
        return sorted(n for n in os.listdir(folder) if not n.startswith("."))

    def content(self, printer, name):
        with open(os.path.join(self.folder.name, "paper", printer, name), "rb") as file:
            return file.read()

    def drain(self, connection):
        out = b""
        try:
            while True:
                octets = connection.recv(4096)
                if not octets:
                    return out
                out += octets
        except OSError:
            return out

    def ipp(self, printer, operation, document=b"", tls=False, **attributes):
        connection = self.connect(printer)
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            connection = context.wrap_socket(connection)
        with connection:
            given = {
                "attributes-charset": ipp.values(ipp.CHARSET, "utf-8"),
                "attributes-natural-language": ipp.values(ipp.LANGUAGE, "en"),
                "printer-uri": ipp.values(ipp.URI, "ipp://localhost/ipp/print"),
            }
            given.update({k.replace("_", "-"): [v] for k, v in attributes.items()})
            body = ipp.format(0x0200, operation, 1, [(ipp.OPERATION, given)]) + document
            connection.sendall(b"POST /ipp/print HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
            connection.shutdown(socket.SHUT_WR) if not tls else None
            answer = b""
            while b"\r\n\r\n" not in answer:
                octets = connection.recv(65536)
                if not octets:
                    raise ConnectionError
                answer += octets
            head, _, rest = answer.partition(b"\r\n\r\n")
            length = int(head.split(b"Content-Length: ")[1].split(b"\r\n")[0])
            while len(rest) < length:
                rest += connection.recv(65536)
        position = [0]

        def read(count):
            position[0] += count
            return rest[position[0] - count : position[0]]

        _, status, _, groups = ipp.parse(read)
        return status, groups

    # ---- the stories ------------------------------------------------------------------------------------------

    def test_raw_with_talk_back_confirms_and_strips_the_envelope(self):
        with self.connect("raw") as c:
            for start in range(0, len(envelope(PDF)), 7):
                c.sendall(envelope(PDF)[start : start + 7])
            c.shutdown(socket.SHUT_WR)
            said = self.drain(c)
        self.assertIn(b"@PJL ECHO abc123\r\n\f", said)
        self.assertIn(b'@PJL USTATUS JOB\r\nEND\r\nNAME="%s"\r\nPAGES=1\r\nRESULT=OK\r\n\f' % NAME.encode(), said)
        (name,) = self.paper("raw")
        self.assertEqual(self.content("raw", name), PDF)
        (printed,) = self.events("raw", "printed")
        self.assertEqual(printed["delivery"], NAME.split()[1])
        self.assertEqual(printed["document"], "a-1")
        self.assertEqual(printed["sha256"], hashlib.sha256(PDF).hexdigest())

    def test_raw_without_talk_back_prints_at_the_end_of_the_connection(self):
        with self.connect("mute") as c:
            c.sendall(PDF)
            c.shutdown(socket.SHUT_WR)
            self.assertEqual(self.drain(c), b"")
        self.assertEqual(self.content("mute", self.paper("mute")[0]), PDF)

    def test_raw_cut_in_the_middle_is_no_paper(self):
        with self.connect("raw") as c:
            c.sendall(envelope(PDF)[:3000])
        self.wait_event("raw", "partial")
        self.assertEqual(self.paper("raw"), [])
        self.assertEqual(len(self.events("raw", "first-byte")), 1)

    def test_lpd_receives_a_job(self):
        control = ("Hhost\nPada\nJ%s\nldfA001host\n" % NAME).encode()
        with self.connect("lpd") as c:
            for piece in (
                b"\2lp\n",
                b"\2%d cfA001host\n" % len(control),
                control + b"\0",
                b"\3%d dfA001host\n" % len(PDF),
                PDF + b"\0",
            ):
                c.sendall(piece)
                self.assertEqual(c.recv(1), b"\0")
        self.assertEqual(self.content("lpd", self.paper("lpd")[0]), PDF)
        self.assertEqual(self.events("lpd", "printed")[0]["delivery"], NAME.split()[1])

    def test_lpd_says_no(self):
        self.control.temper("lpd", "nak", at="data", count=1)
        with self.connect("lpd") as c:
            c.sendall(b"\2lp\n")
            self.assertEqual(c.recv(1), b"\0")
            c.sendall(b"\3%d dfA001host\n" % len(PDF))
            self.assertEqual(c.recv(1), b"\1")

    def test_ipp_goes_from_processing_to_completed(self):
        self.assertEqual(self.ipp("tls", 0x0B, tls=True)[0], 0)
        status, groups = self.ipp("plain", 0x05, job_name=(ipp.NAME, NAME))
        self.assertEqual(status, 0)
        number = ipp.first(ipp.group(groups, ipp.JOB), "job-id")
        status, groups = self.ipp("plain", 0x06, PDF, job_id=(ipp.INTEGER, number), last_document=(ipp.BOOLEAN, True))
        self.assertEqual(ipp.first(ipp.group(groups, ipp.JOB), "job-state"), 5)
        self.wait_event("plain", "printed")
        until = time.monotonic() + 5
        state = None
        while state != 9 and time.monotonic() < until:
            _, groups = self.ipp("plain", 0x09, job_id=(ipp.INTEGER, number))
            state = ipp.first(ipp.group(groups, ipp.JOB), "job-state")
        self.assertEqual(state, 9)
        self.assertEqual(ipp.first(ipp.group(groups, ipp.JOB), "job-impressions-completed"), 1)
        self.assertEqual(self.content("plain", self.paper("plain")[0]), PDF)

    def test_ipp_says_busy_and_aborts(self):
        self.control.temper("plain", "busy", count=1)
        self.assertEqual(self.ipp("plain", 0x02, PDF)[0], 0x0507)
        self.control.temper("plain", "abort", pages=3, count=1)
        status, groups = self.ipp("plain", 0x02, PDF)
        self.assertEqual(status, 0)
        self.assertEqual(self.wait_event("plain", "aborted")[0]["impressions"], 3)
        self.assertEqual(self.paper("plain"), [])

    def test_a_refusing_printer_has_a_closed_port(self):
        self.control.temper("raw", "refuse")
        with self.assertRaises(ConnectionRefusedError):
            self.connect("raw")
        self.control.normal("raw")
        self.connect("raw").close()

    def test_half_then_close_and_reset(self):
        for mode in ("half-then-close", "rst"):
            self.control.temper("mute", mode, after=100, count=1)
            with self.connect("mute") as c:
                c.sendall(PDF)
                self.drain(c)
        self.assertEqual(len(self.wait_event("mute", "partial")), 2)
        self.assertEqual([e["octets"] for e in self.events("mute", "partial")], [100, 100])

    def test_a_stalled_document_goes_on_when_the_temper_changes(self):
        self.control.temper("mute", "stall", after=100)
        with self.connect("mute") as c:
            c.sendall(PDF)
            self.wait_event("mute", "first-byte")
            self.assertEqual(self.events("mute", "printed"), [])
            self.control.normal("mute")
            c.shutdown(socket.SHUT_WR)
            self.drain(c)
        self.wait_event("mute", "printed")

    def test_a_reboot_forgets_the_jobs(self):
        _, groups = self.ipp("plain", 0x05, job_name=(ipp.NAME, NAME))
        self.control.reboot("plain", ms=10)
        until = time.monotonic() + 5
        status = None
        while status is None and time.monotonic() < until:
            try:
                status, _ = self.ipp("plain", 0x09, job_id=(ipp.INTEGER, 1))
            except OSError:
                time.sleep(0.01)
        self.assertEqual(status, 0x0406)

    def test_another_printer_shows_another_identity(self):
        def identity():
            return ipp.first(ipp.group(self.ipp("plain", 0x0B)[1], ipp.PRINTER), "printer-uuid")

        before = identity()
        self.control.temper("plain", "wrong-identity")
        self.assertNotEqual(identity(), before)

    def test_a_kill_keeps_truth_certificate_and_numbering(self):
        certificate = ssl.get_server_certificate(("127.0.0.1", self.ports["tls"]))
        with self.connect("mute") as c:
            c.sendall(PDF)
        self.wait_event("mute", "printed")
        self.stop()
        self.start()
        self.assertEqual(ssl.get_server_certificate(("127.0.0.1", self.ports["tls"])), certificate)
        with self.connect("mute") as c:
            c.sendall(PDF)
            c.shutdown(socket.SHUT_WR)
            self.drain(c)
        self.assertEqual([n[:6] for n in self.paper("mute")], ["000001", "000002"])
        self.assertEqual(len(self.events("mute", "printed")), 2)


if __name__ == "__main__":
    unittest.main()
