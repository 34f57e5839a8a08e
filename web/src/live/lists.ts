// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Lists on the page that read again by themselves what has changed of them, by the hash of their query. */
type Ear = (ids: readonly string[]) => void;

const ears = new Map<string, Ear>();

/* The returned function stops it. */
export function hearList(hash: string, ear: Ear): () => void {
    ears.set(hash, ear);
    return () => {
        if (ears.get(hash) === ear) ears.delete(hash);
    };
}

/* False: nobody hears it. */
export function tellList(hash: string, ids: readonly string[]): boolean {
    ears.get(hash)?.(ids);
    return ears.has(hash);
}
