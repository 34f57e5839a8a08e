// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { describe, expect, it } from "vitest";

import { details, type Job, type Standing, standing } from "./standing";

function job(state: Job["state"], delivery: string | null, reason: string | null = null): Job {
    return { state, reason, delivery: delivery ? { state: delivery } : null } as unknown as Job;
}

describe("how it stands with a job", () => {
    it.each<[Job["state"], string | null, string | null, Standing]>([
        ["receiving", null, null, "arriving"],
        ["held", null, null, "waiting"],
        ["held", "not-printed", "connect-refused", "returned"],
        ["held", null, "document-password-needed", "password"],
        ["releasing", "requested", null, "going"],
        ["releasing", "offered", null, "going"],
        ["releasing", "armed", null, "printing"],
        ["releasing", "uncertain", null, "uncertain"],
        ["done", "printed", null, "printed"],
        ["done", "sent", null, "sent"],
        ["done", "closed", null, "settled"],
        ["done", null, null, "over"],
        ["expired", null, null, "expired"],
    ])("%s, %s, %s", (state, delivery, reason, expected) => {
        expect(standing(job(state, delivery, reason))).toBe(expected);
    });
});

describe("the details of an event", () => {
    it("are names and values, which may hold spaces", () => {
        expect(details("option=sides value=two-sided-long-edge policy=Save paper")).toEqual({
            option: "sides",
            value: "two-sided-long-edge",
            policy: "Save paper",
        });
    });
    it("are nothing of nothing", () => {
        expect(details(null)).toEqual({});
        expect(details("agent-silent")).toEqual({});
    });
});
