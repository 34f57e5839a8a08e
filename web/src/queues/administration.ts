// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { IconStack2 } from "@tabler/icons-react";

import { feature, SITE_ADMINISTRATORS } from "../shell/feature";

export default feature("queues", [
    { path: "/admin/queues", words: "administration:queues", icon: IconStack2, part: "printing", place: 10, roles: SITE_ADMINISTRATORS, page: () => import("./QueuesPage") },
    { path: "/admin/queues/:queue", roles: SITE_ADMINISTRATORS, page: () => import("./QueuePage") },
], ["printers", "things"]);
