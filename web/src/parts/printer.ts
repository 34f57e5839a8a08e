// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Printers, as people meet them: one by its id, name or alias, and what it is called. */
import { useQuery } from "@tanstack/react-query";

import { api, done, type Schemas } from "../api/client";

export type Printer = Schemas["Printer"];

export function usePrinter(printer: string | null | undefined) {
    return useQuery({
        queryKey: ["printers", printer],
        queryFn: () => done(api.GET("/v1/printers/{printer}", { params: { path: { printer: printer! } } })),
        enabled: !!printer,
        staleTime: 300_000,
    });
}

export function printerTitle(printer: Pick<Printer, "title" | "name">): string {
    return printer.title ?? printer.name;
}
