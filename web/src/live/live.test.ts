// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { describe, expect, it } from "vitest";

import { EventReader, type LiveEvent } from "./events";
import { pause } from "./line";
import { isStale } from "./stale";

const STREAM =
    ': x\n\nevent: ready\nid: a-1\ndata: {}\n\nevent: live\r\nid: a-2\r\ndata: {"kind":"job","id":null,"what":"job-held"}\r\n\r\n' +
    "event: live\ndata: no JSON\n\nevent: live\ndata: {}\n\nevent: other\ndata: {}\n\nevent: resync\nid: a-3\ndata: {}\n\nevent: ended";

describe("what the stream says", () => {
    it("is the same in whatever pieces it comes", () => {
        for (let size = 1; size < STREAM.length; size++) {
            const reader = new EventReader();
            const said = [];

            for (let at = 0; at < STREAM.length; at += size) said.push(...reader.push(STREAM.slice(at, at + size)));
            expect(said).toEqual([
                { name: "ready", number: "a-1" },
                { name: "live", number: "a-2", event: { kind: "job", id: null, what: "job-held" } },
                { name: "resync", number: "a-3" },
            ]);
        }
    });
});

const ONE = "019a0000-0000-7000-8000-000000000001";
const TWO = "019a0000-0000-7000-8000-000000000002";
const job: LiveEvent = { kind: "job", id: ONE, what: "job-held" };

describe("what is stale", () => {
    it.each([
        [job, ["jobs", "held"], true],
        [job, ["jobs", ONE], true],
        [job, ["jobs", TWO], false],
        [job, ["jobs", TWO, "timeline"], false],
        [job, ["releases", TWO], true],
        [job, ["printers"], false],
        [{ ...job, id: null }, ["jobs", TWO], true],
        [{ kind: "printer", id: ONE, what: "printer-state" }, ["printers", ONE, "state"], true],
        [{ kind: "queue", id: ONE, what: "queue-made" }, ["queues"], true],
        [{ ...job, what: "job-drawn" }, ["jobs", "held"], false],
    [job, [], false],
        [job, [{ jobs: 1 }], false],
    ] as [LiveEvent, unknown[], boolean][])("%o %o", (event, key, stale) => expect(isStale(event, key)).toBe(stale));
});

describe("who comes again", () => {
    it("comes ever later, and never all at once", () => {
        expect([0, 1, 4, 5, 20].map((tries) => pause(tries, 1))).toEqual([1000, 2000, 16_000, 30_000, 30_000]);
        expect(pause(3, 0)).toBe(4000);
    });
});
