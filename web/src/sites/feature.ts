// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { IconMapPin } from "@tabler/icons-react";

import { ADMINISTRATORS, feature } from "../shell/feature";

export default feature("sites", [
    { path: "/admin/sites", words: "navigation:sites", icon: IconMapPin, place: 140, roles: ADMINISTRATORS, page: () => import("./SitesPage") },
    { path: "/admin/sites/:site", roles: ADMINISTRATORS, page: () => import("./SitePage") },
], ["printers", "things"]);
