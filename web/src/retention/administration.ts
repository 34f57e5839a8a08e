// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { IconClockShield } from "@tabler/icons-react";

import { ADMINISTRATORS, feature } from "../shell/feature";

export default feature("retention", [
    { path: "/admin/retention", words: "administration:retention", icon: IconClockShield, part: "printing", place: 50, roles: ADMINISTRATORS, page: () => import("./RetentionPage") },
]);
