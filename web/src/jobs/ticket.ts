// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* A ticket as a form has it: what is left out is as the printer or somebody's defaults have it. */
import type { Schemas } from "../api/client";

export type Ticket = Schemas["Ticket"];

export const NUMBERS_UP = [1, 2, 4, 6, 9, 16] as const;
export const COPIES_MAX = 999;

/* Of IPP's "finishings". */
export const NO_FINISHING = 3;
const STAPLES = [4, 20, 21, 22, 23, 28, 29, 30, 31];
const PUNCHES = [5, 70, 71, 72, 73, 74, 75, 76, 77];

export type Finish = "staple" | "punch";

/* The first that the printer knows; where no printer is chosen yet the plain word for it. */
export function finishing(finish: Finish, known: readonly number[] | undefined): number | null {
    const wanted = finish === "staple" ? STAPLES : PUNCHES;

    return known ? (wanted.find((number) => known.includes(number)) ?? null) : wanted[0]!;
}

export function hasFinish(ticket: Ticket, finish: Finish): boolean {
    return !!ticket.finishings?.some((number) => (finish === "staple" ? STAPLES : PUNCHES).includes(number));
}

export function withFinish(ticket: Ticket, finish: Finish, isWanted: boolean, known: readonly number[] | undefined): Ticket {
    const number = finishing(finish, known);
    const wanted = finish === "staple" ? STAPLES : PUNCHES;
    const rest = (ticket.finishings ?? []).filter((one) => one !== NO_FINISHING && !wanted.includes(one));

    return withOption(ticket, "finishings", isWanted && number !== null ? [...rest, number] : rest.length ? rest : undefined);
}

export function withOption<K extends keyof Ticket>(ticket: Ticket, name: K, value: Ticket[K] | null | undefined): Ticket {
    const { [name]: _, ...rest } = ticket;

    return value === null || value === undefined ? (rest as Ticket) : { ...rest, [name]: value };
}

/* "1-3,7,9-", rising; as tickets want it, or null where it is none. Empty is all pages. */
export function pageRanges(words: string): string | null {
    const plain = words.replaceAll(/\s+/g, "").replaceAll(/[;/]/g, ",").replaceAll("–", "-");
    let least = 1;

    if (plain === "") return "";
    for (const range of plain.split(",")) {
        const found = /^(\d{1,6})(?:(-)(\d{1,6})?)?$/.exec(range);
        if (!found || least === Infinity) return null;
        const from = Number(found[1]);
        const to = found[2] ? (found[3] ? Number(found[3]) : Infinity) : from;
        if (from < least || to < from) return null;
        least = to + 1;
    }
    return plain;
}

const MEDIA: Record<string, string> = {
    iso_a3_297x420mm: "A3",
    iso_a4_210x297mm: "A4",
    iso_a5_148x210mm: "A5",
    iso_a6_105x148mm: "A6",
    iso_b5_176x250mm: "B5",
    "na_letter_8.5x11in": "Letter",
    "na_legal_8.5x14in": "Legal",
    "na_ledger_11x17in": "Ledger",
    na_tabloid_11x17in: "Tabloid",
    "na_executive_7.25x10.5in": "Executive",
    iso_dl_110x220mm: "DL",
    iso_c5_162x229mm: "C5",
};

export const COMMON_MEDIA = ["iso_a4_210x297mm", "iso_a3_297x420mm", "iso_a5_148x210mm", "na_letter_8.5x11in"] as const;

/* A name of PWG 5101.1 as people say it: "A4". */
export function mediaName(media: string): string {
    const known = MEDIA[media];
    if (known) return known;
    const [, name, size] = /^[^_]+_(.+)_([^_]+)$/.exec(media) ?? [];

    return name ? `${name.replaceAll("-", " ")} (${size})` : media;
}
