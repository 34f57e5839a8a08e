# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""The portal finds a printer: one's favourites in every browser, those near me, by a tag, by its alias, and none that may not take it."""

import json

from harness.documents import pdf
from harness.panels import Panel
from harness.playwright import PHONE, Browser, sign_in
from harness.story import equal, refused

ADA, GRACE = "ada@demo.example", "grace@demo.example"
HERE, THERE = "geo:52.520008,13.404954", "geo:48.137154,11.576124"
AT_HOME = {"latitude": 52.5212, "longitude": 13.4097}

# Chromium has no reader of tags on this machine: a reader that is played. It reads one tag a quarter of a second after it is asked to.
PLAYED_READER = """
window.NDEFReader = class extends EventTarget {
    async scan() {
        const records = [{ recordType: "url", data: new DataView(new TextEncoder().encode(%s).buffer) }];
        setTimeout(() => this.dispatchEvent(Object.assign(new Event("reading"), { message: { records } })), 250);
    }
};
"""


def clear(world):
    for email in (ADA, GRACE):
        for job in world.api(email).jobs(state="held"):
            world.api(email).delete("/v1/jobs/" + job["id"])


def listed(api, query=""):
    return [item["name"] for item in api.get("/v1/printers?usable=true" + query)["items"]]


def mine(api):
    return [(item["name"], item["favourite"]) for item in api.get("/v1/me/printers")["items"]]


def story_favourites_and_the_last_ones_are_the_persons(world):
    """Marked in one browser they stand first in another one; where he released last comes after them, however he did."""
    clear(world)
    ada = world.api(ADA)
    before = len(world.paper("lobby"))
    with Browser(world) as browser:
        page = browser.open("/release", ADA)
        page.get_by_role("button", name="Favourite: Laboratory").click()
        page.get_by_role("heading", name="Favourites").wait_for()
        equal(mine(ada), [("lab", True)], "what is marked")
        ada.submit(pdf("by badge"))
        world.swipe("lobby", "04A1B2C3D4")
        world.wait_paper("lobby", count=before + 1)
        other = browser.open("/release", ADA, size=PHONE)
        other.get_by_role("heading", name="Recently used").wait_for()
        equal(other.locator("main h2").all_inner_texts(), ["Favourites", "Recently used", "Others"], "the parts of the list")
        equal(other.locator("main li").first().inner_text().split("\n")[0], "Laboratory", "what stands first")
        browser.axe(other)
        browser.picture(other, "release-favourites-phone")
        other.get_by_role("button", name="Favourite: Laboratory").click()
        other.get_by_role("heading", name="Favourites").wait_for(state="hidden")
    equal(mine(ada), [("lobby", False)], "hers")
    equal(mine(world.api(GRACE)), [], "nobody else's")


def story_favourites_end_where_rights_do(world):
    ada, admin = world.api(ADA), world.admin
    group = admin.post("/v1/groups", {"name": "archive"})["id"]
    for name in ("library", "lobby"):
        ada.put("/v1/me/printers/" + name, None)
        ada.put("/v1/me/printers/" + name, None)
    equal(mine(ada), [("library", True), ("lobby", True)], "as they were marked")
    admin.put("/v1/printers/library/people", {"groups": [group]})
    equal(mine(ada), [("lobby", True)], "where she may not print")
    with refused(404):
        ada.put("/v1/me/printers/library", None)
    equal("library" in listed(admin), False, "who looks after it sees it, and may not print there")
    equal("library" in [item["name"] for item in admin.get("/v1/printers")["items"]], True, "sees it")
    admin.put("/v1/printers/library/people", {"groups": []})
    equal(mine(ada), [("library", True), ("lobby", True)], "where she may again")
    said = json.dumps(ada.call("GET", "/v1/people/me/export"))
    assert world.printers["library"] in said, "what is kept of her tells of it"
    made = []
    with refused(409):
        for number in range(40):
            body = {"name": "many-%d" % number, "addresses": ["socket://localhost:9"], "formats": ["application/pdf"]}
            made.append(admin.post("/v1/printers", body)["id"])
            ada.put("/v1/me/printers/" + made[-1], None)
    equal(len(mine(ada)), 30, "favourites at most")
    for printer in made:
        admin.delete("/v1/printers/" + printer)  # and with it that somebody likes it
    for name in ("library", "lobby"):
        ada.delete("/v1/me/printers/" + name)
    equal([name for name, is_favourite in mine(ada) if is_favourite], [], "none")


