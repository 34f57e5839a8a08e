// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { IconRadar2 } from "@tabler/icons-react";

import { feature, SITE_ADMINISTRATORS } from "../shell/feature";

export default feature("discovery", [
    { path: "/admin/discovery", words: "administration:discovery", icon: IconRadar2, part: "printers", place: 30, roles: SITE_ADMINISTRATORS, page: () => import("./DiscoveryPage") },
], ["printers", "things"]);
