// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { useQuery } from "@tanstack/react-query";

import { api, done, type Schemas } from "../api/client";

const PAGE = 200;
const PAGES_MAX = 10;

/* For choices out of what there are few of (sites, agents): all of them, as far as somebody can choose among. */
async function everything<T extends { id: string }>(page: (after: string | undefined) => Promise<{ items: T[]; next: string | null }>): Promise<T[]> {
    const all: T[] = [];
    let after: string | undefined;

    for (let i = 0; i < PAGES_MAX; i++) {
        const { items, next } = await page(after);
        all.push(...items);
        if (next === null) break;
        after = next;
    }
    return all;
}

const range = (after: string | undefined) => ({ limit: PAGE, ...(after ? { after } : {}) });

/* mine: those alone that somebody may change something at. */
export function useSites(mine = true) {
    return useQuery({
        queryKey: ["sites", "all", mine],
        queryFn: () => everything((after) => done(api.GET("/v1/sites", { params: { query: { ...range(after), mine } } }))),
    });
}

export function useAgents() {
    return useQuery({
        queryKey: ["agents", "all"],
        queryFn: () => everything((after) => done(api.GET("/v1/agents", { params: { query: range(after) } }))),
    });
}

export function useQueues() {
    return useQuery({
        queryKey: ["queues", "all"],
        queryFn: () => everything((after) => done(api.GET("/v1/queues", { params: { query: range(after) } }))),
    });
}

export function useGroups() {
    return useQuery({
        queryKey: ["groups", "all"],
        queryFn: () => everything((after) => done(api.GET("/v1/groups", { params: { query: range(after) } }))),
    });
}

export function usePrinterGroups() {
    return useQuery({
        queryKey: ["printer-groups", "all"],
        queryFn: () => everything((after) => done(api.GET("/v1/printer-groups", { params: { query: range(after) } }))),
    });
}

/* What a site, an agent or a printer is called where people read it. */
export function called(thing: { name: string; title?: string | null } | undefined): string {
    return thing ? (thing.title ?? thing.name) : "";
}

/* id -> what it is called. */
export function names(things: readonly { id: string; name: string; title?: string | null }[] | undefined): (id: string | null | undefined) => string {
    const known = new Map(things?.map((thing) => [thing.id, called(thing)]));

    return (id) => (id ? (known.get(id) ?? "") : "");
}

export type Site = Schemas["Site"];
export type Agent = Schemas["Agent"];
export type Printer = Schemas["Printer"];
