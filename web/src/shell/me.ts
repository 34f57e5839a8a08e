// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { createContext, use } from "react";

import type { Schemas } from "../api/client";
import type { Role } from "./feature";

export type Me = Schemas["Me"];

export const MeContext = createContext<Me | null>(null);

/* Below the shell there always is somebody. */
export function useMe(): Me {
    const me = use(MeContext);

    if (!me) throw new Error("outside the shell");
    return me;
}

export function mayUse(me: Me, roles: readonly Role[] | undefined): boolean {
    return !roles || roles.includes(me.person.role);
}
