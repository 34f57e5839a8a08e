// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { describe, expect, it } from "vitest";

import { finishing, hasFinish, mediaName, pageRanges, withFinish, withOption } from "./ticket";

describe("page ranges", () => {
    it.each([
        ["", ""],
        ["2-3", "2-3"],
        [" 1 - 3, 7 ; 9- ", "1-3,7,9-"],
        ["1–4", "1-4"],
    ])("%j is %j", (typed, expected) => expect(pageRanges(typed)).toBe(expected));

    it.each(["0", "3-1", "2,1", "a", "1,,2", "1-,3", "-3", "1-2-3", "9999999"])("%j is none", (typed) => expect(pageRanges(typed)).toBeNull());
});

describe("options", () => {
    it("that are left open are not there", () => {
        expect(withOption({ copies: 2, sides: "one-sided" }, "copies", undefined)).toEqual({ sides: "one-sided" });
        expect(withOption({}, "number_up", 2)).toEqual({ number_up: 2 });
    });
    it("staple as the printer can", () => {
        expect(finishing("staple", [3, 20])).toBe(20);
        expect(finishing("staple", [3])).toBeNull();
        expect(finishing("punch", undefined)).toBe(5);
        const stapled = withFinish({ finishings: [5] }, "staple", true, [3, 5, 20]);
        expect(stapled.finishings).toEqual([5, 20]);
        expect(hasFinish(stapled, "staple")).toBe(true);
        expect(withFinish({ finishings: [20] }, "staple", false, undefined)).toEqual({});
    });
});

describe("paper", () => {
    it.each([
        ["iso_a4_210x297mm", "A4"],
        ["om_small-photo_100x150mm", "small photo (100x150mm)"],
        ["whatever", "whatever"],
    ])("%s is %s", (media, name) => expect(mediaName(media)).toBe(name));
});
