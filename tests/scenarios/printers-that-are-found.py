# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""What agents see of printers: known by what they are, followed where they go, and not trusted where another stands."""

import sqlite3
import uuid
from ipaddress import ip_address
from urllib.parse import urlsplit

from harness.agents import PlayedAgent
from harness.documents import pdf
from harness.process import wait_until
from harness.story import equal, refused

ADA = "ada@demo.example"
A4, LETTER = "iso_a4_210x297mm", "na_letter_8.5x11in"


class Looker(PlayedAgent):
    """Looks at networks that there are not."""

    def look(self, *sightings, purpose="discovery", run=None, outcome="done"):
        body = {"run": run or str(uuid.uuid4()), "purpose": purpose, "outcome": outcome, "sightings": list(sightings)}
        return self.call("POST", "/v1/agent/sightings", body)


def device(address, serial=None, **more):
    identity = {"serial": serial, **{k: more.pop(k) for k in ("uuid", "spki", "mac") if k in more}}
    return {"address": address, "via": ["snmp", "ipp"], "identity": identity, **more}


def found(world, serial, which="all"):
    return [d for d in world.admin.all("/v1/discovered-printers?which=" + which) if d["identity"]["serial"] == serial]


def one(world, serial):
    items = found(world, serial)
    equal(len(items), 1, "discovered printers with the serial number %s" % serial)
    return items[0]


def said(world, kind, subject):
    """What the audit trail says of it: the details."""
    return [e["detail"] for e in world.admin.all("/v1/audit/records?subject=" + subject) if e["event"] == kind]


FACTS = {"description": "Printer of the third floor", "location": "Third floor", "name": "prn3", "asset_number": "A-17", "make": "Acme", "model": "9000",
         "make_and_model": "Acme 9000", "firmware": "1.2.3", "status": "idle", "errors": [], "display": ["Ready"], "colour": True, "duplex": True,
         "formats": ["application/pdf", "image/pwg-raster"], "media": [A4, LETTER], "finishings": [3, 4], "speed_ppm": 40, "resolution_dpi": 600,
         "output_bins": ["face-down"], "media_sources": ["tray-1", "tray-2"]}
TRAYS = [{"index": 1, "name": "Tray 1", "media": A4, "max": 500, "level": 120, "state": "level"}, {"index": 2, "name": "Tray 2", "state": "some"}]
SUPPLIES = [{"index": 1, "name": "Toner", "type": "toner", "colour": "black", "unit": "percent", "max": 100, "level": 7, "state": "level"},
            {"index": 2, "name": "Waste", "type": "waste-toner", "state": "unknown", "level": None}]


def story_what_is_found_becomes_a_printer(world):
    looker = Looker(world, world.admin)
    uris = ["ipp://10.1.0.5:631/ipp/print", "socket://10.1.0.5:9100"]
    told = device("10.1.0.5", "SN-1", uuid="urn:uuid:0DD0DD00-0000-4000-8000-000000000001", mac="00:11:22:33:44:55",
                  facts={**FACTS, "uris": uris}, trays=TRAYS, supplies=SUPPLIES, covers=[{"index": 1, "name": "Front", "state": "closed"}])
    equal(looker.look(told), {"taken": 1, "refused": []}, "what was taken")
    seen = one(world, "SN-1")
    equal((seen["printer"], seen["address"], seen["via"], seen["make_and_model"]), (None, "10.1.0.5", ["snmp", "ipp"], "Acme 9000"), "what was seen")
    equal(seen["identity"]["mac"], "00:11:22:33:44:55", "its MAC")
    whole = world.admin.get("/v1/discovered-printers/" + seen["id"])
    equal((whole["facts"]["firmware"], whole["supplies"], whole["trays"]), ("1.2.3", SUPPLIES, TRAYS), "all of it")

    # Seen again it is the same; what is not told stays, an empty list is none.
    looker.look(device("10.1.0.5", "SN-1", supplies=[]), purpose="supplies")
    again = world.admin.get("/v1/discovered-printers/" + one(world, "SN-1")["id"])
    equal((again["id"], again["facts"], again["supplies"]), (seen["id"], whole["facts"], []), "seen again")

    made = world.admin.post("/v1/discovered-printers/%s/printer" % seen["id"], {"name": "found-1", "title": "Found"})
    equal((made["addresses"], made["formats"], made["media"], made["colour"], made["duplex"], made["trays"], made["title"], made["location"]),
          (uris, FACTS["formats"], FACTS["media"], True, True, 2, "Found", "Third floor"), "what was made of it")
    equal((made["pages_per_minute"], made["resolution_dpi"], made["finishings"], made["make_and_model"]), (40, 600, [4], "Acme 9000"), "what it can")
    equal(found(world, "SN-1", "new"), [], "it is one of ours now")
    equal(world.admin.get("/v1/printers/found-1/device")["device"]["id"], seen["id"], "its device")
    with refused(409):  # made twice
        world.admin.post("/v1/discovered-printers/%s/printer" % seen["id"], {"name": "found-2"})
    with refused(409):  # what is one of ours cannot be forgotten
        world.admin.delete("/v1/discovered-printers/" + seen["id"])


