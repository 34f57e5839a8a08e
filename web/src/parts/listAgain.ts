// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* What has changed of a list is read again. Fetched when something does: a page that is looked at for the first time needs none of it. */

import { type FetchPage, FIRST, goesOn, type List, MORE } from "./list";

const ROOM = 10; // for what is new
const ROUNDS = 4;

function keyOf(item: unknown): string {
    const { id } = item as { id?: unknown };

    return typeof id === "string" ? id : JSON.stringify(item);
}

/* One part, up to the first item of those after it. Where that does not come, the list is cut off there, and more can be asked for. */
export async function readPart<T>(list: List<T>, at: number, fetch: FetchPage<T>): Promise<List<T>> {
    const part = list.parts[at];
    if (!part) return list;
    const before = list.parts.slice(0, at);
    const rest = list.parts.slice(at + 1);
    const known = new Set(rest.flatMap(({ items }) => items.map(keyOf)));
    const items: T[] = [];
    let after = part.after;

    for (let round = 0; ; round++) {
        const page = await fetch(after, Math.min(MORE, Math.max(FIRST, part.items.length - items.length)) + (rest.length ? ROOM : 0));
        const end = page.items.findIndex((item) => known.has(keyOf(item)));
        items.push(...(end < 0 ? page.items : page.items.slice(0, end)));
        const read = { after: part.after, items };
        if (end >= 0) return { parts: [...before, read, ...rest], next: list.next };
        const next = goesOn(page);
        if (next === undefined || round === ROUNDS || (!rest.length && items.length >= part.items.length)) return { parts: [...before, read], next };
        after = next;
    }
}

/* Which parts have changed, when things of these ids have. What is in none is new: at the beginning, or at the end. */
export function changedParts(list: List<unknown>, ids: ReadonlySet<string>): number[] {
    const last = list.parts.length - 1;
    const found = list.parts.map((part) => part.items.map(keyOf).filter((key) => ids.has(key)));
    const isNew = found.flat().length < ids.size;

    return list.parts.map((_, at) => at).filter((at) => found[at]!.length > 0 || (isNew && (at === 0 || (at === last && list.next === undefined))));
}
