// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * How the application is cut into files. Left alone, what several pages share becomes dozens of small files, each a request
 * of the first look. So it is built twice: the first time tells what a page needs before it can run, and the second one
 * puts that together.
 */
import type { Plugin, Rolldown } from "vite";

type Chunk = Rolldown.OutputChunk;

/* The modules of the chunk that holds this source, and of all that it needs. */
function needsOf(chunks: Map<string, Chunk>, source: string): Set<string> {
    const open = [...chunks.values()].filter((chunk) => chunk.moduleIds.includes(source));
    const seen = new Set<Chunk>();

    for (let chunk = open.pop(); chunk; chunk = open.pop()) {
        if (seen.has(chunk)) continue;
        seen.add(chunk);
        for (const name of chunk.imports) open.push(...(chunks.has(name) ? [chunks.get(name)!] : []));
    }
    return new Set([...seen].flatMap((chunk) => chunk.moduleIds));
}

/* Groups for the second build: one file a name, the earlier one first; then what many share. */
export function groupsOf(built: Rolldown.RolldownOutput, entries: Record<string, string>) {
    const chunks = new Map(built.output.flatMap((one) => (one.type === "chunk" ? [[one.fileName, one] as const] : [])));
    const groups = Object.entries(entries).map(([name, path], at) => {
        const needs = needsOf(chunks, import.meta.dirname + path);
        return { name, test: (id: string) => needs.has(id), priority: 100 - at };
    });

    return [...groups, { name: "parts", test: /node_modules.@mantine|src.parts/, minShareCount: 4, priority: 1 }];
}

const RULE = /([^{}]+)\{[^{}]*\}/g;
const COMPONENT = /\.(m_[0-9a-f]+)/g;

/* Mantine's sheet is for all of its components; a rule for one that no script of ours names is left out. */
function usedRules(sheet: string, scripts: string): string {
    return sheet.replace(RULE, (rule, selectors: string) => {
        if (selectors.includes(":not(")) return rule;
        const isUsed = selectors.split(",").some((one) => [...one.matchAll(COMPONENT)].every(([, name]) => scripts.includes(name!)));
        return isUsed ? rule : "";
    });
}

export function withoutUnused(): Plugin {
    return {
        name: "without-unused",
        enforce: "post",
        generateBundle(_options, bundle) {
            const files = Object.values(bundle);
            const scripts = files.map((file) => (file.type === "chunk" ? file.code : "")).join("");
            for (const file of files)
                if (file.type === "asset" && file.fileName.endsWith(".css")) file.source = usedRules(String(file.source), scripts);
        },
    };
}
