# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Every page of a house that has been printing for weeks: looked at by rule, and photographed for docs/pages (`make pictures`)."""

import os

from harness import demo_world as demo
from harness.eyes import Eyes
from harness.house import ADA, HELP_DESK, House
from harness.playwright import PHONE, Browser
from harness.process import wait_until

SETTINGS = {"service": {"retention.alert_settle": "1s"}}

# name of the picture, path; {…} are things of the house. What ends with "+" is photographed in the dark, too.
PORTAL = (
    ("jobs+", "/"), ("jobs-past", "/jobs"), ("job+", "/jobs/{waits}"), ("job-printed", "/jobs/{printed}"), ("job-not-printed", "/jobs/{returned}"),
    ("jobs-of-an-owner", "/?owner=grace%40demo.example"), ("send", "/send"), ("release+", "/release"), ("release-here+", "/printers/lobby"),
    ("account+", "/me"), ("devices", "/me/devices"), ("set-up", "/set-up"), ("my-printing", "/me/printing"),
)
ADMINISTRATION = (
    ("admin-dashboard+", "/admin"), ("admin-printers+", "/admin/printers"), ("admin-printer+", "/admin/printers/graz-office"),
    ("admin-printer-groups", "/admin/printers/groups"), ("admin-discovery", "/admin/discovery"), ("admin-agents", "/admin/agents"),
    ("admin-agent", "/admin/agents/{agent}"), ("labels", "/admin/labels"), ("admin-readers", "/admin/readers"), ("admin-queues", "/admin/queues"), ("admin-queue", "/admin/queues/pull"),
    ("admin-policies", "/admin/policies"), ("admin-sites+", "/admin/sites"), ("admin-site", "/admin/sites/berlin"), ("reports+", "/admin/reports"),
    ("reports-by-printer", "/admin/reports?by=printer"), ("admin-copies", "/admin/copies"), ("admin-unclaimed", "/admin/unclaimed"), ("retention", "/admin/retention"), ("people+", "/admin/people"), ("person", "/admin/people/{person}"),
    ("people-import", "/admin/people/import"), ("admin-groups", "/admin/groups"), ("admin-group", "/admin/groups/{group}"),
    ("admin-sign-in", "/admin/sign-in"), ("admin-registrations", "/admin/registrations"), ("admin-programs", "/admin/programs"),
    ("admin-settings", "/admin/settings"), ("admin-mail", "/admin/mail"), ("admin-keys", "/admin/keys"), ("admin-audit+", "/admin/audit"),
)
OTHERS = ((HELP_DESK, (("person-help-desk", "/admin/people/{person}"),)), (demo.OPERATOR, (("admin-converters", "/admin/converters"), ("admin-tenants", "/admin/tenants"), ("admin-tenant", "/admin/tenants/{tenant}"))))
# What a phone shows besides: of administration what somebody looks at while he walks about.
ON_A_PHONE = {"admin-dashboard", "admin-printers", "admin-printer", "admin-agents", "admin-groups", "admin-mail", "admin-keys", "admin-audit", "admin-settings",
              "admin-sign-in", "admin-programs", "admin-registrations", "people", "person", "reports"}
IN_GERMAN = ("jobs", "job", "release-here", "account", "my-printing", "admin-dashboard", "admin-printer", "reports", "admin-policies")

HOUSE = {}


def things(world):
    """What stands for {…} in a path."""
    if not HOUSE:
        house = House(world).furnish()
        jobs = house.jobs
        HOUSE.update(
            waits=jobs["Figures of the second quarter"], printed=jobs["Offer to the city library"], returned=jobs["Minutes of the team meeting"], person=house.ids[ADA],
            agent=house.agents["graz"].id, group=next(g["id"] for g in world.admin.all("/v1/groups") if g["name"] == "Research"),
            tenant=next(t["id"] for t in world.operator.all("/v1/tenants") if t["name"] == "harbour"))
        wait_until(lambda: world.admin.get("/v1/printers/lobby/state")["seen"], "the lobby has said how it is")
    return HOUSE


def pages(world, of):
    return [(name.rstrip("+"), path.format(**things(world)), name.endswith("+")) for name, path in of]


def look_at(world, email, of):
    wrong = []
    with Browser(world) as browser:
        page = browser.open(of[0][1].format(**things(world)), email)
        eyes = Eyes(browser, page)
        for name, path, isDark in pages(world, of):
            wrong += eyes.look(path, name, isDark, name != "jobs-of-an-owner" and not name.startswith("reports-by"))
    assert not wrong, "\n".join(wrong)


def story_the_pages_that_everybody_has(world):
    look_at(world, ADA, PORTAL)


def story_the_pages_of_administration(world):
    look_at(world, demo.ADMINISTRATOR, ADMINISTRATION)


def story_the_pages_of_others(world):
    for email, of in OTHERS:
        look_at(world, email, of)


def story_a_phone_and_german_are_photographed(world):
    if not os.environ.get("IMPRIMATUR_PICTURES"):
        return
    with Browser(world) as browser:
        for email, of in ((ADA, PORTAL), (demo.ADMINISTRATOR, ADMINISTRATION)):
            for size, language, ending, wanted in ((PHONE, "en-GB", "-phone", ON_A_PHONE | {name.rstrip("+") for name, _ in PORTAL}), (None, "de-DE", "-german", IN_GERMAN)):
                page = browser.open("/", email, size=size, language=language)
                eyes = Eyes(browser, page)
                for name, path, isDark in pages(world, of):
                    if name in wanted:
                        eyes.go(path)
                        eyes.photograph(name + ending, name + ending + "-dark" if isDark and size and of is PORTAL else None)
