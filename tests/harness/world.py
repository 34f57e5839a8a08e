# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""A whole world on this machine: keeper, service, agent and virtual printers, with the people of the demo.

    with World() as world:
        ada = world.api("ada@demo.example")
        job = ada.submit(pdf("hello"))
        world.swipe("lobby", "04A1B2C3D4")
        paper = world.wait_paper("lobby")

Everything lives in one folder; every port is free when the world is made; every wait is for a condition. Leaving the
block stops all programs.
"""

import json
import os
import shutil
import sys
import tempfile

from control import Control, truth

from . import ROOT, demo_world as demo
from .client import Api, Connection, IppQueue, give_password
from .cups import Cups
from .process import NotReady, free_ports, wait_until
from .programs import Programs
from .readers import Reader

FINAL = ("printed", "sent", "not-printed", "uncertain", "cancelled")


def build_folder():
    return os.environ.get("IMPRIMATUR_BUILD") or os.path.join(ROOT, "build")


class World:
    """settings: {"service": {"section.name": value}, "keeper": {...}, "agent": {...}}; printers: changes to the
    printers of the demo by name, {"lab": {"formats": [...], "sim": {...}}}."""

    # Checking a password is expensive on purpose; what is tested elsewhere need not be waited for here.
    QUICK = {
        "service": {"sign-in.password_memory": "1M", "sign-in.password_passes": 1},
        "agent": {"readers.repeat": "0s"},
    }
    # For many thousands of jobs.
    LARGE = {
        "service": {"limits.jobs_held_max": 100_000},
        "keeper": {"keeper.opens_per_minute": 1_000_000},
    }

    def __init__(self, settings=None, printers=None, folder=None, ports=None, keep=False, build=None, seed=True, quick=True,
                 addresses=()):
        self.addresses = addresses  # of the service beside the loopback's, as its certificate has them
        self.own_folder = folder is None
        self.folder = folder or tempfile.mkdtemp(prefix="imprimatur-world-")
        self.keep = keep or bool(os.environ.get("IMPRIMATUR_KEEP"))
        self.settings = {}
        for part in (self.QUICK if quick else {}, settings or {}):
            for program, values in part.items():
                self.settings.setdefault(program, {}).update(values)
        self.printer_list = [self._changed(p, (printers or {}).get(p["name"], {})) for p in demo.PRINTERS]
        self.ports = ports or dict(zip(demo.PORTS, free_ports(len(demo.PORTS))))
        self.build = build or build_folder()
        self.seed_wanted = seed
        self.programs = Programs(self)
        self.printers = {}  # name -> id, once seeded
        self.people = {}  # email -> id
        self.connection = None
        self._readers = {}
        self.cups = None
        self.events_seen = set()

    @staticmethod
    def _changed(printer, change):
        new = dict(printer, sim=dict(printer["sim"]))
        new["sim"].update(change.get("sim", {}))
        new.update({k: v for k, v in change.items() if k != "sim"})
        return new

    # ---- life -------------------------------------------------------------------------------------------------

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, kind, *_):
        if kind is not None:
            self.keep = self.keep or bool(os.environ.get("IMPRIMATUR_KEEP_FAILED"))
        self.stop()

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def start(self):
        self.write_printsim()
        self.programs.prepare()
        for program in ("printsim", "keeper"):
            self.programs.start(program)
        self.programs.init()
        self.programs.start("service")
        self.connection = Connection(self.ports["service"], self.programs.authority())
        if self.seed_wanted and not os.path.exists(self.path("seeded")):
            self.seed()
            self.enrol()
            with open(self.path("seeded"), "w", encoding="utf-8") as file:
                json.dump({"printers": self.printers, "people": self.people}, file)
        if self.seed_wanted:
            self.read_seeded()
            self.programs.start("agent")

    def read_seeded(self):
        with open(self.path("seeded"), encoding="utf-8") as file:
            known = json.load(file)
        self.printers, self.people = known["printers"], known["people"]

    def stop(self):
        for reader in self._readers.values():
            reader.close()
        if self.cups is not None:
            self.cups.stop()
        self.programs.stop()
        if self.own_folder:
            if self.keep:
                print("world kept in %s" % self.folder, file=sys.stderr)
            else:
                shutil.rmtree(self.folder, ignore_errors=True)

    def start_cups(self):
        """A private cupsd with Ada's follow-me queue "pull", by a print token made for it."""
        label = "a private cupsd"
        ada = self.api("ada@demo.example")
        for token in ada.all("/v1/tokens"):
            if token["label"] == label:
                ada.delete("/v1/tokens/" + token["id"])
        token = ada.post("/v1/tokens", {"label": label, "kind": "print"})["token"]
        # Its folder lies elsewhere; that of a start that was killed is taken away here.
        marker = self.path("cups.folder")
        if os.path.exists(marker):
            with open(marker, encoding="utf-8") as file:
                shutil.rmtree(file.read(), ignore_errors=True)
        self.cups = Cups(self.ports["cups"], self.path("cups.log"))
        with open(marker, "w", encoding="utf-8") as file:
            file.write(self.cups.root)
        self.cups.program.start()
        uri = "ipps://%s:%s@localhost:%d/ipp/print/demo/pull"
        self.cups.add("pull", uri % ("ada%40demo.example", token, self.ports["service"]))
        return self.cups

    def rewrite_printer(self, name, **sim):
        """Another virtual printer at the same address: printsim starts again with these settings."""
        next(p for p in self.printer_list if p["name"] == name)["sim"].update(sim)
        self.write_printsim()
        self.programs.restart("printsim")

    def write_printsim(self):
        port_of = self.ports.get
        printers = []
        for p in self.printer_list:
            shared = {k: p[k] for k in ("name", "formats", "colour", "duplex", "media", "trays", "location")}
            printers.append(dict(shared, info=p["title"], port=port_of(p["name"]), **p["sim"]))
        os.makedirs(self.path("printsim"), exist_ok=True)
        config = {
            "state": self.path("printsim"),
            "paper": self.path("paper"),
            "truth": self.truth_path,
            "printers": printers,
        }
        with open(self.path("printsim.json"), "w", encoding="utf-8") as file:
            json.dump(config, file, indent=1)

    # ---- the demo's people and printers -----------------------------------------------------------------------

    def seed(self):
        admin = self.api(demo.ADMINISTRATOR)
        for person in demo.PEOPLE:
            made = admin.post("/v1/people", {"email": person["email"], "name": person["name"]})
            self.people[person["email"]] = made["id"]
            give_password(self.connection, admin, made["id"], demo.PASSWORD)
            if person["pin"]:
                admin.put("/v1/people/%s/pin" % made["id"], {"pin": person["pin"]})
            if person["badge"]:
                admin.post("/v1/people/%s/badges" % made["id"], {"number": person["badge"]})
        have = {q["name"] for q in admin.all("/v1/queues")}
        if demo.PULL not in have:
            admin.post("/v1/queues", {"name": demo.PULL, "title": "Follow me", "kind": "pull"})
        for p in self.printer_list:
            made = admin.post("/v1/printers", demo.api_printer(p, self.ports[p["name"]]))
            self.printers[p["name"]] = made["id"]
            if p["name"] not in have:
                queue = {"name": p["name"], "title": p["title"], "kind": "direct", "printer": made["id"]}
                admin.post("/v1/queues", queue)

    def enrol(self):
        admin = self.api(demo.ADMINISTRATOR)
        made = admin.post("/v1/agents", {"name": demo.AGENT})
        for reader in demo.READERS:
            body = {
                "name": reader["name"],
                "agent": made["id"],
                "model": reader["model"],
                "address": None,
                "printer": self.printers[reader["printer"]],
                "selection": "all",
            }
            admin.post("/v1/readers", body)
        self.programs.enrol(made["code"])

    # ---- what stories say -------------------------------------------------------------------------------------

    def api(self, email=None, secret=demo.PASSWORD, token=None):
        return Api(self.connection, email, secret, token)

    @property
    def admin(self):
        return self.api(demo.ADMINISTRATOR)

    @property
    def operator(self):
        return self.api(demo.OPERATOR)

    def ipp(self, queue="pull", email="ada@demo.example", secret=demo.PASSWORD):
        return IppQueue(self.connection, queue, email, secret)

    @property
    def sim(self):
        return Control(self.path("printsim", "control"))

    @property
    def truth_path(self):
        return self.path("truth.jsonl")

    def truth(self, printer=None, event=None):
        return truth(self.truth_path, printer, event)

    def reader(self, printer):
        """The badge reader beside a printer."""
        found = next(r for r in demo.READERS if r["printer"] == printer)
        if printer not in self._readers:
            self._readers[printer] = Reader(self.ports[found["model"]], found["model"])
        return self._readers[printer]

    def swipe(self, printer, badge):
        self.reader(printer).swipe(badge)

    def badge(self, email):
        return next(p["badge"] for p in demo.PEOPLE if p["email"] == email)

    def paper(self, printer):
        """The files in a printer's tray, oldest first."""
        folder = self.path("paper", printer)
        names = sorted(n for n in os.listdir(folder) if not n.startswith(".")) if os.path.isdir(folder) else []
        return [os.path.join(folder, n) for n in names]

    def wait_paper(self, printer, count=1, seconds=30):
        """Waits until so many files lie in the tray; their contents, oldest first."""
        wait_until(lambda: len(self.paper(printer)) >= count, "%d file(s) of paper at %s" % (count, printer), seconds)
        out = []
        for path in self.paper(printer):
            with open(path, "rb") as file:
                out.append(file.read())
        return out

    def wait_job(self, api, job, states, seconds=30):
        """Waits until the job is in one of these states; the job."""
        states = (states,) if isinstance(states, str) else states

        def there():
            found = api.job(job)
            return found if found["state"] in states else None

        try:
            return wait_until(there, "job %s becomes %s" % (job, " or ".join(states)), seconds, 0.02)
        except NotReady as error:
            raise NotReady("%s; it is %s" % (error, json.dumps(api.job(job)))) from None

    def wait_event(self, *kinds, seconds=20):
        """Waits until the audit trail has an event of one of these kinds that was not waited for before."""

        def there():
            for event in self.admin.all("/v1/audit/records"):
                if event["event"] in kinds and event["number"] not in self.events_seen:
                    self.events_seen.add(event["number"])
                    return event
            return None

        return wait_until(there, "event " + " or ".join(kinds), seconds, 0.05)

    @staticmethod
    def delivery_state(job):
        """The state of a job's last delivery, from the job as the API shows it."""
        return job["delivery"]["state"]

    def wait_release(self, api, release, seconds=30):
        """Waits until every delivery of a release has its outcome; the deliveries."""

        def over():
            found = api.get("/v1/releases/" + release)["deliveries"]
            return found if all(d["state"] in FINAL for d in found) else None

        return wait_until(over, "release %s is over" % release, seconds, 0.02)
