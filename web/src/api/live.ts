// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* GET /v1/live. Not by EventSource: that says neither why it was refused nor that the line has gone dead. */
export function openLive(last: string | null, signal: AbortSignal): Promise<Response> {
    return fetch("/v1/live", {
        headers: { Accept: "text/event-stream", ...(last ? { "Last-Event-ID": last } : {}) },
        cache: "no-store",
        signal,
    });
}
