// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * The line to the service: opened, read, opened again. It goes on where it was (Last-Event-ID), ever later where nobody
 * answers, each page at another moment.
 *
 *      connecting --ready, resync--> on --the line breaks--> connecting ...
 *           '--401--> over (until somebody has signed in again)
 */
import { openLive } from "../api/live";
import { EventReader, type Said } from "./events";

export const QUIET_MS = 75_000; // the service says something every 30 s
const FULL_MS = 30_000;
const LAST_MS = 30_000;

export interface Ear {
    said: (said: Said) => void;
    over: () => Promise<boolean>; // signed out; whether somebody is in again
    on: (isOn: boolean) => void;
}

/* 1, 2, 4 … 30 s, and between half and all of it. */
export function pause(tries: number, chance: number): number {
    return Math.min(1000 * 2 ** tries, LAST_MS) * (0.5 + chance / 2);
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
        const end = () => {
            clearTimeout(timer);
            window.removeEventListener("online", end);
            signal.removeEventListener("abort", end);
            resolve();
        };
        const timer = setTimeout(end, ms);

        window.addEventListener("online", end);
        signal.addEventListener("abort", end);
    });
}

class Line {
    private last: string | null = null;
    private tries = 0;
    private readonly ear: Ear;
    private readonly signal: AbortSignal;

    constructor(ear: Ear, signal: AbortSignal) {
        this.ear = ear;
        this.signal = signal;
    }

    async keep(): Promise<void> {
        while (!this.signal.aborted) {
            const status = await this.once();

            this.ear.on(false);
            if (this.signal.aborted) return;
            if (status === 401 || status === 403) {
                if (!(await this.ear.over())) return;
            } else {
                await wait(status === 429 ? FULL_MS : pause(this.tries++, Math.random()), this.signal);
            }
        }
    }

    private async once(): Promise<number> {
        const stop = new AbortController();
        const cut = () => stop.abort();

        this.signal.addEventListener("abort", cut);
        try {
            const answer = await openLive(this.last, stop.signal);

            if (answer.ok && answer.body) return await this.read(answer.body, cut);
            return answer.status;
        } catch {
            return 0;
        } finally {
            this.signal.removeEventListener("abort", cut);
        }
    }

    private async read(body: ReadableStream<Uint8Array>, cut: () => void): Promise<number> {
        const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
        const events = new EventReader();
        let quiet = setTimeout(cut, QUIET_MS);

        try {
            for (;;) {
                const { done, value } = await reader.read();

                if (done) return 0;
                clearTimeout(quiet);
                quiet = setTimeout(cut, QUIET_MS);
                for (const said of events.push(value)) {
                    if (said.name === "ended") return 401;
                    this.take(said);
                }
            }
        } finally {
            clearTimeout(quiet);
            cut();
        }
    }

    private take(said: Said): void {
        this.last = said.number ?? this.last;
        if (said.name !== "live") {
            this.tries = 0;
            this.ear.on(true);
        }
        this.ear.said(said);
    }
}

export function keepLine(ear: Ear, signal: AbortSignal): Promise<void> {
    return new Line(ear, signal).keep();
}
