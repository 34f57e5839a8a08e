// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { describe, expect, it } from "vitest";

import { FIELDS, fromForm, toForm } from "./settings";

const OIDC = FIELDS["oidc"]!;
const LDAP = FIELDS["ldap"]!;

describe("settings of a method", () => {
    it.each([
        [OIDC, { issuer: "https://id.example", client_id: "x", roles: { "Print admins": "administrator" }, parameters: { prompt: "a=b" } }],
        [OIDC, { issuer: "https://id.example", client_id: "x", create_people: true, fallback: "no", required_amr: ["mfa", "otp"], max_age: 300 }],
        [LDAP, { servers: ["ldaps://a", "ldaps://b"], base: "dc=x", ca: "-----BEGIN CERTIFICATE-----\nA\n-----END CERTIFICATE-----\n", kind: "active-directory" }],
        [LDAP, { servers: ["ldaps://a"], base: "dc=x", attributes: { card: "" }, unknown_one: { kept: [1] } }],
    ])("come back as they were", (fields, settings) => {
        expect(fromForm(fields, toForm(fields, settings), settings)).toEqual(settings);
    });

    it("are left out where they hold anyway", () => {
        expect(fromForm(OIDC, { ...toForm(OIDC, {}), issuer: "https://id.example", client_id: "x" }, {})).toEqual({ issuer: "https://id.example", client_id: "x" });
    });

    it("go when they are emptied", () => {
        const before = { servers: ["ldaps://a"], base: "dc=x", people_filter: "(x=y)" };
        expect(fromForm(LDAP, { ...toForm(LDAP, before), people_filter: " " }, before)).toEqual({ servers: ["ldaps://a"], base: "dc=x" });
    });
});
