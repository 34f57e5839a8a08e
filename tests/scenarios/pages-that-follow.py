# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Open pages follow what happens; a device is set up by what its page shows; documents are shared into the app."""

import re

from harness.client import IppQueue
from harness.documents import pdf
from harness.playwright import PHONE, Browser
from harness.process import wait_until
from harness.story import equal

ADA = "ada@demo.example"


def figure(world, name):
    text = world.connection.request("GET", "/metrics")[2].decode()
    return int(re.search(r"^imprimatur_%s (\d+)$" % name, text, re.M)[1])


def story_what_is_printed_appears_by_itself(world):
    """A job comes by IPP and stands on the open page; released at the printer, it leaves it."""
    with Browser(world) as browser:
        page = browser.open("/", ADA)
        page.get_by_role("heading", name="Your prints").wait_for()
        wait_until(lambda: figure(world, "live_streams") == 1, "the page listens")
        world.ipp().print_job(pdf("follows"), "followed by itself")
        page.get_by_text("followed by itself").wait_for()  # how soon: bench/pages.py
        # Another tab of the same browser has no stream of its own, and is told all the same.
        other = page.context().new_page()
        other.goto("/")
        other.get_by_text("followed by itself").wait_for()
        world.ipp().print_job(pdf("second"), "seen by both")
        for tab in (page, other):
            tab.get_by_text("seen by both").wait_for()
        equal(figure(world, "live_streams"), 1, "streams of two tabs")
        # The one that has the stream is closed, and the other takes it up.
        page.close()
        world.ipp().print_job(pdf("third"), "seen by who is left")
        other.get_by_text("seen by who is left").wait_for()
        before = len(world.paper("lobby"))
        world.api(ADA).release("lobby")
        world.wait_paper("lobby", before + 3)
        other.get_by_text("Nothing is waiting").wait_for()


def story_a_restart_is_told_and_forgotten(world):
    with Browser(world) as browser:
        page = browser.open("/", ADA)
        wait_until(lambda: figure(world, "live_streams") >= 1, "the page listens")
        world.programs.restart("service")
        wait_until(lambda: figure(world, "live_streams") >= 1, "the page has come again")
        world.ipp().print_job(pdf("after"), "after the restart")
        page.get_by_text("after the restart").wait_for()
        for job in world.api(ADA).jobs(state="held"):
            world.api(ADA).delete("/v1/jobs/" + job["id"])


def story_a_device_is_set_up_by_its_page(world):
    """The line that the page shows is what a computer prints by; and the phone's picture is for a phone."""
    with Browser(world) as browser:
        page = browser.open("/set-up", ADA)
        page.get_by_role("heading", name="Print from this device").wait_for()
        assert page.get_by_role("radio", name=re.compile("Linux")).is_checked(), "the device in hand"
        page.get_by_label("Name of the device").fill("my desk")
        page.get_by_role("button", name="Show the steps").click()
        line = page.locator("code").first().text_content()
        browser.axe(page)
        browser.picture(page, "set-up")
        tenant, queue = re.search(r"ipps://localhost:%d/ipp/print/([^/]+)/([^']+)'" % world.ports["service"], line).groups()
        IppQueue(world.connection, queue, None, None, tenant).print_job(pdf("by the page"), "by what the page says")
        before = len(world.paper("lobby"))
        world.api(ADA).release("lobby")
        world.wait_paper("lobby", before + 1)
        page.get_by_role("radio", name=re.compile("iPhone")).click()
        page.get_by_role("button", name="Show the steps").click()
        page.get_by_role("img", name=re.compile("QR")).wait_for()
        browser.axe(page)
        page.get_by_role("link", name="Your devices").click()
        page.get_by_text("my desk").wait_for()
        browser.axe(page)
        browser.picture(page, "devices")
        page.locator("li", has_text="my desk").get_by_role("button", name="Remove").click()
        page.get_by_role("dialog").get_by_role("button", name="Remove").click()
        page.locator("li", has_text="my desk").wait_for(state="detached")
        equal(IppQueue(world.connection, queue, None, None, tenant).ask(0x0B)[0], 0x0406, "its address afterwards")
        small = browser.open("/set-up", ADA, size=PHONE, language="de-DE")
        small.get_by_role("heading", name="Von diesem Gerät drucken").wait_for()
        small.get_by_role("radio", name=re.compile("Chromebook")).click()
        small.get_by_role("button", name="Schritte anzeigen").click()
        small.get_by_text("IPPS").wait_for()
        browser.axe(small)
        browser.picture(small, "set-up-phone")