def story_near_me(world):
    """The browser says where it is, to a hundred metres; the service sorts. Then it is printed there."""
    clear(world)
    ada, admin = world.api(ADA), world.admin
    for site, geo, printer in (("capital", HERE, "library"), ("south", THERE, "lobby")):
        admin.post("/v1/sites", {"name": site, "title": site.title(), "address": "Hauptstr. 1", "geo": geo})
        admin.patch("/v1/printers/" + printer, {"site": site})
    items = ada.get("/v1/printers?usable=true&near=52.521,13.410")["items"]
    equal([item["name"] for item in items[:2]], ["library", "lobby"], "nearest first")
    equal([300 < items[0]["metres"] < 500, round(items[1]["metres"], -4), items[2]["metres"]], [True, 500_000, None], "how far")
    one, two = (ada.get("/v1/printers?usable=true&limit=1&near=52.521,13.410" + after) for after in ("", "&after=" + items[0]["id"]))
    equal([one["items"][0]["name"], one["next"], two["items"][0]["name"]], ["library", items[0]["id"], "lobby"], "page by page")
    equal(listed(ada, "&near=47,11")[:2], ["lobby", "library"], "from the other end")
    for wrong in ("91,0", "52.5", "here", "1,2,3", ""):
        with refused(400):
            ada.get("/v1/printers?near=" + wrong)
    equal(sorted(listed(ada, "&search=hauptstr")), ["library", "lobby"], "by the address of their site")
    ada.submit(pdf("near"), "near")
    before = len(world.paper("library"))
    with Browser(world) as browser:
        page = browser.open("/release", ADA, size=PHONE, geolocation=AT_HOME, permissions=["geolocation"])
        page.get_by_role("button", name="Near me").click()
        page.get_by_role("heading", name="By distance").wait_for()
        page.get_by_text("360 m", exact=False).wait_for()
        browser.axe(page)
        browser.picture(page, "release-near-phone")
        page.get_by_role("button", name="Library", exact=False).first().click()
        page.get_by_role("button", name="Print it here").click()
        page.get_by_text("Sent; the printer does not tell more").wait_for()
        refusing = browser.open("/release", GRACE, size=PHONE)
        refusing.get_by_role("button", name="Near me").click()
        refusing.get_by_text("The browser does not tell where this device is.").wait_for()
        browser.axe(refusing)
    world.wait_paper("library", count=before + 1)
    with open(world.path("service.log"), errors="replace") as log:
        assert "52.521" not in log.read(), "where somebody was stands in the log"


