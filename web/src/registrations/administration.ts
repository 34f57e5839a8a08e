// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { IconUserQuestion } from "@tabler/icons-react";

import { feature, ADMINISTRATORS } from "../shell/feature";

export default feature("registrations", [{ path: "/admin/registrations", words: "administration:registrations", icon: IconUserQuestion, part: "people", place: 30, roles: ADMINISTRATORS, page: () => import("./RegistrationsPage") }]);
