// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * The settings of a driver's method as a form: each a text, a choice or a switch; lists are lines, and names with values
 * are lines "name = value". What the form does not know stays as it is.
 */

export type Settings = Record<string, unknown>;
export type Form = Record<string, string>;

export interface Field {
    name: string;
    kind: "text" | "area" | "lines" | "map" | "number" | "flag" | "choice";
    isNeeded?: boolean;
    otherwise?: string; // what holds where nothing is said
    choices?: readonly string[];
}

const ROLES_AND_LINKS: readonly Field[] = [
    { name: "create_people", kind: "flag", otherwise: "true" },
    { name: "link_by_verified_email", kind: "flag", otherwise: "false" },
    { name: "roles", kind: "map" },
    { name: "fallback", kind: "choice", choices: ["no", "when-down", "always"], otherwise: "no" },
];

export const FIELDS: Readonly<Record<string, readonly Field[]>> = {
    oidc: [
        { name: "issuer", kind: "text", isNeeded: true },
        { name: "client_id", kind: "text", isNeeded: true },
        { name: "client_authentication", kind: "choice", choices: ["basic", "post", "none"], otherwise: "basic" },
        { name: "scope", kind: "text", otherwise: "openid email profile offline_access" },
        { name: "parameters", kind: "map" },
        { name: "claims", kind: "map" },
        { name: "domains", kind: "lines" },
        { name: "trust_email", kind: "flag", otherwise: "false" },
        ...ROLES_AND_LINKS,
        { name: "required_acr", kind: "lines" },
        { name: "required_amr", kind: "lines" },
        { name: "max_age", kind: "number" },
        { name: "assume_fresh", kind: "flag", otherwise: "false" },
        { name: "check_every", kind: "number", otherwise: "3600" },
        { name: "algorithms", kind: "lines" },
    ],
    ldap: [
        { name: "kind", kind: "choice", choices: ["openldap", "active-directory"], otherwise: "openldap" },
        { name: "servers", kind: "lines", isNeeded: true },
        { name: "ca", kind: "area" },
        { name: "base", kind: "text", isNeeded: true },
        { name: "bind_name", kind: "text" },
        { name: "agent", kind: "text" },
        { name: "people_filter", kind: "text" },
        { name: "attributes", kind: "map" },
        { name: "group_base", kind: "text" },
        { name: "nested_groups", kind: "flag", otherwise: "true" },
        { name: "nested_depth", kind: "number", otherwise: "10" },
        { name: "nested_most", kind: "number", otherwise: "1000" },
        { name: "mail_domains", kind: "lines" },
        { name: "domains", kind: "lines" },
        { name: "domain_servers", kind: "map" },
        ...ROLES_AND_LINKS,
        { name: "card_format", kind: "choice", choices: ["hexadecimal", "decimal"], otherwise: "hexadecimal" },
        { name: "card_digits", kind: "number", otherwise: "8" },
        { name: "onboard_cards", kind: "flag", otherwise: "false" },
        { name: "still_exists", kind: "flag", otherwise: "false" },
        { name: "still_exists_minutes", kind: "number", otherwise: "10" },
        { name: "when_down_hours", kind: "number", otherwise: "0" },
        { name: "sync_minutes", kind: "number", otherwise: "0" },
        { name: "sync_brake_percent", kind: "number", otherwise: "10" },
        { name: "timeout_ms", kind: "number", otherwise: "8000" },
        { name: "page", kind: "number", otherwise: "500" },
    ],
};

function shown(kind: Field["kind"], value: unknown): string {
    if (value === undefined || value === null) return "";
    if (kind === "lines") return Array.isArray(value) ? value.join("\n") : String(value);
    if (kind === "map" && typeof value === "object")
        return Object.entries(value)
            .map(([name, one]) => `${name} = ${String(one)}`)
            .join("\n");
    return String(value);
}

function linesOf(text: string): string[] {
    return text
        .split("\n")
        .map((line) => line.trim())
        .filter((line) => line !== "");
}

/* The first "=" divides; a line without one has an empty value. */
function mapOf(text: string): Record<string, string> {
    return Object.fromEntries(
        linesOf(text).map((line) => {
            const at = line.indexOf("=");
            return at < 0 ? [line, ""] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
        }),
    );
}

function said(kind: Field["kind"], text: string): unknown {
    if (kind === "lines") return linesOf(text);
    if (kind === "map") return mapOf(text);
    if (kind === "number") return Number(text);
    if (kind === "flag") return text === "true";
    return kind === "area" ? text : text.trim();
}

export function toForm(fields: readonly Field[], settings: Settings): Form {
    return Object.fromEntries(fields.map(({ name, kind, otherwise }) => [name, shown(kind, settings[name]) || (kind === "flag" || kind === "choice" ? (otherwise ?? "") : "")]));
}

/* What is as it would be anyway is not said, unless it was said before. */
export function fromForm(fields: readonly Field[], form: Form, before: Settings): Settings {
    const settings: Settings = { ...before };

    for (const { name, kind, otherwise } of fields) {
        const text = form[name] ?? "";
        if (text.trim() === "" || (text === otherwise && !(name in before))) delete settings[name];
        else settings[name] = said(kind, text);
    }
    return settings;
}
