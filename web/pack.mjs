// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * node pack.mjs FOLDER TARGET: builds the application, and what the plain pages and panels load, into FOLDER/files and packs
 * it for the program:
 *
 *      FOLDER/app-files.c      struct app_file app_files[], and which addresses are pages (src/door/app-files.h)
 *      FOLDER/app-octets.S     the octets: as they are, and compressed where that makes them smaller
 *      FOLDER/app.d            what all this was made of, for Ninja, whose name of it is TARGET
 */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { extname, join, relative, resolve } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "vite";

import { groupsOf } from "./bundle.ts";

const TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
};
const MADE_OF = ["src", "public", "panel", "sign-in", "index.html", "vite.config.ts", "bundle.ts", "pack.mjs", "package-lock.json"];

/* What plain pages load, by the name that the service asks for it by. Browsers in printers are old. */
const SCRIPTS = { "passkey.js": ["sign-in/passkey.ts", "es2020"], "panel.js": ["panel/panel.ts", "es2015"] };
const SHEETS = { "pages.css": "sign-in/pages.css", "panel.css": "panel/panel.css" };

const web = import.meta.dirname;
const folder = resolve(process.argv[2]);
const files = join(folder, "files");

function walk(path, takesFolders = false) {
    const entries = readdirSync(path, { withFileTypes: true });
    const below = entries.flatMap((entry) => (entry.isDirectory() ? walk(join(path, entry.name), takesFolders) : [join(path, entry.name)]));
    return takesFolders ? [path, ...below] : below;
}

function sources(name) {
    const path = join(web, name);
    return /\.\w+$/.test(name) ? [path] : walk(path, true);
}

/* Where the service has a file of this name. */
const names = new Map();

async function buildScript(name, [source, target]) {
    const output = { format: "iife", entryFileNames: `assets/${name.replace(".js", "-[hash].js")}` };
    const made = await build({
        root: web,
        configFile: false,
        logLevel: "warn",
        build: { target, outDir: files, emptyOutDir: false, copyPublicDir: false, modulePreload: { polyfill: false }, reportCompressedSize: false, rolldownOptions: { input: join(web, source), output } },
    });
    names.set(`/${made.output[0].fileName}`, name);
}

/* As it was written: what old browsers understand is not to be made newer. */
function takeSheet(name, source) {
    const octets = readFileSync(join(web, source));
    const path = `assets/${name.replace(".css", `-${createHash("sha256").update(octets).digest("base64url").slice(0, 8)}.css`)}`;
    writeFileSync(join(files, path), octets);
    names.set(`/${path}`, name);
}

const smaller = (packed, plain) => (packed.length < plain.length * 0.95 ? packed : null);

function forms(octets) {
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: octets.length };
    return { plain: octets, gzip: smaller(gzipSync(octets, { level: 9 }), octets), brotli: smaller(brotliCompressSync(octets, { params }), octets) };
}

const symbol = (at, form) => `app_octets_${at}_${form}`;

/* Vite names what it makes by a hash of its contents; such a name never gets other contents. */
const isHashed = (path) => /^\/assets\/.*-[\w-]{8}\.\w+$/.test(path);

function pack(path, at) {
    const octets = readFileSync(path);
    const name = `/${relative(files, path)}`;
    const type = TYPES[extname(path)];
    if (!type) throw new Error(`${name}: what type is this? See TYPES.`);
    const made = Object.entries(forms(octets)).filter(([, form]) => form);
    const tag = createHash("sha256").update(octets).digest("base64url").slice(0, 22);
    const lines = [];
    for (const [form, packed] of made) {
        const file = join(folder, "octets", symbol(at, form));
        writeFileSync(file, packed);
        lines.push(`.globl ${symbol(at, form)}`, `${symbol(at, form)}: .incbin "${file}"`);
    }
    const has = Object.fromEntries(made.map(([form, packed]) => [form, `{ ${symbol(at, form)}, ${packed.length} }`]));
    return {
        assembler: lines.join("\n"),
        symbols: made.map(([form]) => `extern const char ${symbol(at, form)}[];`).join("\n"),
        row: `        { "${name}", ${names.has(name) ? `"${names.get(name)}"` : "NULL"}, "${type}", "\\"${tag}\\"", ${isHashed(name)}, ${has.plain}, ${has.gzip ?? "{ 0 }"}, ${has.brotli ?? "{ 0 }"} },`,
    };
}

/* The first parts of the addresses that are pages: those of the features (src/shell/feature.ts), and where apps share documents to. */
function sections() {
    const features = walk(join(web, "src")).filter((path) => /\/(feature|administration)\.ts$/.test(path));
    const pages = features.flatMap((path) => [...readFileSync(path, "utf8").matchAll(/\bpath: "(\/[^"]*)"/g)].map((match) => match[1]));
    const { share_target } = JSON.parse(readFileSync(join(web, "public", "manifest.webmanifest"), "utf8"));

    return [...new Set([...pages, share_target.action].map((path) => path.split("/")[1]))].filter(Boolean).sort();
}

process.env.WEB_OUT = files;
const first = await build({ root: web, logLevel: "warn", build: { write: false } });
const groups = groupsOf(first, { frame: "/src/main.tsx", prints: "/src/jobs/JobsPage.tsx" });
await build({ root: web, logLevel: "warn", build: { rolldownOptions: { output: { codeSplitting: { groups } } } } });
for (const [name, script] of Object.entries(SCRIPTS)) await buildScript(name, script);
for (const [name, source] of Object.entries(SHEETS)) takeSheet(name, source);
mkdirSync(join(folder, "octets"), { recursive: true });
const packed = walk(files).sort().map(pack);
const c = `/* Made by web/pack.mjs. */
#include "door/app-files.h"

${packed.map((file) => file.symbols).join("\n")}

const struct app_file app_files[] = {
${packed.map((file) => file.row).join("\n")}
};
const size_t app_file_count = sizeof(app_files) / sizeof(app_files[0]);

const char *const app_sections[] = { ${sections().map((name) => `"${name}", `).join("")}NULL };
`;
const s = `/* Made by web/pack.mjs. ${createHash("sha256").update(c).digest("hex")} */
        .section .rodata
${packed.map((file) => file.assembler).join("\n")}
        .section .note.GNU-stack,"",%progbits
`;
writeFileSync(join(folder, "app-files.c"), c);
writeFileSync(join(folder, "app-octets.S"), s);
writeFileSync(join(folder, "app.d"), `${process.argv[3]}: ${MADE_OF.flatMap(sources).map((path) => path.replaceAll(" ", "\\ ")).join(" ")}\n`);
