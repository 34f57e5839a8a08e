# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Printers are found in whole networks, by every version of SNMP, by IPP and by what they announce, within what is allowed."""

import json
import os
import shutil
import subprocess
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from harness import ROOT, demo_world as demo
from harness.apart import drop_ambient, mount_tmpfs, run_apart
from harness.command_line import CommandLine
from harness.looking import FLEET_USER, Fleet, Snmpd, SnmpSim, look, route_here, route_nowhere, start, start_avahi, tried
from harness.process import accepts, wait_until
from harness.story import equal, refused
from harness.world import World

WORLD = None
CAP = 8000  # packets a second
SIXTEEN = {"ranges": ["10.7.0.0/16"], "ways": ["snmp"], "packets_per_second": CAP, "window": 4096, "timeout_ms": 1000, "retries": 1}
PER_PRINTER, PER_OTHER = 15800, 2 * (126 + 28)  # octets: DISC-SIZE


def by_serial(sightings):
    found = {sighting["identity"]["serial"]: sighting for sighting in sightings}
    equal(len(found), len(sightings), "each printer once")
    return found


def a_whole_network():
    route_here("10.7.0.0/16")
    fleet = Fleet("10.7.0.0/16", 1000, 500)
    first, counted = look(SIXTEEN)
    equal((counted["asked"], counted["found"], counted["answered"]), (65534, 1000, 1500), "who was asked, and who answered")
    before = by_serial(first)
    equal(set(before), {"FLT%07d" % number for number in range(1, 1001)}, "every printer")
    assert counted["printer_octets_max"] <= PER_PRINTER, counted
    assert not any(sighting["cut"] for sighting in first)

    # No second has more than the cap and what the bucket holds: a tenth of it. Who waits to be run may see two seconds' in one.
    questions, most, nobody = fleet.counts()
    assert questions <= counted["packets"] and nobody > 64000, (questions, nobody)
    assert counted["packets"] * 1e6 / counted["us"] <= CAP * 1.01, counted
    assert most <= 2.2 * CAP, most

    fleet.move(2)
    second, counted = look(SIXTEEN)
    after = by_serial(second)
    equal(set(after), set(before), "every one of them again")
    moved = [serial for serial in before if before[serial]["address"] != after[serial]["address"]]
    assert len(moved) >= 990, len(moved)  # of 65,534 addresses one is now and then the same
    equal([before[serial]["identity"] == after[serial]["identity"] for serial in before], [True] * 1000, "who they are")
    fleet.stop()


def story_a_whole_network_of_a_thousand_printers_and_again_when_all_have_moved(world):
    run_apart(__file__, "a_whole_network", seconds=900)


