// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { useCallback } from "react";
import { useTranslation } from "react-i18next";

const STEPS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
    ["day", 86_400],
    ["hour", 3600],
    ["minute", 60],
];

/* "5 minutes ago", "in 3 days", "now". */
export function relative(language: string, when: Date, now: Date): string {
    const seconds = (when.getTime() - now.getTime()) / 1000;
    const format = new Intl.RelativeTimeFormat(language, { numeric: "auto" });

    for (const [unit, length] of STEPS) if (Math.abs(seconds) >= length) return format.format(Math.round(seconds / length), unit);
    return format.format(0, "second");
}

/* Of the languages that the browser asks for the one with a region: dates are "22/11/2026" in Britain. */
export function ofRegion(language: string): string {
    return navigator.languages.find((one) => one.startsWith(`${language}-`)) ?? language;
}

export function useTime() {
    const { i18n } = useTranslation();
    const language = ofRegion(i18n.language);

    return {
        ago: useCallback((at: string) => relative(language, new Date(at), new Date()), [language]),
        full: useCallback(
            (at: string) => new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }).format(new Date(at)),
            [language],
        ),
    };
}
