// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { feature } from "../shell/feature";

/* Where an invitation leads once its code was used; before that, InvitationPage, for whom nobody is signed in. */
export default feature("invitation", [{ path: "/set-up/begin", page: () => import("./BeginPage") }]);