def what_is_told():
    route_here("10.7.0.0/24")
    fleet = Fleet("10.7.0.0/24", 1)
    order = {"ranges": ["10.7.0.0/24"], "ways": ["snmp"], "packets_per_second": 2000}
    (printer,), _ = look(order)
    facts = printer["facts"]
    equal(printer["identity"], {"serial": "FLT0000001", "mac": "02:fc:00:00:00:01"}, "who it is")
    expected = {"description": "Acme ColorMFP 5055; FW 3.2.1", "name": "mfp-0001", "location": "Building A, floor 2", "make": "Acme",
                "model": "ColorMFP 5055", "make_and_model": "Acme ColorMFP 5055", "firmware": "3.2.1", "status": "idle", "errors": ["toner-low"],
                "display": ["Ready", "Tray 2 empty", "Magenta low"], "colour": True, "duplex": True, "speed_ppm": 55, "up_seconds": 86400,
                "formats": ["application/vnd.hp-pclxl", "application/postscript", "application/pdf"],
                "uris": ["socket://%s:9100" % printer["address"], "lpd://%s:515/lp" % printer["address"]]}
    equal({name: facts.get(name) for name in expected}, expected, "what it says")
    equal(printer["meters"], [{"name": "life", "unit": "impressions", "value": 1001}], "meters")
    levels = [(row["type"], row["state"], row.get("level")) for row in printer["supplies"]]
    equal(levels, [("toner", "level", 21000), ("toner", "level", 11000), ("toner", "level", 1500), ("toner", "level", 22000),
                   ("waste-toner", "level", 30000), ("opc", "some", None), ("fuser", "level", 154000), ("staples", "unknown", None)], "supplies")
    equal([row["colour"] for row in printer["supplies"][:4]], ["black", "cyan", "magenta", "yellow"], "their colours")
    trays = [(row["name"], row["media"], row["state"], row.get("level")) for row in printer["trays"]]
    equal(trays, [("Tray 1", "iso_a4_210x297mm", "level", 320), ("Tray 2", "iso_a4_210x297mm", "level", 0),
                  ("Tray 3", "iso_a3_297x420mm", "level", 550), ("Bypass", "na_letter_8.5x11in", "some", None)], "trays")
    equal([(row["name"], row["state"]) for row in printer["covers"]], [("Front door", "closed"), ("Duplex unit", "open")], "covers")
    equal([(row["severity"], row["group"], row["code"], row["age"]) for row in printer["alerts"]],
          [("warning", "input", "808", 6400), ("critical", "cover", "501", 6400)], "alerts")

    # Of the known ones only what was asked for is asked.
    known = [{"printer": "01890000-0000-7000-8000-000000000001", "address": printer["address"]}]
    for purpose, told in (("meters", {"meters"}), ("supplies", {"supplies", "alerts"}), ("status", {"trays", "covers", "alerts"})):
        (seen,), counted = look(order, purpose=purpose, printers=known)
        equal(seen["printer"], known[0]["printer"], "for which it was asked")
        equal({name for name in ("meters", "supplies", "trays", "covers", "alerts") if name in seen}, told, purpose)
        equal(seen["identity"]["serial"], "FLT0000001", "who it is")
        assert seen["octets"] < printer["octets"], (purpose, seen["octets"])
    (seen,), _ = look(order, purpose="meters", printers=known)
    assert "counters" not in seen, "counters that nobody wants"
    (seen,), _ = look(order, purpose="meters", printers=[known[0] | {"counters": True}])
    equal({row["name"]: row["value"] for row in seen["counters"]},
          {"copies-monochrome": 700, "copies-colour": 42, "faxes": 55, "prints-monochrome": 4000, "scans": 121}, "copies, faxes and scans")
    fleet.move(7)
    (seen,), _ = look(order | {"timeout_ms": 200}, purpose="meters", printers=known)
    equal((seen["via"], tried(seen)), ([], {"snmp": "silent"}), "one that is away")
    assert "identity" not in seen
    fleet.stop()

    fleet = Fleet("10.7.0.0/24", 1, 0, 3)
    (old,), _ = look(order, [{"version": "1", "community": "public"}])
    equal({name: old["facts"].get(name) for name in expected if name != "uris"}, {name: expected[name] for name in expected if name != "uris"},
          "the same by SNMPv1")
    fleet.stop()


def story_what_a_printer_tells_of_itself(world):
    run_apart(__file__, "what_is_told", seconds=300)


def silent():
    count = route_nowhere("10.8.0.0/18")
    order = {"ranges": ["10.8.0.0/18"], "ways": ["snmp", "ipp"], "packets_per_second": CAP, "window": 4096, "timeout_ms": 1000, "retries": 1}
    before = count()
    found, counted = look(order)
    went = count() - before
    equal((found, counted["asked"], counted["answered"]), ([], 16382, 0), "who is there")
    # Two of each, and none that we did not reckon: a kernel that is let sends again by itself.
    equal(counted["packets"], 4 * 16382, "packets")
    assert counted["packets"] <= went <= counted["packets"] + 50, (counted["packets"], went)  # and what IPv6 says of itself
    assert counted["packets"] * 1e6 / counted["us"] <= CAP * 1.01, counted
    assert 200 < counted["opening"] <= 4096, counted


def story_a_silent_network_costs_what_the_cap_says(world):
    run_apart(__file__, "silent", seconds=300)


def excluded_and_capped():
    route_here("10.7.0.0/24")
    fleet = Fleet("10.7.0.0/24", 100)
    order = {"ranges": ["10.7.0.0/25", "10.7.0.100-10.7.0.199"], "excludes": ["10.7.0.50-10.7.0.149", "10.7.0.7"], "ways": ["snmp"],
             "packets_per_second": 50, "timeout_ms": 500, "retries": 0}
    found, counted = look(order | {"packets_per_second": 1000})
    equal(counted["addresses"], 49 - 1 + 50, "addresses")
    for sighting in found:
        last = int(sighting["address"].split(".")[3])
        assert last < 50 and last != 7 or 150 <= last < 200, sighting["address"]
    assert found
    before = fleet.counts()[0]
    slow, counted = look(order | {"ranges": ["10.7.0.0/27"], "packets_per_second": 50})
    assert counted["us"] >= (counted["packets"] - 6) * 1e6 / 50, counted
    equal(fleet.counts()[0] - before, counted["packets"], "every packet is counted")
    fleet.stop()


def story_what_is_excluded_is_not_asked_and_the_cap_is_kept(world):
    run_apart(__file__, "excluded_and_capped", seconds=300)