def story_who_may_see_what_is_found(world):
    ada = world.api(ADA)
    with refused(403):  # people see no networks
        ada.get("/v1/discovered-printers")
    seen = ada.get("/v1/printers/found-1/device")
    equal((seen["watch"], seen["device"]["address"], seen["device"]["identity"]["serial"]), (None, None, None), "what people see of a device")
    equal(seen["device"]["facts"]["make_and_model"], "Acme 9000", "what it is")


def story_a_printer_that_moves_is_followed(world):
    looker = Looker(world, world.admin)
    looker.look(device("10.2.0.1", "SN-M", facts={"uris": ["ipps://10.2.0.1/ipp/print", "socket://10.2.0.1:9100"]}))
    printer = world.admin.post("/v1/discovered-printers/%s/printer" % one(world, "SN-M")["id"], {"name": "mover"})
    looker.look(device("10.2.0.9", "SN-M"))
    equal(world.admin.get("/v1/printers/mover")["addresses"], ["ipps://10.2.0.9/ipp/print", "socket://10.2.0.9:9100"], "its addresses")
    equal(said(world, "printer-moved", printer["id"]), ["from=10.2.0.1 to=10.2.0.9 followed=yes"], "what is said of it")

    # To IPv6, and then not any more.
    looker.look(device("fd00::9", "SN-M"))
    equal(world.admin.get("/v1/printers/mover")["addresses"], ["ipps://[fd00::9]/ipp/print", "socket://[fd00::9]:9100"], "in brackets")
    world.admin.patch("/v1/printers/mover/device", {"follows": False})
    looker.look(device("10.2.0.20", "SN-M"))
    equal(world.admin.get("/v1/printers/mover")["addresses"], ["ipps://[fd00::9]/ipp/print", "socket://[fd00::9]:9100"], "one that is not followed")

    # With two addresses it stays where it was.
    world.admin.patch("/v1/printers/mover/device", {"follows": True})
    looker.look(device("fd00::9", "SN-M"))
    run = str(uuid.uuid4())
    looker.look(device("fd00::9", "SN-M"), run=run, outcome="going")
    looker.look(device("10.2.0.21", "SN-M"), run=run)
    equal(world.admin.get("/v1/printers/mover")["addresses"][0], "ipps://[fd00::9]/ipp/print", "one with two addresses")
    looker.look(device("10.2.0.21", "SN-M"))
    equal(world.admin.get("/v1/printers/mover")["addresses"][0], "ipps://[fd00::9]/ipp/print", "which then are both its own")


def story_all_change_their_places_and_all_are_followed(world):
    looker = Looker(world, world.admin)
    serials = ["SN-R%d" % i for i in range(20)]
    place = lambda i: "10.3.0.%d" % (i + 1)
    looker.look(*(device(place(i), s, facts={"uris": ["socket://%s:9100" % place(i)]}) for i, s in enumerate(serials)))
    ids = {s: world.admin.post("/v1/discovered-printers/%s/printer" % one(world, s)["id"], {"name": s.lower()})["id"] for s in serials}
    looker.look(*(device(place((i + 1) % 20), s) for i, s in enumerate(serials)))
    for i, serial in enumerate(serials):
        equal(world.admin.get("/v1/printers/" + ids[serial])["addresses"], ["socket://%s:9100" % place((i + 1) % 20)], "where %s is" % serial)
        equal(world.admin.get("/v1/printers/%s/device" % ids[serial])["watch"]["swapped_since"], None, "%s is where it is" % serial)
    equal([said(world, "printer-swapped", printer) for printer in ids.values()], [[]] * 20, "who was swapped")


