// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { readFileSync } from "node:fs";
import { runInNewContext } from "node:vm";

import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

import { withoutUnused } from "./bundle.ts";

/* The worker that qr-scanner makes out of a string, as a file of ours (src/release/qrEngine.ts). */
function qrEngine(): Plugin {
    return {
        name: "qr-engine",
        resolveId: (id) => (id === "virtual:qr-engine" ? `\0${id}` : null),
        load(id) {
            if (id !== "\0virtual:qr-engine") return null;
            const library = readFileSync(new globalThis.URL("node_modules/qr-scanner/qr-scanner-worker.min.js", import.meta.url), "utf8");
            const said: string[] = [];
            const Blob = class {
                constructor(parts: string[]) {
                    said.push(...parts);
                }
            };
            const URL = { createObjectURL: () => "" };
            runInNewContext(`${library.replace("export const", "const").replace(/\/\/# .*$/, "")};createWorker()`, { Blob, URL, Worker: class {} });
            if (!said.length) throw new Error("qr-scanner has another shape now");
            return said.join("");
        },
    };
}

// web/make gives the folder. Nothing is inlined: the content security policy allows files of ours and nothing else.
export default defineConfig({
    plugins: [react(), withoutUnused()],
    worker: { format: "es", plugins: () => [qrEngine()] },
    build: {
        target: "es2022",
        outDir: process.env["WEB_OUT"] ?? "dist",
        emptyOutDir: true,
        assetsInlineLimit: 0,
        modulePreload: { polyfill: false },
        reportCompressedSize: false,
        chunkSizeWarningLimit: 1000,
    },
    test: { include: ["src/**/*.test.ts", "src/**/*.test.tsx"], environment: "node" },
});