def snmpv3():
    route_here("10.7.0.0/20")
    fleet = Fleet("10.7.0.0/20", 200, 0, 1, "--v3")
    order = SIXTEEN | {"ranges": ["10.7.0.0/20"]}
    found, counted = look(order, [{"version": "2c", "community": "public"}, FLEET_USER])
    equal(set(by_serial(found)), {"FLT%07d" % number for number in range(1, 201)}, "every printer")
    assert counted["printer_octets_max"] <= PER_PRINTER, counted

    here = [{"printer": "01890000-0000-7000-8000-000000000001", "address": found[0]["address"]}]
    wrong = {"wrong-user": FLEET_USER | {"user": "somebody"},
             "wrong-passphrase": FLEET_USER | {"auth": {"protocol": "sha-256", "passphrase": "not the passphrase"}}}
    for outcome, user in wrong.items():
        (seen,), _ = look(order, [user], "status", here)
        equal((seen["via"], tried(seen)), ([], {"snmp": outcome}), outcome)
    (seen,), _ = look(order, [*wrong.values(), FLEET_USER], "status", here)
    equal(seen["via"], ["snmp"], "the third is the right one")
    fleet.stop()


def story_two_hundred_printers_that_speak_snmpv3_alone(world):
    run_apart(__file__, "snmpv3", seconds=600)


USERS = [("plain", "", ""), ("md5", "MD5", ""), ("sha1", "SHA", "AES"), ("sha224", "SHA-224", "AES"), ("sha256", "SHA-256", "AES-256"),
         ("sha384", "SHA-384", "AES-192"), ("sha512", "SHA-512", "AES-256"), ("longer", "SHA", "AES-256"), ("longest", "SHA-224", "AES-256-C"), ("des", "MD5", "DES")]
NAMES = {"MD5": "md5", "SHA": "sha-1", "SHA-224": "sha-224", "SHA-256": "sha-256", "SHA-384": "sha-384", "SHA-512": "sha-512", "AES": "aes-128",
         "AES-192": "aes-192", "AES-256": "aes-256", "AES-256-C": "aes-256-c", "DES": "des"}


def credential(name, authentication, privacy):
    made = {"version": "3", "user": name}
    if authentication:
        made["auth"] = {"protocol": NAMES[authentication], "passphrase": "one-passphrase"}
    if privacy:
        made["privacy"] = {"protocol": NAMES[privacy], "passphrase": "another-passphrase", "forced": privacy == "DES"}
    return made


def net_snmp():
    with tempfile.TemporaryDirectory() as folder:
        overrides = [("1.3.6.1.2.1.43.5.1.1.1.1", "counter", "7"), ("1.3.6.1.2.1.43.5.1.1.17.1", "octet_str", '"NETSNMP-1"'),
                     ("1.3.6.1.2.1.43.10.2.1.4.1.1", "counter", "4711")]
        snmpd = Snmpd(folder, 1161, USERS, overrides)
        order = {"ranges": ["127.0.0.1"], "ways": ["snmp"], "snmp_port": 1161, "timeout_ms": 3000, "packets_per_second": 1000}
        for user in USERS:
            found, counted = look(order, [credential(*user)])
            equal([(seen["identity"].get("serial"), seen["meters"][0]["value"]) for seen in found], [("NETSNMP-1", 4711)], user)
            equal((counted["unproved"], counted["malformed"]), (0, 0), user)
        here = [{"printer": "01890000-0000-7000-8000-000000000001", "address": "127.0.0.1"}]
        wrong = credential("sha256", "SHA-256", "AES-256")
        wrong["privacy"]["passphrase"] = "not the passphrase"
        for outcome, user in (("wrong-passphrase", credential("sha512", "SHA-384", "AES-256")), ("wrong-user", credential("nobody", "SHA", ""))):
            (seen,), _ = look(order | {"timeout_ms": 500}, [user], "status", here)
            equal(tried(seen)["snmp"], outcome, user)
        (seen,), _ = look(order | {"timeout_ms": 500}, [wrong], "status", here)
        assert tried(seen)["snmp"] in ("wrong-passphrase", "silent"), seen  # net-snmp says nothing to what it cannot decrypt
        snmpd.stop()


def story_net_snmps_own_users_at_every_level(world):
    run_apart(__file__, "net_snmp", seconds=300)


def rows(number):
    return {"1.3.6.1.2.1.1.1.0": "4|A printer of snmpsim", "1.3.6.1.2.1.1.5.0": "4|sim-%03d" % number, "1.3.6.1.2.1.25.3.5.1.1.1": "2|3",
            "1.3.6.1.2.1.2.2.1.6.1": "4x|02fc00aa%04x" % number, "1.3.6.1.2.1.43.5.1.1.1.1": "65|1", "1.3.6.1.2.1.43.5.1.1.17.1": "4|SIM%07d" % number,
            "1.3.6.1.2.1.43.10.2.1.4.1.1": "65|%d" % (1000 + number), "1.3.6.1.2.1.43.11.1.1.6.1.1": "4|Black Toner",
            "1.3.6.1.2.1.43.11.1.1.8.1.1": "2|100", "1.3.6.1.2.1.43.11.1.1.9.1.1": "2|-3"}


