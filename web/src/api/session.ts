// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * Who is signed in. The cookie is out of reach of scripts; what we have is the token that goes with what changes something,
 * which ends with the session. Where a session ends while somebody works, the call that met it waits, the shell asks to sign
 * in again, and the call is made again: nothing that was typed is lost.
 */

let token: string | null = null;
let person: string | null = null;

/* What the shell must ask for before a call can go on. */
export type Asked = "nothing" | "sign-in" | "fresh";

let asked: Asked = "nothing";
let waiting: ((went: boolean) => void)[] = [];
const listeners = new Set<() => void>();

function ask(what: Asked): void {
    asked = what;
    for (const listener of listeners) listener();
}

export function readAsked(): Asked {
    return asked;
}

export function watchAsked(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
}

export function csrf(): string | null {
    return token;
}

/* Resolves when somebody has signed in again (true), or does not want to (false). */
export function signInAgain(what: "sign-in" | "fresh"): Promise<boolean> {
    ask(what);
    return new Promise((resolve) => waiting.push(resolve));
}

export function answerAsked(went: boolean): void {
    const all = waiting;

    waiting = [];
    ask("nothing");
    for (const resolve of all) resolve(went);
}

export interface Current {
    person: string;
    csrf: string;
}

/* Null: nobody is. What was shown to one person is never shown to another one: the page is made anew. */
export async function readSession(): Promise<Current | null> {
    const answer = await fetch("/v1/sessions/current", { headers: { Accept: "application/json" } });

    if (answer.status === 401 || answer.status === 403) return null;
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    const found = (await answer.json()) as Current;
    if (person !== null && person !== found.person) location.reload();
    person = found.person;
    token = found.csrf;
    return found;
}

export function signInPage(): string {
    return `/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`;
}
