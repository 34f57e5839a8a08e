// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { describe, expect, it } from "vitest";

import { distanceWords, nearOf } from "./near";
import { panelCode, printerPage } from "./target";

const HERE = "https://print.example";

describe("what a scanned code leads to", () => {
    it("is a printer of this service", () => {
        expect(printerPage(`${HERE}/printers/01a20049-e50a?code=WDJB-MJHT`, HERE)).toBe("/printers/01a20049-e50a?code=WDJB-MJHT");
    });
    it("is what a panel shows", () => {
        expect(printerPage(`${HERE}/device?user_code=WDJB-MJHT`, HERE)).toBe("/device?user_code=WDJB-MJHT");
        expect(printerPage(`${HERE}/device?user_code=`, HERE)).toBeNull();
    });
    it.each([
        "https://evil.example/printers/1",
        "https://print.example@evil.example/printers/1",
        "https://user@print.example/printers/1",
        "http://print.example/printers/1",
        "https://print.example:444/printers/1",
        `${HERE}/admin/printers/1`,
        `${HERE}/printers/../admin`,
        `${HERE}/printers/`,
        "javascript:alert(1)",
        "WIFI:S:x;;",
        "",
    ])("and nothing else: %s", (words) => expect(printerPage(words, HERE)).toBeNull());
});

describe("a panel's code", () => {
    it("is taken however it is typed", () => expect(panelCode(" wdjb mjht")).toBe("WDJB-MJHT"));
    it.each(["WDJB", "WDJA-MJHT", "12345678", ""])("and no other: %s", (words) => expect(panelCode(words)).toBeNull());
});

describe("places", () => {
    it("are told to the house", () => expect(nearOf({ latitude: 52.5200081, longitude: -0.00012 })).toBe("52.520,-0.000"));
    it("are so far apart", () => {
        expect(distanceWords("en", 504_338)).toBe("504 km");
        expect(distanceWords("en", 123)).toBe("120 m");
    });
});
