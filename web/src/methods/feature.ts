// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { IconKey } from "@tabler/icons-react";

import { ADMINISTRATORS, feature } from "../shell/feature";

export default feature("methods", [
    { path: "/admin/sign-in", words: "navigation:methods", icon: IconKey, place: 220, roles: ADMINISTRATORS, page: () => import("./MethodsPage") },
    { path: "/admin/sign-in/:method", roles: ADMINISTRATORS, page: () => import("./MethodPage") },
]);
