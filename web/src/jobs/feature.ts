// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { IconPrinter } from "@tabler/icons-react";

import { feature } from "../shell/feature";

export default feature("jobs", [{ path: "/", words: "jobs:title", icon: IconPrinter, place: 10, page: () => import("./JobsPage") }]);
