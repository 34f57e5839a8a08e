// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { IconDeviceLaptop } from "@tabler/icons-react";

import { feature } from "../shell/feature";

export default feature("set-up", [
    { path: "/set-up", words: "navigation:set-up", icon: IconDeviceLaptop, place: 60, page: () => import("./SetUpPage") },
]);
