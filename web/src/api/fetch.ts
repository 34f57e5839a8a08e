// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Every call goes through here: its token, its key, who must sign in again, and what the page shows of its calls. */

import { noteCall } from "./calls";
import { unreachable } from "./problem";
import { csrf, readSession, signInAgain } from "./session";

const LOOKING = ["GET", "HEAD"];

function prepared(request: Request, key: string): Request {
    const copy = new Request(request);
    const token = csrf();

    if (LOOKING.includes(request.method)) return copy;
    if (token) copy.headers.set("X-CSRF-Token", token);
    // The same press of a button is done once, however often the line makes us say it.
    if (request.method === "POST" && !copy.headers.has("Idempotency-Key")) copy.headers.set("Idempotency-Key", key);
    return copy;
}

type Need = "sign-in" | "token" | "fresh" | null;

const NEEDS: Record<string, Need> = { "not-signed-in": "sign-in", "no-csrf-token": "token", "not-fresh": "fresh" };

async function needs(answer: Response): Promise<Need> {
    if (answer.status !== 401 && answer.status !== 403) return null;
    const body = (await answer.clone().json().catch(() => null)) as { code?: string } | null;
    return NEEDS[body?.code ?? ""] ?? null;
}

async function once(request: Request, key: string): Promise<Response> {
    const body = request.body === null ? null : await request.clone().text();
    const url = new URL(request.url);
    const done = noteCall(request.method, url.pathname + url.search, body);

    try {
        const answer = await fetch(prepared(request.clone(), key));
        done(answer.status);
        return answer;
    } catch (error) {
        done(0);
        if (request.signal.aborted) throw error;
        throw unreachable();
    }
}

/* Somebody signed in anew in another window: the session is whole, and its token another one. */
async function takeToken(): Promise<boolean> {
    return (await readSession().catch(() => null)) !== null;
}

export async function call(request: Request): Promise<Response> {
    const key = crypto.randomUUID();
    let hasToken = false;

    for (;;) {
        const answer = await once(request, key);
        const wanted = await needs(answer);

        if (!wanted) return answer;
        if (wanted === "token" && !hasToken) {
            hasToken = true;
            if (await takeToken()) continue;
        }
        if (!(await signInAgain(wanted === "fresh" ? "fresh" : "sign-in"))) return answer;
        await takeToken();
    }
}
