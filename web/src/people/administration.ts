// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { IconUsers } from "@tabler/icons-react";

import { feature, type Role } from "../shell/feature";

const ROLES: readonly Role[] = ["administrator", "help-desk", "operator"];

export default feature("people", [
    { path: "/admin/people", words: "administration:people", icon: IconUsers, part: "people", place: 10, roles: ROLES, page: () => import("./PeoplePage") },
    { path: "/admin/people/import", roles: ROLES, page: () => import("./ImportPage") },
    { path: "/admin/people/:person", roles: ROLES, page: () => import("./PersonPage") },
]);
