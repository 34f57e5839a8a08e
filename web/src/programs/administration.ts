// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { IconApps } from "@tabler/icons-react";

import { feature, ADMINISTRATORS } from "../shell/feature";

export default feature("programs", [{ path: "/admin/programs", words: "administration:programs", icon: IconApps, part: "people", place: 50, roles: ADMINISTRATORS, page: () => import("./ProgramsPage") }]);
