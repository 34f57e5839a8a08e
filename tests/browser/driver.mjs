// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * Playwright for the stories, which are Python (tests/harness/playwright.py): lines of JSON come, lines of JSON go.
 *
 *      {"call": ["getByRole"], "on": 1, "arguments": ["button", {"name": "Print"}]}  ->  {"object": 2}
 *      {"call": ["click"], "on": 2, "arguments": []}                                 ->  {"value": null}
 *
 * What has methods stays here, and has a number; everything else goes back as it is. "later" begins something and gives
 * its number at once; "await" waits for it. The object 0 is this file's own: open, axe, faults.
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
    page.on("pageerror", (error) => faults.push(`${page.url()}: ${error.stack ?? error}`));
    page.on("console", (message) => {
        if (message.type() === "error" && /Content Security Policy|Trusted|Refused|Warning:/.test(message.text())) faults.push(message.text());
    });
}

const own = {
    async open(options, launch) {
        browser ??= await chromium.launch(launch);
        const context = await browser.newContext(options);
        context.setDefaultTimeout(TIMEOUT_MS);
        context.on("page", listen);
        return context.newPage();
    },
    async axe(page) {
        await page.evaluate(AXE);
        const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
        return found.violations.map((v) => ({ id: v.id, impact: v.impact, help: v.help, nodes: v.nodes.map((node) => `${node.html} ${node.failureSummary ?? ""}`).slice(0, 5) }));
    },
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
