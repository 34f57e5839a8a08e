// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * The content security policy lets no string become a script or markup (require-trusted-types-for). What the libraries
 * need of it is a style sheet's text, which holds no "<", and the addresses of our own workers.
 */

interface Policies {
    createPolicy(name: string, rules: { createHTML(text: string): string; createScriptURL(address: string): string }): void;
}

function styleText(text: string): string {
    if (text.includes("<")) throw new TypeError("Markup out of a string is refused.");
    return text;
}

function ownAddress(address: string): string {
    const url = new URL(address, location.href);
    if (url.origin !== location.origin) throw new TypeError("Scripts come from here or not at all.");
    return address;
}

export function allowScripts(): void {
    const policies = (window as unknown as { trustedTypes?: Policies }).trustedTypes;
    policies?.createPolicy("default", { createHTML: styleText, createScriptURL: ownAddress });
}
