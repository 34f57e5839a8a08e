// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * One stream of events for all tabs of a browser, which has but six connections to a service: whoever holds the lock has it
 * and passes on what comes; when he closes, another tab gets the lock. What an event makes stale is asked for again, at
 * once where nothing came lately, and else together with what comes meanwhile.
 */
import type { QueryClient } from "@tanstack/react-query";
import { useEffect, useSyncExternalStore } from "react";

import { readSession, signInAgain } from "../api/session";
import type { LiveEvent, Said } from "./events";
import { keepLine } from "./line";
import { tellList } from "./lists";
import { isStale } from "./stale";

const NAME = "imprimatur-live";
/* The first event is shown at once, others with their neighbours; in a storm of them that lasts it is asked less often. */
const TOGETHER_MS = 100;
const STORM_AFTER_MS = 10_000;
const STORM_MS = 1600;
const LOST_MS = 5000;

type Passed = { said: Said } | { isOn: boolean };

/* ---- whether it is there ---- */

let isLost = false;
let losing: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

function setLost(lost: boolean): void {
    if (isLost === lost) return;
    isLost = lost;
    for (const listener of listeners) listener();
}

/* A line that is back within moments was never lost to anybody. */
function setOn(isOn: boolean): void {
    clearTimeout(losing);
    if (isOn) setLost(false);
    else losing = setTimeout(() => setLost(true), LOST_MS);
}

export function useIsLost(): boolean {
    return useSyncExternalStore(
        (listener) => {
            listeners.add(listener);
            return () => listeners.delete(listener);
        },
        () => isLost,
    );
}

/* ---- what it says ---- */

class Refresher {
    private waiting: Said[] = [];
    private timer: ReturnType<typeof setTimeout> | undefined;
    private since = 0; // that events have come without a rest; 0: it is quiet
    private readonly client: QueryClient;

    constructor(client: QueryClient) {
        this.client = client;
    }

    take(said: Said): void {
        if (said.name === "ready") return;
        this.waiting.push(said);
        if (this.timer === undefined) this.refresh();
    }

    stop(): void {
        clearTimeout(this.timer);
    }

    private refresh(): void {
        const said = this.waiting;

        this.timer = undefined;
        if (said.length === 0) {
            this.since = 0;
            return;
        }
        this.waiting = [];
        this.since ||= Date.now();
        this.timer = setTimeout(() => this.refresh(), Date.now() - this.since > STORM_AFTER_MS ? STORM_MS : TOGETHER_MS);
        if (said.some((one) => one.name === "resync")) void this.client.invalidateQueries();
        else this.tell(said.flatMap((one) => (one.name === "live" ? [one.event] : [])));
    }

    /* A list reads what has changed of it; whatever else is stale is read anew. */
    private tell(events: readonly LiveEvent[]): void {
        const isWholly = new Set<string>();

        for (const query of this.client.getQueryCache().findAll()) {
            const ids = events.filter((event) => isStale(event, query.queryKey)).map((event) => event.id);
            const known = ids.filter((id) => id !== null);
            if (ids.length && (known.length < ids.length || !tellList(query.queryHash, known))) isWholly.add(query.queryHash);
        }
        void this.client.invalidateQueries({ predicate: (query) => isWholly.has(query.queryHash) });
    }
}

async function isInAgain(): Promise<boolean> {
    if (!(await signInAgain("sign-in"))) return false;
    return (await readSession()) !== null;
}

function listen(client: QueryClient): () => void {
    const stop = new AbortController();
    const refresher = new Refresher(client);
    const tabs = new BroadcastChannel(NAME);
    const take = (passed: Passed) => ("said" in passed ? refresher.take(passed.said) : setOn(passed.isOn));
    const pass = (passed: Passed) => {
        take(passed);
        tabs.postMessage(passed);
    };
    const ear = { said: (said: Said) => pass({ said }), on: (isOn: boolean) => pass({ isOn }), over: isInAgain };

    tabs.onmessage = (message: MessageEvent<Passed>) => take(message.data);
    navigator.locks.request(NAME, { signal: stop.signal }, () => keepLine(ear, stop.signal)).catch(() => undefined);
    return () => {
        stop.abort();
        refresher.stop();
        tabs.close();
    };
}

export function useLiveStream(client: QueryClient, isOn: boolean): void {
    useEffect(() => (isOn ? listen(client) : undefined), [client, isOn]);
}
