// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* The file of one use that imprimatur-agent --enrol FILE reads (src/outpost/package.h). */
export function packageOf(made: { name: string; code: string }, url: string, authority: string | null): string {
    const { name, code } = made;

    return `${JSON.stringify({ imprimatur_enrolment: 1, program: "imprimatur-agent", name, code, url, authority }, null, 2)}\n`;
}
