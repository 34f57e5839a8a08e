// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * Documents that another app shared with us, or that were opened with us. The worker holds what was shared in memory until the
 * page asks for it, once; nothing is written anywhere.
 */

const WAIT_MS = 5000;

interface Launch {
    files: readonly { getFile(): Promise<File> }[];
}

interface Launches {
    setConsumer(consumer: (launch: Launch) => void): void;
}

function ask(worker: ServiceWorker, id: string): Promise<File[]> {
    return new Promise((resolve) => {
        const channel = new MessageChannel();

        setTimeout(() => resolve([]), WAIT_MS);
        channel.port1.onmessage = (message: MessageEvent<File[]>) => resolve(message.data);
        worker.postMessage({ take: id }, [channel.port2]);
    });
}

/* The files that came with this address ("?shared=…"); none where they are gone, or the worker has been stopped meanwhile. */
export async function takeShared(search: string): Promise<File[]> {
    const id = new URLSearchParams(search).get("shared");
    const worker = navigator.serviceWorker?.controller;

    return id && worker ? await ask(worker, id) : [];
}

/* Files that the system opens with the installed app. */
export function onOpened(take: (files: File[]) => void): void {
    const launches = (window as unknown as { launchQueue?: Launches }).launchQueue;

    launches?.setConsumer((launch) => {
        if (launch.files.length) void Promise.all(launch.files.map((file) => file.getFile())).then(take);
    });
}
