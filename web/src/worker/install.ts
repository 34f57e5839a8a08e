// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* The browser's offer to install the pages as an app, kept until somebody takes it. */

interface Offer extends Event {
    prompt(): Promise<unknown>;
}

let offer: Offer | null = null;
const listeners = new Set<() => void>();

function setOffer(next: Offer | null): void {
    offer = next;
    for (const listener of listeners) listener();
}

export function keepOffer(): void {
    window.addEventListener("beforeinstallprompt", (event) => {
        event.preventDefault();
        setOffer(event as Offer);
    });
    window.addEventListener("appinstalled", () => setOffer(null));
}

export function readInstallable(): boolean {
    return offer !== null;
}

export function watchInstallable(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
}

export async function install(): Promise<void> {
    const taken = offer;

    setOffer(null);
    await taken?.prompt();
}
