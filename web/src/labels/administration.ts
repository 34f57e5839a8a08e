// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { IconQrcode } from "@tabler/icons-react";

import { feature, SITE_ADMINISTRATORS } from "../shell/feature";

export default feature("labels", [
    { path: "/admin/labels", words: "administration:labels", icon: IconQrcode, part: "printers", place: 60, roles: SITE_ADMINISTRATORS, page: () => import("./LabelsPage") },
], ["things"]);