def snmpsim():
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        sim = SnmpSim(os.path.join(folder, "sim"), 200, 1161, rows)
        order = {"ranges": ["127.0.1.0/24"], "ways": ["snmp"], "snmp_port": 1161, "packets_per_second": 2000, "window": 32, "timeout_ms": 5000}
        found, counted = look(order)
        equal(set(by_serial(found)), {"SIM%07d" % number for number in range(200)}, "every printer")
        equal(counted["malformed"], 0, "what snmpsim says is understood")
        equal({(seen["supplies"][0]["name"], seen["supplies"][0]["state"]) for seen in found}, {("Black Toner", "some")}, "supplies")
        sim.stop()


def story_two_hundred_printers_of_snmpsim(world):
    run_apart(__file__, "snmpsim", seconds=600)


CORPUS = os.path.join(ROOT, "tests", "corpus", "discovery-web-page")
# Mocks of devices that cannot be had: what such models say by SNMP, and what on which page.
HIDING = [("Brother HL-L2350DW series", {"/etc/mnt_info.csv": "brother"}, "U63885H9N123456", 12345),
          ("HP OfficeJet Pro 8710", {"/DevMgmt/ProductConfigDyn.xml": "hp-config", "/DevMgmt/ProductUsageDyn.xml": "hp-usage"}, "CN75KBV0TY", 8211),
          ("EPSON WF-3720 Series", {"/PRESENTATION/ADVANCED/INFO_PRTINFO/TOP": "epson-info", "/PRESENTATION/ADVANCED/INFO_MENTINFO/TOP": "epson-usage"}, "X5KZ012345", 12345),
          ("EPSON XP-1 that leads elsewhere", None, None, None), ("EPSON XP-2 that never ends", {}, None, None), ("Acme 9000", {"/etc/mnt_info.csv": "brother"}, None, None)]


class Mock(BaseHTTPRequestHandler):
    protocol_version, asked = "HTTP/1.1", []

    def log_message(self, *_):
        pass

    def do_GET(self):
        number = int(self.server.server_address[0].rsplit(".", 1)[1]) - 1
        model, its_pages, _, _ = HIDING[number]
        Mock.asked.append((number, self.path))
        name = (its_pages or {}).get(self.path)
        if name:
            with open(os.path.join(CORPUS, name), "rb") as file:
                page = file.read()[1:]
            self.send_response(200)
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)
        elif its_pages is None:  # to one that would tell a serial number
            self.send_response(302)
            self.send_header("Location", "http://127.0.1.3:8080" + self.path)
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif "never ends" in model:
            self.close_connection = True
            self.send_response(200)
            self.end_headers()
            try:
                while True:
                    self.wfile.write(b"<td>Serial Number</td><td>X5KZ999999</td>" * 1000)
            except OSError:
                pass
        else:
            self.send_error(404)


def hiding(number):
    told = {name: value for name, value in rows(number).items() if not name.startswith(("1.3.6.1.2.1.43.5.1.1.17", "1.3.6.1.2.1.43.10"))}
    return told | {"1.3.6.1.2.1.25.3.2.1.3.1": "4|" + HIDING[number][0], "1.3.6.1.2.1.1.1.0": "4|" + HIDING[number][0]}


def pages():
    servers = [ThreadingHTTPServer(("127.0.1.%d" % (n + 1), 8080), Mock) for n in range(len(HIDING))]
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        sim = SnmpSim(os.path.join(folder, "sim"), len(HIDING), 1161, hiding)
        order = {"ranges": ["127.0.1.1-127.0.1.%d" % len(HIDING)], "ways": ["snmp"], "snmp_port": 1161, "http_port": 8080, "packets_per_second": 2000, "timeout_ms": 5000}

        def told(found):
            by_model = {seen["facts"]["make_and_model"]: seen for seen in found}
            return [(by_model[row[0]].get("identity", {}).get("serial"), [m["value"] for m in by_model[row[0]].get("meters", [])]) for row in HIDING]

        equal((told(look(order)[0]), Mock.asked), ([(None, [])] * len(HIDING), []), "where it is not switched on, no page is asked for")
        found, counted = look(order | {"pages": True})
        equal(told(found), [(serial, [meter] if meter else []) for _, _, serial, meter in HIDING], "what the pages say")
        equal(counted["found"], len(HIDING), "every printer")
        equal({number for number, _ in Mock.asked}, {0, 1, 2, 3, 4}, "and no model that is not known is asked")
        before = len(Mock.asked)
        look(order | {"pages": True, "excludes": ["127.0.1.0/24"]})
        equal(len(Mock.asked), before, "nor what is excluded")
        sim.stop()


def story_models_that_hide_their_serial_number_say_it_on_pages(world):
    run_apart(__file__, "pages", seconds=300)


