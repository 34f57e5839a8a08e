// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { describe, expect, it } from "vitest";

import { daysLater, queryOf, readOrder, share } from "./order";

const TODAY = "2026-03-30";

function read(words: string, ownAlone = false) {
    return readOrder(new URLSearchParams(words), TODAY, ownAlone);
}

describe("a report's order", () => {
    it("is the last thirty days where nothing is said", () => {
        expect(read("")).toEqual({ by: "day", since: "2026-03-01", until: TODAY, site: "" });
    });
    it("takes nothing that cannot be asked", () => {
        expect(read("by=hour&since=2026-02-30&until=x")).toEqual(read(""));
        expect(read("since=2027-01-01").since).toBe(TODAY);
        expect(read("since=2020-01-01").since).toBe("2025-03-29");
    });
    it("is of oneself alone by time", () => {
        expect(read("by=printer&site=north", true)).toEqual(read(""));
        expect(read("by=month", true).by).toBe("month");
        expect(queryOf(read("", true), true)).toMatchObject({ person: "me" });
    });
    it("ends with the day after the last one", () => {
        expect(queryOf(read("by=printer&site=north"), false)).toEqual({ by: "printer", since: "2026-03-01", until: "2026-03-31", site: "north" });
    });
});

describe("days and shares", () => {
    it("go over the end of months and the night that is short", () => {
        expect(daysLater("2026-03-28", 2)).toBe("2026-03-30");
        expect(daysLater("2024-02-28", 1)).toBe("2024-02-29");
    });
    it("are nothing of nothing", () => {
        expect(share("en", 0, 0)).toBe("0%");
        expect(share("en", 1, 3)).toBe("33%");
    });
});
