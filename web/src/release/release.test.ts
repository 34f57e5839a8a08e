// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { describe, expect, it } from "vitest";

import { distance, distanceWords, placeOf } from "./near";
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
    it("are read", () => expect(placeOf("geo:52.52,13.4")).toEqual({ latitude: 52.52, longitude: 13.4 }));
    it.each([null, "", "geo:91,0", "52.5,13.4"])("or are none: %s", (geo) => expect(placeOf(geo)).toBeNull());
    it("are so far apart", () => {
        const metres = distance({ latitude: 52.52, longitude: 13.405 }, { latitude: 48.137, longitude: 11.575 });
        expect(Math.round(metres / 1000)).toBe(504);
        expect(distanceWords("en", metres)).toBe("504 km");
        expect(distanceWords("en", 123)).toBe("120 m");
    });
});
