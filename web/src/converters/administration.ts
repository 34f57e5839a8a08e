// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { IconFileTypePdf } from "@tabler/icons-react";

import { feature, OPERATORS } from "../shell/feature";

export default feature("converters", [
    { path: "/admin/converters", words: "administration:converters", icon: IconFileTypePdf, part: "operator", place: 20, roles: OPERATORS, page: () => import("./ConvertersPage") },
], ["things"]);
