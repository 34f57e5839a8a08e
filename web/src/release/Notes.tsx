// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { Schemas } from "../api/client";
import { mediaName } from "../jobs/ticket";

type Note = Schemas["Note"];

/* "Colour: Black and white (Save paper)". */
function useNote(): (note: Note) => string {
    const { t, i18n } = useTranslation(["release", "jobs"]);
    const valueOf = (option: string | null, value: unknown): string => {
        if (value === null || value === undefined) return t("release:asPrinter");
        if (option === "media" && typeof value === "string") return mediaName(value);
        const words = { sides: "sidesAre", print_color_mode: "colourIs" }[option ?? ""];
        const key = `options.${words}.${String(value)}`;
        return words && i18n.exists(`jobs:${key}`) ? t(`jobs:${key}`) : String(value);
    };

    return (note) => {
        const name = note.option && i18n.exists(`jobs:option.${note.option}`) ? t(`jobs:option.${note.option}`) : (note.option ?? "");
        if (note.reason === "too-many-pages") return t("release:tooMany", { asked: note.asked, value: note.value });
        const why = note.policy ?? (i18n.exists(`jobs:reason.${note.reason}`) ? t(`jobs:reason.${note.reason}`) : note.reason);
        return `${name}: ${valueOf(note.option, note.value)} (${why})`;
    };
}

/* What comes out otherwise than it was asked for, and why. */
export function Notes({ of: settled }: { of: Schemas["SettledTicket"] }) {
    const say = useNote();
    const notes: [string, Note][] = [
        ...settled.refused.map((note) => ["red", note] as [string, Note]),
        ...[...settled.conflicts, ...settled.substituted].map((note) => ["orange", note] as [string, Note]),
        ...settled.forced.map((note) => ["dimmed", note] as [string, Note]),
    ];
    return notes.map(([colour, note], index) => (
        <Text key={index} size="sm" {...(colour === "dimmed" ? { c: "dimmed" } : {})} fw={colour === "dimmed" ? 400 : 600}>
            {say(note)}
        </Text>
    ));
}