def story_another_device_in_its_place_is_not_trusted(world):
    looker = Looker(world, world.admin)
    looker.look(device("10.4.0.1", "SN-S", facts={"uris": ["socket://10.4.0.1:9100"], "formats": ["application/pdf"]}))
    world.admin.post("/v1/discovered-printers/%s/printer" % one(world, "SN-S")["id"], {"name": "swapped"})
    path, printer = "/v1/printers/swapped/device", world.admin.get("/v1/printers/swapped")
    looker.look(device("10.4.0.1", "SN-OTHER"))
    watch = world.admin.get(path)["watch"]
    other = one(world, "SN-OTHER")
    equal((bool(watch["swapped_since"]), watch["swapped_by"], other["printer"]), (True, other["id"], None), "another one is there")
    times = lambda kind: len(said(world, kind, printer["id"]))
    equal(times("printer-swapped"), 1, "it is said")
    looker.look(device("10.4.0.1", "SN-OTHER"))
    equal(times("printer-swapped"), 1, "and once")

    # Whoever delivers there gets nothing.
    ada = world.api(ADA)
    world.admin.patch("/v1/printers/swapped", {"agent": looker.id})
    ada.release("swapped", [ada.submit(pdf("secret"))["id"]])
    lease = lambda: looker.call("POST", "/v1/agent/leases", {"incarnation": "5eed"})["deliveries"]
    equal(lease(), [], "what is delivered to a swapped printer")

    # Its own is back.
    looker.look(device("10.4.0.1", "SN-S"))
    equal((world.admin.get(path)["watch"]["swapped_since"], times("printer-back")), (None, 1), "its own is back")
    looker.look(device("10.4.0.1", "SN-OTHER"), purpose="status")
    equal(times("printer-swapped"), 2, "a look for its state tells at once")

    # Or somebody says that the other one is it.
    with refused(403):  # people cannot say that
        world.api(ADA).patch(path, {"device": other["id"]})
    world.admin.patch(path, {"device": other["id"]})
    equal((world.admin.get(path)["watch"]["swapped_since"], world.admin.get(path)["device"]["identity"]["serial"]), (None, "SN-OTHER"), "accepted")
    equal(len(lease()), 1, "and printed on")


def hosts_of(world):
    """Where each printer stands: as its addresses say, and as sightings are looked up by."""
    with sqlite3.connect(world.path("service", "imprimatur.db"), timeout=30) as database:
        rows = database.execute("SELECT id, addresses FROM printer").fetchall()
        kept = set(database.execute("SELECT printer_id, host FROM printer_host"))
    said = set()
    for printer, addresses in rows:
        for host in (urlsplit(address).hostname for address in addresses.split()):
            try:
                said.add((printer, str(ip_address(host))))
            except ValueError:
                pass  # a name
    return kept, said


def story_a_printer_is_looked_up_where_it_stands_now(world):
    looker = Looker(world, world.admin)
    looker.look(device("10.11.0.1", "SN-H", facts={"uris": ["socket://10.11.0.1:9100"]}))
    printer = world.admin.post("/v1/discovered-printers/%s/printer" % one(world, "SN-H")["id"], {"name": "standing"})
    standing = {"formats": ["application/pdf"], "addresses": ["ipp://[FD00:0:0::0B]/ipp/print", "socket://10.11.0.3:9100", "lpd://10.11.0.3/lp", "lpd://name.example/lp"]}
    world.admin.patch("/v1/printers/standing", standing)
    looker.look(device("10.11.0.1", "SN-H-OTHER"), purpose="status")
    equal(said(world, "printer-swapped", printer["id"]), [], "who is at its old address is nothing to it")
    looker.look(device("fd00::b", "SN-H-OTHER"), purpose="status")
    equal(len(said(world, "printer-swapped", printer["id"])), 1, "who is at its new one, in whatever form it is written")
    by_hand = world.admin.post("/v1/printers", {"name": "by-hand", "addresses": ["socket://10.11.0.9:9100"], "formats": ["application/pdf"]})
    looker.look(device("10.11.0.9", "SN-HAND"))
    equal(one(world, "SN-HAND")["printer"], by_hand["id"], "one that stands there by its address")
    kept, expected = hosts_of(world)
    equal(kept, expected, "where printers stand")
    assert len([row for row in kept if row[1].startswith("10.11.0.") or row[1] == "fd00::b"]) == 3, kept
    world.admin.delete("/v1/printers/by-hand")
    equal([row for row in hosts_of(world)[0] if row[1] == "10.11.0.9"], [], "of one that is not there any more")


