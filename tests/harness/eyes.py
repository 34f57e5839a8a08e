# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""What must hold of every page, whatever is on it (WCAG 2.2 AA): it is read, reached, enlarged and narrowed.

    eyes = Eyes(browser, page)
    eyes.look("/admin/printers", "admin-printers")      # asserts that nothing is wrong with it
"""

import json
import os

from .playwright import DESKTOP, SERIOUS

NARROW = {"width": 320, "height": 640}  # 1280 enlarged four times (1.4.10)
TABS_MAX = 250

# One heading, a title of its own, landmarks, a language; nothing moves by itself where that is not wanted.
STRUCTURE = """(() => {
    const shown = (one) => one.getClientRects().length > 0;
    const count = (what) => [...document.querySelectorAll(what)].filter(shown).length;
    const wrong = [];
    if (count("h1") !== 1) wrong.push(count("h1") + " headings of the first level");
    for (const what of ["header", "main", "nav"]) if (!count(what)) wrong.push("no " + what);
    if (count("main") > 1) wrong.push("several main");
    const levels = [...document.querySelectorAll("h1,h2,h3,h4")].filter(shown).map((one) => Number(one.tagName[1]));
    levels.forEach((level, at) => { if (at && level > levels[at - 1] + 1) wrong.push("h" + level + " after h" + levels[at - 1]); });
    if (!document.documentElement.lang) wrong.push("no language");
    if (/^\\s*- |^Imprimatur$|^$/.test(document.title)) wrong.push("title: " + document.title);
    const moving = document.getAnimations().filter((one) => one.playState === "running" && one.effect?.getComputedTiming().duration > 10);
    if (moving.length) wrong.push("moves by itself: " + moving.map((one) => one.effect.target?.className).join());
    return wrong;
})()"""
# What is wider than the page, most deeply nested first.
WIDE = """(() => {
    const wide = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= wide + 1) return [];
    const scrolls = (one) => one && (getComputedStyle(one).overflowX !== "visible" || scrolls(one.parentElement?.closest("main *")));
    const out = [...document.querySelectorAll("main *")].filter((one) => one.getBoundingClientRect().right > wide + 1 && !scrolls(one.parentElement.closest("main *")));
    return out.slice(-5).map((one) => one.tagName + "." + one.className + ": " + one.textContent.slice(0, 60));
})()"""
LARGE_TEXT = "document.documentElement.style.fontSize = '%s'"


class Eyes:
    def __init__(self, browser, page):
        self.browser, self.page, self.titles = browser, page, {}
        browser.own.errors()  # that nobody is signed in yet

    def settle(self):
        """All that it asked for has come, and is drawn."""
        self.browser.own.settled(self.page)

    def go(self, path):
        self.page.goto(path)
        self.page.get_by_role("heading", level=1).first().wait_for()
        self.settle()

    def axe(self, **options):
        found = [v for v in self.browser.own.axe(self.page, options) if v["impact"] in SERIOUS or v["id"] == "target-size"]
        return ["axe: %s: %s" % (v["id"], json.dumps(v["nodes"])) for v in found]

    def contrast_in_the_dark(self):
        self.page.emulate_media(color_scheme="dark")
        self.settle()
        try:
            return ["in the dark: " + words for words in self.axe(runOnly=["color-contrast"])]
        finally:
            self.page.emulate_media(color_scheme="light")

    def narrow(self):
        self.page.set_viewport_size(NARROW)
        self.settle()
        try:
            return ["320 px wide: " + words for words in self.page.evaluate(WIDE)]
        finally:
            self.page.set_viewport_size(DESKTOP)

    def large(self):
        self.page.evaluate(LARGE_TEXT % "200%")
        self.settle()
        try:
            return ["text twice as large: " + words for words in self.page.evaluate(WIDE)]
        finally:
            self.page.evaluate(LARGE_TEXT % "")

    def keyboard(self):
        """Tab goes through everything, and one sees where it is."""
        return ["keyboard: " + words for words in self.browser.own.tabs(self.page, TABS_MAX)]

    def look(self, path, name, dark=False, itself=True):
        """dark: the picture is taken in the dark, too; itself: it has a title that no other page has."""
        self.go(path)
        self.photograph(name, name + "-dark" if dark else None)
        self.page.evaluate("scrollTo(0, document.body.scrollHeight)")  # where what sticks to the edge covers nothing
        wrong = self.page.evaluate(STRUCTURE) + self.axe(rules={"target-size": {"enabled": True}}) + self.contrast_in_the_dark()
        title = self.page.title()
        if itself and self.titles.setdefault(title, name) != name:
            wrong.append("called as %s is: %s" % (self.titles[title], title))
        wrong += self.narrow() + self.large() + self.keyboard() + [
            "console: " + words for words in self.browser.own.errors() if "status of 409" not in words]  # of what there is none yet
        return ["%s: %s" % (name, words) for words in wrong]

    def photograph(self, name, dark=None):
        """For the documentation, where a folder for pictures is named; dark: the name of a second one."""
        self.browser.picture(self.page, name)
        if dark and os.environ.get("IMPRIMATUR_PICTURES"):
            self.page.emulate_media(color_scheme="dark")
            self.settle()
            self.browser.picture(self.page, dark)
            self.page.emulate_media(color_scheme="light")
            self.settle()
