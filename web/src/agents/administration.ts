// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { IconServer } from "@tabler/icons-react";

import { feature, SITE_ADMINISTRATORS } from "../shell/feature";

export default feature("agents", [
    { path: "/admin/agents", words: "administration:agents", icon: IconServer, part: "printers", place: 40, roles: SITE_ADMINISTRATORS, page: () => import("./AgentsPage") },
    { path: "/admin/agents/:agent", roles: SITE_ADMINISTRATORS, page: () => import("./AgentPage") },
], ["readers", "things"]);
