// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { QueryClient } from "@tanstack/react-query";

import { isPassing } from "./problem";

const RETRIES = 4;

/* What was read stays on the screen while it is read again. Live events say when it has changed; nothing is polled. */
export const queries = new QueryClient({
    defaultOptions: {
        queries: {
            staleTime: 30_000,
            retry: (count, error) => isPassing(error) && count < RETRIES,
            retryDelay: (count) => Math.min(1000 * 2 ** count, 10_000),
            throwOnError: false,
        },
        mutations: { retry: false },
    },
});
