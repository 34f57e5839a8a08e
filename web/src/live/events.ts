// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Server-sent events (HTML standard, 9.2.6), as far as GET /v1/live sends them: push octets' text, get what is complete. */

export interface LiveEvent {
    kind: string;
    id: string | null;
    what: string;
}

export type Said =
    | { name: "ready" | "resync" | "ended"; number: string | null }
    | { name: "live"; number: string | null; event: LiveEvent };

const LINE_MAX = 65_536;

function isEvent(value: unknown): value is LiveEvent {
    const event = value as LiveEvent | null;

    return (
        typeof event === "object" &&
        event !== null &&
        typeof event.kind === "string" &&
        typeof event.what === "string" &&
        (event.id === null || typeof event.id === "string")
    );
}

function understand(fields: Map<string, string>): Said | null {
    const name = fields.get("event");
    const number = fields.get("id") ?? null;

    if (name === "ready" || name === "resync" || name === "ended") return { name, number };
    if (name !== "live") return null;
    try {
        const event: unknown = JSON.parse(fields.get("data") ?? "");
        return isEvent(event) ? { name, number, event } : null;
    } catch {
        return null;
    }
}

export class EventReader {
    private rest = "";
    private fields = new Map<string, string>();

    push(text: string): Said[] {
        const lines = (this.rest + text).split("\n");
        const said: Said[] = [];

        this.rest = lines.pop()!.slice(0, LINE_MAX);
        for (const line of lines) {
            const one = this.line(line.replace(/\r$/, ""));
            if (one) said.push(one);
        }
        return said;
    }

    private line(line: string): Said | null {
        if (line === "") {
            const said = understand(this.fields);
            this.fields = new Map();
            return said;
        }
        const colon = line.indexOf(":");
        if (colon > 0) this.fields.set(line.slice(0, colon), line.slice(colon + 1).replace(/^ /, ""));
        return null;
    }
}
