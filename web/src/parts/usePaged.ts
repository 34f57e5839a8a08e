// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { useInfiniteQuery } from "@tanstack/react-query";

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

    return {
        query,
        items: query.data?.pages.flatMap((page) => page.items),
        hasMore: query.hasNextPage,
        more: () => void query.fetchNextPage(),
        isFetchingMore: query.isFetchingNextPage,
    };
}
