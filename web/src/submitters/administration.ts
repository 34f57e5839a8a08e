// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { IconFileUnknown } from "@tabler/icons-react";

import { ADMINISTRATORS, feature } from "../shell/feature";

export default feature("submitters", [
    { path: "/admin/unclaimed", words: "administration:submitters", icon: IconFileUnknown, part: "printing", place: 30, roles: ADMINISTRATORS, page: () => import("./UnclaimedPage") },
], ["people", "things"]);
