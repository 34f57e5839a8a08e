// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { feature } from "../shell/feature";

export default feature("devices", [{ path: "/me/devices", page: () => import("./DevicesPage") }]);
