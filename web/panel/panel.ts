// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/**
 * What a printer's panel gains where there is a script; without it everything works, a little slower.
 *
 *     idle       somebody's badge or phone is noticed at once (an event stream), and PINs have keys on the screen
 *     signed in  the last minute is counted down; leaving the page signs out
 *     any page   is loaded anew as the page itself says, but not while somebody types
 */

const STARE_MS = 1000;
const WARN_S = 60;
const PICTURE_TRIES = 15;

interface Panel {
    base: string;
    left: number | undefined;
    leftWords: string;
    waits: boolean;
    refresh: number | undefined;
    refreshTo: string;
}

function read(script: HTMLScriptElement): Panel {
    const number = (words: string | undefined) => (words === undefined ? undefined : Number(words));
    const data = script.dataset;
    return {
        base: data["base"] ?? "/",
        left: number(data["left"]),
        leftWords: data["leftWords"] ?? "",
        waits: data["waits"] !== undefined,
        refresh: number(data["refresh"]),
        refreshTo: data["refreshTo"] ?? "",
    };
}

function isTyping(): boolean {
    const fields = Array.from(document.querySelectorAll<HTMLInputElement>("input:not([type=hidden]):not([type=checkbox])"));
    return fields.some((field) => field.value !== field.defaultValue);
}

/** Somebody goes on inside the panel: that is not leaving it. */
let goesOn = false;

function goTo(path: string): void {
    goesOn = true;
    location.replace(path);
}

/** A page of the panel's own that the browser would have loaded by itself; typed words are kept for a minute more. */
function refreshLater(panel: Panel): void {
    if (panel.refresh === undefined || !panel.refreshTo || panel.left !== undefined && panel.refreshTo.indexOf("still=1") >= 0) return;
    let patience = WARN_S;
    window.setTimeout(function again(): void {
        if (isTyping() && patience-- > 0) window.setTimeout(again, STARE_MS);
        else goTo(panel.refreshTo);
    }, panel.refresh * 1000);
}

function listen(panel: Panel): void {
    if (!panel.waits || typeof EventSource === "undefined") return;
    const events = new EventSource(panel.base + "/events");
    events.addEventListener("guest", () => {
        events.close();
        goTo(panel.base);
    });
}

/** Said aloud when it appears, and not each second. */
function showLeft(base: string): HTMLAnchorElement {
    const bar = document.createElement("div");
    const link = document.createElement("a");
    bar.id = "left";
    bar.setAttribute("role", "alert");
    link.href = base;
    bar.appendChild(link);
    document.body.appendChild(bar);
    window.setTimeout(() => bar.removeAttribute("role"), STARE_MS);
    return link;
}

/** The last minute is counted down where it can be seen; pressing it goes on. */
function countDown(panel: Panel): void {
    if (panel.left === undefined) return;
    const until = Date.now() + panel.left * 1000;
    let link: HTMLAnchorElement | undefined;
    window.setInterval(() => {
        const left = Math.round((until - Date.now()) / 1000);
        if (left <= 0) {
            goTo(panel.base + "?still=1");
        } else if (left <= WARN_S) {
            link = link || showLeft(panel.base);
            link.textContent = panel.leftWords.replace("{{seconds}}", String(left));
        }
    }, STARE_MS);
}

function signOutOnLeaving(panel: Panel): void {
    const token = document.querySelector<HTMLInputElement>("input[name=form]");
    if (panel.left === undefined || !token || !navigator.sendBeacon) return;
    document.addEventListener("click", (event) => {
        if (event.target instanceof Element && event.target.closest("a")) goesOn = true;
    });
    document.addEventListener("submit", () => (goesOn = true));
    window.addEventListener("pagehide", () => {
        if (!goesOn) navigator.sendBeacon(panel.base, new URLSearchParams({ do: "leave", form: token.value }));
    });
}

/** The image of a page may take longer to be made than one request waits: it is asked for again, some times. */
function keepAsking(): void {
    const image = document.querySelector<HTMLImageElement>(".preview img");
    if (!image) return;
    const path = image.src;
    let patience = PICTURE_TRIES;
    const again = () => {
        if (patience-- > 0) window.setTimeout(() => (image.src = path + "&try=" + patience), STARE_MS);
    };
    image.addEventListener("error", again);
    if (image.complete && !image.naturalWidth) again();
}

/** Somebody's page out of the browser's memory, after he signed out: it is asked for again. */
function neverShowAgain(): void {
    window.addEventListener("pageshow", (event) => {
        if (event.persisted) location.reload();
    });
}

function showKeys(): void {
    for (const pad of Array.from(document.querySelectorAll<HTMLElement>("[data-keypad]"))) {
        const field = document.getElementById(pad.dataset["keypad"] ?? "");
        if (!(field instanceof HTMLInputElement)) continue;
        for (const key of ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "⌫"]) {
            const button = document.createElement("button");
            button.type = "button";
            button.textContent = key;
            button.addEventListener("click", () => {
                field.value = key === "⌫" ? field.value.slice(0, -1) : field.value + key;
            });
            pad.appendChild(button);
        }
        pad.hidden = false;
    }
}

const script = document.currentScript;
if (script instanceof HTMLScriptElement) {
    const panel = read(script);
    refreshLater(panel);
    listen(panel);
    countDown(panel);
    signOutOnLeaving(panel);
    keepAsking();
    neverShowAgain();
    showKeys();
}

export {};
