// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { IconStack2 } from "@tabler/icons-react";

import { feature, SITE_ADMINISTRATORS } from "../shell/feature";

export default feature("queues", [
    { path: "/admin/queues", words: "navigation:queues", icon: IconStack2, place: 130, roles: SITE_ADMINISTRATORS, page: () => import("./QueuesPage") },
], ["printers", "things"]);