def announced():
    program = shutil.which("ippeveprinter", path="/usr/sbin:/usr/bin")
    mount_tmpfs("/run", 16 << 20)
    start_avahi()
    with tempfile.TemporaryDirectory() as folder:
        for name, port in (("first", 8631), ("second", 8632)):
            os.makedirs(os.path.join(folder, name))
            start(program, "-p", str(port), "-n", "localhost", "-K", folder, "-d", os.path.join(folder, name), "-r", "_print", "-m", "Model " + name, name,
                  env={"PATH": "/usr/bin:/bin", "HOME": folder, "DBUS_SYSTEM_BUS_ADDRESS": os.environ["DBUS_SYSTEM_BUS_ADDRESS"]})
            wait_until(lambda: accepts(port), name + " listens", 60)
        wait_until(lambda: subprocess.run(["avahi-browse", "-tpc", "_ipps._tcp"], capture_output=True, check=False).stdout.count(b"IPv4") >= 2,
                   "both are announced", 60)
        order = {"ranges": [], "ways": ["ipp", "dns-sd"], "timeout_ms": 5000, "packets_per_second": 1000}
        found, counted = look(order, [])
        equal(sorted(seen["facts"].get("make_and_model") for seen in found), ["Example Model first", "Example Model second"], "both are found")
        for seen in found:
            equal((seen["via"], tried(seen)), (["ipp", "dns-sd"], {"ipp": "answered", "dns-sd": "answered"}), "how")
            assert seen["identity"]["uuid"].startswith("urn:uuid:") and len(seen["identity"]["spki"]) == 64, seen["identity"]
            assert seen["facts"]["uris"][0].startswith("ipps://") and "image/urf" in seen["facts"]["formats"], seen["facts"]
            assert seen["facts"]["status"] == "idle" and seen["facts"]["duplex"] is False and seen["supplies"] and seen["trays"], seen
        equal(look(order | {"excludes": ["127.0.0.0/8"]}, [])[0], [], "what is excluded is not asked, however it is announced")

        # Found by its port alone, where nobody announces anything.
        found, _ = look({"ranges": ["127.0.0.1"], "ways": ["ipp"], "ipp_port": 8631, "timeout_ms": 5000, "packets_per_second": 1000}, [])
        equal([(seen["via"], seen["facts"]["make_and_model"]) for seen in found], [(["ipp"], "Example Model first")], "by its port")


def story_printers_that_announce_themselves_and_speak_ipp(world):
    run_apart(__file__, "announced", seconds=300)


def announced_to_an_agent(folder):
    program = shutil.which("ippeveprinter", path="/usr/sbin:/usr/bin")
    mount_tmpfs("/run", 16 << 20)
    start_avahi()
    drop_ambient()
    with World(folder=folder) as world, tempfile.TemporaryDirectory() as place:
        world.programs.wait_agent()
        agent = next(a for a in world.admin.all("/v1/agents") if a["enrolled"])["id"]
        start(program, "-p", "8633", "-n", "localhost", "-K", place, "-d", place, "-r", "_print", "-m", "Model third", "third",
              env={"PATH": "/usr/bin:/bin", "HOME": place, "DBUS_SYSTEM_BUS_ADDRESS": os.environ["DBUS_SYSTEM_BUS_ADDRESS"]})
        wait_until(lambda: b"IPv4" in subprocess.run(["avahi-browse", "-tpc", "_ipps._tcp"], capture_output=True, check=False).stdout, "it is announced", 60)
        path = "/v1/agents/%s/discovery" % agent
        order = {"ranges": [], "ways": ["dns-sd", "ipp"], "timeout_ms": 5000}

        # Outside of its hours nobody is asked, whoever wants it; nor what is excluded.
        hour = time.localtime().tm_hour
        away = {"from": "%02d:00" % ((hour + 6) % 24), "to": "%02d:00" % ((hour + 7) % 24)}
        world.admin.call("PUT", path, {**order, "hours": away})
        run = run_of(world, agent, "discovery")
        equal((run["state"], run["progress"]["found"]), ("outside-hours", 0), "outside of its hours")
        world.admin.call("PUT", path, {**order, "excludes": ["127.0.0.0/8"]})
        run = run_of(world, agent, "discovery")
        equal((run["state"], run["progress"]["found"], discovered(world)), ("done", 0, {}), "what is excluded")

        world.admin.call("PUT", path, order)
        run = run_of(world, agent, "discovery")
        equal((run["state"], run["progress"]["found"]), ("done", 1), "it is found by what it announces")
        (found,) = world.admin.all("/v1/discovered-printers?which=new")
        equal((found["via"], found["make_and_model"]), (["ipp", "dns-sd"], "Example Model third"), "what the service knows")
        printer = world.admin.post("/v1/discovered-printers/%s/printer" % found["id"], {"name": "announced", "agent": agent})
        assert printer["addresses"][0].startswith("ipps://"), printer
        equal(printer["identity"]["uuid"], found["identity"]["uuid"], "who it has to be")
        report = world.admin.get("/v1/printers/announced/readiness")
        equal((report["ready"], next(c["outcome"] for c in report["checks"] if c["name"] == "identity")), (True, "good"), "and one could print there")


