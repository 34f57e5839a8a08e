// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { IconPrinter } from "@tabler/icons-react";

import { feature } from "../shell/feature";

export default feature("release", [
    { path: "/release", words: "navigation:release", icon: IconPrinter, place: 30, page: () => import("./ReleasePage") },
    { path: "/printers/:printer", page: () => import("./PrinterPage") },
], ["jobs"]);
