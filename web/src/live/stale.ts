// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Which queries an event makes stale. A query's key begins with the resource ("jobs"), then perhaps the id of the one it is about. */

import type { LiveEvent } from "./events";

const OTHERS: Record<string, readonly string[]> = {
    job: ["jobs", "releases", "reports"],
    delivery: ["jobs", "releases", "deliveries", "printers"],
    printer: ["printers", "readiness", "meters"],
    alert: ["alerts", "printers"],
    agent: ["agents", "discovery", "printers"],
    discovery: ["discovered-printers", "discovery"],
    person: ["people", "me", "groups"],
    badge: ["badges", "people"],
    delegate: ["delegates", "jobs"],
    policy: ["policies"],
    keys: ["keys", "authority", "certificates"],
    tenant: ["tenant", "tenants", "me"],
    method: ["methods"],
    "address-rule": ["address-rules", "registrations"],
};

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-/;

export function resources(event: LiveEvent): readonly string[] {
    // An image of a page is there: who asked for it asks again by himself, and nothing else is otherwise now.
    if (event.what === "job-drawn") return [];
    return OTHERS[event.kind] ?? [`${event.kind}s`];
}

export function isStale(event: LiveEvent, key: readonly unknown[]): boolean {
    const [resource, which] = key;

    if (typeof resource !== "string" || !resources(event).includes(resource)) return false;
    // One thing alone is on the page, and it is another one.
    if (typeof which === "string" && ID.test(which) && event.id && resource === `${event.kind}s`) return which === event.id;
    return true;
}