def story_an_agent_finds_what_is_announced_within_its_hours(_):
    with tempfile.TemporaryDirectory(prefix="imprimatur-look-") as folder:
        run_apart(os.path.abspath(__file__), "announced_to_an_agent", folder, seconds=300)


def run_of(world, agent, purpose, seconds=120):
    """An administrator has it look now: how that ended."""
    path = "/v1/agents/%s/discovery/runs" % agent
    wanted = world.admin.post(path, {"purpose": purpose})["id"]

    def over():
        run = next(run for run in world.admin.get(path)["items"] if run["id"] == wanted)
        return run if run["ended"] else None

    return wait_until(over, "the run of " + purpose, seconds, 0.2)


def discovered(world):
    return {item["identity"]["serial"]: item for item in world.admin.all("/v1/discovered-printers?which=all")}


def octets_under(folder):
    for where, _, names in os.walk(folder):
        for name in names:
            with open(os.path.join(where, name), "rb") as file:
                yield file.read()


def an_agent_looks(folder):
    route_here("10.7.0.0/22")
    drop_ambient()
    with World(folder=folder) as world:
        world.programs.wait_agent()
        agent = next(a for a in world.admin.all("/v1/agents") if a["enrolled"])["id"]
        fleet = Fleet("10.7.0.0/22", 150, 20, 1, "--port", "1161", "--v3")
        path = "/v1/agents/%s/discovery" % agent
        order = {"ranges": ["10.7.0.0/22"], "excludes": ["10.7.4.0/24"], "ways": ["snmp"], "snmp_port": 1161, "packets_per_second": 2000,
                 "window": 512, "timeout_ms": 2000, "retries": 1}
        world.admin.call("PUT", path, {"snmp_port": 1161, "timeout_ms": 2000})
        line = CommandLine(world, "administrator")
        line.login(demo.ADMINISTRATOR)
        credentials = os.path.join(line.home, "snmp.json")
        with open(credentials, "w", encoding="utf-8") as file:
            json.dump([{"version": "2c", "community": "public"}, FLEET_USER], file)
        name = world.admin.get("/v1/agents/" + agent)["name"]
        line.run("discovery", "set", name, "--range", "10.7.0.0/22", "--exclude", "10.7.4.0/24", "--way", "snmp", "--packets", "2000", "--window", "512",
                 "--retries", "1", "--hours", "00:00-23:59", "--supplies-minutes", "0", "--credentials", credentials)
        line.run("discovery", "set", name, "--hours", "", "--at", "01:15")  # the rest stays
        shown = line.json("discovery", "show", name)
        equal({member: shown[member] for member in order}, order, "what was set")
        equal((shown["hours"], shown["schedule"]["at"], len(shown["credentials"])), (None, "01:15", 2), "and the rest of it")

        run = line.json("discovery", "run", name, "--follow")
        equal((run["state"], run["progress"]["addresses"], run["progress"]["found"]), ("done", 1022, 150), "the first run")
        equal([r["state"] for r in line.json("discovery", "runs", name)], ["done"], "what it did")
        equal(len(line.json("discovery", "found")), 150, "what is new")
        before = discovered(world)
        equal(set(before), {"FLT%07d" % number for number in range(1, 151)}, "what the service knows")
        one = world.admin.get("/v1/discovered-printers/" + before["FLT0000001"]["id"])
        equal((one["facts"]["model"], len(one["supplies"]), len(one["trays"]), one["via"]), ("ColorMFP 5055", 8, 4, ["snmp"]), "and what of one")
        adopted = line.json("discovery", "adopt", one["id"], "found")
        equal(adopted["addresses"][0], "socket://%s:9100" % one["address"], "where it can be printed to")

        fleet.move(2)
        run = run_of(world, agent, "discovery")
        equal((run["state"], run["progress"]["found"]), ("done", 150), "the second run")
        after = discovered(world)
        equal({s: item["id"] for s, item in after.items()}, {s: item["id"] for s, item in before.items()}, "the same ones")
        assert sum(before[s]["address"] != after[s]["address"] for s in before) >= 140
        equal(world.admin.get("/v1/printers/found")["addresses"][0], "socket://%s:9100" % after["FLT0000001"]["address"], "its address follows it")

        asked = fleet.counts()[0]
        run = run_of(world, agent, "meters")
        equal((run["state"], run["progress"]["found"]), ("done", run["progress"]["addresses"]), "the known ones are asked for meters")
        assert fleet.counts()[0] - asked < 12 * max(run["progress"]["addresses"], 1), "and the others not at all"

        # Switched off, nobody is asked from that moment on; switched on again, a new run goes.
        world.admin.call("PUT", path, {**order, "packets_per_second": 20})
        runs = "/v1/agents/%s/discovery/runs" % agent
        slow, asked = world.admin.post(runs, {})["id"], fleet.counts()[0]
        wait_until(lambda: fleet.counts()[0] >= asked + 5, "it has begun")
        world.admin.patch("/v1/agents/" + agent, {"features": {"discovery": False}})
        wait_until(lambda: next(r for r in world.admin.get(runs)["items"] if r["id"] == slow)["state"] == "stopped", "it is stopped", 60)
        asked = fleet.counts()[0]
        world.admin.patch("/v1/agents/" + agent, {"features": {"discovery": True}})
        world.admin.call("PUT", path, {**order, "ranges": ["10.7.0.0/30"]})
        equal(fleet.counts()[0], asked, "nothing more was asked")
        equal(run_of(world, agent, "discovery")["state"], "done", "on again")

        # A run that is stopped by an administrator.
        world.admin.call("PUT", path, {**order, "packets_per_second": 20})
        slow, asked = world.admin.post(runs, {})["id"], fleet.counts()[0]
        wait_until(lambda: fleet.counts()[0] >= asked + 5, "it has begun")
        line.run("discovery", "stop", slow)
        wait_until(lambda: b"sightings-not-taken" in open(world.programs.log("agent"), "rb").read(), "the agent hears that it is over", 60)

        secrets = [FLEET_USER["auth"]["passphrase"].encode(), FLEET_USER["privacy"]["passphrase"].encode()]
        for octets in octets_under(world.path("agent")):
            assert not any(secret in octets for secret in secrets), "a passphrase on the agent's disk"
        fleet.stop()


