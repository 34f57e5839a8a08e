// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";

interface PageOf<T> {
    items: T[];
    next: string | number | null;
}

/*
 * A list that the API tells in pages. items is what was fetched so far; more() fetches the next page.
 * queryKey begins with the resource's name ("jobs"), which live events are about.
 */
export function usePaged<T>(queryKey: readonly unknown[], fetchPage: (after: string | undefined) => Promise<PageOf<T>>) {
    const query = useInfiniteQuery({
        queryKey,
        queryFn: ({ pageParam }) => fetchPage(pageParam),
        initialPageParam: undefined as string | undefined,
        getNextPageParam: (page) => (page.next === null ? undefined : String(page.next)),
    });

    /* What is wanted is kept, as an event that comes meanwhile makes all be read anew, and what was on its way be dropped. */
    const key = JSON.stringify(queryKey);
    const [wanted, setWanted] = useState({ key, pages: 1 });
    const { hasNextPage, isFetching, isError, fetchNextPage } = query;
    const pages = query.data?.pages.length ?? 0;
    const lacks = hasNextPage && wanted.key === key && pages < wanted.pages;

    useEffect(() => {
        if (lacks && !isFetching && !isError) void fetchNextPage();
    }, [lacks, isFetching, isError, fetchNextPage]);

    return {
        query,
        items: query.data?.pages.flatMap((page) => page.items),
        hasMore: hasNextPage,
        more: () => {
            setWanted({ key, pages: pages + 1 });
            if (isError) void fetchNextPage();
        },
        isFetchingMore: lacks && !isError,
    };
}
