// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * Files that come from elsewhere in the application (what was shared to it, or opened with it) and are to be sent:
 * handOver() keeps them in memory until the page of /send takes them, at once where it is open.
 */
let waiting: File[] = [];
let taker: ((files: File[]) => void) | null = null;

export function handOver(files: readonly File[]): void {
    if (taker) taker([...files]);
    else waiting.push(...files);
}

/* The returned function stops it. */
export function takeOver(take: (files: File[]) => void): () => void {
    taker = take;
    if (waiting.length) take(waiting);
    waiting = [];
    return () => {
        taker = null;
    };
}
