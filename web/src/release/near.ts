// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

export interface Place {
    latitude: number;
    longitude: number;
}

/* "geo:52.520008,13.404954" (RFC 5870), as sites have it. */
export function placeOf(geo: string | null): Place | null {
    const found = /^geo:(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?)/.exec(geo ?? "");
    const [latitude, longitude] = [Number(found?.[1]), Number(found?.[2])];

    return found && Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? { latitude, longitude } : null;
}

const RADIUS = 6_371_000;
const radians = (degrees: number) => (degrees * Math.PI) / 180;

/* In metres, over the ground. */
export function distance(a: Place, b: Place): number {
    const [high, wide] = [radians(b.latitude - a.latitude) / 2, radians(b.longitude - a.longitude) / 2];
    const h = Math.sin(high) ** 2 + Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * Math.sin(wide) ** 2;

    return 2 * RADIUS * Math.asin(Math.min(1, Math.sqrt(h)));
}

export function distanceWords(language: string, metres: number): string {
    const unit = metres < 1000 ? "meter" : "kilometer";
    const value = metres < 1000 ? Math.round(metres / 10) * 10 : metres / 1000;

    return new Intl.NumberFormat(language, { style: "unit", unit, maximumFractionDigits: value < 10 ? 1 : 0 }).format(value);
}
