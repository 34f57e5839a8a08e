// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { useQuery } from "@tanstack/react-query";

import { api, done, type Schemas } from "../api/client";
import { useMe } from "../shell/me";

export type Person = Schemas["Person"];
export type Role = Person["role"];

/* What is given by hand; machines are made with their programs, site administrators with their sites. */
export const GIVEN_ROLES = ["person", "help-desk", "analyst", "administrator"] as const satisfies readonly Role[];

export function usePerson(id: string) {
    return useQuery({ queryKey: ["people", id], queryFn: () => done(api.GET("/v1/people/{person}", { params: { path: { person: id } } })) });
}

/* Whether whoever is signed in can change people, or only help them. */
export function useMayChange(): boolean {
    return useMe().person.role !== "help-desk";
}

/* Operators have people, and nothing that belongs to printing. */
export function useHasPrinting(): boolean {
    return useMe().person.role !== "operator";
}
