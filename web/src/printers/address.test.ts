// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { describe, expect, it } from "vitest";

import { addressesOf, nameOf } from "./address";

describe("a name for addresses", () => {
    it.each([
        ["Büro 3 (Nord)", "buro-3-nord"],
        ["  Straße  ", "strasse"],
        ["3. Stock", "printer-3-stock"],
        ["打印机", "printer"],
        ["", "printer"],
        ["\u202egnp.exe", "gnp-exe"],
    ])("%j", (title, name) => expect(nameOf(title)).toBe(name));

    it("is never too long, and ends in no hyphen", () => {
        expect(nameOf("ab ".repeat(100))).toMatch(/^[a-z0-9-]{1,63}$/);
        expect(nameOf("1".repeat(100)).length).toBe(63);
        expect(nameOf(`${"a".repeat(62)} b`)).toBe("a".repeat(62));
    });
});

describe("addresses", () => {
    it("are IPPS where nothing else is said", () => expect(addressesOf("10.0.0.7")).toEqual(["ipps://10.0.0.7/ipp/print"]));
    it("stay where they are whole", () =>
        expect(addressesOf("socket://p1:9100\nlpd://p1/queue, ")).toEqual(["socket://p1:9100", "lpd://p1/queue"]));
});
