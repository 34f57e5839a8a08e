#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Measures the real programs beside their peers, in one run on one machine, in rounds that alternate.

It prints medians, spreads and ratios. It does not pass or fail. Everything happens in one folder (by default below the
build folder; choose another with --folder) whose file system the report names: figures of flushes mean nothing on tmpfs.
"""

import argparse
import json
import os
import shutil
import socket
import sqlite3
import statistics
import subprocess
import sys
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [os.path.join(ROOT, "tests"), os.path.join(ROOT, "tests", "printsim"), os.path.join(ROOT, "bench")]

import ippwire as ipp  # noqa: E402
import peers  # noqa: E402
from harness.process import wait_until  # noqa: E402
from harness.world import World, build_folder  # noqa: E402

SERVICE = {
    "limits.jobs_held_max": 1_000_000,
    "delivery.trace": "no",
    "http.connections_max": 20_000,
    "http.connections_per_peer_max": 20_000,
}
ADA = ("ada@demo.example", "04A1B2C3D4")


def median(values):
    return statistics.median(values) if values else float("nan")


def spread(values):
    return "%.4g (%.4g to %.4g)" % (median(values), min(values), max(values)) if values else "not measured"


class Report:
    """Rows as they come, so that a run that is stopped has said what it knows."""

    def section(self, title):
        print("\n%s\n%s" % (title, "-" * len(title)), flush=True)

    def row(self, name, text):
        print("  %-44s %s" % (name, text), flush=True)


class Bench:
    def __init__(self, options):
        self.options = options
        self.report = Report()
        self.build = build_folder()
        self.folder = options.folder or os.path.join(self.build, "bench-data")
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(self.folder)
        self.world = None

    # ---- helpers ----------------------------------------------------------------------------------------------

    def load(self, mode, url, clients, seconds, octets, user=None, hold=False):
        command = [os.path.join(self.build, "bench", "bench-load"), mode, url, str(clients), str(seconds), str(octets)]
        environment = {"LOAD_USER": user} if user else {}
        done = subprocess.run(command + (["hold"] if hold else []), env=environment, capture_output=True, text=True, check=False)
        if done.returncode or '"refused":0' not in done.stdout:
            raise RuntimeError("load: %s%s" % (done.stdout, done.stderr[:2000]))
        return json.loads(done.stdout)

    def start_world(self, name):
        folder = os.path.join(self.folder, name)
        os.makedirs(folder)
        self.world = World(settings={"service": dict(SERVICE), "keeper": {"keeper.opens_per_minute": 1_000_000}}, folder=folder)
        self.world.start()
        token = self.world.api(ADA[0]).post("/v1/tokens", {"label": "benchmark", "kind": "print"})
        self.user = "%s:%s" % (ADA[0], token["token"])
        api = self.world.api(ADA[0]).post("/v1/tokens", {"label": "benchmark", "kind": "api"})
        self.api_user = "%s:%s" % (ADA[0], api["token"])
        self.queue = "https://localhost:%d/ipp/print/demo/pull" % self.world.ports["service"]
        return self.world

    def end_world(self):
        self.world.stop()
        shutil.rmtree(self.world.folder, ignore_errors=True)
        self.world = None

    def metric(self, name):
        _, _, text = self.world.connection.request("GET", "/metrics")
        for line in text.decode().splitlines():
            if line.startswith(name + " "):
                return float(line.split()[1])
        return 0.0

    def flushes(self):
        return self.metric("imprimatur_db_commits_total") + self.metric("imprimatur_vault_flushes_total")

    # ---- what is measured -------------------------------------------------------------------------------------

    def rounds(self, what):
        """what: name -> function. Each once a round, in turns, so that a machine that drifts drifts for all."""
        found = {name: [] for name in what}
        for _ in range(self.options.rounds):
            for name, function in what.items():
                found[name].append(function())
        return found

    def ours(self, clients, octets):
        before = (self.flushes(), self.metric("imprimatur_jobs_received_total"))
        result = self.load("ipp", self.queue, clients, self.options.seconds, octets, self.user)
        jobs = self.metric("imprimatur_jobs_received_total") - before[1]
        result["flushes"] = (self.flushes() - before[0]) / max(jobs, 1)
        return result

    def cupsd(self, clients, octets, durable):
        with peers.Cupsd(self.folder, durable) as cups:
            return self.load("ipp", cups.url, clients, self.options.seconds, octets, hold=True)

    def nginx(self, clients, octets):
        with peers.Nginx(self.folder, self.world.path("service.pem"), self.world.path("service-key.pem")) as nginx:
            return self.load("put", nginx.url, clients, self.options.seconds, octets)

    def submissions(self):
        self.start_world("submissions")
        for octets, counts in ((100_000, (1, 8, 32)), (10_000, (32,))):
            for clients in counts:
                self.report.section("Held jobs a second: %d KB PDF, IPP over TLS, %d clients" % (octets // 1000, clients))
                found = self.rounds(
                    {
                        "imprimatur (sealed, durable)": lambda c=clients, o=octets: self.ours(c, o),
                        "cupsd, as installed": lambda c=clients, o=octets: self.cupsd(c, o, False),
                        "cupsd, DirtyCleanInterval 0": lambda c=clients, o=octets: self.cupsd(c, o, True),
                        "nginx WebDAV PUT": lambda c=clients, o=octets: self.nginx(c, o),
                    }
                )
                self.compare(found, "per_second")
                mine = found["imprimatur (sealed, durable)"]
                self.report.row("its latency, median and p99 (ms)", "%.2f, %.2f" % (
                    median([r["median_ms"] for r in mine]), median([r["p99_ms"] for r in mine])))
                self.report.row("its flushes a job", "%.3f" % median([r["flushes"] for r in mine]))
        self.end_world()

    def compare(self, found, figure):
        ours, base = None, None
        for name, results in found.items():
            values = [r[figure] for r in results]
            base = median(values)
            if ours is None:
                ours = base
                self.report.row(name, spread(values))
            else:
                self.report.row(name, "%s   ours is %.2f times that" % (spread(values), ours / base if base else float("nan")))

    def large(self):
        self.start_world("large")
        self.report.section("One document of 100 MB (MB/s, TLS)")
        octets = 100_000_000
        found = self.rounds(
            {
                "imprimatur (sealed, durable)": lambda: self.load("ipp", self.queue, 1, 2, octets, self.user),
                "nginx WebDAV PUT": lambda: self.nginx_large(octets),
            }
        )
        self.compare(found, "megabytes_per_second")
        self.report.row("resident memory of the service after it (MB)", "%.1f" % (self.resident(self.world.programs["service"].pid) / 1e6))
        self.end_world()

    def nginx_large(self, octets):
        with peers.Nginx(self.folder, self.world.path("service.pem"), self.world.path("service-key.pem")) as nginx:
            return self.load("put", nginx.url, 1, 2, octets)

    @staticmethod
    def resident(pid):
        with open("/proc/%d/status" % pid, encoding="ascii") as file:
            for line in file:
                if line.startswith("VmRSS:"):
                    return int(line.split()[1]) * 1024
        return 0

    def swipes(self):
        """From the badge's octets to the first octet at a raw printer, beside cupsd's Release-Job to the same."""
        self.report.section("From the badge to the printer's first byte (ms)")
        sink = Sink()
        self.start_world("swipes")
        admin = self.world.api("admin@demo.example")
        admin.patch("/v1/printers/" + self.world.printers["lobby"], {
            "addresses": ["socket://localhost:%d" % sink.port], "formats": ["application/pdf"], "identity": {}})
        ours = [self.one_swipe(sink) for _ in range(self.options.swipes + 3)][3:]
        self.report.row("imprimatur, badge over TCP", spread(ours))
        self.end_world()
        with peers.Cupsd(self.folder, False, "socket://127.0.0.1:%d/" % sink.port) as cups:
            theirs = [self.one_release(cups, sink) for _ in range(self.options.swipes + 3)][3:]
        self.report.row("cupsd, Release-Job", "%s   ours is %.2f times that" % (spread(theirs), median(ours) / median(theirs)))
        sink.close()

    def one_swipe(self, sink):
        job = self.world.api(ADA[0]).submit(b"%PDF-1.7\n" + os.urandom(100_000), queue="pull")
        reader = self.world.reader("lobby")
        reader.connect()
        sink.arm()
        begun = time.monotonic()
        reader.swipe(ADA[1])
        first = sink.wait_first()
        wait_until(lambda: self.world.api(ADA[0]).job(job["id"])["state"] == "done", "the job is done", 30)
        return (first - begun) * 1000

    def one_release(self, cups, sink):
        import http.client
        import ssl

        context = ssl._create_unverified_context()  # a certificate that it has just made for itself

        def ask(operation, group, document=b""):
            shared = {
                "attributes-charset": ipp.values(ipp.CHARSET, "utf-8"),
                "attributes-natural-language": ipp.values(ipp.LANGUAGE, "en"),
                "printer-uri": ipp.values(ipp.URI, "ipps://localhost:%d/printers/held" % cups.port),
            }
            shared.update(group)
            hold = [(ipp.JOB, {"job-hold-until": ipp.values(ipp.KEYWORD, "indefinite")})] if document else []
            body = ipp.message(0x0200, operation, 1, [(ipp.OPERATION, shared)] + hold) + document
            connection.request("POST", "/printers/held", body, {"Content-Type": "application/ipp"})
            return ipp.parse(connection.getresponse().read())

        connection = http.client.HTTPSConnection("localhost", cups.port, context=context, timeout=30)
        answer = ask(0x02, {"requesting-user-name": ipp.values(ipp.NAME, "bench"), "document-format":
                            ipp.values(ipp.MIME, "application/vnd.cups-raw")}, b"%PDF-1.7\n" + os.urandom(100_000))
        number = answer.first("job-id")
        sink.arm()
        begun = time.monotonic()
        ask(0x0D, {"job-id": ipp.values(ipp.INTEGER, number), "requesting-user-name": ipp.values(ipp.NAME, "bench")})
        first = sink.wait_first()
        connection.close()
        sink.wait_end()
        return (first - begun) * 1000

    def channels(self):
        self.report.section("Resident memory of the service per idle agent channel (TLS, KB)")
        self.start_world("channels")
        admin = self.world.api("admin@demo.example")
        pid = self.world.programs["service"].pid
        empty = self.resident(pid)
        made = 0
        program = []
        for count in self.options.channels:
            codes = []
            while made < count:
                codes.append(admin.post("/v1/agents", {"name": "bench-%d" % made})["code"])
                made += 1
            command = [os.path.join(self.build, "bench", "bench-channels"), "https://localhost:%d/" % self.world.ports["service"]]
            child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            program.append(child)
            child.stdin.write("\n".join(codes) + "\n")
            child.stdin.close()
            if not child.stdout.readline().startswith("open"):
                raise RuntimeError("the channels were not opened")
            self.report.row("%d channels" % made, "%.1f" % ((self.resident(pid) - empty) / made / 1000))
        for child in program:
            child.terminate()
            child.wait()
        self.end_world()

    def lists(self):
        self.report.section("Listing one person's 20 held jobs (ms)")
        self.start_world("lists")
        for _ in range(20):
            self.world.api(ADA[0]).submit(b"%PDF-1.7\n" + os.urandom(1000))
        held = 20
        for count in self.options.held:
            self.world.programs["service"].stop()
            self.fill(count - held)
            held = count
            self.world.programs["service"].start()
            url = "https://localhost:%d/v1/jobs?state=held&limit=20" % self.world.ports["service"]
            result = self.load("get", url, 1, self.options.seconds, 0, self.api_user)
            self.report.row("with %d jobs held" % count, "median %.3f, p99 %.3f" % (result["median_ms"], result["p99_ms"]))
        self.end_world()

    def fill(self, count):
        """Rows of held jobs of other people, written as intake would leave them, without their octets."""
        path = subprocess.run(["find", self.world.folder, "-name", "*.db"], capture_output=True, text=True, check=True).stdout.split()[0]
        db = sqlite3.connect(path, isolation_level=None)
        db.execute("PRAGMA synchronous = OFF")
        job = dict(zip([c[1] for c in db.execute("PRAGMA table_info(job)")], db.execute("SELECT * FROM job LIMIT 1").fetchone()))
        grace = db.execute("SELECT id FROM person WHERE email = 'grace@demo.example'").fetchone()[0]
        next_job = db.execute("SELECT next_job FROM tenant WHERE id = ?", (job["tenant_id"],)).fetchone()[0]
        names = ", ".join(job)
        marks = ", ".join("?" for _ in job)
        job["owner_id"] = grace
        db.execute("BEGIN")
        now = int(time.time() * 1000)
        for i in range(count):
            job["id"] = now.to_bytes(6, "big") + b"\x70" + os.urandom(9)
            job["number"] = next_job + i
            db.execute("INSERT INTO job (%s) VALUES (%s)" % (names, marks), tuple(job.values()))
        db.execute("UPDATE tenant SET next_job = ?", (next_job + count,))
        db.execute("COMMIT")
        db.close()

    # ---- the whole --------------------------------------------------------------------------------------------

    def machine(self):
        fields = subprocess.run(["findmnt", "-n", "-o", "SOURCE,FSTYPE,OPTIONS", "-T", self.folder], capture_output=True, text=True, check=False)
        with open("/proc/cpuinfo", encoding="ascii") as file:
            model = next((line.split(":")[1].strip() for line in file if line.startswith("model name")), "unknown")
        print("Imprimatur benchmarks, %s" % time.strftime("%Y-%m-%d"))
        print("  machine      %d x %s" % (os.cpu_count(), model))
        print("  file system  %s" % fields.stdout.strip())
        print("  beside       %s" % ", ".join(peers.versions()))
        print("  %d rounds of %g s each, alternating; figures are medians (least to greatest)" % (self.options.rounds, self.options.seconds))

    def run(self):
        self.machine()
        try:
            for name in self.options.only or ("submissions", "large", "swipes", "channels", "lists"):
                getattr(self, name)()
        finally:
            if self.world:
                self.world.stop()
            shutil.rmtree(self.folder, ignore_errors=True)


class Sink:
    """A raw printer that remembers when the first octet of a document came. It answers nothing."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.first, self.ended = threading.Event(), threading.Event()
        self.first_at = 0.0
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection:
                octets = connection.recv(65536)
                if octets and not self.first.is_set():
                    self.first_at = time.monotonic()
                    self.first.set()
                while octets:
                    octets = connection.recv(1 << 20)
            self.ended.set()

    def arm(self):
        self.first.clear()
        self.ended.clear()

    def wait_first(self):
        if not self.first.wait(30):
            raise RuntimeError("nothing came to the printer")
        return self.first_at

    def wait_end(self):
        self.ended.wait(30)

    def close(self):
        self.listener.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", help="where the databases, documents and peers live (emptied first)")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=3, help="of one round of one server")
    parser.add_argument("--swipes", type=int, default=50)
    parser.add_argument("--channels", type=int, nargs="*", default=[1000, 10_000])
    parser.add_argument("--held", type=int, nargs="*", default=[1000, 1_000_000])
    parser.add_argument("only", nargs="*", choices=["submissions", "large", "swipes", "channels", "lists", []],
                        help="these parts alone")
    Bench(parser.parse_args()).run()


if __name__ == "__main__":
    main()
