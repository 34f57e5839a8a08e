// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * Playwright for the stories, which are Python (tests/harness/playwright.py): lines of JSON come, lines of JSON go.
 *
 *      {"call": ["getByRole"], "on": 1, "arguments": ["button", {"name": "Print"}]}  ->  {"object": 2}
 *      {"call": ["click"], "on": 2, "arguments": []}                                 ->  {"value": null}
 *
 * What has methods stays here, and has a number; everything else goes back as it is. "later" begins something and gives
 * its number at once; "await" waits for it. The object 0 is this file's own: open, axe, settled, tabs, errors, faults.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const require = createRequire(new URL("../../web/package.json", import.meta.url));
const { chromium } = require("playwright-core");
const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const TIMEOUT_MS = 20_000;

const objects = [];
const faults = [];
const errors = []; // all that a page writes as one
const under = new WeakMap(); // requests of a page that are under way
let browser = null;

function keep(object) {
    objects.push(object);
    return { object: objects.length - 1 };
}

const isPlain = (value) => value === null || typeof value !== "object" || Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;

function answer(value) {
    if (value === undefined) return { value: null };
    if (Buffer.isBuffer(value)) return { octets: value.toString("base64") };
    if (Array.isArray(value) && value.some((item) => !isPlain(item))) return { objects: value.map((item) => keep(item).object) };
    return isPlain(value) ? { value } : keep(value);
}

function argument(value) {
    if (value === null || typeof value !== "object") return value;
    if (Array.isArray(value)) return value.map(argument);
    if ("$object" in value) return objects[value.$object];
    if ("$octets" in value) return Buffer.from(value.$octets, "base64");
    if ("$pattern" in value) return new RegExp(value.$pattern, value.$flags);
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, argument(item)]));
}

/* What a page complains of by itself: exceptions, and what its content security policy refused. */
function listen(page) {
    const going = new Set();
    under.set(page, going);
    page.on("request", (request) => request.resourceType() !== "eventsource" && !request.url().endsWith("/v1/live") && going.add(request));
    for (const over of ["requestfinished", "requestfailed"]) page.on(over, (request) => going.delete(request));
    page.on("console", (message) => message.type() === "error" && errors.push(`${page.url()}: ${message.text()} ${message.location().url}`));
    page.on("pageerror", (error) => faults.push(`${page.url()}: ${error.stack ?? error}`));
    page.on("console", (message) => {
        if (message.type() === "error" && /Content Security Policy|Trusted|Refused|Warning:/.test(message.text())) faults.push(message.text());
    });
}

/* What moves to its place is there at once; what goes on for ever is left alone. */
const DRAWN = () =>
    new Promise((done) => {
        requestAnimationFrame(() => {
            for (const one of document.getAnimations()) if (one.effect?.getComputedTiming().endTime !== Infinity) one.finish();
            requestAnimationFrame(() => setTimeout(done));
        });
    });

const IS_LOADING = () => {
    const signs = document.querySelectorAll(".mantine-Loader-root, .mantine-Skeleton-root[data-visible], [aria-busy=true]");
    return [...signs].some((one) => one.checkVisibility());
};

