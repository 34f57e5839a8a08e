# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""At a printer's panel, in a browser without scripts: sign in, choose, print, and be gone."""

import re
import sqlite3
import time

from harness import demo_world as demo
from harness.browser import Browser
from harness.client import Refused
from harness.documents import pdf
from harness.panels import Panel
from harness.process import wait_until
from harness.story import equal

ADA, GRACE = "ada@demo.example", "grace@demo.example"
PIN = {p["email"]: p["pin"] for p in demo.PEOPLE}
HOSTILE = "<script>alert(1)</script> \u202egnp.exe " + "x" * 60
SETTINGS = {"service": {"sign-in.unknown_badges_per_hour": 1000}, "agent": {"readers.rate": 1000}}


def refusal(call, *arguments):
    try:
        call(*arguments)
    except Refused as refused:
        return refused.status, refused.body["code"]
    raise AssertionError("not refused")


def database(world, sql, *values):
    with sqlite3.connect(world.path("service", "imprimatur.db"), timeout=30) as connection:
        return connection.execute(sql, values).rowcount


def said(panel, words):
    assert words in panel.page.words, (words, panel.page.words)


def out(panel):
    """Signs out: the idle screen."""
    panel.look()
    if panel.forms("sign-out"):
        panel.press("sign-out")
    assert panel.forms("sign-in"), panel.page.words


def story_a_browser_is_no_panel_until_it_is_bound(world):
    stranger = Panel(world, bound=False)
    equal(stranger.look().status, 404, "a stranger's browser")
    said(stranger, "not set up as the panel")
    stranger.press("bind", code="0000-0000-0000")
    equal(stranger.status, 403, "a code that is none")
    made = world.admin.post("/v1/printers/lobby/panels", {"name": "first"})
    equal((made["bound"], made["printer"]), (False, world.printers["lobby"]), "made")
    equal(refusal(world.admin.post, "/v1/printers/lobby/panels", {"name": "first"}), (409, "taken"), "the same name")
    stranger.open(made["address"])
    equal(world.admin.get("/v1/panels/" + made["id"])["bound"], False, "by looking at it")
    stranger.press("bind")
    said(stranger, "Lobby")
    equal(world.admin.get("/v1/panels/" + made["id"])["bound"], True, "by pressing")
    other = Panel(world, bound=False)
    other.open(made["address"])
    equal(other.press("bind").status, 403, "the code a second time")
    # Whatever its address says, it is the panel of its printer.
    stranger.open("/panel/" + world.printers["lab"])
    said(stranger, "Lobby")
    world.admin.delete("/v1/panels/" + made["id"])
    equal(stranger.look().status, 404, "taken away")
    equal(refusal(world.api(ADA).post, "/v1/printers/lobby/panels", {"name": "hers"})[0], 403, "by Ada")
    # Any browser, where the tenant wants that; then without codes.
    world.admin.patch("/v1/tenant/panels", {"unbound": True})
    equal(other.look().status, 200, "unbound")
    assert "qr" not in other.page.words.lower() and not other.links_to_code(), other.page.links
    equal(other.open("/panel/lobby?company=" + demo_code(world)).status, 200, "by name and company code")
    world.admin.patch("/v1/tenant/panels", {"unbound": False})


def demo_code(world):
    return world.admin.get("/v1/tenant")["company_code"]


