// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { IconLayoutDashboard } from "@tabler/icons-react";

import { feature, SITE_ADMINISTRATORS } from "../shell/feature";

export default feature("dashboard", [
    { path: "/admin", words: "administration:dashboard", icon: IconLayoutDashboard, part: "printers", place: 10, roles: SITE_ADMINISTRATORS, page: () => import("./DashboardPage") },
], ["agents", "printers", "readers", "sites", "things"]);