def story_what_contradicts_is_another_one(world):
    looker = Looker(world, world.admin)
    same = "urn:uuid:11111111-2222-4333-8444-555555555555"
    looker.look(device("10.5.0.1", "SN-C1", uuid=same), device("10.5.0.2", "SN-C2", uuid=same))
    equal((one(world, "SN-C1")["address"], one(world, "SN-C2")["address"]), ("10.5.0.1", "10.5.0.2"), "two with one UUID")
    looker.look(device("10.5.0.3", None, mac="02:00:00:00:00:01"), device("10.5.0.4", "unknown", mac="00:00:00:00:00:00"))
    looker.look(device("10.5.0.5", None, mac="02:00:00:00:00:01"))
    everyone = world.admin.all("/v1/discovered-printers")
    equal([d["identity"]["mac"] for d in everyone if d["address"] in ("10.5.0.3", "10.5.0.5")], ["02:00:00:00:00:01"], "one by its MAC")
    equal([d["identity"]["serial"] for d in everyone if d["address"] == "10.5.0.4"], [None], "what says nothing is no identity")


def story_an_agent_tells_of_its_own_site_alone(world):
    a, b = (world.admin.post("/v1/sites", {"name": name})["id"] for name in ("found-a", "found-b"))
    here, beside, there = Looker(world, world.admin, site=a), Looker(world, world.admin, site=a), Looker(world, world.admin, site=b)
    here.look(device("10.6.0.1", "SN-A", facts={"uris": ["socket://10.6.0.1:9100"]}))
    printer = world.admin.post("/v1/discovered-printers/%s/printer" % one(world, "SN-A")["id"], {"name": "of-a"})
    there.look(device("10.6.0.66", "SN-A"), device("10.6.0.1", "SN-EVIL"))
    equal(world.admin.get("/v1/printers/of-a")["addresses"], ["socket://10.6.0.1:9100"], "another site's agent moves nothing")
    equal(world.admin.get("/v1/printers/of-a/device")["watch"]["swapped_since"], None, "nor does it say who was swapped")
    beside.look(device("10.6.0.2", "SN-A"))
    equal(world.admin.get("/v1/printers/of-a")["addresses"], ["socket://10.6.0.2:9100"], "the site's other agent does")
    equal(printer["site"], a, "its site")


def story_what_cannot_be_taken_refuses_itself_alone(world):
    looker = Looker(world, world.admin)
    bad = [{"address": "printer.example", "via": ["snmp"]}, {"address": "010.0.0.1", "via": ["snmp"]}, device("10.7.0.1", "x" * 64),
           device("10.7.0.1", "A", facts={"contact": "Somebody"}), device("10.7.0.1", "A", facts={"display": ["x"] * 9}),
           device("10.7.0.1", "A", meters=[{"name": "pages", "unit": "sheets", "value": -1}]), device("10.7.0.1", "A", mac="00-11-22-33-44-55"),
           device("10.7.0.1", "A", alerts=[{"index": 1, "severity": "fatal", "group": "x", "code": "y"}]), {"address": "10.7.0.1", "via": []},
           device("10.7.0.1", "A", facts={"name": "a\u0007b"}), device("10.7.0.1", "A", facts={"uris": ["http://10.7.0.1/"]}), "no sighting"]
    answer = looker.look(*bad, device("10.7.0.2", "SN-GOOD"))
    equal((answer["taken"], [r["index"] for r in answer["refused"]]), (1, list(range(len(bad)))), "taken, and refused")
    one(world, "SN-GOOD")
    many = [device("10.7.1.%d" % i, "SN-%d" % i) for i in range(65)]
    with refused(400):
        looker.look(*many)
    equal(found(world, "SN-3"), [], "none of them")


