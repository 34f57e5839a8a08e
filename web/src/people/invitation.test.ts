// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { describe, expect, it } from "vitest";

import { invitationAddress, readInvitation } from "./invitation";

describe("an invitation", () => {
    it.each([
        { email: "ada@demo.example", code: "7KQ2-M0XV-9T4D" },
        { email: "a/b#c%@demo.example", code: "7KQ2M0XV9T4D" },
        { email: "ünïcode@demo.example", code: "7KQ2-M0XV-9T4D" },
    ])("$email comes back as it went", (invitation) => {
        expect(readInvitation(new URL(invitationAddress("https://print.example", invitation)).hash)).toEqual(invitation);
    });

    it.each(["", "#", "#ada@demo.example", "#ada@demo.example/", "#/7KQ2-M0XV-9T4D", "#nobody/7KQ2-M0XV-9T4D", "#a@b/<script>", "#a@b/7KQ2-M0XV-9T4D/x", "#%E0%A4%A/7KQ2-M0XV-9T4D"])(
        "%s is none",
        (hash) => expect(readInvitation(hash)).toBeNull(),
    );

    it("of 64 KB is none", () => expect(readInvitation(`#${"x".repeat(65536)}@b/7KQ2-M0XV-9T4D`)).toBeNull());
});
