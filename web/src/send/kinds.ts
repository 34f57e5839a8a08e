// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * What documents are called, and which kinds are taken (docs/documents.md). The octets decide in the end; this is for
 * saying beforehand what would be sent in vain.
 */
const TYPES: Record<string, string> = {
    pdf: "application/pdf",
    ps: "application/postscript",
    eps: "application/postscript",
    jpg: "image/jpeg",
    jpeg: "image/jpeg",
    png: "image/png",
    webp: "image/webp",
    gif: "image/gif",
    tif: "image/tiff",
    tiff: "image/tiff",
    heic: "image/heic",
    heif: "image/heif",
    svg: "image/svg+xml",
    txt: "text/plain",
    md: "text/markdown",
    csv: "text/csv",
    html: "text/html",
    htm: "text/html",
    doc: "application/msword",
    docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    rtf: "application/rtf",
    xls: "application/vnd.ms-excel",
    xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ppt: "application/vnd.ms-powerpoint",
    pptx: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    odt: "application/vnd.oasis.opendocument.text",
    ods: "application/vnd.oasis.opendocument.spreadsheet",
    odp: "application/vnd.oasis.opendocument.presentation",
};

export type Fault = "empty" | "too-large" | "unknown-kind";

function ending(name: string): string {
    return /\.([A-Za-z0-9]{1,8})$/.exec(name)?.[1]?.toLowerCase() ?? "";
}

/* Null: of no kind that is printed. */
export function typeOf(file: Pick<File, "name" | "type">): string | null {
    const known = TYPES[ending(file.name)];
    if (known) return known;
    const declared = file.type.split(";")[0]!.trim().toLowerCase();
    return Object.values(TYPES).includes(declared) ? declared : null;
}

export function faultOf(file: Pick<File, "name" | "type" | "size">, most: number): Fault | null {
    if (!typeOf(file)) return "unknown-kind";
    if (file.size === 0) return "empty";
    return file.size > most ? "too-large" : null;
}

/* Of a title only so much is kept. */
const TITLE_MAX = 200;

export function titleOf(name: string): string {
    return Array.from(name).slice(0, TITLE_MAX).join("");
}
