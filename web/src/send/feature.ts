// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { IconUpload } from "@tabler/icons-react";

import { feature } from "../shell/feature";

export default feature("send", [{ path: "/send", words: "navigation:send", icon: IconUpload, place: 20, page: () => import("./SendPage") }], ["jobs", "release"]);
