// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { describe, expect, it } from "vitest";

import { platformOf } from "./platform";

describe("the device in hand", () => {
    it.each([
        ["Mozilla/5.0 (Windows NT 10.0; Win64; x64)", 0, "windows"],
        ["Mozilla/5.0 (Windows NT 10.0; Win64; x64)", 10, "windows"],
        ["Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)", 0, "macos"],
        ["Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)", 5, "ios"],
        ["Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)", 5, "ios"],
        ["Mozilla/5.0 (Linux; Android 15; Pixel 9)", 5, "android"],
        ["Mozilla/5.0 (X11; CrOS x86_64 14541.0.0)", 0, "chromeos"],
        ["Mozilla/5.0 (X11; Linux x86_64)", 0, "linux"],
        ["", 0, "linux"],
    ])("%s with %d fingers is %s", (userAgent, maxTouchPoints, platform) => expect(platformOf({ userAgent, maxTouchPoints })).toBe(platform));
});
