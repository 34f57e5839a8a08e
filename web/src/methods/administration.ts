// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { IconKey } from "@tabler/icons-react";

import { ADMINISTRATORS, feature } from "../shell/feature";

export default feature("methods", [
    { path: "/admin/sign-in", words: "administration:methods", icon: IconKey, part: "people", place: 40, roles: ADMINISTRATORS, page: () => import("./MethodsPage") },
    { path: "/admin/sign-in/:method", roles: ADMINISTRATORS, page: () => import("./MethodPage") },
]);
