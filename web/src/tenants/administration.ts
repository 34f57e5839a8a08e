// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { IconBuilding } from "@tabler/icons-react";

import { feature, OPERATORS } from "../shell/feature";

export default feature("tenants", [
    { path: "/admin/tenants", words: "administration:tenants", icon: IconBuilding, part: "operator", place: 10, roles: OPERATORS, page: () => import("./TenantsPage") },
    { path: "/admin/tenants/:tenant", roles: OPERATORS, page: () => import("./TenantPage") },
]);
