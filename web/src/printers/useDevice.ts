// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { useQuery } from "@tanstack/react-query";

import { api, done } from "../api/client";

/* What agents saw of the device behind a printer. */
export function useDevice(printer: string) {
    return useQuery({
        queryKey: ["printers", printer, "device"],
        queryFn: () => done(api.GET("/v1/printers/{printer}/device", { params: { path: { printer } } })),
    });
}