/* What somebody sees of a thing, and of what stands around it: a hidden checkbox shows its focus beside itself. */
const BEGIN = () => {
    const around = (one) => [one, one.parentElement, one.parentElement?.parentElement, ...(one.parentElement?.children ?? []), ...(one.parentElement?.parentElement?.children ?? [])];
    const look = (one) =>
        around(one)
            .filter(Boolean)
            .map((part) => {
                const style = getComputedStyle(part);
                const outline = style.outlineStyle === "none" || style.outlineWidth === "0px" ? "" : style.outlineWidth + style.outlineColor;
                return [outline, style.boxShadow, style.borderColor, style.backgroundColor, style.insetBlockStart].join();
            })
            .join(";");
    const name = (one) => `${one.tagName} ${one.getAttribute("aria-label") ?? one.textContent.trim().slice(0, 40)} ${one.id}`;
    const isShown = (one) => one.checkVisibility({ visibilityProperty: true }) && !one.closest("[inert]");
    document.activeElement?.blur?.();
    getSelection().removeAllRanges();
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute("tabindex");
    const all = [...document.querySelectorAll("a[href], button, input, select, textarea, [tabindex]")].filter((one) => one.tabIndex >= 0 && !one.disabled && isShown(one));
    // Of radio buttons of one name Tab reaches the one that is chosen.
    const wanted = all.filter((one) => one.type !== "radio" || one.checked);
    globalThis.walk = { looks: new Map(wanted.map((one) => [one, look(one)])), left: new Set(wanted), look, name };
};
const STEP = () => {
    const { looks, left, look, name } = globalThis.walk;
    const one = document.activeElement;
    const isAgain = one === globalThis.walk.last; // a date has several parts
    globalThis.walk.last = one;
    if (!one || one === document.body || (looks.has(one) && !left.has(one) && !isAgain)) return null;
    left.delete(one);
    if (isAgain) return "";
    getComputedStyle(one).borderColor; // so that what is to move begins to
    for (const moving of document.getAnimations()) if (moving.effect?.getComputedTiming().endTime !== Infinity) moving.finish();
    return looks.has(one) && look(one) === looks.get(one) ? `nobody sees that ${name(one)} has the focus` : "";
};
const LEFT = () => [...globalThis.walk.left].map((one) => `cannot be reached: ${globalThis.walk.name(one)}`);

const own = {
    async open(options, launch) {
        browser ??= await chromium.launch(launch);
        const context = await browser.newContext(options);
        context.setDefaultTimeout(TIMEOUT_MS);
        context.on("page", listen);
        return context.newPage();
    },
    async axe(page, options = {}) {
        if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(AXE);
        const found = await page.evaluate((more) => globalThis.axe.run(document, { resultTypes: ["violations"], ...more }), options);
        return found.violations.map((v) => ({ id: v.id, impact: v.impact, help: v.help, nodes: v.nodes.map((node) => `${node.html} ${node.failureSummary ?? ""}`).slice(0, 5) }));
    },
    /* All that the page asked for has come, and what was made of it is drawn. */
    async settled(page) {
        const until = Date.now() + TIMEOUT_MS;
        for (let quiet = 0; quiet < 3; ) {
            if (Date.now() > until) throw new Error(`${page.url()}: still loading ${[...under.get(page)].map((one) => one.url())}`);
            await page.evaluate(DRAWN);
            const isBusy = under.get(page).size > 0 || (await page.evaluate(IS_LOADING));
            quiet = isBusy ? 0 : quiet + 1;
        }
    },
    /* Goes through the page by Tab; what cannot be reached, and where nobody would see where it is. */
    async tabs(page, most) {
        await page.evaluate(BEGIN);
        const wrong = [];
        for (let at = 0; at < most; at++) {
            await page.keyboard.press("Tab");
            const said = await page.evaluate(STEP);
            if (said === null) break;
            if (said) wrong.push(said);
        }
        return [...wrong, ...(await page.evaluate(LEFT))];
    },
    errors: () => errors.splice(0),
    faults: () => faults.splice(0),
    devtools: (page) => page.context().newCDPSession(page),
};
keep(own);

async function run(order) {
    const target = objects[order.on];
    const path = order.call.slice(0, -1).reduce((at, name) => at[name], target);
    return path[order.call.at(-1)](...order.arguments.map(argument));
}

async function obey(order) {
    if ("await" in order) {
        const { result, error } = await objects[order.await];
        if (error) throw error;
        return answer(result);
    }
    if (order.later)
        return keep(
            run(order).then(
                (result) => ({ result }),
                (error) => ({ error }),
            ),
        );
    return answer(await run(order));
}

for await (const line of createInterface({ input: process.stdin })) {
    let said;
    try {
        said = await obey(JSON.parse(line));
    } catch (error) {
        said = { error: String(error.message ?? error) };
    }
    process.stdout.write(`${JSON.stringify(said)}\n`);
}
await browser?.close();
