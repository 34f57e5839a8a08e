# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""What is submitted to an agent while its line is down comes out by badge there, once; the service hears of it afterwards,
and its books say what they would have said."""

import os
import socket
import urllib.request

import ippwire as ipp
from harness.client import Connection, IppQueue
from harness.demo_world import PASSWORD
from harness.documents import pdf
from harness.process import NotReady, accepts, free_ports, wait_until
from harness.scratch import folder_in_memory
from harness.story import equal

# One grey dot.
PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010800000000" "3a7e9b55" "0000000a49444154789c636800000082008177cd72b6" "0000000049454e44ae426082")
ADA, GRACE = "ada@demo.example", "grace@demo.example"
RUNTIME = folder_in_memory()
LPD_PORT, IPP_PORT, STATUS_PORT = free_ports(3)
PRINTERS = {"lobby": {"formats": ["application/pdf"]}}
SETTINGS = {"agent": {"offline.runtime": RUNTIME, "offline.notice": "2s", "printers.stall": "20s", "ipp.listen": "127.0.0.1",
                      "ipp.unproven": "yes", "deposits.again": "1s", "status.port": STATUS_PORT}}


def log_lines(world, event):
    with open(world.programs.log("agent"), encoding="utf-8", errors="replace") as file:
        return [line for line in file if '"event":"%s"' % event in line]


def wait_log(world, event, count, seconds=15):
    wait_until(lambda: len(log_lines(world, event)) >= count, "%d times %s in the agent's log" % (count, event), seconds)


def cut(world):
    before = len(log_lines(world, "line-is-down"))
    world.programs.kill("service")
    wait_log(world, "line-is-down", before + 1)


def start_service(world):
    """After a kill: its renderers, which die with it, let go of its folder a moment later."""
    def starts():
        try:
            return world.programs.start("service")
        except NotReady:
            return None

    wait_until(starts, "the service starts", 30, 0.1)


def restore(world):
    start_service(world)
    world.programs.wait_agent()


def swipe(world, email, event):
    before = len(log_lines(world, event))
    world.reader("lobby").close()
    world.swipe("lobby", world.badge(email))
    wait_log(world, event, before + 1)


def by_ipp(world, title, email=ADA, secret=PASSWORD, **job):
    queue = IppQueue(Connection(IPP_PORT, world.path("agent", "ipp-certificate.pem")), "pull", email, secret)
    code, _ = queue.ask(0x02, pdf(title), job_name=(ipp.NAME, title), document_format=(ipp.MIME, "application/pdf"), job=job)
    equal(code < 0x100, True, "Print-Job of " + title)


def by_lpd(world, user, title, document=None):
    """One job, and all the answers were yes."""
    number, document = len(title) * 7 % 1000, document or pdf(title)
    control = ("Hhost\nP%s\nJ%s\nldfA%03dhost\nUdfA%03dhost\n" % (user, title, number, number)).encode()
    with socket.create_connection(("127.0.0.1", LPD_PORT), 20) as sock:
        for said in (b"\2pull\n", b"\x02%d cfA%03dhost\n" % (len(control), number), control + b"\0",
                     b"\x03%d dfA%03dhost\n" % (len(document), number), document + b"\0"):
            sock.sendall(said)
            equal(sock.recv(1), b"\0", "LPD's answer for " + title)


def jobs(world, email=ADA):
    return {j["title"]: j for j in world.api(email).all("/v1/jobs")}


def deposits(world):
    folder = world.path("agent", "deposits")
    return [n for n in os.listdir(folder) if not n.startswith(".")] if os.path.isdir(folder) else []


def wait_over(world, titles, email=ADA, state="done"):
    wait_until(lambda: {t: jobs(world, email).get(t, {}).get("state") for t in titles} == dict.fromkeys(titles, state),
               "%s are %s" % (titles, state), 60)


def story_a_site_with_doors(world):
    admin = world.admin
    site = admin.post("/v1/sites", {"name": "berlin"})
    world.programs.wait_agent()
    agent = next(a for a in admin.all("/v1/agents") if a["connected"])
    admin.patch("/v1/agents/" + agent["id"], {"site": "berlin"})
    admin.patch("/v1/printers/" + world.printers["lobby"], {"site": "berlin"})
    admin.put("/v1/sites/%s/offline" % site["id"], {"enabled": True, "hours": 1, "queues": ["pull"]})
    admin.put("/v1/agents/%s/doors" % agent["id"], {"ipp": {"port": IPP_PORT, "queues": ["pull"], "dns_sd": False},
                                                         "lpd": {"port": LPD_PORT, "queues": ["pull"], "networks": ["127.0.0.0/8"]}})
    admin.post("/v1/submitters", {"network": "127.0.0.1", "user": "ada", "person": ADA})
    admin.post("/v1/submitters", {"network": "127.0.0.1", "user": "grace", "person": GRACE})
    wait_log(world, "snapshot-taken", 1)
    wait_until(lambda: accepts(IPP_PORT) and accepts(LPD_PORT), "its doors are open")
    # The service says of both who they are.
    by_ipp(world, "online by ipp")
    by_lpd(world, "ada", "online by lpd")
    wait_over(world, ["online by ipp", "online by lpd"], state="held")
    swipe(world, ADA, "swipe-released")
    world.wait_paper("lobby", 2)


def story_what_was_submitted_meanwhile_comes_out_by_badge(world):
    before = len(world.paper("lobby"))
    cut(world)
    by_ipp(world, "down by ipp", copies=ipp.values(ipp.INTEGER, 1), sides=ipp.values(ipp.KEYWORD, "two-sided-long-edge"))
    by_lpd(world, "ada", "down by lpd")
    with urllib.request.urlopen("http://localhost:%d/" % STATUS_PORT) as page:
        shown = page.read().decode()
    for row in ("Releases by badge</th><td>yes", "Submitted here, and waiting</th><td>2", "Jobs at home here</th><td>0", "Left without it"):
        assert row in shown, (row, shown)
    # An agent that dies and starts without a line knows as much as before.
    world.programs.kill("agent")
    world.programs.start("agent", wait=False)
    wait_log(world, "line-is-down", 2)
    wait_until(lambda: accepts(IPP_PORT) and accepts(LPD_PORT), "its doors are open")
    by_lpd(world, "ada", "down by lpd after a kill")
    by_lpd(world, "grace", "hers, who never came")
    swipe(world, ADA, "swipe-released-offline")
    world.wait_paper("lobby", before + 3)
    swipe(world, ADA, "swipe-refused-offline")
    swipe(world, GRACE, "swipe-refused-offline")
    equal(len(world.paper("lobby")), before + 3, "nothing came out twice, and nothing of whom nobody knows")
    restore(world)
    wait_over(world, ["down by ipp", "down by lpd", "down by lpd after a kill"])
    wait_over(world, ["hers, who never came"], GRACE, "held")
    wait_until(lambda: not deposits(world), "nothing lies at the agent any more", 15)
    equal(len(world.paper("lobby")), before + 3, "nothing came out again")
    shown = world.api(ADA).job(jobs(world)["down by ipp"]["id"])
    told = [e for e in shown["timeline"] if e["event"] == "job-released"]
    assert len(told) == 1 and "offline=yes" in told[0]["detail"], shown["timeline"]
    equal(shown["delivery"]["state"], "printed", "its delivery")


def story_what_somebody_has_to_be_asked_about_waits(world):
    before, waiting = len(world.paper("lobby")), len(log_lines(world, "deposit-waits"))
    cut(world)
    by_ipp(world, "two on a page", **{"number-up": ipp.values(ipp.INTEGER, 2)})
    by_lpd(world, "ada", "an image", PNG)
    by_lpd(world, "ada", "with a password", pdf("with a password").replace(b"trailer", b"trailer <</Encrypt 9 0 R>>"))
    by_ipp(world, "wrong password", secret="wrong")
    swipe(world, ADA, "swipe-refused-offline")
    wait_log(world, "deposit-waits", waiting + 3)
    why = sorted(line.partition('"why":"')[2].partition('"')[0] for line in log_lines(world, "deposit-waits")[waiting:])
    equal(why, ["needs-the-service", "not-converted-here", "not-converted-here"], "why they wait")
    restore(world)
    wait_over(world, ["two on a page", "an image"], state="held")
    # What the service would not have stays until somebody decides.
    wait_until(lambda: len(deposits(world)) == len(world.admin.all("/v1/refused-deposits")), "the rest was refused", 15)
    assert "credentials-wrong" in {d["reason"] for d in world.admin.all("/v1/refused-deposits")}
    for refused in world.admin.all("/v1/refused-deposits"):
        world.admin.delete("/v1/refused-deposits/" + refused["id"])
    wait_until(lambda: not deposits(world), "nothing lies at the agent any more", 15)
    equal(len(world.paper("lobby")), before, "nothing came out")
    assert "wrong password" not in jobs(world), "what came with a wrong password is nobody's"
    swipe(world, ADA, "swipe-released")
    wait_over(world, ["two on a page", "an image"])


def story_a_kill_in_the_middle_is_asked_about(world):
    cut(world)
    by_lpd(world, "ada", "killed")
    before = len(world.truth("lobby", "first-byte"))
    world.sim.temper("lobby", "stall", after=100)
    try:
        swipe(world, ADA, "swipe-released-offline")
        wait_until(lambda: len(world.truth("lobby", "first-byte")) > before, "octets at the printer", 30)
        world.programs.kill("agent")
    finally:
        world.sim.normal("lobby")
    world.programs.start("agent", wait=False)
    restore(world)
    # A printer that knows what it was sent, and has cancelled it before a sheet was begun, makes it certain.
    ends = ("uncertain", "printed", "not-printed")
    wait_until(lambda: (jobs(world).get("killed", {}).get("delivery") or {}).get("state") in ends, "an outcome", 60)
    wait_until(lambda: not deposits(world), "nothing lies at the agent any more", 15)
    equal(len(world.truth("lobby", "first-byte")), before + 1, "attempts")
    if jobs(world)["killed"]["delivery"]["state"] == "uncertain":
        world.api(ADA).put("/v1/jobs/%s/settled" % jobs(world)["killed"]["id"], None)
    elif jobs(world)["killed"]["delivery"]["state"] == "not-printed":
        world.api(ADA).delete("/v1/jobs/" + jobs(world)["killed"]["id"])


def story_a_lost_journal_makes_it_uncertain(world):
    before = len(world.paper("lobby"))
    cut(world)
    by_lpd(world, "ada", "without a journal")
    swipe(world, ADA, "swipe-released-offline")
    world.wait_paper("lobby", before + 1)
    world.programs.kill("agent")
    os.unlink(world.path("agent", "journal"))
    world.programs.start("agent", wait=False)
    restore(world)
    wait_until(lambda: (jobs(world).get("without a journal", {}).get("delivery") or {}).get("state") == "uncertain", "its owner is asked", 60)
    wait_until(lambda: not deposits(world), "nothing lies at the agent any more", 15)
    equal(len(world.paper("lobby")), before + 1, "it was printed once")
    world.api(ADA).put("/v1/jobs/%s/settled" % jobs(world)["without a journal"]["id"], None)


def story_a_service_that_dies_while_it_hears_of_them(world):
    before = len(world.paper("lobby"))
    cut(world)
    out = ["out-%d" % i for i in range(8)]
    for title in out:
        by_lpd(world, "ada", title)
    swipe(world, ADA, "swipe-released-offline")
    world.wait_paper("lobby", before + len(out))
    kept = ["kept-%d" % i for i in range(8)]
    for title in kept:
        by_ipp(world, title)
    seen = 0
    for _ in range(6):
        start_service(world)
        wait_until(lambda: len(jobs(world)) > seen, "something has arrived", 30)
        seen = len(jobs(world))
        world.programs.kill("service")
    restore(world)
    wait_over(world, out)
    wait_over(world, kept, state="held")
    wait_until(lambda: not deposits(world), "nothing lies at the agent any more", 30)
    shown = [j["title"] for j in world.api(ADA).all("/v1/jobs")]
    equal([shown.count(t) for t in out + kept], [1] * 16, "each of them is one job")
    equal(len(world.paper("lobby")), before + len(out), "and came out once")
    swipe(world, ADA, "swipe-released")
    wait_over(world, kept)
    equal(len(world.paper("lobby")), before + len(out) + len(kept), "what was held comes out as ever")


def story_the_books_say_the_same(world):
    """One document three ways: released by the service, at home at the agent, and submitted without a line."""
    before = len(world.paper("lobby"))
    document = pdf("the same", pages=3)
    by_lpd(world, "grace", "with a line", document)
    wait_over(world, ["with a line"], GRACE, "held")
    swipe(world, GRACE, "swipe-released")
    wait_over(world, ["with a line"], GRACE)
    home = len(log_lines(world, "home-taken"))
    by_lpd(world, "grace", "at home", document)
    wait_log(world, "home-taken", home + 1)
    cut(world)
    by_lpd(world, "grace", "without a line", document)
    swipe(world, GRACE, "swipe-released-offline")
    world.wait_paper("lobby", before + 3)
    restore(world)
    titles = ["with a line", "at home", "without a line"]
    wait_over(world, titles, GRACE)

    # Reports name neither job nor person: these three are the last that were sent.
    rows = [{k: v for k, v in r.items() if k not in ("created", "done")} for r in world.admin.all("/v1/reports/jobs")[-3:]]
    equal(rows[1:], rows[:1] * 2, "the rows of the report")
    equal((rows[0]["pages"], rows[0]["state"], rows[0]["printer"]), (3, "done", world.printers["lobby"]), "what they say")
