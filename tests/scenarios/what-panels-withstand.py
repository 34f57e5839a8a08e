# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Panels in bad company: somebody after somebody, old browsers, a service that is away, a printer that is gone."""

import socket

from harness import demo_world as demo
from harness.browser import Browser, Page
from harness.documents import pdf
from harness.panels import Panel
from harness.process import wait_until
from harness.story import equal

ADA, GRACE = "ada@demo.example", "grace@demo.example"
PIN = {p["email"]: p["pin"] for p in demo.PEOPLE}
PANEL, SESSION = "__Host-imprimatur-panel", "__Host-imprimatur-at-panel"


def said(panel, words):
    assert words in panel.page.words, (words, panel.page.words)


def story_nothing_of_who_was_there_is_left_for_who_comes_next(world):
    world.api(ADA).submit(pdf("ada's secret"), name="ada's secret")
    panel = Panel(world, name="shared")
    panel.sign_in(ADA, PIN[ADA])
    said(panel, "ada's secret")
    pages = [panel.base + "?" + query for query in ("", "job=" + panel.jobs()[0][4:], "after=" + panel.jobs()[0][4:])]
    form, adas = panel.forms("chosen")[0], panel.cookies[SESSION]
    panel.press("sign-out")
    for page in pages:
        panel.open(page)
        assert panel.forms("sign-in") and "secret" not in panel.page.words, "back at %s" % page
        equal(panel.headers["Cache-Control"], "no-store", "what a browser keeps of " + page)
    # Her cookie, kept by somebody, is worth nothing; and her form does nothing in the next one's name.
    panel.cookies[SESSION] = adas
    assert panel.look().forms("sign-in") and SESSION not in panel.cookies, panel.cookies
    panel.sign_in(GRACE, PIN[GRACE])
    assert panel.cookies[SESSION] != adas and "secret" not in panel.page.words
    panel.page.forms[:] = [form]
    equal(panel.press("chosen", "all").status, 403, "her form in the next one's session")
    said(panel, "too old")
    panel.press("sign-out")
    # A session that somebody put there beforehand is not taken up.
    panel.cookies[SESSION] = "ses_" + "A" * 43
    panel.sign_in(ADA, PIN[ADA])
    assert panel.cookies[SESSION] not in (adas, "ses_" + "A" * 43), panel.cookies
    panel.press("sign-out")


def story_a_session_of_one_panel_opens_no_other_tenants_and_no_page_of_another_kind(world):
    panel = Panel(world, name="narrow")
    panel.sign_in(ADA, PIN[ADA])
    beside = Browser(world.connection)
    beside.cookies = {"__Host-imprimatur-session": panel.cookies[SESSION], SESSION: panel.cookies[SESSION]}
    beside.open("/account")
    assert "Your passkeys" not in beside.page.words, beside.page.words
    panel.look()
    panel.press("sign-out")


def story_a_browser_without_cookies_is_told_so(world):
    world.admin.patch("/v1/tenant/panels", {"unbound": True})
    panel = Panel(world, bound=False)
    panel.look()
    panel.cookies.clear()
    equal(panel.press("sign-in", at=0, email=ADA, pin=PIN[ADA]).status, 403, "without cookies")
    said(panel, "keeps no cookies")
    made = world.admin.post("/v1/printers/lobby/panels", {"name": "no-cookies"})
    panel.open(made["address"])
    panel.cookies.clear()
    equal(panel.press("bind").status, 403, "a panel without cookies")
    said(panel, "Cookies must be allowed")
    equal(world.admin.get("/v1/panels/" + made["id"])["bound"], False, "the code is good still")
    world.admin.patch("/v1/tenant/panels", {"unbound": False})


def old(world, request):
    """What a browser of the nineties gets: HTTP/1.0, one request a connection, nothing said of what it takes."""
    with socket.create_connection((world.connection.host, world.connection.port), 20) as plain:
        with world.connection.context.wrap_socket(plain, server_hostname=world.connection.host) as sock:
            sock.sendall(request.encode())
            octets = b""
            while True:
                more = sock.recv(65536)
                if not more:
                    return octets.split(b"\r\n\r\n", 1)
                octets += more


