# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""An administrator adds an agent, has it find printers, and prints a label, all on pages, with an agent that really looks."""

import configparser
import os
import re
import socket
import tempfile
import threading

from harness import demo_world as demo
from harness.agents import program_of, settings_of
from harness.apart import drop_ambient, run_apart
from harness.codes import codes
from harness.looking import Fleet, route_here
from harness.playwright import Browser
from harness.process import wait_until
from harness.story import equal
from harness.world import World

WORLD = None
NETWORK, PRINTERS = "10.7.0.0/24", 8
SNMP_PORT, RAW_PORT = 1161, 9100


class Papers:
    """What comes out of all printers of the network: each takes raw printing at its own address, which is this machine's."""

    def __init__(self):
        self.came = []  # the address of the printer, and its paper
        self.listener = socket.create_server(("0.0.0.0", RAW_PORT))
        threading.Thread(target=self.take, daemon=True).start()

    def take(self):
        while True:
            sock, _ = self.listener.accept()
            address, octets = sock.getsockname()[0], b""
            while more := sock.recv(65536):
                octets += more
            sock.close()
            if octets:
                self.came.append((address, octets))


def story_an_agent_is_added_finds_printers_and_one_of_them_prints_a_label(_):
    with tempfile.TemporaryDirectory(prefix="imprimatur-finds-") as folder:
        run_apart(os.path.abspath(__file__), "on_the_pages", folder, seconds=300)


def enrolled(world, name, code):
    path = settings_of(world, name)
    settings = configparser.ConfigParser(interpolation=None)
    settings.read(path)
    if not settings.has_section("snmp"):
        settings.add_section("snmp")
    settings.set("snmp", "port", str(SNMP_PORT))  # of who is no root
    with open(path, "w", encoding="utf-8") as file:
        settings.write(file)
    world.programs.run("imprimatur-agent", "--config", path, "--enrol", "-", text=code + "\n")
    agent = next(one for one in world.admin.all("/v1/agents") if one["name"] == name)
    program = program_of(world, name, lambda: world.admin.get("/v1/agents/" + agent["id"])["connected"])
    program.start()
    return agent["id"], program


def on_the_pages(folder):
    route_here(NETWORK)
    drop_ambient()
    papers = Papers()
    with World(folder=folder) as world:
        fleet = Fleet(NETWORK, PRINTERS, 4, 1, "--port", str(SNMP_PORT))
        with Browser(world) as browser:
            page = browser.open("/admin/agents", demo.ADMINISTRATOR)
            page.get_by_role("button", name="Add an agent").click()
            page.get_by_label("Name").fill("branch")
            page.get_by_role("button", name="Make its code").click()
            code = page.get_by_role("dialog").locator("code").first().inner_text()
            agent, program = enrolled(world, "branch", code)
            page.get_by_role("dialog").get_by_role("button", name="Done").click()
            world.admin.put("/v1/agents/%s/discovery" % agent, {"snmp_port": SNMP_PORT})  # no page has this: nobody's printers listen elsewhere
            chosen = found_on_the_page(browser, page)
            label_on_the_page(browser, page, world, papers, chosen)
        program.stop()
        fleet.stop()


def found_on_the_page(browser, page):
    """Looks, and takes three of what is found; their names."""
    page.goto("/admin/discovery")
    field = page.get_by_role("combobox", name="Agent that looks")
    field.click()
    page.get_by_role("option", name="branch", exact=True).click()
    page.get_by_role("combobox", name="Networks").fill(NETWORK)
    page.get_by_role("combobox", name="Networks").press("Enter")
    page.get_by_role("button", name="Save").last().click()
    page.get_by_text("Saved").wait_for()
    page.get_by_role("button", name="Look now").click()
    page.get_by_text("254 of 254 addresses asked, %d printers found." % PRINTERS).wait_for(timeout=60000)
    boxes = page.get_by_role("checkbox", name=re.compile("^Choose Acme ColorMFP"))
    boxes.nth(PRINTERS - 1).wait_for()
    equal(boxes.count(), PRINTERS, "printers on the page")
    browser.axe(page)
    browser.picture(page, "admin-discovery")
    for number in range(3):
        boxes.nth(number).check()
    page.get_by_role("button", name="Add 3 printers").click()
    page.get_by_text("3 printers were added.").wait_for()
    wait_until(lambda: boxes.count() == PRINTERS - 3, "what is left")
    page.goto("/admin/printers?x=1")
    page.get_by_label("Search in names").fill("Acme")
    links = page.get_by_role("link", name=re.compile("Acme ColorMFP 5055 FLT"))
    links.nth(2).wait_for()
    equal(len(set(links.all_inner_texts())), 3, "each has a name of its own")
    return sorted(links.all_inner_texts())


def label_on_the_page(browser, page, world, papers, chosen):
    """A label for one, printed there: read off the paper, it is the address of that printer."""
    page.goto("/admin/labels")
    page.get_by_label("Search").fill("Acme")
    page.get_by_role("checkbox", name=re.compile(re.escape(chosen[0]))).check()
    page.get_by_text("One printer is chosen.").wait_for()
    labelled = next(one for one in world.admin.all("/v1/printers") if one["title"] == chosen[0])
    page.get_by_label("Or print at").select_option(labelled["id"])
    page.get_by_role("button", name="Print", exact=True).click()
    page.get_by_text(re.compile(r"The labels are print \d+")).wait_for()
    browser.axe(page)
    (address, paper), *more = wait_until(lambda: papers.came, "paper", 60)
    equal((address, more), (labelled["addresses"][0].split("//")[1].split(":")[0], []), "where it came out, and nowhere else")
    path = world.path("label.pdf")
    with open(path, "wb") as file:
        file.write(paper)
    equal([code.rsplit("/", 1)[1] for code in codes(path)], [labelled["id"]], "read off the paper")
