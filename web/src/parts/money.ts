// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Thousandths of a currency, as the API has them, as people read them. */
export function money(language: string, currency: string, amount: number): string {
    return new Intl.NumberFormat(language, { style: "currency", currency, maximumFractionDigits: 3 }).format(amount / 1000);
}
