// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { describe, expect, it } from "vitest";

import { faultOf, titleOf, typeOf } from "./kinds";

const file = (name: string, type = "", size = 10) => ({ name, type, size });

describe("what a file is", () => {
    it.each([
        [file("a.PDF"), "application/pdf"],
        [file("notes.md", "application/octet-stream"), "text/markdown"],
        [file("without ending", "image/png"), "image/png"],
        [file("program.exe", "application/x-msdownload"), null],
        [file(""), null],
    ])("%j", (what, type) => expect(typeOf(what)).toBe(type));
});

describe("what is said before it is sent", () => {
    it("an unknown kind", () => expect(faultOf(file("a.exe"), 100)).toBe("unknown-kind"));
    it("nothing in it", () => expect(faultOf(file("a.pdf", "", 0), 100)).toBe("empty"));
    it("too much in it", () => expect(faultOf(file("a.pdf", "", 101), 100)).toBe("too-large"));
    it("nothing wrong", () => expect(faultOf(file("a.pdf", "", 100), 100)).toBeNull());
});

describe("a title", () => {
    it("is cut between letters", () => expect(Array.from(titleOf("😀".repeat(300)))).toHaveLength(200));
});
