// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/** The service's API as a page of ours calls it. Shapes are those of api/openapi.yaml. */

/** What the service says no with (RFC 9457). */
export class Refusal extends Error {
    constructor(
        readonly code: string,
        words: string,
    ) {
        super(words);
    }
}

/** Calls the service; csrf is the session's token, without which nothing can be changed in one. */
export async function call<Answer>(method: string, path: string, body?: object, csrf?: string): Promise<Answer> {
    const headers: Record<string, string> = { Accept: "application/json" };
    if (body) headers["Content-Type"] = "application/json";
    if (csrf) headers["X-CSRF-Token"] = csrf;
    const answer = await fetch(path, {
        method,
        headers,
        body: body ? JSON.stringify(body) : null,
        credentials: "same-origin",
        cache: "no-store",
        redirect: "error",
    });
    const text = await answer.text();
    const value: unknown = text ? JSON.parse(text) : null;
    if (answer.ok) return value as Answer;
    const problem = value as { code?: string; title?: string; detail?: string } | null;
    throw new Refusal(problem?.code ?? "", [problem?.title, problem?.detail].filter(Boolean).join(". "));
}

/** The token of the session this browser has. */
export async function csrfOfSession(): Promise<string> {
    return (await call<{ csrf: string }>("GET", "/v1/sessions/current")).csrf;
}
