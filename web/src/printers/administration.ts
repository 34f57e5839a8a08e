// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { IconPrinter } from "@tabler/icons-react";

import { feature, SITE_ADMINISTRATORS } from "../shell/feature";

export default feature("printers", [
    {
        path: "/admin/printers",
        words: "administration:printers",
        icon: IconPrinter,
        part: "printers", place: 20,
        roles: SITE_ADMINISTRATORS,
        page: () => import("./PrintersPage"),
    },
    { path: "/admin/printers/groups", roles: SITE_ADMINISTRATORS, page: () => import("./GroupsPage") },
    { path: "/admin/printers/:printer", roles: SITE_ADMINISTRATORS, page: () => import("./PrinterPage") },
], ["things"]);