def story_a_pin_opens_it_and_one_comes_out_two_sided(world):
    ada = world.api(ADA)
    ada.submit(pdf(HOSTILE, pages=2), name=HOSTILE)
    panel = Panel(world, name="pins")
    equal(panel.sign_in(ADA, "000000").status, 403, "a wrong PIN")
    said(panel, "not right")
    panel.sign_in(ADA, PIN[ADA])
    said(panel, "One document waits for you.")
    said(panel, "<script>alert(1)</script> \ufffdgnp.exe")
    assert panel.headers["Cache-Control"] == "no-store" and "script-src 'self'" in panel.headers["Content-Security-Policy"]
    job = panel.jobs()[0][4:]
    # Its first page, which is in nobody's cache.
    wait_until(lambda: panel.raw(panel.base + "/page?job=" + job)[0] == 200, "an image of its page", 60, 0.2)
    status, headers, octets = panel.raw(panel.base + "/page?job=" + job)
    equal((headers["Content-Type"], headers["Cache-Control"], octets[:2]), ("image/jpeg", "no-store", b"\xff\xd8"), "the image")
    equal(Panel(world, name="beside").raw(panel.base + "/page?job=" + job)[0], 401, "at a panel where nobody is")
    panel.look("?job=" + job)
    pressed = panel.forms("print-one")[0].fields["release"]
    panel.press("print-one", copies="1", sides="two-sided-long-edge", colour="", number_up="", staple=None)
    said(panel, "What becomes of it" if "Printed" in panel.page.words else "Printing")
    wait_until(lambda: "Printed" in panel.look("?auto=1&release=" + pressed).page.words, "printed", 30, 0.1)
    equal(ada.get("/v1/releases/" + pressed)["method"], "api", "the release is the one that was pressed")
    world.wait_paper("lobby", 1)
    equal(ada.job(job)["state"], "done", "the job")
    asked = [e for e in world.truth("lobby") if e.get("sides") == "two-sided-long-edge"]
    assert asked, "the printer was not asked for two sides: %s" % world.truth("lobby")
    out(panel)
    equal(panel.look("?release=" + pressed).page.heading, "Sign in", "after signing out")


def story_a_page_that_loads_itself_keeps_nobody_signed_in(world):
    panel = Panel(world, name="timer")
    panel.sign_in(ADA, PIN[ADA])
    said(panel, "No documents wait for you.")
    database(world, "UPDATE session SET seen_ms = seen_ms - ? WHERE kind = 2", 270000)
    panel.look("?still=1")
    said(panel, "Are you still there?")
    panel.look("?still=1")
    assert "0 seconds" not in panel.page.words
    panel.look()  # Yes, go on: the time begins anew
    database(world, "UPDATE session SET seen_ms = seen_ms - ? WHERE kind = 2", 270000)
    panel.look("?auto=1")
    database(world, "UPDATE session SET seen_ms = seen_ms - ? WHERE kind = 2", 31000)
    panel.look("?still=1")
    assert panel.forms("sign-in"), panel.page.words
    assert "__Host-imprimatur-at-panel" not in panel.cookies, panel.cookies


def story_a_phone_signs_in_by_the_code_of_the_minute(world):
    ada = world.api(ADA)
    panel = Panel(world, name="phones")
    phone = Browser(world.connection)
    phone.sign_in(ADA, demo.PASSWORD)
    path = panel.scan()
    equal(path, "/device?user_code=" + panel.look().code, "what the picture holds")
    phone.open(path)
    assert "Lobby" in phone.page.words and "Sign in at this printer?" in phone.page.words, phone.page.words
    assert any(link.startswith("/printers/%s?code=" % world.printers["lobby"]) for link in phone.page.links), phone.page.links
    panel.look()
    assert panel.forms("sign-in"), "signed in before she said yes"
    phone.submit("user_code", button="allow")
    assert "You are signed in at the printer" in phone.page.words, phone.page.words
    panel.look("?auto=1")
    said(panel, ADA)
    # Somebody is there: nobody else is let in.
    second = Browser(world.connection)
    second.sign_in(GRACE, demo.PASSWORD)
    second.open(path)
    second.submit("user_code", button="allow")
    assert "Somebody is signed in" in second.page.words, second.page.words
    out(panel)
    # A picture of it, half an hour later, or of yesterday.
    old = panel.look().code
    equal(refusal(ada.post, "/v1/panel-codes", {"code": "BCDF-GHJK"}), (404, "not-found"), "a code that was none")
    equal(ada.post("/v1/panel-codes", {"code": old})["printer"]["name"], "lobby", "a good one")
    equal(refusal(ada.post, "/v1/panel-guests", {"code": "?"}), (404, "not-found"), "no code at all")


