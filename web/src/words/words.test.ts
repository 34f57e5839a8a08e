// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

import languages from "./languages.json";

const HERE = import.meta.dirname;
const SOURCE = join(HERE, "..");

type Words = { [key: string]: string | Words };

function read(language: string, name: string): Words {
    return JSON.parse(readFileSync(join(HERE, language, name), "utf8")) as Words;
}

function keys(words: Words, before = ""): string[] {
    return Object.entries(words).flatMap(([key, value]) => (typeof value === "string" ? [before + key] : keys(value, `${before}${key}.`)));
}

/* Languages differ in how many forms a plural has. */
function withoutForms(all: string[]): string[] {
    return [...new Set(all.map((key) => key.replace(/_(zero|one|two|few|many|other)$/, "")))].sort();
}

function places(words: Words, key: string): string[] {
    const found = key.split(".").reduce<string | Words>((at, part) => (at as Words)[part]!, words) as string;
    return [...new Set([...found.matchAll(/{{\s*(\w+)/g)].map((match) => match[1]!))].sort();
}

const others = Object.keys(languages).filter((language) => language !== "en");
const files = readdirSync(join(HERE, "en"));

describe.each(others)("the words in %s", (language) => {
    it("are in the same files", () => {
        expect(readdirSync(join(HERE, language)).sort()).toEqual([...files].sort());
    });

    it.each(files)("are the same keys in %s", (file) => {
        expect(withoutForms(keys(read(language, file)))).toEqual(withoutForms(keys(read("en", file))));
    });

    it.each(files)("have the same places to fill in %s", (file) => {
        const [ours, english] = [read(language, file), read("en", file)];
        for (const key of keys(english).filter((key) => keys(ours).includes(key))) expect([key, places(ours, key)]).toEqual([key, places(english, key)]);
    });
});

function sources(folder: string): string[] {
    return readdirSync(folder, { withFileTypes: true, recursive: true })
        .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.name.includes(".test."))
        .map((entry) => join(entry.parentPath, entry.name));
}

/* What is asked for by a key that is written out; keys that are put together are for the stories to see. */
const CALL = /\bt\(\s*"([^"]+)"/g;
const SPACE = /useTranslation\(\s*\[?\s*"([^"]+)"/;

describe("what the pages ask for", () => {
    it.each(sources(SOURCE).map((path) => path.slice(SOURCE.length + 1)))("%s", (path) => {
        const text = readFileSync(join(SOURCE, path), "utf8");
        const space = SPACE.exec(text)?.[1] ?? "shell";
        for (const [, asked] of text.matchAll(CALL)) {
            const [name, key] = asked!.includes(":") ? (asked!.split(":") as [string, string]) : [space, asked!];
            expect(withoutForms(keys(read("en", `${name}.json`)))).toContain(key);
        }
    });
});
