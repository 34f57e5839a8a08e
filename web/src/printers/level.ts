// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import type { Schemas } from "../api/client";

type Supply = Schemas["DeviceSupply"] | Schemas["DeviceTray"];

/* What can be said of how much is left: percent where it was counted, otherwise a word of "level.". */
export type Left = { percent: number } | { word: "some" | "unknown" | "unlimited" | "counted"; count?: number };

export function leftOf({ state, level, max }: Pick<Supply, "state" | "level" | "max">): Left {
    if (state !== "level" || level === null || level === undefined) return { word: state === "level" ? "unknown" : state };
    if (!max) return { word: "counted", count: level };
    return { percent: Math.max(0, Math.min(100, Math.round((level * 100) / max))) };
}

/* A box for what is used up is bad when it is full; here it says how much room is left (RFC 3805, prtMarkerSuppliesClass). */
export const LOW_PERCENT = 10;
