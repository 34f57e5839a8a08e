// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * The service worker. It keeps nothing: no answer of the API, no document, no page. It does two things:
 *
 *      a page cannot be fetched        -> a page of its own that says so
 *      another app shares a document   -> into memory, for the page that opens, once
 */
const KEPT_MS = 5 * 60 * 1000;
const KEPT_MAX = 8;

const WORDS = {
    en: ["The service cannot be reached", "Check the network connection. What waits to be printed still waits.", "Try again"],
    de: ["Der Dienst ist nicht erreichbar", "Bitte die Netzwerkverbindung prüfen. Was auf den Druck wartet, wartet weiter.", "Erneut versuchen"],
};
const STYLE =
    "body{margin:0;min-height:100vh;display:grid;place-items:center;font:1rem/1.5 system-ui,sans-serif}" +
    "main{max-width:30rem;padding:1.5rem;text-align:center}h1{font-size:1.5rem}" +
    "a{display:inline-block;padding:.75rem 1.5rem;border-radius:.5rem;background:#0b5c8a;color:#fff;text-decoration:none}";

const shared = new Map();

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

/* Nothing but this page, and its own style by the hash of it. */
async function headers() {
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(STYLE)));

    return {
        "Content-Type": "text/html; charset=utf-8",
        "Cache-Control": "no-store",
        "Content-Security-Policy": `default-src 'none'; style-src 'sha256-${btoa(String.fromCharCode(...hash))}'; base-uri 'none'; frame-ancestors 'none'`,
    };
}

async function away() {
    const language = navigator.language.startsWith("de") ? "de" : "en";
    const [title, words, again] = WORDS[language];
    const page =
        `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><title>${title} - Imprimatur</title>` +
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">' +
        `<style>${STYLE}</style></head>` +
        `<body><main><h1>${title}</h1><p>${words}</p><p><a href="">${again}</a></p></main></body></html>`;

    return new Response(page, { status: 503, headers: await headers() });
}

function forgetOld() {
    const now = Date.now();

    for (const [id, kept] of shared) if (now - kept.at > KEPT_MS || shared.size > KEPT_MAX) shared.delete(id);
}

async function share(request) {
    const form = await request.formData();
    const files = form.getAll("documents").filter((file) => file instanceof File && file.size > 0);
    const id = crypto.randomUUID();

    shared.set(id, { files, at: Date.now() });
    forgetOld();
    return Response.redirect(`/send?shared=${id}`, 303);
}

addEventListener("fetch", (event) => {
    const { request } = event;

    if (request.method === "POST" && new URL(request.url).pathname === "/share") event.respondWith(share(request));
    else if (request.mode === "navigate" && request.method === "GET") event.respondWith(fetch(request).catch(away));
});

addEventListener("message", (event) => {
    const id = event.data?.take;
    const kept = shared.get(id);

    forgetOld();
    shared.delete(id);
    event.ports[0]?.postMessage(kept?.files ?? []);
});
