// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Why a call was not done: what the service says (RFC 9457), or that nobody answered. */

export interface ProblemBody {
    title?: string;
    status?: number;
    detail?: string;
    code?: string;
}

export class Problem extends Error {
    readonly status: number; // 0: no answer came
    readonly code: string;
    readonly detail: string;
    readonly body: ProblemBody;

    constructor(status: number, body: ProblemBody) {
        super(body.title ?? `HTTP ${status}`);
        this.status = status;
        this.code = body.code ?? "";
        this.detail = body.detail ?? "";
        this.body = body;
    }
}

export function unreachable(): Problem {
    return new Problem(0, { code: "unreachable" });
}

/* It may be otherwise in a moment; asking again does no harm. */
export function isPassing(error: unknown): boolean {
    return error instanceof Problem && [0, 429, 502, 503, 504].includes(error.status);
}
