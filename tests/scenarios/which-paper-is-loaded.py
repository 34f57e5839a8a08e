# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""What a printer can do, and which paper lies in it: what queues offer, and what is made of pages for it."""

import os
import shutil
import subprocess
import time

import ippwire as ipp
from harness import ROOT
from harness.client import Refused
from harness.command_line import CommandLine
from harness.looking import Snmpd
from harness.process import Program, accepts, free_ports, wait_until
from harness.renderer import numbered, pwg_pages, sizes, words
from harness.story import equal, refused, skip

SNMP_PORT = free_ports(1)[0]
SETTINGS = {"agent": {"snmp.port": SNMP_PORT, "printers.look": "1s", "printers.look_again": "0s"},
            "service": {"delivery.printer_state_fresh": "1s"}}

ADA = "ada@demo.example"
A3, LETTER = "iso_a3_297x420mm", "na_letter_8.5x11in"
A4 = "iso_a4_210x297mm"
BLUE = (0, 0, 255)


def offered(world, queue, name):
    code, groups = world.ipp(queue).ask(0x0B, again=True)
    equal(code, 0, "Get-Printer-Attributes of %s" % queue)
    return [value for _, value in ipp.group(groups, ipp.PRINTER)[name]]


def story_queues_offer_what_printers_can_do(world):
    lobby = {"finishings": [4, 20], "output_bins": ["stacker-1"], "media_types": ["cardstock"], "media_sources": ["main", "by-pass-tray"]}
    studio = {"finishings": [5], "output_bins": ["mailbox-1"], "media_types": ["photographic"]}
    world.admin.patch("/v1/printers/lobby", lobby)
    world.admin.patch("/v1/printers/studio", studio)

    equal(offered(world, "lobby", "finishings-supported"), [3, 4, 20], "a direct queue's finishings")
    equal(offered(world, "lobby", "output-bin-supported"), ["auto", "stacker-1"], "its bins")
    equal(offered(world, "lobby", "media-type-supported"), ["auto", "cardstock"], "its types")
    equal(offered(world, "lobby", "media-source-supported"), ["auto", "main", "by-pass-tray"], "its sources")
    equal(offered(world, "lab", "finishings-supported"), [3], "of one that says nothing")

    equal(set(offered(world, "pull", "finishings-supported")), {3, 4, 5, 20}, "what any printer can")
    assert {"auto", "face-up", "stacker-1", "mailbox-1"} <= set(offered(world, "pull", "output-bin-supported"))
    assert {"auto", "stationery", "cardstock", "photographic"} <= set(offered(world, "pull", "media-type-supported"))
    assert {"auto", "main", "by-pass-tray"} <= set(offered(world, "pull", "media-source-supported"))

    pull, asked = world.ipp("pull"), {"finishings": [(ipp.ENUM, 4)], "output-bin": [(ipp.KEYWORD, "stacker-1")]}
    job = pull.print_job(numbered(1), job=asked)
    ticket = pull.job(ipp.first(job, "job-id"))
    equal((ipp.first(ticket, "finishings"), ipp.first(ticket, "output-bin")), (4, "stacker-1"), "what was asked for")
    # No badge of a later story is to find it.
    for held_job in world.api(ADA).get("/v1/jobs?state=held")["items"]:
        world.api(ADA).delete("/v1/jobs/" + held_job["id"])
    for name, value in (("lobby", lobby), ("studio", studio)):
        world.admin.patch("/v1/printers/" + name, {member: [] for member in value})


def story_rasters_come_in_the_printers_resolution_and_its_way_of_backs(world):
    ada = world.api(ADA)
    for turn, (back, corner) in enumerate((("normal", (0.05, 0.965)), ("flipped", (0.05, 0.035)), ("rotated", (0.95, 0.035)))):
        world.admin.patch("/v1/printers/studio", {"sheet_back": back, "resolution_dpi": 100, "colour": True})
        job = ada.submit(numbered(2))
        world.wait_release(ada, ada.release("studio", [job["id"]], ticket={"sides": "two-sided-long-edge", "media": A4})["id"])
        front, rear = pwg_pages(world.wait_paper("studio", turn + 1)[turn])
        equal((front.width, front.duplex), (827, 1), "dots across at 100 dpi, and both sides")
        equal(front.at(int(0.05 * front.width), int(0.965 * front.height)), BLUE, "the box on the front")
        equal(rear.at(int(corner[0] * rear.width), int(corner[1] * rear.height)), BLUE, "the box on the back, %s" % back)
    world.admin.patch("/v1/printers/studio", {"sheet_back": None, "resolution_dpi": 0})


