# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""The portal on hard days: names as long as they can be, documents too large, a slow line, a service that goes away in the middle,
pages from right to left. What can be printed is printed, once; what cannot is said before it is sent."""

from urllib.parse import quote

from harness import demo_world as demo
from harness.documents import pdf
from harness.playwright import PHONE, Browser
from harness.process import wait_until
from harness.renderer import numbered
from harness.slow import SlowLine
from harness.story import equal, refused

ADA, GRACE = "ada@demo.example", "grace@demo.example"
SETTINGS = {"service": {"limits.document_octets_max": "1M"}}
FILES = "input[type=file]"
EVIL = "<script>document.title='run'</script><img src=x onerror=\"document.title='run'\">\u202egpj.\u2066\u0634\u0643\u0631\u0627 "
SIZES = (None, PHONE)

# What sticks out of the window, what lies over something else that is pressed, and what was run out of a name.
FAULTS = """() => {
    const shown = (one) => one.offsetParent !== null && one.getClientRects().length > 0 && getComputedStyle(one).position !== 'sticky';
    const pressed = [...document.querySelectorAll('main a, main button, main input:not([type=file]):not([type=hidden])')].filter(shown);
    const boxes = pressed.map((one) => ({ one, box: one.getBoundingClientRect() })).filter(({ box }) => box.width > 2 && box.height > 2);
    const faults = [];
    const width = document.documentElement.clientWidth;

    if (document.documentElement.scrollWidth > width) faults.push(`it is ${document.documentElement.scrollWidth} wide in ${width}`);
    for (const { one, box } of boxes)
        if (box.left < -1 || box.right > width + 1) faults.push(`sticks out: ${one.outerHTML.slice(0, 120)}`);
    for (const a of boxes)
        for (const b of boxes) {
            if (a.one === b.one || a.one.contains(b.one) || b.one.contains(a.one) || a.one.closest('[data-combobox-target], .mantine-Input-wrapper') === b.one.closest('[data-combobox-target], .mantine-Input-wrapper') && a.one.closest('.mantine-Input-wrapper')) continue;
            const over = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
            const deep = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
            if (over > 2 && deep > 2) faults.push(`lies over another: ${a.one.outerHTML.slice(0, 100)} and ${b.one.outerHTML.slice(0, 100)}`);
        }
    if (document.title === 'run' || document.querySelector('main img[src=x], main script')) faults.push('a name was run');
    return faults;
}"""


def clear(world):
    for job in world.api(ADA).jobs(state="held"):
        world.api(ADA).delete("/v1/jobs/" + job["id"])


def sound(page, what):
    equal(page.evaluate("(%s)()" % FAULTS), [], what)


def named(length, end=""):
    """So many octets in UTF-8, at most, and still ill meant."""
    words = (EVIL * (length // len(EVIL) + 1)).encode()[: length - len(end.encode())].decode("utf-8", "ignore")
    return words + end


def story_names_as_long_as_they_can_be(world):
    """Title, file, person and printer: the longest that is taken stands everywhere as words; what is longer is refused, and nothing is kept."""
    clear(world)
    ada, admin = world.api(ADA), world.admin
    for octets, status in ((300, 400), (40_000, 400), (65_536, 413)):
        with refused(status):
            admin.patch("/v1/printers/lobby", {"title": named(octets)})
        with refused(status):
            admin.patch("/v1/people/" + ADA, {"name": named(octets)})
    status, _, content = world.connection.request("POST", "/v1/jobs?queue=pull&name=" + quote(named(65536)), pdf("x"), {"Authorization": ada.authorization, "Content-Type": "application/pdf"})
    equal(status in (400, 414, 431), True, "a title of 64 KB: %d %s" % (status, content[:200]))
    title = "".join(c for c in named(240) if c.isprintable() or c in "\u202e\u2066")
    kept = {}
    for path, member in (("/v1/printers/lobby", "title"), ("/v1/people/" + ADA, "name")):
        kept[path] = (member, admin.get(path)[member])
        admin.patch(path, {member: title})
    job = ada.submit(numbered(2), title)["id"]
    wait_until(lambda: ada.job(job)["inspection"]["state"] != "waiting", "the inspection", 60)
    before = len(world.paper("lobby"))
    with Browser(world) as browser:
        for size in SIZES:
            page = browser.open("/", ADA, size=size)
            page.get_by_role("link", name="<script>", exact=False).first().wait_for()
            sound(page, "the list")
            browser.axe(page)
            for path, words in (("/jobs/" + job, "How it is printed"), ("/release", "Where is it to come out?"), ("/me", "Badges")):
                page.goto(path)
                page.get_by_role("heading", name=words).first().wait_for()
                sound(page, path)
                browser.axe(page)
            page.goto("/send")
            name = named(65536, ".pdf").replace("/", "-")
            page.locator(FILES).set_input_files([{"name": name, "mimeType": "application/pdf", "buffer": pdf("a long name")}])
            page.get_by_role("button", name="Send", exact=True).click()
            page.get_by_text("It is here and waits for you.").wait_for()
            sound(page, "/send")
            browser.axe(page)
            page.goto("/printers/%s?jobs=%s" % (world.printers["lobby"], job))
            page.get_by_role("button", name="Print it here").wait_for()
            sound(page, "the printer")
            browser.axe(page)
        page.get_by_role("button", name="Print it here").click()
        page.get_by_text("It is printed.").wait_for(timeout=60_000)
        sound(page, "what was printed")
        for path in ("/admin/people", "/admin/printers"):
            looking = browser.open(path, demo.ADMINISTRATOR, size=PHONE)
            looking.get_by_text("<script>", exact=False).first().wait_for()
            sound(looking, path)
    world.wait_paper("lobby", count=before + 1)
    equal(sorted(len(one["title"]) for one in ada.jobs(state="held")), [200, 200], "titles of files are cut between letters")
    for path, (member, value) in kept.items():
        admin.patch(path, {member: value})
    clear(world)


def story_too_large_is_said_before_anything_is_sent(world):
    clear(world)
    with Browser(world) as browser:
        page = browser.open("/send", ADA, size=PHONE)
        page.get_by_text("Drop files here").wait_for()
        files = [("large.pdf", "application/pdf", bytes(1024 * 1024 + 1)), ("program.exe", "application/x-msdownload", b"MZ"), ("good.pdf", "application/pdf", pdf("good"))]
        page.locator(FILES).set_input_files([{"name": name, "mimeType": kind, "buffer": octets} for name, kind, octets in files])
        page.get_by_text("Larger than is taken here", exact=False).wait_for()
        page.get_by_text("Files of this kind cannot be printed.").wait_for()
        sound(page, "/send")
        browser.axe(page)
        browser.picture(page, "send-refused-phone")
        equal(sent(page), 0, "what was sent before somebody pressed")
        page.get_by_role("button", name="Send", exact=True).click()
        page.get_by_text("It is here and waits for you.").wait_for()
        equal(sent(page), 1, "what was sent")
    equal([job["title"] for job in world.api(ADA).jobs(state="held")], ["good.pdf"], "what is held")


def sent(page):
    return page.evaluate("performance.getEntriesByType('resource').filter((one) => one.name.includes('/v1/jobs?queue')).length")


def story_from_right_to_left(world):
    """As a language that is written so would have it: nothing lies over anything else, nothing is cut off, and it prints."""
    clear(world)
    ada = world.api(ADA)
    job = ada.submit(numbered(3), "\u062a\u0642\u0631\u064a\u0631 2026 (final).pdf")["id"]
    before = len(world.paper("lobby"))
    with Browser(world) as browser:
        for size in SIZES:
            page = browser.open("/", ADA, size=size)
            for path, words in (("/", "Your prints"), ("/jobs/" + job, "How it is printed"), ("/send", "Send a document"), ("/release", "Where is it to come out?"), ("/me", "Badges"),
                                ("/printers/" + world.printers["lobby"], "Lobby")):
                page.goto(path)
                page.get_by_role("heading", name=words).first().wait_for()
                page.evaluate("document.documentElement.dir = 'rtl'")
                sound(page, path + " from right to left")
                browser.picture(page, "rtl-%s%s" % (path.split("/")[1] or "list", "-phone" if size else ""))
        page.get_by_role("button", name="Print it here").click()
        page.get_by_text("It is printed.").wait_for(timeout=60_000)
    world.wait_paper("lobby", count=before + 1)


def story_a_service_that_goes_away_in_the_middle(world):
    """It is said; what was typed is there when it is back, and is done then; the page follows again."""
    with Browser(world) as browser:
        page = browser.open("/me", ADA)
        page.get_by_role("textbox", name="Address").fill("gra")
        world.programs.kill("service")
        page.get_by_text("No connection to the service.", exact=False).wait_for()
        page.get_by_role("textbox", name="Address").press_sequentially("ce@demo.example")
        add = page.get_by_role("region", name="Who may act for you").get_by_role("button", name="Add", exact=True)
        add.click()
        page.get_by_text("The service cannot be reached", exact=False).first().wait_for()
        browser.axe(page)
        equal(page.get_by_role("textbox", name="Address").input_value(), GRACE, "what was typed")
        world.programs.start("service")
        page.get_by_text("No connection to the service.", exact=False).wait_for(state="hidden", timeout=60_000)
        add.click()
        page.get_by_role("button", name="End it for " + GRACE).click()
        page.get_by_role("button", name="End it for " + GRACE).wait_for(state="hidden")
        page.goto("/")
        page.get_by_role("heading", name="Your prints").wait_for()
        clear(world)  # over a connection of its own that is open again
        world.ipp().print_job(pdf("after it"), "after it was back")
        page.get_by_text("after it was back").wait_for()
    clear(world)


def story_a_slow_line(world):
    """Two seconds there and two back: it is seen that something is under way, an impatient finger prints nothing twice, and paper comes."""
    clear(world)
    job = world.api(ADA).submit(pdf("slow"), "slow")["id"]
    before = len(world.paper("lobby"))
    with Browser(world) as browser, SlowLine(world.ports["service"], 0) as line:
        browser.root = "https://localhost:%d" % line.port
        page = browser.open("/", ADA, size=PHONE)
        page.get_by_role("link", name="slow").wait_for()
        line.delay_s = 2
        page.get_by_role("link", name="Print all").click()
        page.locator("main [aria-busy=true]").first().wait_for()
        browser.axe(page)
        # The printer is chosen, or it is the one where something came out last.
        page.get_by_role("button", name="Lobby", exact=False).or_(page.get_by_role("heading", level=1, name="Lobby")).first().click()
        press = page.get_by_role("button", name="Print it here")
        press.click()
        press.evaluate("(button) => { button.click(); button.click(); }")
        equal(press.get_attribute("data-loading"), "true", "the button says that it is under way")
        page.get_by_text("It is printed.").wait_for(timeout=60_000)
        line.delay_s = 0
    world.wait_paper("lobby", count=before + 1)
    world.wait_job(world.api(ADA), job, "done")
    equal(len(world.paper("lobby")), before + 1, "sheets of a slow line")
