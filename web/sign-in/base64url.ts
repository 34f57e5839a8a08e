// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/** Base64url without padding (RFC 4648, section 5), as the service speaks of octets. */

export function toBase64url(octets: ArrayBuffer): string {
    let characters = "";
    for (const octet of new Uint8Array(octets)) characters += String.fromCharCode(octet);
    return btoa(characters).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

export function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
    const characters = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(characters, (character) => character.charCodeAt(0));
}
