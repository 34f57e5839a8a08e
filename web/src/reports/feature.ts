// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { IconChartBar } from "@tabler/icons-react";

import { feature } from "../shell/feature";

export default feature("reports", [{ path: "/me/printing", words: "navigation:reports-mine", icon: IconChartBar, place: 60, page: () => import("./ReportsPage") }]);
