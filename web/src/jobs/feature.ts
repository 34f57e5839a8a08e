// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { IconFiles } from "@tabler/icons-react";

import { feature } from "../shell/feature";

export default feature("jobs", [
    { path: "/", words: "navigation:jobs", icon: IconFiles, place: 10, page: () => import("./JobsPage") },
    { path: "/jobs", page: () => import("./PastPage") },
    { path: "/jobs/:job", page: () => import("./JobPage") },
]);
