// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { IconChartBar, IconReportAnalytics } from "@tabler/icons-react";

import { feature } from "../shell/feature";

const READERS = ["administrator", "analyst", "site-administrator"] as const;
const page = () => import("./ReportsPage");

export default feature("reports", [
    { path: "/me/printing", words: "navigation:reports-mine", icon: IconChartBar, place: 60, page },
    { path: "/admin/reports", words: "navigation:reports", icon: IconReportAnalytics, place: 180, roles: READERS, page },
]);
