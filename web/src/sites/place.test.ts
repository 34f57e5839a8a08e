// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { describe, expect, it } from "vitest";

import { placeOf, scatter } from "./place";

describe("a place", () => {
    it("is read as RFC 5870 writes it", () => expect(placeOf("geo:52.5,-13.25")).toEqual({ latitude: 52.5, longitude: -13.25 }));
    it("may have a height and parameters", () => expect(placeOf("geo:1,2,3;u=5")).toEqual({ latitude: 1, longitude: 2 }));
    it.each([null, "", "52,13", "geo:a,b"])("is none: %j", (geo) => expect(placeOf(geo)).toBeNull());
});

describe("places on a map", () => {
    it("one alone is in the middle", () => expect(scatter([{ latitude: 10, longitude: 10 }], 200, 100, 10)).toEqual([{ x: 100, y: 50 }]));
    it("north is up and east is right, and all are inside", () => {
        const [north, south] = scatter([{ latitude: 53, longitude: 10 }, { latitude: 48, longitude: 12 }], 200, 100, 10);
        expect(north!.y).toBeCloseTo(10);
        expect(south!.y).toBeCloseTo(90);
        expect(north!.x).toBeLessThan(south!.x);
    });
    it("two in the same place are one", () => {
        const same = { latitude: 1, longitude: 1 };
        expect(scatter([same, same], 200, 100, 10)).toEqual([{ x: 100, y: 50 }, { x: 100, y: 50 }]);
    });
});
