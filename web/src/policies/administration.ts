// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { IconGavel } from "@tabler/icons-react";

import { ADMINISTRATORS, feature } from "../shell/feature";

export default feature("policies", [
    { path: "/admin/policies", words: "administration:policies", icon: IconGavel, part: "printing", place: 20, roles: ADMINISTRATORS, page: () => import("./PoliciesPage") },
], ["jobs", "people", "release", "things"]);
