// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* How it stands with a job, as its owner asks: where is it, and why is it not on paper? */
import type { Schemas } from "../api/client";

export type Job = Schemas["Job"];

export type Standing =
    | "arriving"
    | "waiting"
    | "returned" // was sent to a printer, and proved not to be printed
    | "password" // its document opens only with one
    | "going"
    | "printing"
    | "uncertain"
    | "printed"
    | "sent" // the printer took all of it and cannot say more
    | "settled" // its owner said so
    | "deleted"
    | "expired"
    | "rejected"
    | "over";

function held(job: Job): Standing {
    if (job.reason?.startsWith("document-password")) return "password";
    return job.reason || job.delivery?.state === "not-printed" ? "returned" : "waiting";
}

function releasing(job: Job): Standing {
    if (job.delivery?.state === "uncertain") return "uncertain";
    return job.delivery?.state === "armed" ? "printing" : "going";
}

function done(job: Job): Standing {
    switch (job.delivery?.state) {
        case "printed":
            return "printed";
        case "sent":
            return "sent";
        case "uncertain":
            return "uncertain";
        case "closed":
            return "settled";
        default:
            return "over";
    }
}

export function standing(job: Job): Standing {
    switch (job.state) {
        case "receiving":
            return "arriving";
        case "held":
            return held(job);
        case "releasing":
            return releasing(job);
        case "done":
            return done(job);
        default:
            return job.state;
    }
}

/* The others say themselves all that there is to say. */
export function needsReason(standing: Standing): boolean {
    return !["printed", "settled", "deleted", "expired"].includes(standing);
}

const COLOURS: Partial<Record<Standing, string>> = {
    returned: "orange",
    password: "orange",
    uncertain: "orange",
    printed: "green",
    settled: "green",
    rejected: "red",
};

export function colourOf(standing: Standing): string {
    return COLOURS[standing] ?? "gray";
}

/* "reason=no-answer pages=0": what an event says of itself. */
export function details(words: string | null): Record<string, string> {
    const found: Record<string, string> = {};

    for (const [, name, value] of (words ?? "").matchAll(/([a-z_-]+)=(.*?)(?=\s+[a-z_-]+=|$)/g)) found[name!] = value!;
    return found;
}
