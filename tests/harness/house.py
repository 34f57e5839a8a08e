# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""The demo world some weeks later: more sites, printers, people, and what they have printed. For pictures of the pages.

Everything is made through the API, but for what takes time: how much was printed in six weeks, and when a job came,
are written into the database of the test.
"""

import datetime
import random
import sqlite3
import uuid

from . import demo_world as demo, papers
from .agents import PlayedAgent
from .client import give_password

ADA, GRACE, ALAN = (person["email"] for person in demo.PEOPLE)
ANALYST, HELP_DESK = "katherine@demo.example", "radia@demo.example"
A4, A3, LETTER = "iso_a4_210x297mm", "iso_a3_297x420mm", "na_letter_8.5x11in"
DAY = datetime.timedelta(days=1)

SITES = (
    {"name": "berlin", "title": "Berlin", "address": "Uferstraße 12, 13357 Berlin", "geo": "geo:52.5490,13.3730"},
    {"name": "graz", "title": "Graz", "address": "Grieskai 40, 8020 Graz", "geo": "geo:47.0680,15.4320"},
    {"name": "zurich", "title": "Zürich", "address": "Limmatquai 8, 8001 Zürich", "geo": "geo:47.3720,8.5430"},
    {"name": "lyon", "title": "Lyon", "address": "12 quai Saint-Vincent, 69001 Lyon", "geo": "geo:45.7690,4.8270"},
)
PEOPLE = (
    ("katherine", "Katherine Johnson", "analyst"), ("radia", "Radia Perlman", "help-desk"), ("edsger", "Edsger Dijkstra", "person"),
    ("barbara", "Barbara Liskov", "person"), ("konrad", "Konrad Zuse", "person"), ("emmy", "Emmy Noether", "person"),
    ("hedy", "Hedy Lamarr", "person"), ("niklaus", "Niklaus Wirth", "person"), ("margaret", "Margaret Hamilton", "person"),
)
GROUPS = {"Accounting": (GRACE, "emmy@demo.example", "konrad@demo.example"), "Research": (ADA, ALAN, "barbara@demo.example", "edsger@demo.example"),
          "Design": ("hedy@demo.example", "margaret@demo.example"), "Works council": (GRACE, "niklaus@demo.example")}


def tray(index, media, level, most=500):
    return {"index": index, "name": "Tray %d" % index, "media": media, "max": most, "level": level, "state": "level"}


def toners(**levels):
    return [{"index": n, "name": "Toner", "type": "toner", "colour": colour, "unit": "percent", "max": 100, "level": level, "state": "level"}
            for n, (colour, level) in enumerate(levels.items(), 1)]


JAM = {"index": 3, "severity": "critical", "group": "mediaPath", "code": "jam", "description": "Paper jam behind cover B"}
LOW = {"index": 4, "severity": "warning", "group": "markerSupplies", "code": "marker-toner-almost-empty", "description": "Magenta runs out soon"}
# name, title, place, site, model, address, colour, what it says: trays, supplies, alerts, condition, reasons
FOUND = (
    ("graz-office", "Office Graz", "First floor, by the lift", "graz", "Kestrel C5400", "192.0.2.21", True,
     [tray(1, A4, 410), tray(2, A3, 200)], toners(black=64, cyan=58, magenta=7, yellow=71), [LOW], "idle", ["marker-supply-low-warning"]),
    ("graz-workshop", "Workshop Graz", "Ground floor", "graz", "Kestrel M210", "192.0.2.22", False, [tray(1, A4, 120, 250)], toners(black=38), [], "idle", []),
    ("zurich-reception", "Reception Zürich", "Ground floor", "zurich", "Osprey 700dn", "192.0.2.31", False,
     [tray(1, A4, 350)], toners(black=52), [JAM], "stopped", ["media-jam-error"]),
    ("zurich-studio", "Studio Zürich", "Third floor", "zurich", "Kestrel C9000", "192.0.2.32", True,
     [tray(1, A4, 500), tray(2, A3, 480)], toners(black=90, cyan=88, magenta=91, yellow=79), [], "processing", []),
    ("lyon-office", "Bureau Lyon", "Premier étage", "lyon", "Osprey 710dn", "192.0.2.41", False, [tray(1, A4, 60)], toners(black=21), [], "idle", []),
)
NEW = (("Osprey 700dn", "192.0.2.23", "SN-70023", "graz"), ("Kestrel C5400", "192.0.2.24", "SN-54024", "graz"))


def device(name, model, address, site, colour, trays=(), supplies=(), alerts=()):
    facts = {"make_and_model": model, "model": model, "location": "", "firmware": "4.12.0", "colour": colour, "duplex": True, "speed_ppm": 40,
             "formats": ["application/pdf", "image/pwg-raster"], "media": sorted({A4, *(t["media"] for t in trays)}), "uris": ["ipps://%s/ipp/print" % address]}
    return {"address": address, "via": ["snmp", "ipp"], "identity": {"serial": name}, "facts": facts, "trays": list(trays),
            "supplies": list(supplies), "alerts": list(alerts)}


class House:
    def __init__(self, world):
        self.world, self.admin = world, world.admin
        self.agents, self.jobs, self.lines = {}, {}, []

    def furnish(self):
        for step in (self.sites, self.people, self.printers, self.rules, self.others, self.prints, self.weeks):
            step()
        return self

    def sites(self):
        for site in SITES:
            self.admin.post("/v1/sites", site)
        own = next(agent for agent in self.admin.all("/v1/agents") if agent["name"] == demo.AGENT)
        self.admin.patch("/v1/agents/" + own["id"], {"site": "berlin"})
        for printer in demo.PRINTERS:
            self.admin.patch("/v1/printers/" + printer["name"], {"site": "berlin"})
        self.admin.call("PUT", "/v1/sites/graz/administrators/" + self.world.people[GRACE])

    def people(self):
        ids = dict(self.world.people)
        for n, (name, title, role) in enumerate(PEOPLE):
            email = name + "@" + demo.MAIL_DOMAIN
            ids[email] = self.admin.post("/v1/people", {"email": email, "name": title, "role": role})["id"]
            if role != "person":
                give_password(self.world.connection, self.admin, ids[email], demo.PASSWORD)
            self.admin.post("/v1/people/%s/badges" % ids[email], {"number": "04%08X" % (0x5A10C300 + 7919 * n)})
        for group, members in GROUPS.items():
            made = self.admin.post("/v1/groups", {"name": group})["id"]
            for email in members:
                self.admin.call("PUT", "/v1/groups/%s/members/%s" % (made, ids[email]))
        self.ids = ids
        self.world.api(GRACE).put("/v1/people/me/delegates/" + ids[ADA], {"titles": True})
        self.world.api(ADA).put("/v1/people/me/delegates/" + ids[ALAN], {"titles": False})
        for label in ("ThinkPad at the office", "Phone"):
            self.world.api(ADA).post("/v1/tokens", {"label": label, "kind": "print"})

    def agent(self, name):
        if name not in self.agents:
            self.agents[name] = PlayedAgent(self.world, self.admin, name=name, site=name)
            self.agents[name].call("POST", "/v1/agent/health", {
                "version": "0.6.0", "uptime": 18 * 86400, "tasks": {"printed": 1204, "sent": 310, "not_printed": 9, "uncertain": 1}, "errors": [],
                "clock": {"offset_ms": 3}, "journal": {"open": 0, "room": 1000}, "disk": {"free": 41_000_000_000, "total": 64_000_000_000}, "superseded": False,
                "readers": {"connected": 2, "unbound": 0, "unknown_badges": 3}})
            if name != "lyon":
                self.connect(self.agents[name])
        return self.agents[name]

    def connect(self, agent):
        """It listens, and so is there."""
        line = agent.connection.fresh()
        line.request("GET", "/v1/agent/events", headers={"Accept": "text/event-stream"})
        self.lines.append((line, line.getresponse()))

    def see(self, site, *devices):
        answer = self.agent(site).call("POST", "/v1/agent/sightings", {"run": str(uuid.uuid4()), "purpose": "discovery", "outcome": "done", "sightings": list(devices)})
        assert answer["refused"] == [], answer

    def printers(self):
        for name, title, place, site, model, address, colour, trays, supplies, alerts, condition, reasons in FOUND:
            self.see(site, device(name, model, address, site, colour, trays, supplies, alerts))
            seen = next(d for d in self.admin.all("/v1/discovered-printers?which=new") if d["identity"]["serial"] == name)
            made = self.admin.post("/v1/discovered-printers/%s/printer" % seen["id"],
                                   {"name": name, "title": title, "location": place, "site": site, "agent": self.agent(site).id})
            self.see(site, device(name, model, address, site, colour, trays, supplies, alerts))
            self.agent(site).call("PUT", "/v1/agent/printers/%s/state" % made["id"], {
                "answered": True, "condition": condition, "reasons": reasons,
                "trays": [{"source": "tray-%d" % t["index"], "media": t["media"], "ready": True, "level": t["level"] * 100 // t["max"]} for t in trays]})
        self.worn()
        for name, _, _, site, model, address, colour, trays, supplies, alerts, _, _ in FOUND:
            self.see(site, device(name, model, address, site, colour, trays, supplies, alerts))
        for model, address, serial, site in NEW:
            self.see(site, device(serial, model, address, site, "C" in model, [tray(1, A4, 300)], toners(black=80)))
        self.admin.post("/v1/agents", {"name": "lyon-warehouse", "site": "lyon"})
        group = self.admin.post("/v1/printer-groups", {"name": "Colour printers"})["id"]
        for name in ("lobby", "studio", "graz-office", "zurich-studio"):
            self.admin.call("PUT", "/v1/printer-groups/%s/printers/%s" % (group, name))

    def worn(self):
        """As if toner had been used for three weeks, each colour at its own pace."""
        today = (datetime.datetime.now(datetime.timezone.utc).date() - datetime.date(1970, 1, 1)).days
        with self.database() as database:
            for tenant, supply, level, place in database.execute("SELECT tenant_id, id, level, place FROM supply").fetchall():
                pace = 6 + 5 * place
                database.executemany("INSERT OR IGNORE INTO supply_level (tenant_id, supply_id, day, level) VALUES (?, ?, ?, ?)",
                                     [(tenant, supply, today - back, min(1000, level + pace * back)) for back in range(1, 22)])

    def rules(self):
        for policy in ({"title": "We save paper.", "sides": "two-sided-long-edge"},
                       {"title": "Colour is for the design department.", "group": "Accounting", "monochrome": True},
                       {"title": "Large runs go to the print shop.", "printer_group": "Colour printers", "copies_max": 50}):
            self.admin.post("/v1/policies", policy)
        self.admin.post("/v1/queues", {"name": "secret", "title": "Confidential, Lobby", "kind": "secure", "printer": "lobby"})
        self.admin.post("/v1/clients", {"kind": "machine", "title": "Dispatch notes of the warehouse", "scope": "print"})
        self.admin.patch("/v1/admission", {"badge_enrolment": True})
        self.admin.patch("/v1/reports/settings", {"names": True, "currency": "EUR", "price_grey": 20, "price_colour": 80, "price_sheet": 10, "time_zone": "Europe/Berlin"})

    def others(self):
        for name, title in (("harbour", "Harbour Paper Works"), ("meadow", "Meadow Schools"), ("north", "Northern Clinics")):
            self.world.operator.post("/v1/tenants", {"name": name, "title": title, "domain": name + ".example", "administrator": {"email": "it@%s.example" % name}})

    def submit(self, email, title, document, **ticket):
        api = self.world.api(email)
        job = api.submit(document, name=title)["id"]
        if ticket:
            api.patch("/v1/jobs/" + job, {"ticket": ticket})
        self.jobs[title] = job
        return job

    def prints(self):
        """What was printed first, then what waits; the newest last."""
        ada, paper = self.world.api(ADA), {"letter": papers.letter(), "figures": papers.figures(), "slides": papers.slides(), "minutes": papers.minutes()}
        for title, name in (("Minutes of the last meeting", "minutes"), ("Offer to the city library", "letter")):
            job = self.submit(ADA, title, paper[name])
            self.world.wait_release(ada, ada.release("lobby", [job])["id"])
            self.world.wait_job(ada, job, "done")
        self.refused_by_the_lobby(ada, paper["minutes"])
        gone = self.submit(ADA, "Draft, not needed any more", paper["letter"])
        ada.delete("/v1/jobs/" + gone)
        self.submit(GRACE, "Salary tables", paper["figures"])
        self.submit(ADA, "Autumn collection", paper["slides"], sides="two-sided-long-edge")
        self.submit(ADA, "Letter to the suppliers", paper["letter"], copies=2)
        self.submit(ADA, "Figures of the second quarter", paper["figures"])
        for title in ("Minutes of the team meeting", "Autumn collection", "Letter to the suppliers", "Figures of the second quarter"):
            self.world.wait_job(ada, self.jobs[title], "held")
        self.came({"Minutes of the last meeting": 26 * 60, "Offer to the city library": 5 * 60, "Draft, not needed any more": 4 * 60, "Minutes of the team meeting": 190,
                   "Autumn collection": 95, "Letter to the suppliers": 21, "Figures of the second quarter": 3})

    def refused_by_the_lobby(self, ada, paper):
        """One that was released where the printer was off: it waits again, and says why."""
        job = self.submit(ADA, "Minutes of the team meeting", paper)
        self.world.sim.temper("lobby", "refuse")
        self.world.wait_release(ada, ada.release("lobby", [job])["id"])
        self.world.sim.normal("lobby")
        self.world.wait_job(ada, job, "held")

    def database(self):
        return sqlite3.connect(self.world.path("service", "imprimatur.db"), timeout=30)

    def came(self, minutes):
        """As if the jobs had come so many minutes ago."""
        with self.database() as database:
            for title, ago in minutes.items():
                database.execute("UPDATE job SET created_ms = created_ms - ?, done_ms = CASE WHEN done_ms > 0 THEN done_ms - ? ELSE 0 END WHERE id = ?",
                                 (ago * 60_000, ago * 59_000, uuid.UUID(self.jobs[title]).bytes))

    def weeks(self):
        """As if six weeks had been printed: less at weekends, always the same numbers."""
        dice, today = random.Random(1858), datetime.datetime.now(datetime.timezone.utc).date()
        tenant = uuid.UUID(self.admin.get("/v1/me")["tenant"]["id"]).bytes
        printers = [(uuid.UUID(p["id"]).bytes, uuid.UUID(p["site"]).bytes, p["colour"]) for p in self.admin.all("/v1/printers") if p["site"]]
        people = [uuid.UUID(person).bytes for person in self.ids.values()]
        queue = uuid.UUID(next(q["id"] for q in self.admin.all("/v1/queues") if q["name"] == demo.PULL)).bytes
        sums = {}
        for back in range(1, 43):
            date = today - back * DAY
            day = (date - datetime.date(1970, 1, 1)).days
            for _ in range(dice.randint(1, 3) if date.weekday() > 4 else dice.randint(14, 30)):
                printer, site, colour = dice.choice(printers)
                pages = dice.randint(1, 14)
                coloured = dice.randint(0, pages) if colour else 0
                twice = pages // 2 * 2 if dice.random() < 0.6 + 0.3 * (42 - back) / 42 else 0
                sheets = pages - twice // 2
                left = dice.random() < 0.06
                row = (0, 0, 0, 0, 0, 0, 0, 0, 1, pages, sheets) if left else (
                    1, pages, coloured, twice, sheets, (pages - coloured) * 20 + coloured * 80 + sheets * 10, 1, 0, 0, 0, 0)
                for kind, subject in enumerate((bytes(16), dice.choice(people), printer, queue)):
                    key = (kind, subject, day, bytes(16) if left else site)
                    if not (left and kind == 2):
                        sums[key] = tuple(a + b for a, b in zip(sums.get(key, (0,) * 11), row))
        columns = ("tenant_id", "kind", "subject_id", "day", "site_id", "jobs", "pages", "colour_pages", "two_sided_pages", "sheets", "cost", "priced_jobs", "unknown_jobs",
                   "saved_jobs", "saved_pages", "saved_sheets")
        with self.database() as database:
            database.executemany("INSERT INTO report_total (%s, currency) VALUES (%s, 'EUR')" % (", ".join(columns), ", ".join("?" * len(columns))),
                                 [(tenant, *key, *row) for key, row in sums.items()])
