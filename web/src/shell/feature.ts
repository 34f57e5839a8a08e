// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * A feature is a folder. Its feature.ts exports the pages of everybody, its administration.ts those of who has something to
 * administer, which nobody else has to wait for. The shell finds both, and the service which addresses are pages
 * (web/pack.mjs): no list to keep.
 *
 *      export default feature("jobs", [
 *          { path: "/", words: "navigation:jobs", icon: IconPrinter, place: 10, page: () => import("./JobsPage") },
 *      ]);
 */
import type { Icon } from "@tabler/icons-react";
import type { ComponentType } from "react";

import type { Schemas } from "../api/client";

export type Role = Schemas["Person"]["role"];

/* Under which heading of the administration ("administration:part.people"), in this order. */
export const PARTS = ["printers", "printing", "people", "organisation", "operator"] as const;
export type Part = (typeof PARTS)[number];

export interface FeaturePage {
    path: string; // as wouter matches it: "/printers/:printer"
    page: () => Promise<{ default: ComponentType }>;
    /* In the navigation, where it has these three. */
    words?: string;
    icon?: Icon;
    place?: number; // less comes first
    part?: Part; // of the administration
    roles?: readonly Role[]; // who is shown it; the service decides what they may. Nothing: everybody
}

export interface Feature {
    name: string; // of its words too
    pages: readonly FeaturePage[];
    uses: readonly string[]; // other features, parts of which its pages show: their words come with them
}

export const ADMINISTRATORS = ["administrator"] as const;
export const SITE_ADMINISTRATORS = ["administrator", "site-administrator"] as const;
export const HELPERS = ["administrator", "help-desk"] as const;
export const ANALYSTS = ["administrator", "analyst"] as const;
export const OPERATORS = ["operator"] as const;

export function feature(name: string, pages: readonly FeaturePage[], uses: readonly string[] = []): Feature {
    return { name, pages, uses };
}
