// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { describe, expect, it } from "vitest";

import { leftOf } from "./level";

describe("how much is left", () => {
    it("is percent where it was counted", () => expect(leftOf({ state: "level", level: 7, max: 50 })).toEqual({ percent: 14 }));
    it("is never outside of 0 to 100", () => {
        expect(leftOf({ state: "level", level: 700, max: 50 })).toEqual({ percent: 100 });
        expect(leftOf({ state: "level", level: -5, max: 50 })).toEqual({ percent: 0 });
    });
    it("is a number where nobody says of how many", () => expect(leftOf({ state: "level", level: 70, max: null })).toEqual({ word: "counted", count: 70 }));
    it.each(["some", "unknown", "unlimited"] as const)("is a word for %s (RFC 3805: -3, -2, -1)", (state) => expect(leftOf({ state, level: null, max: 100 })).toEqual({ word: state }));
    it("is not known where it was to be counted and was not", () => expect(leftOf({ state: "level", level: null, max: 5 })).toEqual({ word: "unknown" }));
});
