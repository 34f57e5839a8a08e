// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Which device is in hand, as its browser says. */

import type { Schemas } from "../api/client";

export type Platform = Schemas["SetUp"]["platform"];

export const platforms: readonly Platform[] = ["windows", "macos", "ios", "android", "chromeos", "linux"];

interface Hand {
    userAgent: string;
    maxTouchPoints: number;
}

/* Order matters: Android says Linux, an iPad says Macintosh, and ChromeOS says X11. */
export function platformOf({ userAgent, maxTouchPoints }: Hand): Platform {
    if (/iPhone|iPad|iPod/.test(userAgent)) return "ios";
    if (/Macintosh/.test(userAgent)) return maxTouchPoints > 1 ? "ios" : "macos";
    if (/Android/.test(userAgent)) return "android";
    if (/CrOS/.test(userAgent)) return "chromeos";
    return /Windows/.test(userAgent) ? "windows" : "linux";
}
