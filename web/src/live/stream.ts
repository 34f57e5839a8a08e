// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import type { QueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

/* Until the stream of events is there: what is looked at is asked anew when somebody comes back to it. */
export function useLiveStream(_client: QueryClient, _isOn: boolean): void {
    useEffect(() => undefined, []);
}