def state(world, printer):
    return world.api(ADA).get("/v1/printers/%s/state" % printer)


def trays(said):
    return [(t["source"], t["media"], t["level"], t["ready"]) for t in said["trays"]]


def wait_until_old():
    """What was said counts for a second (the settings above)."""
    until = time.monotonic() + 1.1
    wait_until(lambda: time.monotonic() > until, "a second has passed")


def story_a_printer_tells_over_ipp_which_paper_is_in_it(world):
    world.sim.load("lobby", ("tray-1", 21000, 29700, 250), ("tray-2", 29700, 42000, 0), ("by-pass-tray", 21590, 27940, -3))
    said = state(world, "lobby")
    equal(trays(said), [("tray-1", A4, 50, True), ("tray-2", A3, 0, False), ("by-pass-tray", LETTER, None, True)], "trays")
    equal((said["condition"], said["reasons"]), ("idle", []), "what it does")
    assert said["age"] <= 1, said

    # For a second it counts; then the printer is asked again.
    world.sim.empty("lobby")
    equal(state(world, "lobby")["condition"], "idle", "what was said just now")
    wait_until(lambda: state(world, "lobby")["condition"] == "stopped", "the printer is asked again", 10, 0.2)
    equal(state(world, "lobby")["reasons"], ["media-empty-error"], "why")
    world.sim.empty("lobby", False)


def story_a_printer_that_is_silent_keeps_what_it_said(world):
    world.sim.load("studio", ("main", 29700, 42000, 100))
    known = state(world, "studio")
    world.sim.temper("studio", "accept-never-read")
    wait_until_old()
    started = time.monotonic()
    said = state(world, "studio")
    assert time.monotonic() - started < 4, "whoever asks waited too long"
    equal((said["trays"], said["seen"]), (known["trays"], known["seen"]), "what is known")
    assert said["age"] >= 1, said
    # The next one does not wait for it.
    started = time.monotonic()
    state(world, "studio")
    assert time.monotonic() - started < 0.5, "a silent printer is asked again at once"
    world.sim.normal("studio")


def snmp_printer(world):
    """A device of RFC 3805 on this machine: four trays, one of them empty, one that cannot count."""
    if shutil.which("snmpsimd") is None:
        skip("snmpsim is not installed")
    folder = world.path("snmp")
    for name in ("data", "cache", "var"):
        os.makedirs(os.path.join(folder, name), exist_ok=True)
    rows = {"1.3.6.1.2.1.25.3.5.1.1.1": "2|3", "1.3.6.1.2.1.25.3.5.1.2.1": "4x|80", "1.3.6.1.2.1.25.1.2.0": "4x|07e40101010101002b0000"}
    names = ((550, 220, 0, A4, "Tray 1"), (550, 0, 9, A4, "Tray 2"), (550, 550, 0, "A3 (297x420)", "Tray 3"), (100, -3, 0, "na-letter-white", "Bypass"))
    for index, (most, level, status, media, name) in enumerate(names, 1):
        sides = (420000, 297000) if index == 3 else (-2, -2)
        for column, kind, value in ((3, 2, 4), (6, 2, sides[0]), (7, 2, sides[1]), (8, 2, 8), (9, 2, most), (10, 2, level), (11, 2, status), (12, 4, media),
                                    (13, 4, name), (21, 4, "stationery")):
            rows["1.3.6.1.2.1.43.8.2.1.%d.1.%d" % (column, index)] = "%d|%s" % (kind, value)
    with open(os.path.join(folder, "data", "public.snmprec"), "w", encoding="utf-8") as file:
        for name in sorted(rows, key=lambda name: tuple(map(int, name.split(".")))):
            file.write("%s|%s\n" % (name, rows[name]))
    command = ["snmpsimd", "--cache-dir=" + folder + "/cache", "--variation-modules-dir=" + folder + "/var", "--v2c-arch", "--max-varbinds=100000",
               "--data-dir=" + folder + "/data", "--agent-udpv4-endpoint=127.0.0.1:%d" % SNMP_PORT, "--logging-method=null"]
    if os.getuid() == 0:
        subprocess.run(["chown", "-R", "nobody:nogroup", folder], check=True)
        os.chmod(world.folder, 0o711)
        command += ["--process-user=nobody", "--process-group=nogroup"]
    with open("/proc/net/udp", encoding="ascii") as file:
        assert ":%04X " % SNMP_PORT not in file.read()

    def listens():
        with open("/proc/net/udp", encoding="ascii") as file:
            return ":%04X " % SNMP_PORT in file.read()

    return Program("snmpsim", command, os.path.join(folder, "log"), listens)


