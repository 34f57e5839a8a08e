// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useReducer, useRef } from "react";

import { isPassing } from "../api/problem";
import { upload } from "../api/upload";
import { type Fault, faultOf, titleOf, typeOf } from "./kinds";

export interface Item {
    id: string; // its Idempotency-Key too: the same octets are one job, however often they are sent
    file: File;
    state: "chosen" | "refused" | "sending" | "sent" | "failed";
    sent: number; // octets
    fault?: Fault;
    error?: unknown;
    job?: string;
}

type Deed = { add: Item[] } | { change: string; to: Partial<Item> } | { remove: string };

export function reduce(items: readonly Item[], deed: Deed): readonly Item[] {
    if ("add" in deed) return [...items, ...deed.add];
    if ("remove" in deed) return items.filter((item) => item.id !== deed.remove);
    return items.map((item) => (item.id === deed.change ? { ...item, ...deed.to } : item));
}

const TRIES = 6;

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
        const timer = setTimeout(resolve, milliseconds);
        signal.addEventListener("abort", () => {
            clearTimeout(timer);
            resolve();
        });
    });
}

/* The files of a page, on their way. */
export function useUploads(most: number) {
    const client = useQueryClient();
    const [items, dispatch] = useReducer(reduce, []);
    const running = useRef(new Map<string, AbortController>());

    useEffect(() => {
        const all = running.current;
        return () => all.forEach((controller) => controller.abort());
    }, []);

    const add = useCallback(
        (files: readonly File[]) =>
            dispatch({
                add: files.map((file) => {
                    const fault = faultOf(file, most);
                    return { id: crypto.randomUUID(), file, sent: 0, ...(fault ? { state: "refused", fault } : { state: "chosen" }) };
                }),
            }),
        [most],
    );

    /* The job, or null where it was stopped or refused. */
    const send = async (item: Item, query: Record<string, string>): Promise<string | null> => {
        const controller = new AbortController();
        const change = (to: Partial<Item>) => dispatch({ change: item.id, to });

        running.current.set(item.id, controller);
        change({ state: "sending", sent: 0, error: undefined });
        for (let count = 1; ; count++) {
            try {
                const job = await upload({
                    file: item.file,
                    type: typeOf(item.file) ?? "application/octet-stream",
                    key: item.id,
                    query: { ...query, name: titleOf(item.file.name) },
                    onSent: (sent) => change({ sent }),
                    signal: controller.signal,
                });
                change({ state: "sent", job: job.id });
                void client.invalidateQueries({ queryKey: ["jobs"] });
                return job.id;
            } catch (error) {
                if (controller.signal.aborted) return null;
                if (!isPassing(error) || count === TRIES) {
                    change({ state: "failed", error });
                    return null;
                }
                await pause(Math.min(500 * 2 ** count, 8000), controller.signal);
                if (controller.signal.aborted) return null;
            }
        }
    };

    const remove = (item: Item) => {
        running.current.get(item.id)?.abort();
        dispatch({ remove: item.id });
    };

    return { items, add, send, remove };
}