def story_an_old_browser_can_use_it(world):
    panel = Panel(world, name="old")
    host = "%s:%d" % (world.connection.host, world.connection.port)
    for fields in ("Host: %s\r\n" % host, "Host: %s\r\nConnection: close\r\nAccept: */*\r\n" % host):
        head, body = old(world, "GET %s HTTP/1.0\r\n%sCookie: %s=%s\r\n\r\n" % (panel.base, fields, PANEL, panel.cookies[PANEL]))
        assert head.startswith(b"HTTP/1.") and b" 200 " in head.split(b"\r\n")[0], head
        assert b"chunked" not in head.lower(), head
        page = Page(body.decode())
        assert any("pin" in form.fields for form in page.forms), page.words
    # Without a Host it cannot be told where a phone shall go: said once, and no half page.
    head, body = old(world, "GET %s HTTP/1.0\r\nCookie: %s=%s\r\n\r\n" % (panel.base, PANEL, panel.cookies[PANEL]))
    assert head.split(b" ")[1][:1] in (b"2", b"4"), head


def story_the_service_is_away_for_a_moment(world):
    ada = world.api(ADA)
    panel, waiting = Panel(world, name="stays"), Panel(world, "lab", name="waits")
    job = ada.submit(pdf("after the restart"), name="after the restart")["id"]
    panel.sign_in(ADA, PIN[ADA])
    shown = waiting.look().code
    world.programs.restart("service")
    # Who was there is there still, the form is good, and the code on the other screen, too.
    papers = len(world.paper("lobby"))
    panel.press("chosen", "all")
    world.wait_paper("lobby", papers + 1)
    wait_until(lambda: ada.job(job)["state"] == "done", "printed", 30, 0.1)
    equal(world.api(ADA).post("/v1/panel-codes", {"code": shown})["panel"], waiting.id, "a code from before the restart")
    panel.look()
    panel.press("sign-out")


def story_a_printer_that_is_taken_away_takes_its_panel_along(world):
    made = world.admin.post("/v1/printers", {"name": "leaving", "addresses": ["ipps://localhost:1/ipp/print"], "formats": ["application/pdf"]})
    world.printers["leaving"] = made["id"]
    panel = Panel(world, "leaving", name="leaving")
    world.api(ADA).submit(pdf("waits"), name="waits")
    panel.sign_in(ADA, PIN[ADA])
    said(panel, "waits")
    world.admin.delete("/v1/printers/leaving")
    equal(panel.press("chosen", "all").status, 404, "printing at what is not there any more")
    said(panel, "not set up as the panel")
    equal([s for s in world.admin.all("/v1/sessions?person=" + ADA) if s["kind"] == "panel"], [], "who was signed in there")
    del world.printers["leaving"]


def story_refusals_on_plain_pages_are_in_the_readers_language(world):
    browser = Browser(world.connection)
    german = {"Accept-Language": "de"}
    browser.open("/v1/sign-in/oidc/" + made_up(), headers=german)
    equal((browser.status, browser.page.heading), (404, "Das gibt es nicht (mehr)"), "a way to sign in that is not there")
    status, answered, _ = world.connection.request("GET", "/v1/sign-in/oidc/" + made_up(), None, {})
    equal((status, answered["Content-Type"]), (404, "application/problem+json"), "the same for a program")
    # What was chosen counts more than what the browser says, here and in the application.
    browser.open("/sign-in?next=/account&language=de")
    assert "Anmelden" in browser.page.heading, browser.page.heading
    equal(browser.cookies["__Host-imprimatur-language"], "de", "the cookie")
    browser.open("/sign-in", headers={"Accept-Language": "en"})
    assert "Anmelden" in browser.page.heading, browser.page.heading
    link = next(link for link in browser.page.links if "language=en" in link)
    browser.open(link)
    equal(browser.page.heading, "Sign in", "and back")
    browser.open("/sign-in?language=tlh&next=/account")
    equal(browser.page.heading, "Sign in", "a language that we do not speak")


def made_up():
    return "01890000-0000-7000-8000-000000000000"