def story_a_printer_without_ipp_is_asked_by_snmp(world):
    device = snmp_printer(world)
    device.start()
    said = state(world, "lab")  # a raw port
    expected = [("tray-1", A4, 40, True), ("tray-2", A4, 0, False), ("tray-3", A3, 100, True), ("bypass", LETTER, None, True)]
    equal(trays(said), expected, "trays")
    equal((said["condition"], said["reasons"]), ("idle", ["media-low"]), "what it does")

    # Its clock stands in 2020; over a raw port nobody hears which formats it takes.
    found = checks(world, "lab")
    equal((found["snmp"]["outcome"], found["snmp"]["detail"]), ("good", "community of the agent's settings"), "how it was asked")
    equal((found["clock"]["outcome"], found["clock"]["reason"]), ("failed", "clock-off"), "its clock")
    assert found["clock"]["detail"].endswith(" s behind") and "time server" in found["clock"]["mend"], found["clock"]
    equal((found["formats"]["outcome"], found["formats"]["reason"]), ("skipped", "not-told"), "its formats")
    device.kill()
    wait_until_old()
    equal(trays(state(world, "lab")), expected, "what it said before")


def checks(world, printer):
    report = world.admin.get("/v1/printers/%s/readiness" % printer)
    assert report["is_new"], report
    return {c["name"]: c for c in report["checks"]}


def credential(user, passphrase):
    return {"version": "3", "user": user, "auth": {"protocol": "sha-256", "passphrase": passphrase}, "privacy": {"protocol": "aes-256", "passphrase": "another-passphrase"}}


def story_a_printer_that_speaks_snmpv3_alone_is_asked_by_the_sites_credentials(world):
    """net-snmp's own agent, with one user who has to prove and hide everything, and no community."""
    world.programs.wait_agent()
    row = "1.3.6.1.2.1.43.8.2.1.%d.1.1"
    overrides = [("1.3.6.1.2.1.25.3.5.1.1.1", "integer", "4")]
    overrides += [(row % column, "integer", value) for column, value in ((3, 4), (8, 8), (9, 500), (10, 100), (11, 0))]
    overrides += [(row % column, "octet_str", '"%s"' % value) for column, value in ((12, A4), (13, "Tray 1"), (21, "stationery"))]
    device = Snmpd(world.path("snmpv3"), SNMP_PORT, [("asks", "SHA-256", "AES-256")], overrides)
    agent = next(a for a in world.admin.all("/v1/agents") if a["connected"])["id"]
    own = "/v1/agents/%s/discovery" % agent
    world.admin.patch("/v1/printers/library", {"agent": agent})

    def asked_by(*credentials):
        world.admin.call("PUT", own, {"ranges": [], "credentials": list(credentials)})
        return checks(world, "library")["snmp"]

    equal(trays(state(world, "library")), [], "without credentials")
    found = asked_by()
    equal((found["outcome"], found["reason"]), ("failed", "no-answer"), "tried without credentials")
    equal([asked_by(c)["reason"] for c in (credential("nobody", "one-passphrase"), credential("asks", "a-wrong-passphrase"))], ["wrong-user", "wrong-passphrase"], "why")

    found = asked_by({"version": "2c", "community": "secret-of-the-house"}, credential("nobody", "one-passphrase"), credential("asks", "one-passphrase"))
    equal((found["outcome"], found["detail"]), ("good", "SNMPv3"), "by the third")
    equal(checks(world, "library")["clock"]["outcome"], "good", "its clock is this machine's")
    wait_until(lambda: trays(state(world, "library")), "it tells its trays", 40, 1.2)
    said = state(world, "library")
    equal((trays(said), said["condition"]), ([("tray-1", A4, 20, True)], "processing"), "what it says")

    # Somebody holds a badge to its reader: it is asked by what is known, without another question.
    with open(device.log, encoding="utf-8", errors="replace") as file:
        before = len(file.read())
    world.swipe("library", world.badge(ADA))
    wait_until(lambda: os.path.getsize(device.log) > before, "it is asked when somebody comes", 20, 0.1)

    # What it is asked by is on no disk of the agent and in no log.
    for folder, _, names in os.walk(world.folder):
        if os.path.basename(folder) in ("snmpv3", "kept"):
            continue
        for name in names:
            path = os.path.join(folder, name)
            if not os.path.isfile(path):
                continue
            with open(path, "rb") as file:
                octets = file.read()
            for secret in (b"one-passphrase", b"another-passphrase", b"a-wrong-passphrase", b"secret-of-the-house"):
                assert secret not in octets, "%s in %s" % (secret, path)
    device.stop()
    world.admin.call("PUT", own, {"ranges": [], "credentials": []})


