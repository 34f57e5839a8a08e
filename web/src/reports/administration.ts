// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { IconReportAnalytics } from "@tabler/icons-react";

import { feature } from "../shell/feature";

const READERS = ["administrator", "analyst", "site-administrator"] as const;

export default feature("reports", [
    { path: "/admin/reports", words: "administration:reports", icon: IconReportAnalytics, part: "printing", place: 40, roles: READERS, page: () => import("./ReportsPage") },
]);
