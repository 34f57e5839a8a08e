// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { feature } from "../shell/feature";

/* In the menu of the person, not in the navigation. */
export default feature(
    "account",
    [
        { path: "/me", page: () => import("./AccountPage") },
        { path: "/signed-in", page: () => import("./SignedInPage") }, // in a window of its own (shell/SignInAgain.tsx)
    ],
    ["badges", "delegates", "jobs", "release"],
);