EVERYWHERE = """
ATTR mimeMediaType document-format-supported "application/pdf","application/octet-stream"
ATTR keyword media-supported "iso_a4_210x297mm","na_letter_8.5x11in"
ATTR keyword media-ready "iso_a4_210x297mm","na_letter_8.5x11in"
ATTR keyword media-source-supported "auto","main","by-pass-tray"
ATTR keyword media-type-supported "auto","stationery","labels"
ATTR collection media-size-supported {
        MEMBER integer x-dimension 21000
        MEMBER integer y-dimension 29700
},{
        MEMBER integer x-dimension 21590
        MEMBER integer y-dimension 27940
}
ATTR collection media-col-ready {
        MEMBER collection media-size {
                MEMBER integer x-dimension 21000
                MEMBER integer y-dimension 29700
        }
        MEMBER keyword media-source "main"
        MEMBER keyword media-type "stationery"
},{
        MEMBER collection media-size {
                MEMBER integer x-dimension 21590
                MEMBER integer y-dimension 27940
        }
        MEMBER keyword media-source "by-pass-tray"
        MEMBER keyword media-type "labels"
}
ATTR octetString printer-input-tray "type=sheetFeedAutoRemovableTray;mediafeed=297000;mediaxfeed=210000;maxcapacity=250;level=100;status=0;name=main;","type=sheetFeedManual;mediafeed=279400;mediaxfeed=215900;maxcapacity=25;level=-2;status=0;name=by-pass-tray;"
"""


def everywhere_printer(world):
    """ippeveprinter, which keeps what each job asked for as its environment."""
    if shutil.which("ippeveprinter") is None:
        skip("ippeveprinter is not installed (package cups-ipp-utils)")
    folder, port = world.path("everywhere"), free_ports(1)[0]
    os.makedirs(os.path.join(folder, "spool"), exist_ok=True)
    without_avahi = os.path.join(folder, "no-avahi.so")
    subprocess.run(["cc", "-shared", "-fPIC", "-o", without_avahi, os.path.join(ROOT, "tests", "interop", "ippeveprinter", "no-avahi.c")], check=True)
    with open(os.path.join(folder, "attributes"), "w", encoding="utf-8") as file:
        file.write(EVERYWHERE)
    with open(os.path.join(folder, "command"), "w", encoding="utf-8") as file:
        file.write("#!/bin/sh\nenv > %s/asked.new && mv %s/asked.new %s/asked\n" % (folder, folder, folder))
    os.chmod(os.path.join(folder, "command"), 0o755)
    command = ["ippeveprinter", "-p", str(port), "-n", "localhost", "-K", folder, "-d", folder + "/spool", "-r", "off",
               "-a", folder + "/attributes", "-c", folder + "/command", "Everywhere"]
    program = Program("ippeveprinter", command, os.path.join(folder, "log"), lambda: accepts(port), dict(os.environ, LD_PRELOAD=without_avahi))
    return program, port, os.path.join(folder, "asked")


