// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * What people read. One file a language and feature: words/LANGUAGE/FEATURE.json, "feature:key" in t(). Another
 * language is another folder and a line in languages.json. words.test.ts compares the folders, and what the pages ask for.
 */
import i18n, { type BackendModule } from "i18next";
import { initReactI18next } from "react-i18next";

import languages from "./languages.json";

const files = import.meta.glob<{ default: Record<string, unknown> }>("./*/*.json");

const catalogue: BackendModule = {
    type: "backend",
    init: () => undefined,
    read: (language, namespace, done) => {
        const file = files[`./${language}/${namespace}.json`];

        if (!file) done(new Error(`no words: ${language}/${namespace}`), false);
        else file().then((found) => done(null, found.default), (error: unknown) => done(error as Error, false));
    },
};

export const known: Record<string, string> = languages;

/* The plain pages know it, too (src/door/page/language.c). */
const CHOICE = "__Host-imprimatur-language";

function wanted(): string {
    const asked = [document.cookie.split(`${CHOICE}=`)[1] ?? "", ...navigator.languages];

    return asked.map((tag) => tag.split(/[-;]/)[0]!.toLowerCase()).find((tag) => tag in known) ?? "en";
}

export function chooseLanguage(language: string): void {
    document.cookie = `${CHOICE}=${language};Path=/;Secure;SameSite=Lax;Max-Age=31536000`;
    void i18n.changeLanguage(language);
}

export async function startWords(): Promise<void> {
    await i18n
        .use(catalogue)
        .use(initReactI18next)
        .init({
            lng: wanted(),
            fallbackLng: false,
            supportedLngs: Object.keys(known),
            ns: ["shell", "problems", "navigation"],
            defaultNS: "shell",
            partialBundledLanguages: true,
            interpolation: { escapeValue: false }, // React does
            returnNull: false,
        });
}

/* Those of features, as far as there are any. */
export async function loadWords(names: readonly string[]): Promise<void> {
    await i18n.loadNamespaces(names.filter((name) => `./${i18n.language}/${name}.json` in files));
}
