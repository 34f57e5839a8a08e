// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* A tag on a printer that is read by holding a phone to it (Web NFC), where the browser can. */
interface Reading extends Event {
    message: { records: readonly { recordType: string; data?: DataView }[] };
}

interface Reader extends EventTarget {
    scan(options: { signal: AbortSignal }): Promise<void>;
}

export function canReadTags(): boolean {
    return "NDEFReader" in window;
}

/* Until the signal; read() gets each address that a tag holds. */
export async function readTags(signal: AbortSignal, read: (address: string) => void): Promise<void> {
    const reader = new (window as unknown as { NDEFReader: new () => Reader }).NDEFReader();

    reader.addEventListener("reading", (event) => {
        for (const record of (event as Reading).message.records)
            if (record.data && (record.recordType === "url" || record.recordType === "absolute-url"))
                read(new TextDecoder().decode(record.data));
    });
    await reader.scan({ signal });
}
