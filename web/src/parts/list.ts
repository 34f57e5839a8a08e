// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * A list that the API tells in pages, kept as parts: each is what was read after one place of the list, up to where the next
 * part begins. What has changed is read again part by part, so that the cost of an event does not grow with what is shown.
 */

export interface PageOf<T> {
    items: T[];
    next: string | number | null;
}

/* limit: of items. */
export type FetchPage<T> = (after: string | undefined, limit: number) => Promise<PageOf<T>>;

export interface Part<T> {
    after: string | undefined;
    items: T[];
}

export interface List<T> {
    parts: Part<T>[];
    next: string | undefined; // undefined: it ends here
}

/* The first is small, as somebody waits for it; who asks for more wants much. With room for what is new, below 200. */
export const FIRST = 50;
export const MORE = 190;

export const goesOn = (page: PageOf<unknown>) => (page.next === null ? undefined : String(page.next));

export function itemsOf<T>(list: List<T>): T[] {
    return list.parts.flatMap((part) => part.items);
}

export async function readMore<T>(list: List<T>, fetch: FetchPage<T>): Promise<List<T>> {
    if (list.next === undefined) return list;
    const page = await fetch(list.next, MORE);
    return { parts: [...list.parts, { after: list.next, items: page.items }], next: goesOn(page) };
}

/* From the beginning, as far as it was read before. */
export async function readAll<T>(before: List<T> | undefined, fetch: FetchPage<T>): Promise<List<T>> {
    const first = await fetch(undefined, FIRST);
    let list: List<T> = { parts: [{ after: undefined, items: first.items }], next: goesOn(first) };

    for (let i = 1; i < (before?.parts.length ?? 0) && list.next !== undefined; i++) list = await readMore(list, fetch);
    return list;
}
