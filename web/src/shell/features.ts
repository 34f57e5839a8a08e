// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* All features. Apart from feature.ts, which each of them needs: its constants have to be there before they are asked for. */
import { useQuery } from "@tanstack/react-query";

import type { AdministrationMenu } from "./AdministrationMenu";
import type { Feature } from "./feature";
import type { Me } from "./me";
import { loadWords } from "../words";

const found = import.meta.glob<{ default: Feature }>(["../*/feature.ts", "!./feature.ts"], { eager: true });

export const features: readonly Feature[] = Object.values(found).map((module) => module.default);

type All = { features: readonly Feature[]; Administration: typeof AdministrationMenu | null };

/* The same one at all times: pages are made of it. */
let all: All | null = null;

async function readAdministration(): Promise<All> {
    const [found] = await Promise.all([import("./administration"), loadWords(["administration"])]);

    return (all ??= { features: [...features, ...found.features], Administration: found.AdministrationMenu });
}

/* What this person has before him; null until it is there. Administration is fetched for those who have some, or go to its pages. */
export function useFeatures(me: Me | undefined, path: string) {
    const isWanted = path.startsWith("/admin") || (!!me && me.person.role !== "person");
    const administration = useQuery({ queryKey: ["administration"], queryFn: readAdministration, enabled: isWanted, staleTime: Infinity, gcTime: Infinity });

    return { of: isWanted ? (administration.data ?? null) : { features, Administration: null }, error: administration.error };
}
