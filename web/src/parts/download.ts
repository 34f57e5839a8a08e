// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Octets that came by a call, as a file of the person's own. */
export function saveAs(octets: Blob, name: string): void {
    const address = URL.createObjectURL(octets);
    const link = document.createElement("a");

    link.href = address;
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
