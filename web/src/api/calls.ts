// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* What this page has asked of the API, newest first, for who wants to do the same by a script: shown by the shell. */

export interface Call {
    id: number;
    method: string;
    path: string;
    body: string | null;
    status: number | null; // null: on its way
    milliseconds: number;
}

const MAX = 100;
let calls: readonly Call[] = [];
let count = 0;
const listeners = new Set<() => void>();

function tell(next: readonly Call[]): void {
    calls = next;
    for (const listener of listeners) listener();
}

/* Secrets that are typed are for nobody's eyes again. */
const SECRET = /password|secret|pin$|code$|^pin|token|digits/i;

function shown(body: unknown): string | null {
    if (typeof body !== "string") return body ? "…" : null;
    try {
        return JSON.stringify(JSON.parse(body), (key, value: unknown) => (SECRET.test(key) && typeof value === "string" ? "…" : value), 2);
    } catch {
        return "…";
    }
}

export function noteCall(method: string, path: string, body: unknown): (status: number) => void {
    const from = performance.now();
    const id = ++count;

    tell([{ id, method, path, body: shown(body), status: null, milliseconds: 0 }, ...calls].slice(0, MAX));
    return (status) =>
        tell(calls.map((call) => (call.id === id ? { ...call, status, milliseconds: Math.round(performance.now() - from) } : call)));
}

export function forgetCalls(): void {
    tell([]);
}

export function readCalls(): readonly Call[] {
    return calls;
}

export function watchCalls(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
}
