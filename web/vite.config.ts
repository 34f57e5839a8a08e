// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// web/make gives the folder. Nothing is inlined: the content security policy allows files of ours and nothing else.
export default defineConfig({
    plugins: [react()],
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
