// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { IconShieldLock } from "@tabler/icons-react";

import { feature, ADMINISTRATORS } from "../shell/feature";

export default feature("keys", [{ path: "/admin/keys", words: "administration:keys", icon: IconShieldLock, part: "organisation", place: 30, roles: ADMINISTRATORS, page: () => import("./KeysPage") }]);
