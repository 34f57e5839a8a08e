// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { IconClockShield } from "@tabler/icons-react";

import { ADMINISTRATORS, feature } from "../shell/feature";

export default feature("retention", [
    { path: "/admin/retention", words: "navigation:retention", icon: IconClockShield, place: 190, roles: ADMINISTRATORS, page: () => import("./RetentionPage") },
]);
