// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* What a report is asked for; it stands in the address, so that it can be kept and sent. */

export const TIMES = ["day", "week", "month"] as const;
export const THINGS = ["person", "group", "printer", "site", "queue"] as const;
export type By = (typeof TIMES)[number] | (typeof THINGS)[number];

export interface Order {
    by: By;
    since: string; // "2026-01-31"
    until: string; // the last day, which is in it
    site: string; // "": all
}

const DAY_MS = 86_400_000;
const MOST_DAYS = 366;

export function dayOf(when: Date): string {
    return when.toISOString().slice(0, 10);
}

export function daysLater(day: string, days: number): string {
    return dayOf(new Date(Date.parse(day) + days * DAY_MS));
}

/* A day of the calendar, or nothing. */
function readDay(word: string | null): string | null {
    if (!word || !/^\d{4}-\d{2}-\d{2}$/.test(word)) return null;
    const time = Date.parse(word);
    return !Number.isNaN(time) && dayOf(new Date(time)) === word ? word : null;
}

/* Whatever the address says, an order that can be asked: the last thirty days by day where it says nothing. */
export function readOrder(words: URLSearchParams, today: string, ownAlone: boolean): Order {
    const asked = words.get("by");
    const by = [...TIMES, ...(ownAlone ? [] : THINGS)].find((known) => known === asked) ?? "day";
    const until = readDay(words.get("until")) ?? today;
    const since = readDay(words.get("since")) ?? daysLater(until, -29);
    const earliest = daysLater(until, -MOST_DAYS);

    return {
        by,
        since: since > until ? until : since < earliest ? earliest : since,
        until,
        site: ownAlone ? "" : (words.get("site") ?? ""),
    };
}

/* As the API wants it, where the end is the day after. */
export function queryOf(order: Order, ownAlone: boolean) {
    return {
        by: order.by,
        since: order.since,
        until: daysLater(order.until, 1),
        ...(order.site ? { site: order.site } : {}),
        ...(ownAlone ? { person: "me" } : {}),
    };
}

export function isByTime(by: By): boolean {
    return (TIMES as readonly string[]).includes(by);
}

/* "12 %"; nothing of nothing is nothing. */
export function share(language: string, part: number, whole: number): string {
    return new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 0 }).format(whole ? part / whole : 0);
}
