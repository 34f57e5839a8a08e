// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { IconSettings } from "@tabler/icons-react";

import { feature, ADMINISTRATORS } from "../shell/feature";

export default feature("settings", [{ path: "/admin/settings", words: "administration:settings", icon: IconSettings, part: "organisation", place: 10, roles: ADMINISTRATORS, page: () => import("./SettingsPage") }], ["tenants", "things"]);
