// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { IconBellRinging } from "@tabler/icons-react";

import { feature, ADMINISTRATORS } from "../shell/feature";

export default feature("mail", [{ path: "/admin/mail", words: "administration:mail", icon: IconBellRinging, part: "organisation", place: 20, roles: ADMINISTRATORS, page: () => import("./MailPage") }]);
