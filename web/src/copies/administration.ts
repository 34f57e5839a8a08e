// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { IconCopy } from "@tabler/icons-react";

import { feature, ADMINISTRATORS } from "../shell/feature";

export default feature("copies", [
    { path: "/admin/copies", words: "administration:copies", icon: IconCopy, part: "printing", place: 45, roles: ADMINISTRATORS, page: () => import("./CopiesPage") },
], ["things"]);