def story_a_foreign_printer_tells_its_trays_and_is_asked_for_one(world):
    program, port, asked = everywhere_printer(world)
    program.start()
    world.admin.post("/v1/printers", {"name": "everywhere", "addresses": ["ipps://localhost:%d/ipp/print" % port], "formats": ["application/pdf"],
                                      "media": [A4, LETTER], "media_sources": ["main", "by-pass-tray"]})
    equal(trays(state(world, "everywhere")), [("main", A4, 40, True), ("by-pass-tray", LETTER, None, True)], "trays")
    found = checks(world, "everywhere")
    equal([found[name]["outcome"] for name in ("ipps", "formats", "clock")], ["good"] * 3, "it takes what it would be sent, and knows the time: %s" % found)
    world.admin.patch("/v1/printers/everywhere", {"formats": ["application/pdf", "application/vnd.hp-PCL"]})
    found = checks(world, "everywhere")["formats"]
    equal((found["outcome"], found["reason"], found["detail"]), ("failed", "format-not-taken", "application/vnd.hp-PCL"), "one that it does not take")
    equal(world.admin.get("/v1/printers/everywhere/readiness")["ready"], False, "whether it is ready")
    world.admin.patch("/v1/printers/everywhere", {"formats": ["application/pdf"]})
    api = world.api(ADA)
    job = api.submit(numbered(1))["id"]
    made = api.release("everywhere", [job], ticket={"media": LETTER, "media_source": "by-pass-tray"})
    wait_until(lambda: os.path.exists(asked), "the printer's command", 12)
    with open(asked, encoding="utf-8") as file:
        words = [line for line in file.read().splitlines() if line.startswith("IPP_MEDIA")]
    assert any(line.startswith("IPP_MEDIA_COL=") and "media-source=by-pass-tray" in line and "x-dimension=21590" in line for line in words), words
    world.wait_release(api, made["id"])
    program.kill()


def story_the_command_line_shows_it(world):
    world.sim.load("lobby", ("tray-1", 21000, 29700, 250))
    wait_until_old()
    mine = CommandLine(world, "ada-looks")
    mine.login(ADA)
    words = mine.run("printer", "state", "lobby")[0]
    assert "tray-1" in words and A4 in words and "50" in words and "idle" in words, words
    equal(mine.json("printer", "state", "lobby")["trays"][0]["media"], A4, "as JSON")


def held(world, media, **more):
    """A held job that asks for this paper: one page of A4."""
    api = world.api(ADA)
    path = "/v1/jobs?queue=pull&name=paper&media=%s" % media
    return api, api.call("POST", path + "".join("&%s=%s" % item for item in more.items()), numbered(1), content_type="application/pdf")["id"]


def timeline(api, job, event):
    return [e["detail"] for e in api.get("/v1/jobs/" + job)["timeline"] if e["event"] == event]


def refusal(api, job, **more):
    try:
        api.release("lobby", [job], **more)
    except Refused as refused_:
        return refused_.body
    raise AssertionError("released")


def story_off_leaves_it_to_the_printer(world):
    world.sim.load("lobby", ("tray-1", 21590, 27940, 250))
    wait_until_old()
    api, job = held(world, A4)
    before = len(world.paper("lobby"))
    world.wait_release(api, api.release("lobby", [job])["id"])
    equal(sizes(world.wait_paper("lobby", before + 1)[-1])[0], (595, 842), "the page, as it was sent")
    equal(timeline(api, job, "job-ticket-adapted"), [], "what was changed")


def story_ask_tells_what_is_loaded_and_waits_for_a_choice(world):
    world.admin.patch("/v1/tenant", {"substitution": "ask"})
    world.sim.load("lobby", ("tray-1", 21590, 27940, 250), ("tray-2", 29700, 42000, 0))
    wait_until_old()
    api, job = held(world, A4)
    note = {"option": "media", "asked": A4, "value": LETTER, "choices": [LETTER], "policy": None, "reason": "media-not-loaded"}
    equal(api.get("/v1/jobs/%s/ticket?printer=lobby" % job)["conflicts"], [note], "told before")
    equal(refusal(api, job)["refused"], [dict(note, job=job)], "the refusal")
    equal(api.get("/v1/jobs/" + job)["state"], "held", "the job")
    # He chooses what is loaded; pages are made to fit by his word for it.
    before = len(world.paper("lobby"))
    made = api.release("lobby", [job], ticket={"media": LETTER, "print_scaling": "auto-fit"})
    world.wait_release(api, made["id"])
    equal(sizes(world.wait_paper("lobby", before + 1)[-1])[0], (612, 792), "the sheet")
    # Paper is put in: nothing is asked any more.
    world.sim.load("lobby", ("tray-1", 21590, 27940, 250), ("tray-2", 21000, 29700, 250))
    wait_until_old()
    api, job = held(world, A4)
    world.wait_release(api, api.release("lobby", [job])["id"])
    equal(sizes(world.wait_paper("lobby", before + 2)[-1])[0], (595, 842), "the sheet that was asked for")
    world.admin.patch("/v1/tenant", {"substitution": "off"})