SHARE = """(() => {
    const form = document.createElement("form");
    const input = document.createElement("input");
    const files = new DataTransfer();
    files.items.add(new File(["%PDF-1.4 shared"], "shared.pdf", { type: "application/pdf" }));
    form.action = "/share";
    form.method = "post";
    form.enctype = "multipart/form-data";
    input.type = "file";
    input.name = "documents";
    input.files = files.files;
    form.append(input);
    document.body.append(form);
    form.submit();
})()"""
TAKE = """new Promise((resolve) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = (message) => resolve(Promise.all(message.data.map(async (file) => [file.name, await file.text()])));
    navigator.serviceWorker.controller.postMessage({ take: new URLSearchParams(location.search).get("shared") }, [channel.port2]);
})"""


def story_what_another_app_shares_is_in_memory_once(world):
    with Browser(world) as browser:
        page = browser.open("/", ADA)
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        page.wait_for_function("navigator.serviceWorker.controller !== null")
        page.evaluate(SHARE)
        page.wait_for_url(re.compile(r"/send\?shared=[0-9a-f-]{36}"))
        page.get_by_text("shared.pdf").first().wait_for()  # on the page that sends
        equal(page.evaluate(TAKE), [], "a second time")
        equal(page.evaluate("caches.keys()"), [], "what is kept")
        manifest = page.evaluate("fetch('/manifest.webmanifest').then((answer) => answer.json())")
        for icon in manifest["icons"]:
            equal(page.evaluate("fetch('%s').then((answer) => answer.status)" % icon["src"]), 200, icon["src"])
    # Without the worker somebody is sent on, to choose it once more.
    equal(world.connection.request("POST", "/share", b"x")[0], 303, "without a worker")


def story_the_pages_are_an_app(world):
    """Chromium finds nothing that keeps it from installing them; and where the service is away, a page says so."""
    with Browser(world) as browser:
        page = browser.open("/", ADA, size=PHONE)
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        page.wait_for_function("navigator.serviceWorker.controller !== null")
        devtools = browser.devtools(page)
        found = devtools.send("Page.getAppManifest")
        equal((found["errors"], found["url"].rsplit("/", 1)[-1]), ([], "manifest.webmanifest"), "what is wrong with the manifest")
        hindered = [one["errorId"] for one in devtools.send("Page.getInstallabilityErrors")["installabilityErrors"]]
        equal([one for one in hindered if one != "in-incognito"], [], "what hinders installing it")  # a test's page is private
        manifest = page.evaluate("fetch('/manifest.webmanifest').then((answer) => answer.json())")
        purposes = {icon["purpose"] for icon in manifest["icons"]}
        assert {"any", "maskable"} <= purposes, purposes
        assert {"192x192", "512x512"} <= {icon["sizes"] for icon in manifest["icons"]} or "any" in {icon["sizes"] for icon in manifest["icons"]}, manifest["icons"]
        for shortcut in manifest["shortcuts"]:
            page.goto(shortcut["url"])
            page.get_by_role("heading", level=1).wait_for()
        page.context().set_offline(True)
        page.goto("/")
        page.get_by_role("heading", name="The service cannot be reached").wait_for()
        browser.axe(page)
        browser.picture(page, "away-phone")
        page.context().set_offline(False)
        page.get_by_role("link", name="Try again").click()
        page.get_by_role("heading", name="Your prints").wait_for()
