// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;

/* 1234567 octets: "1.2 MB". */
export function amount(language: string, octets: number): string {
    const step = Math.min(UNITS.length - 1, octets < 1000 ? 0 : Math.floor(Math.log10(octets) / 3));
    const format = new Intl.NumberFormat(language, { style: "unit", unit: UNITS[step]!, unitDisplay: step ? "short" : "long", maximumFractionDigits: step ? 1 : 0 });

    return format.format(octets / 1000 ** step);
}