def details(world, kind, subject):
    return [e["detail"] for e in world.admin.all("/v1/audit/records?subject=" + subject) if e["event"] == kind]


WRITER, READER = ("writer", "SHA-256", "AES"), ("reader", "SHA", "AES")
# What a printer has, and net-snmp keeps; the contact is fixed by its settings.
WRITABLE = [("1.3.6.1.2.1.43.5.1.1.1.1", "counter", "7"), ("1.3.6.1.2.1.43.5.1.1.17.1", "octet_str", '"NETSNMP-1"'),
            ("1.3.6.1.2.1.43.5.1.1.16.1", "octet_str", '"prn"'), ("1.3.6.1.2.1.43.5.1.1.13.1", "integer", "3")]


def settings_are_written(folder):
    drop_ambient()
    with World(folder=folder) as world, tempfile.TemporaryDirectory() as place:
        world.programs.wait_agent()
        agent = next(a for a in world.admin.all("/v1/agents") if a["enrolled"])
        snmpd = Snmpd(place, 1161, [WRITER, READER], WRITABLE, writers=["writer"], lines=["sysContact fixed", "rocommunity public"])
        path = "/v1/agents/%s/discovery" % agent["id"]
        order = {"ranges": ["127.0.0.1"], "ways": ["snmp"], "snmp_port": 1161, "timeout_ms": 2000}
        public = {"version": "2c", "community": "public"}
        world.admin.call("PUT", path, {**order, "credentials": [public]})
        equal(run_of(world, agent["id"], "discovery")["progress"]["found"], 1, "it is found")
        found = discovered(world)["NETSNMP-1"]
        printer = world.admin.post("/v1/discovered-printers/%s/printer" % found["id"], {"name": "written"})["id"]
        there = "/v1/printers/written/configuration"
        equal(world.admin.get(there)["state"], "none", "nothing was wanted yet")
        with refused(409, "no-device"):  # what nobody has seen
            world.admin.patch("/v1/printers/lobby/configuration", {"location": "Hall"})
        with refused(409, "no-writing"):  # nothing to write with
            world.admin.patch(there, {"location": "Hall"})
        with refused(403):  # people write nothing
            world.api("ada@demo.example").patch(there, {"location": "Hall"})
        for bad in ({}, {"serial": "1"}, {"console": "maybe"}, {"location": "a\nb"}, {"printer_name": "x" * 128}):
            with refused(400):
                world.admin.patch(there, bad)

        # Credentials for writing are shown to the one printer, and to no network.
        world.admin.call("PUT", path, {**order, "credentials": [public, {**credential(*WRITER), "write": True}]})
        line = CommandLine(world, "administrator")
        line.login(demo.ADMINISTRATOR)
        done = line.json("printer", "configure", "written", "--device-location", "Ground floor, left", "--device-contact", "somebody", "--printer-name", "gf-left",
                         "--console", "disabled", "--operator", "nobody", expect=1)
        outcomes = {row["setting"]: (row["outcome"], row["before"], row["after"], row["reason"]) for row in done["settings"]}
        equal((done["state"], done["reason"]), ("done", None), "it was answered")
        equal(outcomes, {"location": ("changed", outcomes["location"][1], "Ground floor, left", None), "contact": ("refused", "fixed", "fixed", "not-writable"),
                         "printer_name": ("changed", "prn", "gf-left", None), "console": ("changed", "enabled", "disabled", None),
                         "operator": ("refused", None, None, "no-such-name")}, "what became of each")
        assert all(row["mend"] for row in done["settings"] if row["outcome"] == "refused"), done
        equal(world.admin.get(there)["settings"], done["settings"], "it is remembered")
        told = subprocess.run(["snmpget", "-v2c", "-c", "public", "-Oqv", "127.0.0.1:1161", "1.3.6.1.2.1.1.6.0", "1.3.6.1.2.1.43.5.1.1.16.1", "1.3.6.1.2.1.43.5.1.1.13.1"],
                              capture_output=True, text=True, check=True, env={"PATH": os.environ["PATH"], "MIBS": ""}).stdout
        equal(told.replace('"', "").split("\n"), ["Ground floor, left", "gf-left", "4", ""], "what net-snmp says")
        equal(details(world, "device-configuration-wanted", printer), ["settings=location,contact,printer_name,operator,console"], "who wanted what")
        equal(sorted(details(world, "device-configured", printer)),
              sorted('%s before="%s" after="%s"' % (name, outcomes[name][1], outcomes[name][2]) for name in ("location", "printer_name", "console")), "before and after")
        again = line.json("printer", "configure", "written", "--printer-name", "gf-left")
        equal(again["settings"][0]["outcome"], "unchanged", "what is so already")
        equal(len(details(world, "device-configured", printer)), 3, "is written nowhere")

        # Credentials that may only read, and some that are wrong.
        world.admin.call("PUT", path, {**order, "credentials": [public, {**public, "write": True}]})
        equal([(row["outcome"], row["reason"]) for row in world.admin.patch(there, {"location": "Cellar"})["settings"]], [("refused", "no-access")], "no right to write")
        wrong = credential("writer", "SHA-384", "AES")
        world.admin.call("PUT", path, {**order, "credentials": [public, {**wrong, "write": True}]})
        equal(world.admin.patch(there, {"location": "Cellar"})["reason"], "wrong-passphrase", "another protocol")
        snmpd.stop()

        # Another one at its address: nothing is written to that.
        world.admin.call("PUT", path, {**order, "credentials": [public, {**credential(*WRITER), "write": True}]})
        other = [row if "5.1.1.17" not in row[0] else (row[0], row[1], '"NETSNMP-2"') for row in WRITABLE]
        os.makedirs(os.path.join(place, "other"))
        snmpd = Snmpd(os.path.join(place, "other"), 1161, [WRITER], other, writers=["writer"], lines=["rocommunity public"])
        equal(world.admin.patch(there, {"printer_name": "other"})["reason"], "identity-mismatch", "another one")
        equal(run_of(world, agent["id"], "discovery")["state"], "done", "it is looked for")
        with refused(409, "no-device"):
            world.admin.patch(there, {"printer_name": "other"})
        snmpd.stop()

        # snmpsim's devices say yes, and keep what they have.
        os.chmod(place, 0o755)
        sim = SnmpSim(os.path.join(place, "sim"), 1, 1161, rows)
        world.admin.call("PUT", path, {**order, "ranges": ["127.0.1.1"], "timeout_ms": 5000, "credentials": [public, {**public, "write": True}]})
        equal(run_of(world, agent["id"], "discovery")["progress"]["found"], 1, "snmpsim's is found")
        world.admin.post("/v1/discovered-printers/%s/printer" % discovered(world)["SIM0000000"]["id"], {"name": "simulated"})
        done = world.admin.patch("/v1/printers/simulated/configuration", {"name": "other"})
        equal([(row["outcome"], row["reason"]) for row in done["settings"]], [("refused", "not-kept")], "one that says yes and keeps what it has")
        sim.stop()
        for octets in octets_under(world.path("agent")):
            assert b"another-passphrase" not in octets, "a passphrase on the agent's disk"


def story_an_administrator_writes_settings_of_a_printer(_):
    with tempfile.TemporaryDirectory(prefix="imprimatur-look-") as folder:
        run_apart(os.path.abspath(__file__), "settings_are_written", folder, seconds=300)


def story_an_agent_looks_and_the_service_knows(_):
    with tempfile.TemporaryDirectory(prefix="imprimatur-look-") as folder:
        run_apart(os.path.abspath(__file__), "an_agent_looks", folder, seconds=600)
