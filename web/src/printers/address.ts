// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* What people type for a printer, as the API wants it. */

export const FORMATS = [
    "application/pdf",
    "image/pwg-raster",
    "image/urf",
    "image/jpeg",
    "application/postscript",
    "application/vnd.hp-PCL",
    "application/vnd.hp-PCLXL",
    "text/plain",
];

const NAME_MAX = 63;

/* "Büro 3 (Nord)" -> "buro-3-nord": a name for addresses; never empty. */
export function nameOf(title: string): string {
    const plain = title
        .normalize("NFKD")
        .replace(/ß/g, "ss")
        .replace(/\p{M}/gu, "")
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, "-")
        .replace(/^-+|-+$/g, "")
        .slice(0, NAME_MAX)
        .replace(/-+$/, "");

    return /^[a-z]/.test(plain) ? plain : `printer-${plain}`.replace(/-+$/, "").slice(0, NAME_MAX);
}

/* "10.0.0.7" alone is IPPS, as a printer of today has it; whole addresses stay, one a line or between blanks. */
export function addressesOf(typed: string): string[] {
    return typed
        .split(/[\s,]+/)
        .filter(Boolean)
        .map((address) => (address.includes("://") ? address : `ipps://${address}/ipp/print`));
}