def story_only_printers_that_may_take_it(world):
    """What is held for one printer is offered there alone; an alias and Enter go straight to it."""
    clear(world)
    admin, ada = world.admin, world.api(ADA)
    admin.patch("/v1/printers/lab", {"alias": "p7"})
    admin.post("/v1/queues", {"name": "vault-lab", "kind": "secure", "printer": "lab"})
    bound = ada.submit(pdf("bound"), "bound", queue="vault-lab")["id"]
    free = ada.submit(pdf("free"), "free")["id"]
    hers = world.api(GRACE).submit(pdf("hers"), "hers")["id"]
    equal(listed(ada, "&jobs=" + bound), ["lab"], "where what is bound comes out")
    equal(sorted(listed(ada, "&jobs=%s,%s" % (bound, free))), sorted(listed(ada)), "where one of two comes out")
    equal(listed(ada, "&jobs=" + hers), [], "somebody else's")
    with refused(400):
        ada.get("/v1/printers?jobs=x")
    before = len(world.paper("lab"))
    with Browser(world) as browser:
        page = browser.open("/release?jobs=" + bound, ADA)
        page.get_by_role("button", name="Laboratory", exact=False).first().wait_for()
        equal(page.locator("main li").count(), 1, "printers")
        page.goto("/release?jobs=" + hers)
        page.get_by_text("None of your printers may print this").wait_for()
        browser.axe(page)
        page.goto("/release?jobs=" + bound)
        page.get_by_role("textbox", name="Find a printer").fill("P7")
        page.get_by_role("textbox", name="Find a printer").press("Enter")
        page.get_by_role("button", name="Print it here").click()
        page.get_by_text("It is printed.").wait_for()
    world.wait_paper("lab", count=before + 1)
    admin.delete("/v1/queues/vault-lab")
    clear(world)


def story_a_tag_is_read_by_holding_the_phone_to_it(world):
    clear(world)
    world.api(ADA).submit(pdf("by tag"), "by tag")
    before = len(world.paper("lobby"))
    with Browser(world) as browser:
        page = browser.new(size=PHONE)
        page.add_init_script(PLAYED_READER % json.dumps("https://evil.example/printers/" + world.printers["lobby"]))
        page.goto("/release")
        sign_in(page, ADA)
        page.get_by_role("button", name="Hold the phone to the printer").click()
        page.get_by_text("This tag does not belong to a printer of this service.").wait_for()
        browser.axe(page)
        equal(page.evaluate("location.pathname"), "/release", "where we are")
        page.add_init_script(PLAYED_READER % json.dumps("%s/printers/%s" % (browser.root, world.printers["lobby"])))
        page.goto("/release")
        page.get_by_role("button", name="Hold the phone to the printer").click()
        page.get_by_role("heading", name="Lobby").wait_for()
        page.get_by_role("button", name="Print it here").click()
        page.get_by_text("It is printed.").wait_for()
    world.wait_paper("lobby", count=before + 1)


def story_a_sticker_of_another_printer_of_ours(world):
    """Its page names the printer first, and nothing comes out before somebody has pressed; where one must be there, its panel's code says no."""
    clear(world)
    ada = world.api(ADA)
    job = ada.submit(pdf("swapped"), "swapped")["id"]
    here = Panel(world, name="beside")
    Panel(world, "lab", name="beside-lab")
    papers = {name: len(world.paper(name)) for name in ("lobby", "lab")}
    with Browser(world) as browser:
        page = browser.open("/printers/" + world.printers["lab"], ADA, size=PHONE)  # what the sticker at the lobby leads to
        page.get_by_role("heading", name="Laboratory", level=1).wait_for()
        page.get_by_text("First floor", exact=False).first().wait_for()
        page.get_by_role("button", name="Print it here").wait_for()
        box, button = (page.get_by_role(role, name=name).bounding_box() for role, name in (("heading", "Laboratory"), ("button", "Print it here")))
        assert box["y"] < button["y"] and box["height"] >= 24, "the printer's name, large, before the button: %s %s" % (box, button)
        equal(ada.job(job)["state"], "held", "nothing was released by looking")
        world.admin.patch("/v1/tenant/panels", {"presence": True})
        page.get_by_role("button", name="Print it here").click()
        page.get_by_label("Code on the printer's panel").fill(here.look().code)
        page.get_by_role("button", name="Print it here").click()
        page.get_by_text("This code is another printer's").wait_for()
        browser.axe(page)
        browser.picture(page, "release-swapped-phone")
    world.admin.patch("/v1/tenant/panels", {"presence": False})
    equal({name: len(world.paper(name)) for name in papers}, papers, "paper")
    clear(world)
