// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { NavLink } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "wouter";

import type { Feature, FeaturePage } from "./feature";
import { mayUse, useMe } from "./me";

export type Entry = FeaturePage & Required<Pick<FeaturePage, "words" | "icon" | "place">>;

/* What stands in the navigation of this person, in its order. */
export function useEntries(features: readonly Feature[]): Entry[] {
    const me = useMe();

    return features
        .flatMap((feature) => feature.pages)
        .filter((page): page is Entry => page.words !== undefined && page.icon !== undefined && page.place !== undefined)
        .filter((entry) => mayUse(me, entry.roles))
        .sort((a, b) => a.place - b.place);
}

export function isHere(here: string, path: string): boolean {
    if (path === "/admin") return here === path;
    return path === "/" ? here === "/" || here.startsWith("/jobs") : here === path || here.startsWith(`${path}/`);
}

export function Entries({ of, close }: { of: readonly Entry[]; close: () => void }) {
    const { t } = useTranslation();
    const [here] = useLocation();

    return of.map((entry) => (
        <NavLink
            key={entry.path}
            component={Link}
            href={entry.path}
            label={t(entry.words)}
            leftSection={<entry.icon size={20} stroke={1.6} aria-hidden />}
            active={isHere(here, entry.path)}
            aria-current={isHere(here, entry.path) ? "page" : undefined}
            onClick={close}
        />
    ));
}
