// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * Sends a document, and tells how far it is: fetch() cannot, so this is the one call that goes by XMLHttpRequest. The
 * same key with the same octets is the same job (POST /v1/jobs), so it may be sent again whatever has become of it.
 */
import { noteCall } from "./calls";
import type { Schemas } from "./client";
import { Problem, type ProblemBody, unreachable } from "./problem";
import { csrf, readSession, signInAgain } from "./session";

export interface Upload {
    file: File;
    type: string; // media type; application/octet-stream: the service looks
    key: string;
    query: Record<string, string>; // of POST /v1/jobs: queue, name, and members of a ticket
    onSent: (octets: number) => void;
    signal: AbortSignal;
}

interface Answer {
    status: number;
    body: unknown;
}

function parsed(text: string): unknown {
    try {
        return JSON.parse(text);
    } catch {
        return {};
    }
}

function once({ file, type, key, query, onSent, signal }: Upload): Promise<Answer> {
    const path = `/v1/jobs?${new URLSearchParams(query)}`;
    const noted = noteCall("POST", path, file);
    const request = new XMLHttpRequest();
    const token = csrf();

    return new Promise((resolve, reject) => {
        const stop = () => request.abort();
        const over = (status: number) => {
            signal.removeEventListener("abort", stop);
            noted(status);
        };
        request.open("POST", path);
        request.setRequestHeader("Content-Type", type);
        request.setRequestHeader("Idempotency-Key", key);
        if (token) request.setRequestHeader("X-CSRF-Token", token);
        request.upload.onprogress = (event) => onSent(event.loaded);
        request.onload = () => {
            over(request.status);
            resolve({ status: request.status, body: parsed(request.responseText) });
        };
        request.onerror = () => {
            over(0);
            reject(unreachable());
        };
        request.onabort = () => {
            over(0);
            reject(new DOMException("Stopped", "AbortError"));
        };
        signal.addEventListener("abort", stop);
        if (signal.aborted) request.abort();
        else request.send(file);
    });
}

/* The job that it became; throws a Problem. Where the session has ended, it goes on when somebody has signed in again. */
export async function upload(what: Upload): Promise<Schemas["Job"]> {
    for (let tokens = 0; ; ) {
        const { status, body } = await once(what);
        const problem = body as ProblemBody;

        if (status >= 200 && status < 300) return body as Schemas["Job"];
        const isOver = problem.code === "not-signed-in" && (await signInAgain("sign-in"));
        const isOld = problem.code === "no-csrf-token" && tokens++ === 0; // another window's session
        if (!isOver && !isOld) throw new Problem(status, problem);
        await readSession();
    }
}
