// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import problemsInGerman from "../src/words/de/problems.json";
import problemsInEnglish from "../src/words/en/problems.json";

/** What the script says by itself, in the language of the page that it is on. */
const words = {
    en: {
        secondStep: "This passkey is good as a second step only. Sign in with your password first.",
        madeOn: "made on ",
        madeSomewhere: "made in a browser",
        madeNone: "The browser made no passkey.",
        notGood: "That passkey is not good here. It may have been removed; sign in another way.",
        thereAlready: "There is a passkey of yours on this device already.",
        notSigned: "Nothing was signed: there was no passkey, or it was not allowed.",
        unreachable: "The service cannot be reached just now. Try again in a moment.",
    },
    de: {
        secondStep: "Dieser Passkey gilt nur als zweiter Schritt. Bitte zuerst mit dem Passwort anmelden.",
        madeOn: "angelegt auf ",
        madeSomewhere: "in einem Browser angelegt",
        madeNone: "Der Browser hat keinen Passkey angelegt.",
        notGood: "Dieser Passkey gilt hier nicht. Vielleicht wurde er entfernt; bitte anders anmelden.",
        thereAlready: "Auf diesem Gerät gibt es schon einen eigenen Passkey.",
        notSigned: "Es wurde nichts unterschrieben: es gab keinen Passkey, oder er wurde nicht erlaubt.",
        unreachable: "Der Dienst ist gerade nicht erreichbar. Bitte gleich noch einmal versuchen.",
    },
};

const isGerman = () => document.documentElement.lang === "de";

export function say(key: keyof typeof words.en): string {
    return (isGerman() ? words.de : words.en)[key];
}

/** Why the service refuses; null where there are no words for it. */
export function sayProblem(code: string): string | null {
    const problems: Record<string, { title: string; detail: string }> = isGerman() ? problemsInGerman : problemsInEnglish;
    const found = problems[code];
    return found ? `${found.title}. ${found.detail}` : null;
}