def story_who_guesses_at_codes_is_stopped(world):
    panel = Panel(world, name="guessed")
    grace = world.api(GRACE)
    for i in range(20):
        equal(refusal(grace.post, "/v1/panel-codes", {"code": "ZZZZ-ZZ%s%s" % ("BCDFGHJKLM"[i % 10], "BCD"[i // 10])})[0], 404, "guess %d" % i)
    equal(refusal(grace.post, "/v1/panel-codes", {"code": panel.look().code})[0], 429, "a right one, after twenty wrong ones")
    equal(world.api(ADA).post("/v1/panel-codes", {"code": panel.code})["panel"], panel.id, "somebody else's")
    database(world, "DELETE FROM guess")


def story_a_release_from_elsewhere_takes_the_code_where_the_tenant_wants_it(world):
    ada = world.api(ADA)
    here, there = Panel(world, name="here"), Panel(world, "lab", name="there")
    job = ada.submit(pdf("only who is there"))["id"]
    world.admin.patch("/v1/tenant/panels", {"presence": True})
    order = {"printer": "lobby", "jobs": [job]}
    equal(refusal(ada.post, "/v1/releases", order), (403, "presence-needed"), "without a code")
    equal(refusal(ada.post, "/v1/releases", {**order, "panel_code": there.look().code}), (403, "code-of-another-printer"), "a swapped sticker")
    equal(refusal(ada.post, "/v1/releases", {**order, "panel_code": "BCDF-GHJK"})[0], 404, "made up")
    papers = len(world.paper("lobby"))
    ada.post("/v1/releases", {**order, "panel_code": here.look().code})
    world.wait_paper("lobby", papers + 1)
    # At the panel itself nobody is asked.
    ada.submit(pdf("at the panel"))
    here.sign_in(ADA, PIN[ADA])
    here.press("chosen", "all")
    world.wait_paper("lobby", papers + 2)
    out(here)
    world.admin.patch("/v1/tenant/panels", {"presence": False})


def story_a_badge_opens_the_panel(world):
    reader = next(r for r in world.admin.get("/v1/readers")["items"] if r["printer"] == world.printers["lobby"])
    world.admin.patch("/v1/readers/" + reader["id"], {"selection": "panel"})
    for panel in world.admin.get("/v1/printers/lobby/panels")["items"]:
        world.admin.delete("/v1/panels/" + panel["id"])
    panel = Panel(world, name="badges")
    papers = len(world.paper("lobby"))
    world.api(ADA).submit(pdf("by badge"))
    world.swipe("lobby", world.badge(ADA))
    wait_until(lambda: ADA in panel.look("?auto=1").page.words, "Ada is signed in", 30, 0.1)
    equal(len(world.paper("lobby")), papers, "nothing comes out by itself")
    # A second badge meanwhile does not push her out.
    world.swipe("lobby", world.badge(GRACE))
    wait_until(lambda: any(e["event"] == "refused" and "panel-in-use" in e["detail"] for e in world.admin.all("/v1/audit/records")), "Grace is refused", 30, 0.1)
    said(panel.look(), ADA)
    panel.press("chosen", "all")
    world.wait_paper("lobby", papers + 1)
    out(panel)
    # Everything at once, where the tenant wants it.
    world.admin.patch("/v1/tenant/panels", {"prints_at_once": True})
    world.api(ADA).submit(pdf("at once"))
    panel.sign_in(ADA, PIN[ADA])
    world.wait_paper("lobby", papers + 2)
    world.admin.patch("/v1/tenant/panels", {"prints_at_once": False})
    out(panel)
    # A badge that nobody knows is told of at once, also where it can become nobody's.
    world.swipe("lobby", "04EE00AA00")
    wait_until(lambda: "…aa00 is not known here" in panel.look("?auto=1").page.words, "it is told of", 30, 0.1)
    panel.sign_in(ADA, PIN[ADA])
    equal(len(panel.forms("card")), 1, "offers of a badge that nobody can bind")
    out(panel)
    assert "aa00" not in panel.page.words, "after signing out"
    # Else she signs in by other means, and it is hers.
    world.admin.patch("/v1/admission", {"badge_enrolment": True})
    panel.sign_in(ADA, PIN[ADA])
    panel.press("card")
    said(panel, "Hold your badge to the reader first")
    out(panel)
    world.swipe("lobby", "04EE00AA01")
    wait_until(lambda: "…aa01 is not known yet. Sign in once" in panel.look("?auto=1").page.words, "it is told of", 30, 0.1)
    panel.sign_in(ADA, PIN[ADA])
    said(panel, "…aa01 is not known yet.")
    said(panel.press("card"), "…aa01 to the reader once more")
    card = next(e for e in panel.cards())
    world.swipe("lobby", "04EE00AA01")
    wait_until(lambda: "known now" in panel.look("?auto=1&card=" + card).page.words, "it is bound", 30, 0.1)
    out(panel)
    world.swipe("lobby", "04EE00AA01")
    wait_until(lambda: ADA in panel.look("?auto=1").page.words, "her new badge opens it", 30, 0.1)
    out(panel)
    world.admin.patch("/v1/readers/" + reader["id"], {"selection": "all"})


def story_an_adapter_in_the_device_hands_a_session_over_once(world):
    made = world.admin.post("/v1/printers/lobby/panels", {"name": "adapter"})
    nobody = world.api()
    bound = nobody.post("/v1/panel-bindings", {"code": made["code"]})
    equal((bound["panel"], bound["printer"]), (made["id"], world.printers["lobby"]), "bound")
    equal(refusal(nobody.post, "/v1/panel-handovers", {"secret": bound["secret"], "email": ADA, "pin": "000000"})[0], 401, "a wrong PIN")
    equal(refusal(nobody.post, "/v1/panel-handovers", {"secret": "pnl_" + "A" * 43, "badge": world.badge(ADA)})[0], 401, "a wrong secret")
    for shown in ({"badge": world.badge(ADA)}, {"email": ADA, "pin": PIN[ADA]}):
        handed = nobody.post("/v1/panel-handovers", {"secret": bound["secret"], **shown})
        device = Panel(world, bound=False)
        equal(device.open(handed["address"]).status, 404, "in a browser that is not the device's")
        device.cookies["__Host-imprimatur-panel"] = bound["secret"]
        said(device.open(handed["address"]), ADA)
        again = Panel(world, bound=False)
        again.cookies["__Host-imprimatur-panel"] = bound["secret"]
        again.open(handed["address"])
        assert again.forms("sign-in"), "handed over twice"
        out(device)


def story_what_is_deleted_is_asked_for_first_and_delegates_see_no_titles(world):
    ada, grace = world.api(ADA), world.api(GRACE)
    job = ada.submit(pdf("secret plans"), name="secret plans")["id"]
    ada.put("/v1/people/me/delegates/" + GRACE, {})
    panel = Panel(world, name="delegates")
    panel.sign_in(GRACE, PIN[GRACE])
    link = next(link for link in panel.page.links if "for=" in link)
    said(panel.open(link), "Document ")
    assert "secret plans" not in panel.page.words
    equal(panel.jobs(), ["job-" + job], "hers")
    papers = len(world.paper("lobby"))
    panel.press("chosen", "all")
    world.wait_paper("lobby", papers + 1)
    out(panel)
    job = grace.submit(pdf("not wanted"), name="not wanted")["id"]
    world.admin.patch("/v1/tenant/panels", {"hides_titles": True})
    panel.sign_in(GRACE, PIN[GRACE])
    assert "not wanted" not in panel.page.words
    world.admin.patch("/v1/tenant/panels", {"hides_titles": False})
    panel.press("chosen", "delete", **{"job-" + job: None})
    said(panel, "Choose a document first")
    panel.press("chosen", "delete", **{"job-" + job: "1"})
    said(panel, "Delete for good?")
    equal(grace.job(job)["state"], "held", "before she is sure")
    panel.press("chosen", "sure")
    said(panel, "One document is deleted.")
    equal(grace.job(job)["state"], "deleted", "after it")
    # An old form does nothing.
    grace.submit(pdf("stays"))
    panel.look()
    panel.cookies.pop("__Host-imprimatur-form")
    equal(panel.press("chosen", "all").status, 403, "without its token")
    said(panel, "too old")
    out(panel)


def story_what_the_house_wants_said_stands_on_the_idle_screen(world):
    panel = Panel(world, name="words")
    other = Panel(world, "lab", name="words")
    world.admin.patch("/v1/tenant/panels", {"words": "Paper is in the cupboard."})
    said(panel.look(), "Paper is in the cupboard.")
    equal(world.admin.patch("/v1/panels/" + panel.id, {"words": HOSTILE.replace("\u202e", "")})["words"], HOSTILE.replace("\u202e", ""), "its own")
    said(panel.look(), "<script>alert(1)</script>")
    assert "cupboard" not in panel.page.words, panel.page.words
    said(other.look(), "Paper is in the cupboard.")
    equal(refusal(world.admin.patch, "/v1/panels/" + panel.id, {"words": "two\nlines"})[0], 400, "more than a line")
    equal(refusal(world.api(ADA).patch, "/v1/panels/" + panel.id, {"words": "hers"})[0], 403, "by Ada")
    equal(world.admin.patch("/v1/panels/" + panel.id, {})["words"], HOSTILE.replace("\u202e", ""), "nothing said, nothing changed")
    world.admin.patch("/v1/panels/" + panel.id, {"words": ""})
    said(panel.look(), "Paper is in the cupboard.")
    world.admin.patch("/v1/tenant/panels", {"words": ""})


def story_one_is_printed_with_every_option_that_the_printer_has(world):
    ada = world.api(ADA)
    panel = Panel(world, "studio", name="options")
    job = ada.submit(pdf("six pages", pages=6), name="six pages")["id"]
    panel.sign_in(ADA, PIN[ADA])
    panel.look("?job=" + job)
    said(panel, "Tray 2")
    wrong = {"copies": "1", "sides": "", "colour": "", "number_up": "", "tray": "", "pages": "5-2", "staple": None}
    said(panel.press("print-one", **wrong), "Choose other options")
    equal(ada.job(job)["state"], "held", "pages that are none")
    panel.look("?job=" + job)
    said(panel.press("print-one", **{**wrong, "pages": "", "tray": "tray-9"}), "Choose other options")
    papers = len(world.paper("studio"))
    panel.look("?job=" + job)
    panel.press("print-one", **{**wrong, "copies": "2", "number_up": "2", "pages": "2-4, 6", "tray": "tray-2", "colour": "monochrome"})
    world.wait_paper("studio", papers + 1)
    wait_until(lambda: ada.job(job)["state"] == "done", "printed", 30, 0.1)
    equal(world.wait_paper("studio", papers + 1)[-1].count(b"PwgRaster\0"), 2, "sides of paper: four pages, two on a side")
    out(panel)


def story_the_trail_tells_who_did_what(world):
    records = world.admin.all("/v1/audit/records")
    kinds = {(r["event"], r["detail"] or "", r["via"]) for r in records}
    for wanted in (("panel-bound", "", "panel"), ("panel-guest", "method=badge", "badge"), ("panel-guest", "method=adapter", "panel"),
                   ("session-opened", "kind=panel method=pin", "panel"), ("session-opened", "kind=panel method=phone", "panel"),
                   ("session-opened", "kind=panel method=badge", "panel"), ("session-opened", "kind=panel method=adapter", "panel")):
        assert wanted in kinds, (wanted, sorted(k for k in kinds if "panel" in k[0] + k[1]))
    assert any(k[0] == "panel-guest" and k[1] == "method=phone" for k in kinds), kinds


def story_in_german(world):
    panel = Panel(world, name="german")
    panel.look(**{"Accept-Language": "de-DE,de;q=0.9,en;q=0.5"})
    said(panel, "Anmelden")
    assert "Sign in" not in panel.page.words, panel.page.words
    # Whoever reads another language chooses it, until he has gone.
    link = next(link for link in panel.page.links if "language=en" in link)
    said(panel.open(link, headers={"Accept-Language": "de"}), "Sign in")
    panel.sign_in(ADA, PIN[ADA])
    said(panel, "No documents wait for you.")
    panel.press("sign-out")
    panel.look(**{"Accept-Language": "de"})
    said(panel, "Anmelden")
    sheet = re.search(r'href="(/assets/panel-[^"]+[.]css)"', panel.content).group(1)
    status, headers, octets = panel.raw(sheet)
    equal((status, headers["Content-Type"]), (200, "text/css; charset=utf-8"), "the sheet")
    assert "immutable" in headers["Cache-Control"], headers["Cache-Control"]