def story_serial_numbers_and_macs_are_sealed(world):
    looker = Looker(world, world.admin)
    looker.look(device("10.8.0.1", "SEALED-SERIAL-4711", mac="02:ab:cd:ef:47:11"))
    with sqlite3.connect(world.path("service", "imprimatur.db"), timeout=30) as database:
        rows = b"".join(repr(row).encode() for table in ("discovered_printer", "discovered_mark", "event") for row in database.execute("SELECT * FROM " + table))
    assert b"10.8.0.1" in rows
    for secret in (b"SEALED-SERIAL-4711", b"02:ab:cd:ef:47:11"):
        assert secret not in rows, secret
    # Found again, and readable, under the next version of the tenant's key: before its rows are carried over, and after.
    before = one(world, "SEALED-SERIAL-4711")["id"]
    world.admin.post("/v1/keys", None)
    looker.look(device("10.8.0.2", "SEALED-SERIAL-4711"))

    def carried():
        with sqlite3.connect(world.path("service", "imprimatur.db"), timeout=30) as database:
            marks = database.execute("SELECT min(key_version) FROM discovered_mark").fetchone()[0]
            return marks == 2 and all(row[0][3] == 2 for row in database.execute("SELECT sealed FROM discovered_printer WHERE sealed IS NOT NULL"))

    wait_until(carried, "the rows are carried over", 90, 0.2)
    looker.look(device("10.8.0.3", "SEALED-SERIAL-4711"))
    after = one(world, "SEALED-SERIAL-4711")
    equal((after["id"], after["address"], after["identity"]["mac"]), (before, "10.8.0.3", "02:ab:cd:ef:47:11"), "the same one")


def story_of_a_run_that_is_over_nothing_is_taken(world):
    looker, run = Looker(world, world.admin), str(uuid.uuid4())
    looker.look(device("10.9.0.1", "SN-RUN"), run=run, outcome="going")
    looker.look(run=run)
    with refused(409):
        looker.look(device("10.9.0.2", "SN-RUN"), run=run)
    equal(one(world, "SN-RUN")["address"], "10.9.0.1", "where it was seen")


def story_what_belongs_to_an_agent_goes_with_it(world):
    looker = Looker(world, world.admin)
    looker.look(device("10.10.0.1", "SN-GONE"), device("10.10.0.2", "SN-STAYS"))
    world.admin.post("/v1/discovered-printers/%s/printer" % one(world, "SN-STAYS")["id"], {"name": "stays"})
    world.admin.delete("/v1/agents/" + looker.id)
    equal(found(world, "SN-GONE"), [], "what nobody sees any more")
    equal(one(world, "SN-STAYS")["agent"], None, "what is one of ours")
    world.admin.delete("/v1/printers/stays")
    equal(one(world, "SN-STAYS")["printer"], None, "a printer that was deleted may be found again")


SETTINGS_OF = {"ranges": ["10.0.0.0/16", "192.0.2.1-192.0.2.90", "198.51.100.7"], "excludes": ["10.0.1.0/24"], "hours": {"from": "19:00", "to": "06:00"},
               "packets_per_second": 200, "ways": ["ipp", "snmp"], "schedule": {"discovery": "daily", "at": "02:30", "meters": "daily", "supplies_minutes": 15}}
COMMUNITY, PASS = "community-never-seen-again", "passphrase-never-seen-again"
CREDENTIALS = [{"version": "2c", "community": COMMUNITY},
               {"version": "3", "user": "reader", "context": "c", "auth": {"protocol": "sha-256", "passphrase": PASS},
                "privacy": {"protocol": "aes-128", "passphrase": PASS}}]


def story_how_an_agent_looks_is_set_and_what_it_shows_is_secret(world):
    looker = Looker(world, world.admin)
    path = "/v1/agents/%s/discovery" % looker.id
    equal(world.admin.get(path), {"credentials": []}, "at first")
    equal(looker.call("GET", "/v1/agent/configuration")["discovery"], None, "and nothing in its configuration")
    shown = [{"version": "2c"}, {"version": "3", "user": "reader", "context": "c", "auth": {"protocol": "sha-256"}, "privacy": {"protocol": "aes-128"}}]
    equal(world.admin.call("PUT", path, {**SETTINGS_OF, "credentials": CREDENTIALS}), {**SETTINGS_OF, "credentials": shown}, "what is shown of it")
    configuration = looker.call("GET", "/v1/agent/configuration")
    equal(configuration["discovery"], SETTINGS_OF, "the agent's configuration")
    assert COMMUNITY not in str(configuration) and PASS not in str(configuration), "a secret in what is kept on a disk"
    equal(looker.call("GET", "/v1/agent/discovery"), {"credentials": CREDENTIALS, "printers": [], "run": None}, "what the agent alone is told")

    # What is not named stays; an empty list takes them away.
    world.admin.call("PUT", path, {"ranges": []})
    equal(looker.call("GET", "/v1/agent/discovery")["credentials"], CREDENTIALS, "credentials that were not named")
    with sqlite3.connect(world.path("service", "imprimatur.db"), timeout=30) as database:
        rows = b"".join(repr(row).encode() for table in ("discovery", "event") for row in database.execute("SELECT * FROM " + table))
    assert COMMUNITY.encode() not in rows and PASS.encode() not in rows, "a secret in the database"
    world.admin.call("PUT", path, {"ranges": [], "credentials": []})
    equal(looker.call("GET", "/v1/agent/discovery")["credentials"], [], "credentials that were taken away")


