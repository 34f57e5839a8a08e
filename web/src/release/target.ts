// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * What a code that somebody scanned leads to. Stickers can be swapped: nothing but a page of this very service is
 * ever gone to.
 */
export function printerPage(words: string, origin: string): string | null {
    let address: URL;

    try {
        address = new URL(words);
    } catch {
        return null;
    }
    if (address.origin !== origin || address.username || address.password) return null;
    // What a panel shows: it opens for whoever says yes there.
    if (address.pathname === "/device" && panelCode(address.searchParams.get("user_code") ?? "")) return address.pathname + address.search;
    return /^\/printers\/[A-Za-z0-9._-]{1,64}$/.test(address.pathname) ? address.pathname + address.search : null;
}

/* The codes of panels are eight consonants: "WDJB-MJHT". */
export function panelCode(words: string): string | null {
    const letters = words.toUpperCase().replaceAll(/[^A-Z]/g, "");

    return /^[BCDFGHJKLMNPQRSTVWXZ]{8}$/.test(letters) ? `${letters.slice(0, 4)}-${letters.slice(4)}` : null;
}
