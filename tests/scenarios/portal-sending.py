# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""The portal: documents are dropped, sent, and printed in one step; what goes in vain is said before; a session or a service that
ends in the middle loses nothing."""

import os

from harness.documents import pdf
from harness.playwright import PHONE, Browser, sign_in
from harness.process import wait_until
from harness.renderer import numbered, words
from harness.story import equal

ADA, GRACE = "ada@demo.example", "grace@demo.example"
FILES = "input[type=file]"


def clear(world):
    for job in world.api(ADA).jobs(state="held"):
        world.api(ADA).delete("/v1/jobs/" + job["id"])


def file(world, name, octets):
    path = world.path("sent", name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as out:
        out.write(octets)
    return path


def story_sent_and_printed_in_one_step(world):
    before = len(world.paper("lobby"))
    with Browser(world) as browser:
        page = browser.open("/send", ADA, size=PHONE)
        page.get_by_text("Drop files here").wait_for()
        browser.axe(page)
        browser.picture(page, "send-phone")
        page.locator(FILES).set_input_files([file(world, "letter.pdf", numbered(3))])
        page.get_by_role("button", name="How it is printed").click()
        page.get_by_label("Which pages").fill("2")
        page.get_by_label("Print it now at a printer").check()
        page.get_by_role("button", name="Lobby", exact=False).first().click()
        browser.axe(page)
        page.get_by_role("button", name="Send and print").click()
        page.get_by_text("It is printed.").wait_for()
    octets = world.wait_paper("lobby", count=before + 1)[-1]
    equal([sorted(side) for side in words(octets)], [["P2"]], "what is on the paper")


def story_what_goes_in_vain_is_said_before(world):
    clear(world)
    with Browser(world) as browser:
        page = browser.open("/send", ADA)
        page.get_by_text("Drop files here").wait_for()
        page.locator(FILES).set_input_files([file(world, "program.exe", b"MZ"), file(world, "empty.pdf", b""), file(world, "good.pdf", pdf("good"))])
        page.get_by_text("Files of this kind cannot be printed.").wait_for()
        page.get_by_text("There is nothing in this file.").wait_for()
        browser.axe(page)
        browser.picture(page, "send")
        page.get_by_role("button", name="Send", exact=True).click()
        page.get_by_text("It is here and waits for you.").wait_for()
        # Nobody's look at the name: the octets are of another kind, which the service says.
        page.locator(FILES).set_input_files([file(world, "lies.pdf", b"MZ" + bytes(100))])
        page.get_by_role("button", name="Send", exact=True).click()
        page.get_by_role("button", name="Try again").wait_for()
        browser.axe(page)
    equal([job["title"] for job in world.api(ADA).jobs(state="held")], ["good.pdf"], "what is held")


def story_a_session_that_ended_loses_nothing(world):
    clear(world)
    with Browser(world) as browser:
        page = browser.open("/send", ADA)
        page.locator(FILES).set_input_files([file(world, "kept.pdf", pdf("kept"))])
        page.get_by_role("button", name="How it is printed").click()
        page.get_by_label("Copies").fill("2")
        page.context().clear_cookies()
        page.get_by_role("button", name="Send", exact=True).click()
        opened = page.wait_for_event.later("popup")
        page.get_by_role("dialog").get_by_role("button", name="Sign in", exact=True).click()
        popup = opened.get()
        sign_in(popup, ADA)
        popup.close()
        page.get_by_role("dialog").get_by_role("button", name="I have signed in").click()
        page.get_by_text("It is here and waits for you.").wait_for()
    (job,) = world.api(ADA).jobs(state="held")
    equal((job["title"], job["ticket"]), ("kept.pdf", {"copies": 2}), "what was typed and sent")


def story_a_service_that_starts_anew_while_something_is_sent(world):
    """The upload breaks, is tried again with its key, and is one job."""
    clear(world)
    with Browser(world) as browser:
        page = browser.open("/send", ADA)
        page.locator(FILES).set_input_files([file(world, "patient.pdf", pdf("patient", size=200_000))])
        world.programs.kill("service")
        page.get_by_role("button", name="Send", exact=True).click()
        page.get_by_role("button", name="Stop patient.pdf").wait_for()
        world.programs.start("service")
        page.get_by_text("It is here and waits for you.").wait_for(timeout=60_000)
    wait_until(lambda: [job["title"] for job in world.api(ADA).jobs(state="held")] == ["patient.pdf"], "one job")
