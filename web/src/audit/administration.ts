// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { IconHistory } from "@tabler/icons-react";

import { feature, type Role } from "../shell/feature";

const ROLES: readonly Role[] = ["administrator", "operator"];

export default feature("audit", [{ path: "/admin/audit", words: "administration:audit", icon: IconHistory, part: "organisation", place: 40, roles: ROLES, page: () => import("./AuditPage") }], ["people"]);
