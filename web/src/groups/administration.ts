// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { IconUsersGroup } from "@tabler/icons-react";

import { feature, HELPERS } from "../shell/feature";

export default feature("groups", [
    { path: "/admin/groups", words: "administration:groups", icon: IconUsersGroup, part: "people", place: 20, roles: HELPERS, page: () => import("./GroupsPage") },
    { path: "/admin/groups/:group", roles: HELPERS, page: () => import("./GroupPage") },
], ["people"]);
