// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Where sites are, drawn without asking anybody for a map. */

export interface Place {
    latitude: number;
    longitude: number;
}

/* "geo:52.5,13.4" (RFC 5870); null where it is none. */
export function placeOf(geo: string | null): Place | null {
    const match = /^geo:(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?)(?:[,;]|$)/.exec(geo ?? "");

    return match ? { latitude: Number(match[1]), longitude: Number(match[2]) } : null;
}

/*
 * Points in a box of width x height, with room at its edges; north is up, and a degree east is as long as it is at the
 * middle's latitude. One alone is in the middle.
 */
export function scatter(places: readonly Place[], width: number, height: number, edge: number): { x: number; y: number }[] {
    const all = { north: Math.max(...places.map((p) => p.latitude)), south: Math.min(...places.map((p) => p.latitude)) };
    const east = Math.max(...places.map((p) => p.longitude));
    const west = Math.min(...places.map((p) => p.longitude));
    const middle = { latitude: (all.north + all.south) / 2, longitude: (east + west) / 2 };
    const shrink = Math.max(0.01, Math.cos((middle.latitude * Math.PI) / 180));
    const scale = Math.min((width - 2 * edge) / ((east - west) * shrink), (height - 2 * edge) / (all.north - all.south));
    const factor = Number.isFinite(scale) ? scale : 0;

    return places.map((place) => ({
        x: width / 2 + (place.longitude - middle.longitude) * shrink * factor,
        y: height / 2 - (place.latitude - middle.latitude) * factor,
    }));
}
