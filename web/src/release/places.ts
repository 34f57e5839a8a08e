// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Printers that somebody likes, and where he was last: kept in this browser, for each person by himself. */
import { useState } from "react";

import { useMe } from "../shell/me";

const RECENT_MAX = 5;

function read(key: string): string[] {
    try {
        const found = JSON.parse(localStorage.getItem(key) ?? "[]") as unknown;
        return Array.isArray(found) ? found.filter((id) => typeof id === "string").slice(0, 50) : [];
    } catch {
        return [];
    }
}

function useList(name: string): [string[], (next: string[]) => void] {
    const key = `${name}.${useMe().person.id}`;
    const [list, setList] = useState(() => read(key));

    return [
        list,
        (next) => {
            localStorage.setItem(key, JSON.stringify(next));
            setList(next);
        },
    ];
}

export function useFavourites() {
    const [favourites, set] = useList("printers.favourite");

    return {
        favourites,
        turn: (id: string) => set(favourites.includes(id) ? favourites.filter((one) => one !== id) : [...favourites, id]),
    };
}

export function useRecent() {
    const [recent, set] = useList("printers.recent");

    return { recent, note: (id: string) => set([id, ...recent.filter((one) => one !== id)].slice(0, RECENT_MAX)) };
}
