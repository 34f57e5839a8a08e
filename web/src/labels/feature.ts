// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { IconQrcode } from "@tabler/icons-react";

import { feature, SITE_ADMINISTRATORS } from "../shell/feature";

export default feature("labels", [
    { path: "/admin/labels", words: "navigation:labels", icon: IconQrcode, place: 125, roles: SITE_ADMINISTRATORS, page: () => import("./LabelsPage") },
]);