def story_settings_that_are_none_are_refused(world):
    looker = Looker(world, world.admin)
    path = "/v1/agents/%s/discovery" % looker.id
    v3 = {"version": "3", "user": "u"}
    for bad in ({"ranges": ["10.0.0.0/4"]}, {"ranges": ["10.0.0.0/33"]}, {"ranges": ["10.0.0.9-10.0.0.1"]}, {"ranges": ["printer.example"]}, {"ranges": ["fd00::/64"]},
                {"ranges": ["10.0.0.0/12", "11.0.0.0/24"]}, {"ranges": ["10.0.0.1"] * 65}, {"hours": {"from": "24:00", "to": "06:00"}}, {"hours": {"from": "19:00"}},
                {"packets_per_second": 0}, {"packets_per_second": 10001}, {"schedule": {"supplies_minutes": 14}}, {"schedule": {"at": "2:30"}}, {"ways": ["guess"]},
                {"timeout_ms": 99}, {"credentials": [{"version": "2c"}]}, {"credentials": [{"version": "2c", "community": "x" * 65}]},
                {"credentials": [{**v3, "auth": {"protocol": "sha-1", "passphrase": "short"}}]}, {"credentials": [{**v3, "privacy": {"protocol": "aes-128", "passphrase": "long enough"}}]},
                {"credentials": [{**v3, "auth": {"protocol": "md5", "passphrase": "long enough"}, "privacy": {"protocol": "des", "passphrase": "long enough"}}]},
                {"credentials": [{"version": "2c", "community": "x"}] * 17}, {"credentials": "public"}, {"nose": 1}):
        with refused(400):
            world.admin.call("PUT", path, bad)
    forced = {**v3, "auth": {"protocol": "md5", "passphrase": "long enough"}, "privacy": {"protocol": "des", "passphrase": "long enough", "forced": True}}
    world.admin.call("PUT", path, {"credentials": [forced]})
    with refused(403):
        world.api(ADA).get(path)


def story_an_administrator_has_an_agent_look_now(world):
    looker = Looker(world, world.admin)
    runs = "/v1/agents/%s/discovery/runs" % looker.id
    run = world.admin.post(runs, {})
    equal((run["state"], run["purpose"], looker.call("GET", "/v1/agent/discovery")["run"]), ("wanted", "discovery", {"run": run["id"], "purpose": "discovery"}), "what it is to begin")
    with refused(409):
        world.admin.post(runs, {"purpose": "discovery"})
    told = {"run": run["id"], "purpose": "discovery", "outcome": "going", "progress": {"addresses": 65536, "asked": 1000, "found": 1}, "sightings": [device("10.11.0.1", "SN-NOW")]}
    looker.call("POST", "/v1/agent/sightings", told)
    equal(looker.call("GET", "/v1/agent/discovery")["run"], None, "what is begun is not begun again")
    now = world.admin.get(runs)["items"][0]
    equal((now["state"], now["progress"]["addresses"], now["progress"]["asked"]), ("going", 65536, 1000), "how far it is")
    world.admin.delete("/v1/discovery-runs/" + run["id"])
    with refused(409):
        looker.call("POST", "/v1/agent/sightings", told)
    equal(world.admin.get(runs)["items"][0]["state"], "stopped", "stopped")
    with refused(404):
        world.admin.delete("/v1/discovery-runs/" + run["id"])
    for _ in range(25):
        looker.look(run=str(uuid.uuid4()))
    equal(len(world.admin.get(runs)["items"]), 20, "runs that are kept")
