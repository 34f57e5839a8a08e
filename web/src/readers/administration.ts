// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { IconId } from "@tabler/icons-react";

import { feature, SITE_ADMINISTRATORS } from "../shell/feature";

export default feature("readers", [
    { path: "/admin/readers", words: "administration:readers", icon: IconId, part: "printers", place: 50, roles: SITE_ADMINISTRATORS, page: () => import("./ReadersPage") },
], ["things"]);
