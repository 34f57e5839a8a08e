// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Where somebody is, as GET /v1/printers takes it: to a hundred metres or so, which finds the house and no more. */
export function nearOf({ latitude, longitude }: Pick<GeolocationCoordinates, "latitude" | "longitude">): string {
    return `${latitude.toFixed(3)},${longitude.toFixed(3)}`;
}

export function distanceWords(language: string, metres: number): string {
    const unit = metres < 1000 ? "meter" : "kilometer";
    const value = metres < 1000 ? Math.round(metres / 10) * 10 : metres / 1000;

    return new Intl.NumberFormat(language, { style: "unit", unit, maximumFractionDigits: value < 10 ? 1 : 0 }).format(value);
}