def story_choose_takes_the_nearest_and_says_so(world):
    world.admin.patch("/v1/printers/lobby", {"substitution": "choose"})
    world.sim.load("lobby", ("tray-1", 29700, 42000, 250), ("tray-2", 21590, 27940, 250))
    wait_until_old()
    api, job = held(world, A4)
    looked = api.get("/v1/jobs/%s/ticket?printer=lobby" % job)
    equal((looked["ticket"]["media"], looked["substituted"][0]["value"], looked["conflicts"]), (LETTER, LETTER, []), "told before")
    before = len(world.paper("lobby"))
    world.wait_release(api, api.release("lobby", [job])["id"])
    sheet = world.wait_paper("lobby", before + 1)[-1]
    equal(sizes(sheet)[0], (612, 792), "Letter for A4")
    # The whole page is on it: what stood 60 points below the upper edge of A4 stands below that of Letter.
    across, along = words(sheet)[0]["P1"]
    assert 0 < across < 612 and 20 < along < 80, (across, along)
    details = timeline(api, job, "job-ticket-adapted")
    equal(details, ["option=media asked=%s value=%s reason=media-substituted" % (A4, LETTER)], "the timeline")
    # The next larger one where there is no partner; none that is too small.
    for loaded, media, sheet in (((("tray-1", 29700, 42000, 9),), A4, (842, 1191)), ((("tray-1", 14800, 21000, 9),), A4, (595, 842))):
        world.sim.load("lobby", *loaded)
        wait_until_old()
        api, job = held(world, media)
        count = len(world.paper("lobby"))
        world.wait_release(api, api.release("lobby", [job])["id"])
        got = sizes(world.wait_paper("lobby", count + 1)[-1])[0]
        equal(tuple(round(side) for side in got), sheet, "the sheet for %s" % media)
    world.admin.patch("/v1/printers/lobby", {"substitution": None})
    with refused(400):
        world.admin.patch("/v1/printers/lobby", {"substitution": "perhaps"})


def story_at_a_badge_reader_the_organisation_says(world):
    world.admin.patch("/v1/tenant", {"substitution": "ask", "unsupported": "hold"})
    world.sim.load("lobby", ("tray-1", 21590, 27940, 250))
    world.reader("lobby")
    wait_until_old()
    api, job = held(world, A4)
    before = len(world.paper("lobby"))
    world.swipe("lobby", world.badge(ADA))
    wait_until(lambda: timeline(api, job, "job-left-out"), "the reason in its timeline")
    assert "reason=media-not-loaded option=media asked=" + A4 in timeline(api, job, "job-left-out")[0], timeline(api, job, "job-left-out")
    equal((api.get("/v1/jobs/" + job)["state"], len(world.paper("lobby"))), ("held", before), "job and paper")
    # Or it goes on, on what is loaded.
    world.admin.patch("/v1/tenant", {"unsupported": "adapt"})
    world.admin.patch("/v1/printers/lobby", {"substitution": "choose"})
    wait_until(lambda: world.swipe("lobby", world.badge(ADA)) or len(world.paper("lobby")) > before, "paper", 30, 3.2)
    equal(sizes(world.wait_paper("lobby", before + 1)[-1])[0], (612, 792), "Letter for A4")
    world.admin.patch("/v1/printers/lobby", {"substitution": None})
    world.admin.patch("/v1/tenant", {"substitution": "off"})


def story_a_silent_printer_keeps_nobody_waiting(world):
    world.admin.patch("/v1/printers/lobby", {"substitution": "choose"})
    world.sim.load("lobby", ("tray-1", 21000, 29700, 250))
    state(world, "lobby")
    world.sim.temper("lobby", "accept-never-read")
    wait_until_old()
    api, job = held(world, A4)
    started = time.monotonic()
    made = api.release("lobby", [job])
    assert time.monotonic() - started < 3.5, "the release waited for a printer that does not answer"
    world.sim.normal("lobby")
    world.wait_release(api, made["id"], 60)
    world.admin.patch("/v1/printers/lobby", {"substitution": None})
