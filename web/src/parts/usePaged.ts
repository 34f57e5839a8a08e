// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { hashKey, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";

import { isPassing } from "../api/problem";
import { hearList } from "../live/lists";
import { type FetchPage, itemsOf, type List, readAll, readMore } from "./list";

/* One deed after the other, each on what the one before has left. */
class Turns {
    private last: Promise<unknown> = Promise.resolve();

    take<T>(deed: () => Promise<T>): Promise<T> {
        const mine = this.last.then(deed, deed);

        this.last = mine.catch(() => undefined);
        return mine;
    }
}

/* Changes of one list's things that were told of and are not read yet. */
class Changes {
    private ids = new Set<string>();

    /* Whether somebody must come for them. */
    add(ids: readonly string[]): boolean {
        const isFirst = this.ids.size === 0;

        for (const id of ids) this.ids.add(id);
        return isFirst;
    }

    take(): ReadonlySet<string> {
        const taken = this.ids;

        this.ids = new Set();
        return taken;
    }
}

/*
 * A list that the API tells in pages. items is what was fetched so far; more() fetches the next page. Of what live events
 * tell about, only the pages it is on are read again (parts/list.ts); "Show more" waits for no more than one such reading.
 * queryKey begins with the resource's name ("jobs"), which live events are about.
 */
export function usePaged<T>(queryKey: readonly unknown[], fetchPage: FetchPage<T>) {
    const client = useQueryClient();
    const hash = hashKey(queryKey);
    const { turns, changes } = useMemo(() => ({ hash, turns: new Turns(), changes: new Changes() }), [hash]);
    const fetch = useRef(fetchPage);
    const [going, setGoing] = useState<{ hash: string; error?: unknown } | null>(null);
    const now = () => client.getQueryData<List<T>>(queryKey);
    const query = useQuery({ queryKey, queryFn: () => turns.take(() => readAll(now(), fetch.current)) });
    const isMine = going?.hash === hash;

    fetch.current = fetchPage;
    useEffect(() => {
        const read = async () => {
            const { changedParts, readPart } = await import("./listAgain");
            const ids = changes.take();

            for (const at of changedParts(now() ?? { parts: [], next: undefined }, ids)) {
                const list = now();
                if (list) client.setQueryData(queryKey, await readPart(list, at, fetch.current));
            }
        };
        return hearList(hash, (ids) => {
            // What could not be read part by part is read as a whole, which says why where it fails.
            if (!changes.add(ids)) return;
            turns.take(read).catch(() => {
                changes.take();
                void client.invalidateQueries({ queryKey, exact: true });
            });
        });
    }, [hash]);

    const more = () => {
        setGoing({ hash });
        turns
            .take(async () => {
                const list = now();
                if (list) client.setQueryData(queryKey, await patiently(() => readMore(list, fetch.current)));
            })
            .then(
                () => setGoing(null),
                (error: unknown) => setGoing({ hash, error }),
            );
    };
    const failed = isMine && going.error !== undefined;

    return {
        query: failed && !query.error ? { data: query.data, error: going.error, refetch: more } : query,
        items: useMemo(() => query.data && itemsOf(query.data), [query.data]),
        hasMore: query.data?.next !== undefined,
        more,
        isFetchingMore: isMine && !failed,
    };
}

const TRIES = 5;

/* As queries are: what passes is waited for. */
async function patiently<T>(deed: () => Promise<T>): Promise<T> {
    for (let count = 1; ; count++) {
        try {
            return await deed();
        } catch (error) {
            if (!isPassing(error) || count === TRIES) throw error;
            await new Promise((resolve) => setTimeout(resolve, 500 * 2 ** count));
        }
    }
}
