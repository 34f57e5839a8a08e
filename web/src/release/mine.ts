// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* My printers: favourites, and where I was last; the service keeps them for me. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { api, done } from "../api/client";
import { useComplain } from "../parts/complaint";
import type { Printer } from "../parts/printer";

const KEY = ["printers", "mine"];

export function useMine() {
    const client = useQueryClient();
    const complain = useComplain();
    const mine = useQuery({ queryKey: KEY, queryFn: async () => (await done(api.GET("/v1/me/printers"))).items });
    const turning = useMutation({
        mutationFn: ({ printer, is }: { printer: Printer; is: boolean }) => {
            const at = { params: { path: { printer: printer.id } } };
            return done(is ? api.PUT("/v1/me/printers/{printer}", at) : api.DELETE("/v1/me/printers/{printer}", at));
        },
        onError: complain,
        onSettled: () => client.invalidateQueries({ queryKey: KEY }),
    });
    const all = mine.data ?? [];
    const favourites = all.filter((printer) => printer.favourite);

    return {
        query: mine,
        last: all.filter((printer) => printer.released).sort((a, b) => b.released!.localeCompare(a.released!))[0],
        favourites,
        recent: all.filter((printer) => !printer.favourite),
        isFavourite: (id: string) => (turning.isPending && turning.variables.printer.id === id ? turning.variables.is : favourites.some((one) => one.id === id)),
        turn: (printer: Printer, is: boolean) => turning.mutate({ printer, is }),
    };
}
