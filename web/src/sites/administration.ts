// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { IconMapPin } from "@tabler/icons-react";

import { ADMINISTRATORS, feature } from "../shell/feature";

export default feature("sites", [
    { path: "/admin/sites", words: "administration:sites", icon: IconMapPin, part: "printers", place: 70, roles: ADMINISTRATORS, page: () => import("./SitesPage") },
    { path: "/admin/sites/:site", roles: ADMINISTRATORS, page: () => import("./SitePage") },
], ["printers", "things"]);
